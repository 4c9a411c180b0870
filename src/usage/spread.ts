/** How long something took: the middle one and the one that nine of ten are no longer than. */

export interface Spread {
  /** Of how many. */
  readonly count: number;
  /** Whole seconds, halfway between the two in the middle where the count is even; null where there is none. */
  readonly median: number | null;
  /** 90th percentile by nearest rank, in seconds. */
  readonly p90: number | null;
}

/** @param seconds - in any order */
export function spreadOf(seconds: readonly number[]): Spread {
  const sorted = Float64Array.from(seconds).sort();
  const last = sorted.length - 1;
  if (last < 0) return { count: 0, median: null, p90: null };
  const [lower = 0, upper = 0] = [sorted[Math.floor(last / 2)], sorted[Math.ceil(last / 2)]];
  return {
    count: sorted.length,
    median: Math.round((lower + upper) / 2),
    p90: sorted[Math.ceil(0.9 * sorted.length) - 1] ?? null,
  };
}

/** How long something took: the middle one and the one that nine of ten are no longer than. */

export interface Spread {
  /** Of how many. */
  readonly count: number;
  /** Seconds; null where there is none. The lower of the two in the middle where the count is even. */
  readonly median: number | null;
  /** 90th percentile by nearest rank, in seconds. */
  readonly p90: number | null;
}

/** @param seconds - in any order */
export function spreadOf(seconds: readonly number[]): Spread {
  const sorted = Float64Array.from(seconds).sort();
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
  return { count: sorted.length, median: at(0.5), p90: at(0.9) };
}

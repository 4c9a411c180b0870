/** The days a report is of. */

/** Days as YYYY-MM-DD, UTC, both included; undefined: without a bound. */
export interface ReportPeriod {
  readonly from?: string;
  readonly to?: string;
}

const dayInMs = 24 * 3600 * 1000;
/** A series of more days than this ends where there is nothing to show. */
const longestSeries = 400;

/** @param at - ISO 8601, UTC */
export function dayOf(at: string): string {
  return at.slice(0, 10);
}

/** @param at - ISO 8601, UTC */
export function isWithin({ from = '', to = '9999' }: ReportPeriod, at: string): boolean {
  const day = dayOf(at);
  return day >= from && day <= to;
}

/**
 * Every day of a series, those on which nothing happened among them: the whole period where that is bounded and at most
 * 400 days long, else from the first to the last day of `found`. Beyond 400 days the days of `found` alone.
 */
export function daysOf({ from, to }: ReportPeriod, found: readonly string[]): string[] {
  const sorted = [...found].sort();
  const whole = from && to ? between(from, to) : [];
  if (whole.length > 0) return whole;
  const [first, last] = [sorted[0], sorted.at(-1)];
  const filled = first && last ? between(first, last) : [];
  return filled.length > 0 ? filled : sorted;
}

/** Empty where there are more than 400, or the first is not a day before the last. */
function between(first: string, last: string): string[] {
  const begin = Date.parse(first);
  const count = Math.round((Date.parse(last) - begin) / dayInMs) + 1;
  if (!(count > 0 && count <= longestSeries)) return [];
  return Array.from({ length: count }, (_, index) => dayOf(new Date(begin + index * dayInMs).toISOString()));
}

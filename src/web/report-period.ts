/** Which days the report page is asked for, as its form and links say it. */
import type { ReportPeriod } from '../usage/report-period.ts';

/** Both ends are set: the page shows what it is of. */
export type ShownPeriod = Required<ReportPeriod>;

const dayInMs = 24 * 3600 * 1000;
/** Days where nothing is asked for, today among them. */
const usual = 30;

/**
 * Reads `from` and `to`. What is no day counts as not given, and days the wrong way round are exchanged: the page's form
 * shows what came of it.
 */
export function readReportPeriod(query: { readonly from?: unknown; readonly to?: unknown }, now: Date): ShownPeriod {
  const to = dayIn(query.to) ?? dayBefore(now, 0);
  const from = dayIn(query.from) ?? dayBefore(new Date(to), usual - 1);
  return from <= to ? { from, to } : { from: to, to: from };
}

/** The last so many days, today among them. */
export function lastDays(count: number, now: Date): ShownPeriod {
  return { from: dayBefore(now, count - 1), to: dayBefore(now, 0) };
}

function dayBefore(at: Date, days: number): string {
  return new Date(at.getTime() - days * dayInMs).toISOString().slice(0, 10);
}

/** A day of the calendar between 1970 and 9999, or undefined. */
function dayIn(text: unknown): string | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text) || text < '1970') return undefined;
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : undefined;
}

/**
 * When people answer: OFFICE_HOURS in OFFICE_TIME_ZONE, summer time included. Reads the setting, tells whether it is
 * open at a time and when it opens next. Pure.
 */

/** `Mo-Fr 09:00-17:00`: minutes of the day on each weekday, 0 for Sunday. */
interface Range {
  readonly days: ReadonlySet<number>;
  readonly from: number;
  readonly to: number;
}

const dayNames = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'];
const minute = 60_000;
const day = 24 * 60 * minute;

/** What OFFICE_HOURS may be, for whoever wrote something else. */
export const officeHoursAdvice =
  'write days and times such as Mo-Fr 09:00-17:00, several with commas between: Mo-Fr 09:00-12:30, Mo-Fr 13:30-17:00, Sa 10:00-12:00; days are Mo Tu We Th Fr Sa Su, a time over midnight is two';

/** Undefined where the text says no hours; empty for always. */
export function readOfficeHours(text: string): readonly Range[] | undefined {
  if (text.trim() === '') return [];
  const ranges = text.split(',').map(readRange);
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

function readRange(text: string): Range | undefined {
  const match = /^\s*([a-z]{2})(?:\s*-\s*([a-z]{2}))?\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*$/i.exec(text);
  if (!match) return undefined;
  const [, first = '', last = first, ...times] = match;
  const [start, end] = [first, last].map((name) =>
    dayNames.findIndex((one) => one.toLowerCase() === name.toLowerCase()),
  );
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = times.map(Number);
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  if (start === undefined || end === undefined || start < 0 || end < 0) return undefined;
  if (fromMinute > 59 || toMinute > 59 || from >= to || to > 24 * 60) return undefined;
  const days = new Set<number>();
  for (let one = start; ; one = (one + 1) % 7) {
    days.add(one);
    if (one === end) return { days, from, to };
  }
}

/** Whether Intl knows the time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

export class OfficeHours {
  readonly timeZone: string;
  readonly #ranges: readonly Range[];
  readonly #format: Intl.DateTimeFormat;

  /** Both as the settings have checked them. @param hours - OFFICE_HOURS; '' for always open */
  constructor(hours: string, timeZone: string) {
    this.#ranges = readOfficeHours(hours) ?? [];
    this.timeZone = timeZone;
    this.#format = new Intl.DateTimeFormat('en-u-hc-h23', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  }

  get isAlwaysOpen(): boolean {
    return this.#ranges.length === 0;
  }

  isOpen(at: Date): boolean {
    if (this.isAlwaysOpen) return true;
    const { weekday, minutes } = this.#local(at.getTime());
    return this.#ranges.some(({ days, from, to }) => days.has(weekday) && minutes >= from && minutes < to);
  }

  /** `at` itself while it is open, else the first moment when it is; every range of a week is one. */
  nextOpening(at: Date): Date {
    if (this.isOpen(at)) return at;
    const { midnight } = this.#local(at.getTime());
    // Two weeks: the clock may jump over the only range of one.
    for (let days = 0; days <= 15; days++) {
      // As if the zone were UTC, so that days have 24 hours.
      const date = midnight + days * day;
      const weekday = new Date(date).getUTCDay();
      const openings = this.#ranges
        .filter((range) => range.days.has(weekday))
        .map(({ from }) => this.#instant(date + from * minute))
        .filter((instant) => instant > at.getTime())
        .sort((a, b) => a - b);
      for (const opening of openings) if (this.isOpen(new Date(opening))) return new Date(opening);
    }
    return at;
  }

  /** The moment when the clock on the wall shows this; the first of two, and where it never does, when it jumps over it. */
  #instant(wall: number): number {
    const offsets = [-day, day].map((ms) => this.#local(wall + ms).wall - (wall + ms));
    const candidates = offsets.map((offset) => wall - offset).sort((a, b) => a - b);
    const exact = candidates.find((instant) => this.#local(instant).wall === wall);
    if (exact !== undefined) return exact;
    let [before = wall, after = wall] = candidates;
    while (after - before > minute) {
      const middle = before + Math.floor((after - before) / 2 / minute) * minute;
      if (this.#local(middle).wall > wall) after = middle;
      else before = middle;
    }
    return after;
  }

  /** The wall clock at an instant, as ms of a zone without an offset. */
  #local(instant: number) {
    const parts = new Map(this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const midnight = Date.UTC(part('year'), part('month') - 1, part('day'));
    const minutes = part('hour') * 60 + part('minute');
    return { midnight, minutes, weekday: new Date(midnight).getUTCDay(), wall: midnight + minutes * minute };
  }
}

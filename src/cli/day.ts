/** Days as commands take them. */
import { InvalidArgumentError } from 'commander';

/** A day of the calendar as YYYY-MM-DD, for commander. */
export function day(text: string): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : undefined;
  // JavaScript takes 2026-02-30 for a day in March.
  if (!at || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text) {
    throw new InvalidArgumentError('Write a day, such as 2026-11-22.');
  }
  return text;
}

/** The rows of one file as they come, held against each other. */
import { organisationKey } from './directory.ts';
import type { ImportProblem } from './import-problems.ts';
import type { ImportRow } from './import-row.ts';

/** A profile is named once; the same row again is harmless and counted, another one for the same profile is not. */
export class RowsOfFile {
  /** One for each profile. */
  readonly rows: ImportRow[] = [];
  repeated = 0;
  readonly #report: (problem: ImportProblem) => void;
  readonly #plans = new Map<string, ImportRow>();
  readonly #ids = new Map<string, ImportRow>();
  readonly #people = new Map<string, ImportRow>();

  constructor(report: (problem: ImportProblem) => void) {
    this.#report = report;
  }

  add(row: ImportRow): void {
    const { line, id, address } = row;
    const key = organisationKey(row.portal, row.organisation);
    const first = this.#plans.get(key);
    if (first && planOf(first) !== planOf(row)) {
      const message = `plan: ${row.organisation} has ${planOf(row)} here, but ${planOf(first)} in line ${first.line}`;
      this.#report({ line, message });
    }
    if (!first) this.#plans.set(key, row);

    const person = `${key} ${address}`;
    const other = (id === undefined ? undefined : this.#ids.get(id)) ?? this.#people.get(person);
    if (other && isSameRow(row, other)) {
      this.repeated += 1;
      return;
    }
    if (other) this.#report({ line, message: `this is the profile of line ${other.line} again, with other values` });
    if (id !== undefined) this.#ids.set(id, row);
    this.#people.set(person, row);
    this.rows.push(row);
  }
}

function planOf({ plan, planUntil }: ImportRow): string {
  return planUntil ? `${plan} until ${planUntil}` : `${plan} without an end`;
}

function isSameRow(one: ImportRow, other: ImportRow): boolean {
  return JSON.stringify({ ...one, line: 0 }) === JSON.stringify({ ...other, line: 0 });
}

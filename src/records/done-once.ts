/**
 * What was done by a form, by the form's key: sent again - pressed twice, after a restart, to another instance, from an
 * old page - it acts no second time and gets the same answer. The row is part of the change that it tells of.
 */
import { Pace } from '../pace.ts';
import { Change, type Records, type RecordType, type Stored } from './records.ts';

interface Done {
  /** What it came to, for whoever asks again; names nobody. */
  readonly outcome: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export const doneOnce: RecordType<Done> = { name: 'done-once', indexes: {} };

/** ms; an old page shows what became of its form for a month. */
const kept = 30 * 24 * 3600 * 1000;

/** @param key - nobody else can guess it; undefined where it was not done */
export function findDone(records: Pick<Records, 'get'>, key: string): Promise<Stored<Done> | undefined> {
  return records.get(doneOnce, key);
}

/** Adds to a change that this form brought it about. @param seen - what `findDone` found, where it is done anew all the same */
export function addDone(change: Change, key: string, outcome: string, at: Date, seen?: Stored<Done>): Change {
  const done = { outcome, at: at.toISOString() };
  return seen ? change.update(doneOnce, seen, done) : change.create(doneOnce, key, done);
}

export function clearDone(records: Records, now: Date): Promise<void> {
  return clearOlder(records, doneOnce, now.getTime() - kept);
}

/** Takes rows out that were made before a time. @param before - ms since 1970 */
export async function clearOlder<T extends { readonly at: string }>(
  records: Records,
  type: RecordType<T>,
  before: number,
): Promise<void> {
  const pace = new Pace();
  for await (const row of records.all(type)) {
    if (Date.parse(row.value.at) < before) await records.commit(new Change().delete(type, row));
    if (pace.isDue) await pace.rest();
  }
}

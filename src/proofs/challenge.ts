/** A number that was given to somebody and is to be typed back: tries are counted, on the disk, before anything is compared. */
import { Change, changing, type Records, type RecordType } from '../records/records.ts';
import type { DerivedDigits, DigitsSeed } from './derived-digits.ts';

export interface Challenge extends DigitsSeed {
  /** As the trail names who asked. */
  readonly person: string;
  /** Tries that were counted. */
  readonly tries: number;
  /** ISO 8601, UTC. */
  readonly until: string;
  readonly isUsed?: true;
}

export const mostTries = 5;
/** How long a number can be typed back, in ms. */
export const challengeLasts = 10 * 60 * 1000;

export type Tried<T> =
  | { readonly outcome: 'verified'; readonly result: T }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  | { readonly outcome: 'locked' | 'expired' | 'none' };

export interface Trying<C extends Challenge, T> {
  readonly records: Records;
  readonly type: RecordType<C>;
  /** Of the document: one per holder. */
  readonly document: string;
  readonly now: () => Date;
  readonly digits: DerivedDigits;
  readonly typed: string;
  /** Whether it is the one that is meant. */
  readonly isMeant: (challenge: C) => boolean;
  /** What else must hold for the right number; asked for a wrong one too, so that both take as long. */
  readonly alsoHolds?: (challenge: C) => Promise<boolean>;
  /** Adds to a change that the last try was wrong; called once for a number. */
  readonly lock: (change: Change) => void;
  /** Adds what the number allows to the change that uses it up; may be called again when somebody was faster. */
  readonly allow: (change: Change, challenge: C) => Promise<T>;
}

export async function tryDigits<C extends Challenge, T>(trying: Trying<C, T>): Promise<Tried<T>> {
  const { records, type, document, now, digits, typed, isMeant, alsoHolds, lock, allow } = trying;
  const given = digits.read(typed);
  const counted = await changing<C | Tried<never>>(records, async () => {
    const seen = await records.get(type, document);
    if (!seen || seen.value.isUsed || !isMeant(seen.value)) return { result: { outcome: 'none' } };
    if (seen.value.until <= now().toISOString()) return { result: { outcome: 'expired' } };
    const { tries } = seen.value;
    if (tries >= mostTries) return { result: { outcome: 'locked' } };
    // What is no number of that length is no guess either.
    if (given === undefined) return { result: { outcome: 'wrong', triesLeft: mostTries - tries } };
    const value = { ...seen.value, tries: tries + 1 };
    return { change: new Change().update(type, seen, value), result: value };
  });
  if ('outcome' in counted) return counted;
  const isRight = digits.isRight(counted, given ?? '');
  const holds = alsoHolds ? await alsoHolds(counted) : true;
  if (!isRight || !holds) {
    if (counted.tries === mostTries) await noteLocked(records, lock);
    return { outcome: 'wrong', triesLeft: mostTries - counted.tries };
  }
  return changing<Tried<T>>(records, async () => {
    const seen = await records.get(type, document);
    const isSame = seen && seen.value.id === counted.id && seen.value.generation === counted.generation;
    if (!isSame || seen.value.isUsed) return { result: { outcome: 'none' } };
    const change = new Change().update(type, seen, { ...seen.value, isUsed: true });
    const result = await allow(change, seen.value);
    return { change, result: { outcome: 'verified', result } };
  });
}

async function noteLocked(records: Records, lock: (change: Change) => void): Promise<void> {
  const change = new Change();
  lock(change);
  await records.commit(change);
}

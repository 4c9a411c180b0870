/** When a mail is tried again, and when it is given up. */
import { stepAfter } from '../rounds.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** A greylisting server wants a few minutes, a full mailbox hours; from the last step on every four hours. */
const steps = [minute, 5 * minute, 15 * minute, 60 * minute, 240 * minute] as const;

/** ms to wait after so many attempts at this mail. */
export function waitAfter(attempts: number): number {
  return stepAfter(steps, attempts);
}

/**
 * ms after which a mail is given up, from when it was asked for. Two days are what a receiving server may need; while
 * no mail at all gets out it is ours to mend, and nothing is given up in the week for which invitations hold.
 */
export const giveUpAfter = { mail: 2 * day, server: 7 * day };

/** ms for which nothing is tried when no mail gets out: doubles from 5 seconds to 5 minutes. */
export function pauseAfter(failures: number): number {
  return Math.min(5000 * 2 ** Math.min(failures - 1, 10), 5 * minute);
}

/** ms for which rows of mail that is done are kept, for those who show its delivery. */
export const keepDone = 30 * day;

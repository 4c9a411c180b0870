/** When a reply of staff is tried again, when it is given up, and how long the user has to see it. */
import { stepAfter } from '../rounds.ts';

const second = 1000;
const minute = 60 * second;

/** From the last step on every half hour. */
const steps = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute] as const;

/** ms to wait after so many attempts. */
export function waitAfter(attempts: number): number {
  return stepAfter(steps, attempts);
}

/** ms after which a channel that takes nothing is given up: with an address there is a mail instead. */
export const giveUpAfter = { address: 12 * minute, none: 24 * 60 * minute };

/** ms after which a reply that nobody saw goes by mail. */
export const seenWithin = 2 * minute;

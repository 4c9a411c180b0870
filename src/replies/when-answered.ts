/** When a person answers a request, in a sentence. */
import type { Words } from '../words/words.ts';

/** When somebody will answer. */
export interface Expectation {
  readonly isOpen: boolean;
  /** When support opens again; undefined where it is open, or never is. */
  readonly opens?: Date;
}

/** @param minutes - until the first answer, as it usually is; undefined where there is too little to say so */
export function whenAnswered({ isOpen, opens }: Expectation, { say, moment }: Words, minutes?: number): string {
  if (isOpen) return minutes === undefined ? say('handoff.soon') : say('handoff.usually', { minutes });
  return opens ? say('handoff.closed', { moment: moment(opens) }) : say('handoff.closedNow');
}

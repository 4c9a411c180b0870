/** What to say to somebody who picks none of the things there are. */
import type { Words } from '../words/words.ts';
import type { Question } from './move.ts';

export function pickHints({ say }: Words): Question['hints'] {
  return [say('listing.hint'), say('listing.hintAgain'), say('listing.hintLast')];
}

/** Asked where what is proven leads to no profile: somebody may be signed in with an account that is not linked (yet). */
import type { Words } from '../words/words.ts';
import type { Question } from './move.ts';

/** Kept under `profile`: `another`, to show in another way who they are, or `none`. */
export function anotherWay(text: string, { say }: Words): Question {
  return {
    save: 'profile',
    text,
    choices: [
      { value: 'another', title: say('proving.anotherWay') },
      { value: 'none', title: say('reassociate.stop') },
    ],
    hints: [say('listing.hint'), say('listing.hintAgain'), say('listing.hintLast')],
  };
}

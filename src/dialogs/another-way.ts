/** Asked where what is proven leads to nothing: somebody may be signed in with an account that is not linked (yet). */
import type { Words } from '../words/words.ts';
import type { Question } from './move.ts';
import { pickHints } from './pick-hints.ts';

/** Kept under `profile`: `another`, to show in another way who they are, or `none`. @param title - of that way */
export function anotherWay(text: string, words: Words, title = words.say('proving.anotherWay')): Question {
  return {
    save: 'profile',
    text,
    choices: [
      { value: 'another', title, isMain: true },
      { value: 'none', title: words.say('reassociate.stop') },
    ],
    hints: pickHints(words),
  };
}

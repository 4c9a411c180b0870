/** Knowledge bases of any size and questions to them, for timings: words of real phrasings put together anew. */
import type { Phrased } from '../src/faq/entry.ts';
import type { QuestionSet } from './question-sets.ts';
import { oneOf, type Random, randomFrom } from './random.ts';

const SYLLABLES = [
  'ba',
  'cor',
  'den',
  'fil',
  'gra',
  'hol',
  'jun',
  'kes',
  'lom',
  'mar',
  'nix',
  'pol',
  'rus',
  'sen',
  'tav',
  'vir',
];
const PHRASINGS = 3;
/** Of a question's words: left out, and typed wrong. */
const DROPPED = 0.2;
const MISTYPED = 0.25;

/** Words that only few entries share; without them thousands of entries would say the same. */
function rareWord(size: number, random: Random): string {
  let number = Math.floor(random() * 4 * Math.sqrt(size) * Math.log2(size));
  let word = '';
  do {
    word += SYLLABLES[number % SYLLABLES.length];
    number = Math.floor(number / SYLLABLES.length);
  } while (number > 0);
  return `${word}ta`;
}

export function syntheticEntries(size: number, sets: readonly QuestionSet[]): Phrased[] {
  const random = randomFrom(size);
  const known = sets.flatMap(({ entries }) => entries.flatMap(({ question }) => question.split(/\s+/)));
  return Array.from({ length: size }, (_, i) => {
    const own = [rareWord(size, random), rareWord(size, random), rareWord(size, random)];
    const phrasing = () =>
      [...Array.from({ length: 6 }, () => oneOf(known, random)), oneOf(own, random), oneOf(own, random)].join(' ');
    return {
      id: `e${i}`,
      question: phrasing(),
      alternates: Array.from({ length: PHRASINGS - 1 }, phrasing),
    };
  });
}

function mistyped(word: string, random: Random): string {
  if (word.length < 4 || random() > MISTYPED) return word;
  const at = 1 + Math.floor(random() * (word.length - 2));
  return word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
}

export function syntheticQuestions(entries: readonly Phrased[], count: number): { text: string; id: string }[] {
  const random = randomFrom(count);
  return Array.from({ length: count }, () => {
    const { id, question } = oneOf(entries, random);
    const words = question.split(' ').filter(() => random() > DROPPED);
    return { id, text: words.map((word) => mistyped(word, random)).join(' ') };
  });
}

/** English as the matcher knows it: contractions, stems, stop words, usual words and synonym groups. */
import { stemmer } from 'stemmer';
import commonWords from './common-words.json' with { type: 'json' };
import outside from './outside-sentences.json' with { type: 'json' };
import synonyms from './synonyms.json' with { type: 'json' };
import type { Language } from './text.ts';

const STOP_WORDS = new Set(
  (
    'a an the i me my we us our you your he she it its they them their is are was were be been am do does did have has had ' +
    'to of in on at for with and or but if so this that these those will would can could should shall may might just ' +
    'please hi hello hey some any there here what how when where why who which as by from about into than then too very'
  ).split(' '),
);

const COMMON_WORDS = commonWords.flatMap((line) => line.split(' '));
const COMMON = new Set(COMMON_WORDS);

/** Written without an apostrophe more often than with one. */
const RUN_TOGETHER = new Map(
  [
    ['cannot', 'can not'],
    ['cant', 'can not'],
    ['wont', 'will not'],
    ['dont', 'do not'],
    ['doesnt', 'does not'],
    ['didnt', 'did not'],
    ['isnt', 'is not'],
    ['arent', 'are not'],
    ['wasnt', 'was not'],
    ['hasnt', 'has not'],
    ['havent', 'have not'],
    ['couldnt', 'could not'],
    ['wouldnt', 'would not'],
    ['shouldnt', 'should not'],
    ['werent', 'were not'],
    ['hadnt', 'had not'],
    ['mustnt', 'must not'],
    ['whats', 'what is'],
    ['wheres', 'where is'],
    ['whos', 'who is'],
    ['hows', 'how is'],
    ['thats', 'that is'],
    ['theres', 'there is'],
    ['theyre', 'they are'],
    ['theyve', 'they have'],
    ['youre', 'you are'],
    ['youve', 'you have'],
    ['weve', 'we have'],
    ['im', 'i am'],
    ['iam', 'i am'],
    ['ive', 'i have'],
    ['pls', 'please'],
    ['plz', 'please'],
    ['u', 'you'],
    ['ur', 'your'],
  ].map(([written, meant]) => [written as string, (meant as string).split(' ')]),
);

const ENDINGS = new Map([
  ['re', 'are'],
  ['ve', 'have'],
  ['ll', 'will'],
  ['d', 'would'],
  ['m', 'am'],
  ['nt', 'not'],
]);
const IRREGULAR = new Map([
  ["can't", 'can'],
  ["won't", 'will'],
  ["shan't", 'shall'],
]);
/** Before 's, which is "is" after these and a genitive after all others. */
const TAKES_IS = new Set(['what', 'where', 'who', 'how', 'when', 'why', 'that', 'there', 'it', 'he', 'she', 'here']);

function expand(word: string): readonly string[] {
  const known = RUN_TOGETHER.get(word);
  if (known) return known;
  const mark = word.indexOf("'");
  if (mark < 0) return [word];
  if (word.endsWith("n't")) return [IRREGULAR.get(word) ?? word.slice(0, -3), 'not'];
  const base = word.slice(0, mark);
  const ending = word.slice(mark + 1);
  if (ending === 's') return TAKES_IS.has(base) ? [base, 'is'] : [base];
  return [base, ...(ENDINGS.get(ending) ?? ending).split("'")];
}

/** Articles, who asks, and what is said out of courtesy. */
const SAY_NOTHING = new Set('a an the i we me us my our am please hi hello hey'.split(' '));
/** Ways to say that one can not, and what they come down to, without what says nothing. */
const SAME = (
  [
    ['not able to', 'can not'],
    ['unable to', 'can not'],
    ['not possible to', 'can not'],
    ['impossible to', 'can not'],
    ['could not', 'can not'],
    ['log in', 'sign in'],
    ['log on', 'sign in'],
    ['sign on', 'sign in'],
    ['login', 'sign in'],
    ['logon', 'sign in'],
    ['signin', 'sign in'],
    ['sign into', 'sign in to'],
    ['log into', 'sign in to'],
  ] as const
).map(([written, meant]) => [` ${written} `, ` ${meant} `] as const);

function plain(words: readonly string[]): readonly string[] {
  let text = ` ${words.filter((word) => !SAY_NOTHING.has(word)).join(' ')} `;
  for (const [written, meant] of SAME) text = text.replaceAll(written, meant);
  return text.split(' ').filter(Boolean);
}

/** The stemmer's expressions are made for words; anything longer than the longest English word is left alone. */
const LONGEST_WORD = 24;

export const english: Language = {
  expand,
  plain,
  runTogether: [...RUN_TOGETHER.keys()],
  stem: (word) => (word.length < 3 || word.length > LONGEST_WORD || !/^[a-z]+$/.test(word) ? word : stemmer(word)),
  isStopWord: (word) => STOP_WORDS.has(word),
  isCommon: (word) => COMMON.has(word) || STOP_WORDS.has(word),
  commonWords: COMMON_WORDS,
  synonyms,
  outside,
};

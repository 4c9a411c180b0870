/**
 * Finds entries while somebody is still typing: every word may be the beginning of a longer one. Titles count more than other
 * phrasings, since a title is what is shown. No spelling, no synonyms: those are for finished questions.
 */
import { type Phrased, phrasingsOf } from './entry.ts';
import { type Language, words, wordsOfQuestion } from './text.ts';

export interface Suggester {
  /** Ids of the entries that have most of the typed words, best first. Never throws. */
  suggest(text: string, limit: number): string[];
}

/** A word in another phrasing against one in the title. */
const NOT_IN_TITLE = 0.5;
const STOP_WORD = 0.3;
/** More words than that are a question, not a search. */
const MOST_WORDS = 12;
/** A shorter word that is finished is taken as it is: "to" does not begin "together". */
const SHORTEST_BEGINNING = 3;

interface Posting {
  readonly entries: number[];
  readonly values: number[];
}

/** Number of the first word that is not before `word`. */
function placeOf(word: string, sorted: readonly string[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function createSuggester(entries: readonly Phrased[], language: Language): Suggester {
  const postings = new Map<string, Posting>();
  entries.forEach((found, entry) => {
    phrasingsOf(found).forEach((phrasing, number) => {
      for (const word of words(phrasing, language)) {
        const posting = postings.get(word);
        // Titles come first, so a word that is known of this entry has its value.
        if (posting?.entries.at(-1) === entry) continue;
        const value = number === 0 ? 1 : NOT_IN_TITLE;
        if (posting) {
          posting.entries.push(entry);
          posting.values.push(value);
        } else postings.set(word, { entries: [entry], values: [value] });
      }
    });
  });
  const sorted = [...postings.keys()].sort();
  const lists = sorted.map((word) => postings.get(word) as Posting);
  const rarities = lists.map((list) => Math.log((entries.length + 1) / (list.entries.length + 0.5)));
  const scores = new Float64Array(entries.length);
  const ofWord = new Float64Array(entries.length);

  /** Adds what one typed word brings each entry: the best of the words it may become. */
  function add(typed: string, isFinished: boolean): void {
    const stem = language.stem(typed);
    const beginning = isFinished && stem.length >= SHORTEST_BEGINNING && typed.startsWith(stem) ? stem : typed;
    const isWhole = isFinished && beginning.length < SHORTEST_BEGINNING;
    const touched: number[] = [];
    for (let place = placeOf(beginning, sorted); place < sorted.length; place++) {
      const word = sorted[place] as string;
      if (isWhole ? word !== beginning : !word.startsWith(beginning)) break;
      const { entries: having, values } = lists[place] as Posting;
      const worth =
        (rarities[place] as number) * (beginning.length / word.length) * (language.isStopWord(word) ? STOP_WORD : 1);
      for (let i = 0; i < having.length; i++) {
        const entry = having[i] as number;
        const before = ofWord[entry] as number;
        // Having the word at all counts most, so that an entry with both words comes before one with a rare one.
        const value = (1 + worth) * (values[i] as number);
        if (before === 0) touched.push(entry);
        if (value > before) ofWord[entry] = value;
      }
    }
    for (const entry of touched) {
      scores[entry] = (scores[entry] as number) + (ofWord[entry] as number);
      ofWord[entry] = 0;
    }
  }

  return {
    suggest(text, limit) {
      const typed = wordsOfQuestion(text, language).slice(0, MOST_WORDS);
      const isOpen = /[\p{L}\p{N}\p{M}]$/u.test(text);
      typed.forEach((word, i) => {
        add(word, !isOpen || i < typed.length - 1);
      });
      const best: number[] = [];
      for (let entry = 0; entry < scores.length; entry++) {
        const score = scores[entry] as number;
        if (score === 0) continue;
        let place = best.length;
        while (place > 0 && (scores[best[place - 1] as number] as number) < score) place--;
        if (place < limit) best.splice(place, 0, entry);
        if (best.length > limit) best.pop();
      }
      scores.fill(0);
      return best.map((entry) => (entries[entry] as Phrased).id);
    },
  };
}

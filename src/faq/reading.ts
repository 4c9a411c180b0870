/** How the matcher understands a question: its words, what they were corrected to, and the terms it is looked up by. */
import { type Range, touched } from './highlight.ts';
import { createSpacing } from './spacing.ts';
import { createSpeller, type Spelling } from './spelling.ts';
import { createSynonyms, groupKey } from './synonyms.ts';
import type { Term } from './term-index.ts';
import { type Language, placedWords, words, wordsOfQuestion } from './text.ts';
import { WordPairs } from './word-pairs.ts';

export interface Reading {
  /** After correction, in order. */
  readonly words: readonly string[];
  readonly stems: readonly string[];
  /** Stems and synonym groups with their weight, at most 1. */
  readonly terms: ReadonlyMap<string, number>;
  /** How many words the knowledge base does not know; a stop word counts half, one with a known synonym less. */
  readonly unknown: number;
  /** Those of them that matter: no stop words, none with a synonym. */
  readonly unknownWords: readonly string[];
  readonly corrected: readonly { readonly typed: string; readonly word: string }[];
}

export interface ReadPhrasing {
  readonly words: readonly string[];
  readonly stems: readonly string[];
  readonly terms: readonly Term[];
}

export interface Reader {
  /** The words and stems of a phrasing, and the terms it is found by. */
  phrasing(text: string): ReadPhrasing;
  /** @param isLeftOut terms that are to be treated as if the knowledge base did not know them */
  question(text: string, isLeftOut?: (key: string) => boolean): Reading;
  /** Where a text speaks of what a question asks for: its words in any form, corrected, or what means the same. */
  touched(question: Reading, text: string): Range[];
  /** Factor on the rarity of a term. */
  weightOf(key: string): number;
}

/** "how", "where" and "why" carry intent: halved, not removed. */
const STOP_WORD = 0.5;
/** A synonym against the word itself. The groups bring .7 points in first place and 1.1 among three, mean of four public sets. */
const SYNONYM = 0.7;
/** A corrected word against one that was typed as it stands; the figures are the same from .8 to 1. */
const CORRECTED = 0.8;
/** Words of one question that are looked for with the slower search: more are a foreign language. */
const MOST_SLOW_SEARCHES = 5;
/**
 * Words of one question that are mended and corrected; the others are taken as they are. Letters of 70 words have 16 at most
 * that nobody knows, and a hundred of them take twice the time of twenty.
 */
const MOST_MENDED = 20;
/** Where a part or the whole is shorter, a space is a space. */
const SHORTEST_CUT_PART = 4;
const SHORTEST_CUT_WORD = 10;

/** Texts whose reading is kept, and strange words whose stem is; all of a larger base would fill memory. */
const MOST_REMEMBERED = 5_000;

/** A word of a question and what was typed for it. */
interface Token {
  readonly typed: string;
  readonly word: string;
}

const asTyped = (word: string): Token => ({ typed: word, word });

/** Words that may be meant though the knowledge base does not have them: those that stand for several, and usual ones. */
function othersOf({ expand, runTogether, commonWords }: Language, vocabulary: ReadonlyMap<string, number>) {
  const others = new Map<string, number>(commonWords.map((word) => [word, 0]));
  for (const word of runTogether) {
    others.set(word, Math.min(...expand(word).map((part) => vocabulary.get(part) ?? 0)));
  }
  return others;
}

/** @param texts everything the knowledge base says, phrasings and answers */
export function createReader(texts: readonly string[], language: Language, synonymLines: readonly string[]): Reader {
  const synonyms = createSynonyms(synonymLines, language);
  const stems = new Map<string, string>();
  /** Stems of words that only questions have. */
  const strangeStems = new Map<string, string>();
  function stemOf(word: string): string {
    const known = stems.get(word) ?? strangeStems.get(word);
    if (known !== undefined) return known;
    if (strangeStems.size >= MOST_REMEMBERED) strangeStems.clear();
    const stem = language.stem(word);
    strangeStems.set(word, stem);
    return stem;
  }
  const vocabulary = new Map<string, number>();
  const knownTerms = new Set<string>();
  const stopStems = new Set<string>();
  const pairs = new WordPairs(texts.length);

  function termsOf(row: readonly string[]): Term[] {
    const terms: Term[] = [];
    for (const stem of row) {
      terms.push([stem, 1]);
      for (const group of synonyms.groupsOf(stem)) terms.push([groupKey(group), SYNONYM]);
    }
    for (const { group } of synonyms.expressionsIn(row)) terms.push([groupKey(group), SYNONYM]);
    return terms;
  }

  /** Phrasings are read once, though the indexes ask for each three times. */
  const remembered = new Map<string, ReadPhrasing>();
  const remember = (text: string, read: ReadPhrasing) => {
    if (remembered.size < MOST_REMEMBERED) remembered.set(text, read);
    return read;
  };

  for (const text of texts) {
    const found = words(text, language);
    for (const word of found) {
      vocabulary.set(word, (vocabulary.get(word) ?? 0) + 1);
      if (stems.has(word)) continue;
      stems.set(word, language.stem(word));
      if (language.isStopWord(word)) stopStems.add(stemOf(word));
    }
    const row = found.map(stemOf);
    pairs.add(row);
    const terms = termsOf(row);
    for (const [key] of terms) knownTerms.add(key);
    remember(text, { words: found, stems: row, terms });
  }
  // A word that is known only as a synonym can be misspelled as well.
  for (const [word, groups] of synonyms.words) {
    if (!vocabulary.has(word) && groups.some((group) => knownTerms.has(groupKey(group)))) vocabulary.set(word, 1);
  }
  const isReal = (word: string) => language.isCommon(word) || synonyms.groupsOf(stemOf(word)).length > 0;
  const spacing = createSpacing({
    isWord: (word) => vocabulary.has(word),
    isReal,
    expand: language.expand,
    stem: stemOf,
    pairs,
  });
  const speller = createSpeller(vocabulary, {
    isReal,
    isSmall: language.isStopWord,
    others: othersOf(language, vocabulary),
  });
  const isKnownWord = (word: string) => knownTerms.has(stemOf(word));

  /** The words that are to be mended and corrected: those that nobody knows. */
  function strangeAmong(typed: readonly string[]): ReadonlySet<string> {
    const strange = new Set<string>();
    for (const word of typed) {
      if (strange.size < MOST_MENDED && !isKnownWord(word) && !isReal(word)) strange.add(word);
    }
    return strange;
  }

  /** The words as they would stand with the right spaces, apostrophes and, where two real words were swapped, letters. */
  function mended(typed: readonly string[], strange: ReadonlySet<string>): Token[] {
    const tokens: Token[] = [];
    for (let i = 0; i < typed.length; i++) {
      const word = typed[i] as string;
      const next = typed[i + 1];
      const isStrange = strange.has(word);
      const joined =
        next === undefined
          ? undefined
          : (spacing.join(word, next) ?? (isStrange || strange.has(next) ? joinedMisspelt(word, next) : undefined));
      if (joined !== undefined) {
        tokens.push({ typed: `${word} ${next}`, word: joined });
        i++;
      } else {
        const meant = isStrange ? runTogether(word) : swappedWord(word, typed[i - 1], next);
        tokens.push(...(meant?.map((part) => ({ typed: word, word: part })) ?? [asTyped(word)]));
      }
    }
    return tokens;
  }

  /** "parner source" is "PartnerSource": no two words that stand together, and nearly one. */
  function joinedMisspelt(first: string, second: string): string | undefined {
    if (Math.min(first.length, second.length) < SHORTEST_CUT_PART) return undefined;
    const whole = speller.correct(first + second)[0]?.word ?? '';
    if (whole.length < SHORTEST_CUT_WORD || !isKnownWord(whole)) return undefined;
    const meant = (part: string) => stemOf(speller.correct(part)[0]?.word ?? part);
    return pairs.has(meant(first), meant(second)) ? undefined : whole;
  }

  /** "sing in" is "sign in": a real word that the knowledge base does not have, next to one that shows what was meant. */
  function swappedWord(word: string, before = '', next = ''): string[] | undefined {
    if (isKnownWord(word) || !isReal(word)) return undefined;
    const isNeighbour = (other: string) =>
      pairs.has(stemOf(before), stemOf(other)) || pairs.has(stemOf(other), stemOf(next));
    const meant = speller.swapped(word).find(isNeighbour);
    return meant === undefined ? undefined : [meant];
  }

  function runTogether(word: string): readonly string[] | undefined {
    const parts = spacing.split(word);
    if (parts) return parts;
    const expanded = language.expand(speller.correct(word)[0]?.word ?? word);
    return expanded.length > 1 ? expanded : undefined;
  }

  /** What each word was meant to be, the likeliest first; [] for a word that is known or like no other. */
  function spellingsOf(tokens: readonly Token[], strange: ReadonlySet<string>): (readonly Spelling[])[] {
    let slowSearches = 0;
    return tokens.map(({ typed, word }) => {
      if (typed !== word) return [{ word, share: 1 }];
      if (!strange.has(word)) return [];
      const near = speller.correct(word);
      if (near.length > 0 || slowSearches === MOST_SLOW_SEARCHES) return near;
      slowSearches++;
      return speller.searchFurther(word);
    });
  }

  function question(text: string, isLeftOut: (key: string) => boolean = () => false): Reading {
    const isKnown = (key: string) => knownTerms.has(key) && !isLeftOut(key);
    const isKnownGroup = (group: number) => isKnown(groupKey(group));
    const asked = wordsOfQuestion(text, language);
    const strange = strangeAmong(asked);
    const tokens = mended(asked, strange);
    const typed = tokens.map(({ word }) => word);
    const spellings = spellingsOf(tokens, strange);
    const read = typed.map((word, i) => spellings[i]?.[0]?.word ?? word);
    const row = read.map(stemOf);
    const expressions = synonyms.expressionsIn(row).filter(({ group }) => isKnownGroup(group));

    const terms = new Map<string, number>();
    const add = (key: string, weight: number) => {
      if (isKnown(key)) terms.set(key, Math.min(1, (terms.get(key) ?? 0) + weight));
    };
    const addWord = (word: string, weight: number) => {
      const stem = stemOf(word);
      add(stem, weight);
      for (const group of synonyms.groupsOf(stem)) add(groupKey(group), weight * SYNONYM);
    };
    /** How much of a word, 0 to 1, the knowledge base does not know. */
    const unknownIn = (word: string, place: number): number => {
      const stem = stemOf(word);
      if (isKnown(stem)) return 0;
      const hasSynonym =
        synonyms.groupsOf(stem).some(isKnownGroup) || expressions.some(({ from, to }) => place >= from && place < to);
      return (language.isStopWord(word) ? STOP_WORD : 1) * (hasSynonym ? 1 - SYNONYM : 1);
    };
    const unknownWords: string[] = [];
    let unknown = 0;
    typed.forEach((word, i) => {
      const likely = spellings[i] ?? [];
      for (const spelling of likely) {
        addWord(spelling.word, spelling.share * CORRECTED);
        unknown += spelling.share * unknownIn(spelling.word, i);
      }
      if (likely.length === 0) {
        addWord(word, 1);
        unknown += unknownIn(word, i);
      }
      if (unknownIn(read[i] as string, i) === 1) unknownWords.push(word);
    });
    for (const { group } of expressions) add(groupKey(group), SYNONYM);

    const corrected = tokens.flatMap(({ typed }, i) =>
      spellings[i]?.[0] ? [{ typed, word: spellings[i][0].word }] : [],
    );
    return { words: read, stems: row, terms, unknown, unknownWords, corrected };
  }

  function phrasing(text: string): ReadPhrasing {
    const known = remembered.get(text);
    if (known) return known;
    const found = words(text, language);
    const row = found.map(stemOf);
    return remember(text, { words: found, stems: row, terms: termsOf(row) });
  }

  return {
    phrasing,
    question,
    touched: (asked, text) => touched(asked.terms, placedWords(text, language), language, synonyms),
    weightOf: (key) => (stopStems.has(key) ? STOP_WORD : 1),
  };
}

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

/** Texts whose reading is kept; all of a larger base would fill memory. */
const MOST_REMEMBERED = 5_000;

/** A word of a question and what was typed for it. */
interface Token {
  readonly typed: string;
  readonly word: string;
}

const asTyped = (word: string): Token => ({ typed: word, word });

/** @param texts everything the knowledge base says, phrasings and answers */
export function createReader(texts: readonly string[], language: Language, synonymLines: readonly string[]): Reader {
  const synonyms = createSynonyms(synonymLines, language);
  const stems = new Map<string, string>();
  const stemOf = (word: string) => stems.get(word) ?? language.stem(word);
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
    others: language.runTogether,
  });
  const isKnownWord = (word: string) => knownTerms.has(stemOf(word));

  /** The words as they would stand with the right spaces, apostrophes and, where two real words were swapped, letters. */
  function mended(typed: readonly string[]): Token[] {
    const tokens: Token[] = [];
    for (let i = 0; i < typed.length; i++) {
      const word = typed[i] as string;
      const next = typed[i + 1];
      const joined = next === undefined ? undefined : spacing.join(word, next);
      if (joined !== undefined) {
        tokens.push({ typed: `${word} ${next}`, word: joined });
        i++;
      } else {
        tokens.push(...(isKnownWord(word) ? [asTyped(word)] : mendedWord(word, typed[i - 1], next)));
      }
    }
    return tokens;
  }

  function mendedWord(word: string, before: string | undefined, next: string | undefined): Token[] {
    const meant = swappedWord(word, before, next) ?? runTogether(word);
    return meant === undefined ? [asTyped(word)] : meant.map((part) => ({ typed: word, word: part }));
  }

  /** "sing in" is "sign in": a real word that the knowledge base does not have, next to one that shows what was meant. */
  function swappedWord(word: string, before = '', next = ''): string[] | undefined {
    if (!isReal(word)) return undefined;
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
  function spellingsOf(tokens: readonly Token[]): (readonly Spelling[])[] {
    let slowSearches = 0;
    return tokens.map(({ typed, word }) => {
      if (typed !== word) return [{ word, share: 1 }];
      if (isKnownWord(word)) return [];
      const near = speller.correct(word);
      if (near.length > 0 || slowSearches === MOST_SLOW_SEARCHES) return near;
      slowSearches++;
      return speller.searchFurther(word);
    });
  }

  function question(text: string, isLeftOut: (key: string) => boolean = () => false): Reading {
    const isKnown = (key: string) => knownTerms.has(key) && !isLeftOut(key);
    const isKnownGroup = (group: number) => isKnown(groupKey(group));
    const tokens = mended(wordsOfQuestion(text, language));
    const typed = tokens.map(({ word }) => word);
    const spellings = spellingsOf(tokens);
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
    const unknownWords: string[] = [];
    let unknown = 0;
    typed.forEach((word, i) => {
      const likely = spellings[i] ?? [];
      if (likely.length > 0) {
        for (const spelling of likely) addWord(spelling.word, spelling.share * CORRECTED);
        return;
      }
      addWord(word, 1);
      const stem = stemOf(word);
      if (isKnown(stem)) return;
      const hasSynonym =
        synonyms.groupsOf(stem).some(isKnownGroup) || expressions.some(({ from, to }) => i >= from && i < to);
      const isStopWord = language.isStopWord(word);
      unknown += (isStopWord ? STOP_WORD : 1) * (hasSynonym ? 1 - SYNONYM : 1);
      if (!hasSynonym && !isStopWord) unknownWords.push(word);
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

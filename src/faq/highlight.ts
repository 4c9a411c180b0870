/**
 * Which places of a text a question touches, so that a page can mark them: after correction, in any form of the word, and as
 * a synonym. Linear in the text; it only reads, so whatever the question holds cannot get into what is marked.
 */
import { groupKey, type Synonyms } from './synonyms.ts';
import type { Language, PlacedWord } from './text.ts';

/** Places of UTF-16 code units in the text, `end` exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The places of a passage that one question touches. */
export type Highlighter = (passage: string) => Range[];

/**
 * @param terms of the question: stems and synonym groups
 * @returns in order, without overlaps; stop words are marked only where they are part of an expression
 */
export function touched(
  terms: ReadonlyMap<string, number>,
  placed: readonly PlacedWord[],
  language: Language,
  synonyms: Synonyms,
): Range[] {
  const stems = placed.map(({ word }) => language.stem(word));
  const isAsked = (group: number) => terms.has(groupKey(group));
  const marked = placed.map(({ word }, i) => {
    const stem = stems[i] as string;
    return !language.isStopWord(word) && (terms.has(stem) || synonyms.groupsOf(stem).some(isAsked));
  });
  for (const { group, from, to } of synonyms.expressionsIn(stems)) if (isAsked(group)) marked.fill(true, from, to);

  const ranges: Range[] = [];
  placed.forEach(({ start, end }, i) => {
    if (marked[i] && start !== ranges.at(-1)?.start) ranges.push({ start, end });
  });
  return ranges;
}

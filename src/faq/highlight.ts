/** Says which words of a passage a question touched: as typed, corrected, in another form, or by a synonym. */
import type { Reader, Reading } from './reading.ts';

/** Where something stands in a text, in UTF-16 units: from the first up to before the second. */
export type Range = readonly [from: number, to: number];

/** Marks for any passage of the knowledge base, for one question. */
export type Highlighter = (passage: string) => Range[];

/** A run of letters is at most this long, so that no passage costs more than its length. */
const RUNS = /[\p{L}\p{N}\p{M}]{1,60}(?:['\u2019][\p{L}\p{M}]{1,20})?/gu;

export function createHighlighter(reading: Reading, reader: Reader): Highlighter {
  const touched = new Map<string, boolean>();
  const isTouched = (word: string) => {
    let known = touched.get(word);
    if (known === undefined) {
      known = reader.phrasing(word).terms.some(([key]) => reading.terms.has(key) && reader.weightOf(key) === 1);
      touched.set(word, known);
    }
    return known;
  };
  return (passage) => {
    const ranges: Range[] = [];
    for (const { 0: word, index } of passage.matchAll(RUNS)) {
      if (isTouched(word)) ranges.push([index, index + word.length]);
    }
    return ranges;
  };
}

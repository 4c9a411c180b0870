/** Finds phrasings of different entries that ask the same in other small words, so that nobody can tell them apart. */
import type { Source } from './entry.ts';

/** One way to ask for an entry or action. */
export interface Asked {
  /** Of the entry or action. */
  readonly id: string;
  readonly text: string;
  readonly source: Source;
}

/** Small words without a bearing on what is asked; question words and negations have one and stay. */
const SMALL_WORDS = new Set(
  `a am an and any are as at be been by can could did do does for from get got had has have i if in into is it its me my
  of on or our please should so that the their them there these they this to up us was we were will with would you your`.split(
    /\s+/,
  ),
);

/**
 * Compares all phrasings by their words in any order, lower-cased, without punctuation and small words.
 * @returns each later phrasing with the first one of another entry that it repeats
 */
export function nearDuplicates(phrasings: readonly Asked[]): [later: Asked, first: Asked][] {
  const firstByKey = new Map<string, Asked>();
  const found: [Asked, Asked][] = [];
  for (const asked of phrasings) {
    const key = keyOf(asked.text);
    const first = firstByKey.get(key);
    if (!first) firstByKey.set(key, asked);
    else if (first.id !== asked.id) found.push([asked, first]);
  }
  return found;
}

function keyOf(text: string): string {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/['’]/g, '')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => !SMALL_WORDS.has(word));
  const kept = telling.length > 0 ? telling : words;
  return kept.length > 0 ? [...new Set(kept)].sort().join(' ') : text;
}

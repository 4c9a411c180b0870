/**
 * Puts back spaces that were left out ("resetpassword") and takes out those that are too many ("pass word"). What becomes of
 * it must be words of the knowledge base that stand together there: else every unknown word would fall into pieces.
 */
import type { WordPairs } from './word-pairs.ts';

/** Shorter runs fall into anything: "iam", "atm". */
const SHORTEST_RUN = 5;
/** Shorter words are made of others by chance: "in to", "may be". */
const SHORTEST_JOINED = 6;
/** Longer ones are no words that somebody ran together, and take time. */
const LONGEST_RUN = 32;
const MOST_PIECES = 5;

/** What spaces are judged by. */
export interface SpacingKnowledge {
  /** Whether the knowledge base has the word. */
  isWord(word: string): boolean;
  /** Whether it is a word that means something here or anywhere. */
  isReal(word: string): boolean;
  /** The words that one written word stands for. */
  expand(word: string): readonly string[];
  stem(word: string): string;
  readonly pairs: WordPairs;
}

export interface Spacing {
  /** The words that were run together; undefined for what is no such run. */
  split(run: string): readonly string[] | undefined;
  /** The word that a space has cut in two; undefined where the two are words of their own. */
  join(first: string, second: string): string | undefined;
}

export function createSpacing({ isWord, isReal, expand, stem, pairs }: SpacingKnowledge): Spacing {
  const standTogether = (words: readonly string[]) =>
    words.every((word, i) => i === 0 || pairs.has(stem(words[i - 1] as string), stem(word)));

  /** `rest` as at most `most` pieces that may follow `before`. */
  function pieces(rest: string, before: readonly string[], most: number): readonly string[] | undefined {
    if (rest === '') return [];
    if (most === 0) return undefined;
    for (let end = rest.length; end > 0; end--) {
      const found = expand(rest.slice(0, end));
      if (!found.every(isWord) || !standTogether([...before.slice(-1), ...found])) continue;
      const others = pieces(rest.slice(end), found, most - 1);
      if (others) return [...found, ...others];
    }
    return undefined;
  }

  return {
    split(run) {
      if (run.length < SHORTEST_RUN || run.length > LONGEST_RUN || isReal(run)) return undefined;
      for (let most = 2; most <= MOST_PIECES; most++) {
        const found = pieces(run, [], most);
        if (found) return found;
      }
      return undefined;
    },
    join(first, second) {
      const joined = first + second;
      const isCut = joined.length >= SHORTEST_JOINED && isWord(joined) && !pairs.has(stem(first), stem(second));
      return isCut ? joined : undefined;
    },
  };
}

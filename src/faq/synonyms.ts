/** Reads the lists of words and expressions that mean the same; the matcher counts a group as one more, weaker word. */
import { type Language, words } from './text.ts';

export interface Expression {
  readonly group: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface Synonyms {
  /** The single words as they are written in the lists, with the numbers of their groups. */
  readonly words: ReadonlyMap<string, readonly number[]>;
  /** Numbers of the groups that a stem belongs to. */
  groupsOf(stem: string): readonly number[];
  /** The expressions of several words in this row of stems: group, and where they stand. */
  expressionsIn(stems: readonly string[]): readonly Expression[];
}

/** A group among the terms of a question; no stem begins like this. */
export const groupKey = (group: number) => `#${group}`;

const NONE: readonly number[] = [];

/** @param lines one group each: words and expressions with commas between, as in synonyms.json */
export function createSynonyms(lines: readonly string[], language: Language): Synonyms {
  const written = new Map<string, number[]>();
  const single = new Map<string, number[]>();
  const expressions = new Map<string, { rest: readonly string[]; group: number }[]>();
  lines.forEach((line, group) => {
    for (const meaning of line.split(',')) {
      const found = words(meaning, language);
      const [first, ...rest] = found.map(language.stem);
      if (first === undefined) continue;
      if (rest.length > 0) {
        listUnder(expressions, first).push({ rest, group });
      } else {
        addOnce(listUnder(single, first), group);
        addOnce(listUnder(written, found[0] as string), group);
      }
    }
  });
  return {
    words: written,
    groupsOf: (stem) => single.get(stem) ?? NONE,
    expressionsIn(stems) {
      const found: Expression[] = [];
      stems.forEach((stem, from) => {
        for (const { rest, group } of expressions.get(stem) ?? []) {
          if (rest.every((next, i) => stems[from + 1 + i] === next)) {
            found.push({ group, from, to: from + 1 + rest.length });
          }
        }
      });
      return found;
    },
  };
}

function listUnder<T>(map: Map<string, T[]>, key: string): T[] {
  const known = map.get(key);
  if (known) return known;
  const list: T[] = [];
  map.set(key, list);
  return list;
}

function addOnce(list: number[], group: number): void {
  if (!list.includes(group)) list.push(group);
}

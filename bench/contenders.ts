/** This project's matcher and the libraries people use for the same, each as its documentation and tutorials set it up. */
import Fuse from 'fuse.js';
import MiniSearch from 'minisearch';
import { stemmer } from 'stemmer';
import { english } from '../src/faq/english.ts';
import type { Phrased } from '../src/faq/entry.ts';
import { createMatcher } from '../src/faq/matcher.ts';

export interface Found {
  readonly id: string;
  /** Higher is surer; what the abstention figures are taken on. */
  readonly sureness: number;
}

export interface Contender {
  readonly name: string;
  /** Asks a sample of the questions only, and is left out where there are more entries than it can search in seconds. */
  readonly isSlow: boolean;
  build(entries: readonly Phrased[]): (text: string) => readonly Found[];
}

function fuse(
  name: string,
  settings: { threshold: number; ignoreLocation?: boolean; useTokenSearch?: boolean },
): Contender {
  return {
    name,
    isSlow: true,
    build(entries) {
      const keys = ['question', 'alternates', ...(entries.some(({ answer }) => answer) ? ['answer'] : [])];
      const searched = new Fuse([...entries], { keys, includeScore: true, ...settings });
      return (text) =>
        searched.search(text, { limit: 3 }).map(({ item, score }) => ({ id: item.id, sureness: 1 - (score ?? 1) }));
    },
  };
}

function miniSearch(
  name: string,
  processTerm: ((term: string) => string | null) | undefined,
  search: { fuzzy: number; prefix?: boolean },
): Contender {
  return {
    name,
    isSlow: false,
    build(entries) {
      const index = new MiniSearch({ fields: ['question', 'other', 'answer'], ...(processTerm && { processTerm }) });
      index.addAll(
        entries.map((entry) => ({ ...entry, other: entry.alternates.join('\n'), answer: entry.answer ?? '' })),
      );
      return (text) =>
        index
          .search(text, { ...search, boost: { answer: 0.25 } })
          .slice(0, 3)
          .map(({ id, score }) => ({ id: id as string, sureness: score }));
    },
  };
}

const stemmed = (term: string) => {
  const lower = term.toLowerCase();
  return english.isStopWord(lower) ? null : stemmer(lower);
};

export const CONTENDERS: readonly Contender[] = [
  {
    name: 'matcher',
    isSlow: false,
    build(entries) {
      const matcher = createMatcher(entries);
      return (text) => matcher.match(text, 3).map(({ id, confidence }) => ({ id, sureness: confidence }));
    },
  },
  fuse('fuse .4', { threshold: 0.4, ignoreLocation: true }),
  fuse('fuse tokens', { threshold: 0.3, useTokenSearch: true }),
  miniSearch('mini fuzzy', undefined, { fuzzy: 0.2, prefix: true }),
  miniSearch('mini stems', stemmed, { fuzzy: 0.2 }),
];

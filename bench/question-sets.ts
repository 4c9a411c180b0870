/** Question sets for the matcher's benches: one JSON file each, `{name, entries, queries}`, in a folder outside the project. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Phrased } from '../src/faq/entry.ts';
import { drawn, randomFrom } from './random.ts';

export interface Query {
  readonly text: string;
  /** The same with typing errors. */
  readonly typo: string;
  /** Entries that are right; null when none is. */
  readonly ids: readonly string[] | null;
}

export interface QuestionSet {
  readonly name: string;
  readonly entries: readonly Phrased[];
  readonly queries: readonly Query[];
}

/** 35 of 125, as in the set this was measured on elsewhere. */
const LEFT_OUT = 0.28;

/** @param wanted names of sets; all of the folder when empty */
export function readSets(folder: string, wanted: readonly string[]): QuestionSet[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as QuestionSet)
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name));
}

/** Every second question; bench/fit-confidence.ts uses the others. */
export function unseen(set: QuestionSet): QuestionSet {
  return { ...set, queries: set.queries.filter((_, i) => i % 2 === 1) };
}

/** Some entries left out whole: the questions to them are of the same field and have no answer. */
export function withEntriesLeftOut({ name, entries, queries }: QuestionSet): QuestionSet {
  const out = new Set(drawn(entries, Math.round(LEFT_OUT * entries.length), randomFrom(5)).map(({ id }) => id));
  const isOut = (query: Query) => query.ids?.every((id) => out.has(id));
  return {
    name: `${name} -28%`,
    entries: entries.filter(({ id }) => !out.has(id)),
    queries: queries.map((query) => (isOut(query) ? { ...query, ids: null } : query)),
  };
}

/** The entries as a knowledge base has them that nobody has written other phrasings for. */
export function titlesAndAnswers({ name, entries, queries }: QuestionSet): QuestionSet {
  return { name: `${name} title`, entries: entries.map((entry) => ({ ...entry, alternates: [] })), queries };
}

/** The sets that are measured: each as it is, with entries left out where all its questions are in scope, and titles only. */
export function variants(set: QuestionSet): QuestionSet[] {
  const sets = [set];
  if (set.queries.every(({ ids }) => ids !== null)) sets.push(withEntriesLeftOut(set));
  const hasPhrasings = set.entries.some(({ alternates }) => alternates.length > 0);
  if (hasPhrasings && set.entries.some(({ answer }) => answer)) sets.push(titlesAndAnswers(set));
  return sets;
}

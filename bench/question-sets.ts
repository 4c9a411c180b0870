/** Question sets for the matcher's benches: one JSON file each, `{name, entries, queries}`, in a folder outside the project. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Phrased } from '../src/faq/entry.ts';

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

/** @param wanted names of sets; all of the folder when empty */
export function readSets(folder: string, wanted: readonly string[]): QuestionSet[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as QuestionSet)
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name));
}

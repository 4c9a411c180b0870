/** The checks that need all files at once: ids, links between entries, and phrasings that repeat each other. */
import type { Reference } from './clean-tree.ts';
import type { Entry, Notice, Phrased, Problem, Source } from './entry.ts';
import { type Asked, nearDuplicates } from './near-duplicates.ts';
import type { ParsedAction } from './parse-actions.ts';
import type { ParsedEntry } from './parse-topic.ts';
import { sourceText } from './problem-text.ts';
import type { Phrasing } from './separate-parts.ts';

/** All that was read from the folder. */
export interface Gathered {
  readonly entries: readonly ParsedEntry[];
  readonly actions: readonly ParsedAction[];
  readonly notices: readonly Notice[];
  readonly references: readonly Reference[];
}

/** What is wrong between the files of a knowledge base; what is wrong within one was noted when it was read. */
export function checkKnowledgeBase({ entries, actions, notices, references }: Gathered): Problem[] {
  const all = entries.map(({ entry }) => entry);
  return [
    ...repeatedIds(all),
    ...repeatedIds(actions.map(({ action }) => action)),
    ...repeatedIds(notices),
    ...unknownReferences(references, all),
    ...selfReferences(all),
    ...repeatedPhrasings(entries, actions),
  ];
}

function repeatedIds(items: readonly { readonly id: string; readonly source: Source }[]): Problem[] {
  const first = new Map<string, Source>();
  return items.flatMap(({ id, source }) => {
    const other = first.get(id);
    if (!other) first.set(id, source);
    if (!other || id === '') return [];
    const message = `the id "${id}" is taken by ${sourceText(other)}; write another one behind the question: {#other-id}`;
    return [{ severity: 'error' as const, source, message }];
  });
}

function unknownReferences(references: readonly Reference[], entries: readonly Entry[]): Problem[] {
  const known = new Set(entries.map(({ id }) => id));
  return references
    .filter(({ id }) => !known.has(id))
    .map(({ id, source }) => ({
      severity: 'error',
      source,
      message: `there is no entry "#${id}"; ${nearest(id, known)}`,
    }));
}

/** The ids that share most of their words with an unknown one. */
function nearest(id: string, known: ReadonlySet<string>): string {
  const words = new Set(id.toLowerCase().split('-'));
  const ranked = [...known]
    .map((candidate) => ({ candidate, shared: candidate.split('-').filter((word) => words.has(word)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared)
    .slice(0, 3);
  if (ranked.length === 0) return 'write the id of an entry of this folder';
  return `did you mean ${ranked.map(({ candidate }) => `#${candidate}`).join(' or ')}?`;
}

function selfReferences(entries: readonly Entry[]): Problem[] {
  return entries
    .filter(({ id, next }) => next.includes(id))
    .map(({ id, source }) => ({ severity: 'warning', source, message: `"${id}" offers itself as what to read next` }));
}

function repeatedPhrasings(entries: readonly ParsedEntry[], actions: readonly ParsedAction[]): Problem[] {
  const asked = [
    ...entries.flatMap(({ entry, alternates }) => askedFor(entry, entry.source, alternates)),
    ...actions.flatMap(({ action, alternates }) => askedFor(action, action.source, alternates)),
  ];
  return nearDuplicates(asked).map(([later, first]) => ({
    severity: 'warning',
    source: later.source,
    message: `"${later.text}" (${later.id}) asks the same as "${first.text}" (${first.id}, ${sourceText(first.source)}); keep it in one of them`,
  }));
}

function askedFor({ id, question }: Phrased, source: Source, alternates: readonly Phrasing[]): Asked[] {
  const others = alternates.map(({ text, line }) => ({ id, text, source: { file: source.file, line } }));
  return [{ id, text: question, source }, ...others];
}

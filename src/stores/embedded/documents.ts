/** What the embedded store keeps and under which keys, for the stores over the engine. */
import type { HistoryLine } from '../../history/history.ts';
import type { Vote } from '../../usage/votes.ts';
import type { StateDocument } from '../forgetting.ts';
import type { Document, EncodedPut } from './model.ts';

/**
 * What the embedded store keeps, collection by collection. The keys of `activities` and `heads` are fingerprints, so
 * that what must outlive an erasure (no repeated turn, no reused number) says nothing about a person.
 */
export interface Documents {
  /** Key: `keyInConversation`. */
  lines: HistoryLine;
  /** The newest `seq` of a conversation, kept when its lines are gone. Key: `fingerprint(conversation)`. */
  heads: { readonly latest: number };
  /** Key: the state's own. `conversation` and `person` are those of the turn that wrote it last. */
  state: StateDocument;
  /** Key: `keyInConversation` of the line that was voted on. */
  votes: Vote;
  /** Key: the person. */
  welcomes: { readonly at: string };
  /** Activities that were answered. Key: `fingerprint(activity)`. */
  activities: { readonly at: string };
  /** What `check` writes. */
  checks: { readonly at: string };
}

/** Where documents are read: the engine, or what a transaction sees of it. */
interface Source {
  get(collection: string, id: string): Document | undefined;
}

/** The document of a collection, as its type; everything in a collection was put there by `putOf`. */
export function read<Name extends keyof Documents>(
  source: Source,
  collection: Name,
  id: string,
): Documents[Name] | undefined {
  return source.get(collection, id) as Documents[Name] | undefined;
}

/** All documents of a collection with their keys, first put first. */
export function readAll<Name extends keyof Documents>(
  source: { entries(collection: string): Iterable<[string, Document]> },
  collection: Name,
): Iterable<[string, Documents[Name]]> {
  return source.entries(collection) as Iterable<[string, Documents[Name]]>;
}

/** A put of the engine, its document checked against the collection and encoded. */
export function putOf<Name extends keyof Documents>(
  collection: Name,
  id: string,
  document: Documents[Name],
): EncodedPut {
  return [collection, id, JSON.stringify(document)];
}

/** Key of what belongs to one line; the length in front tells where the conversation ends and the line's id begins. */
export function keyInConversation(conversation: string, line: string): string {
  return `${conversation.length}/${conversation}/${line}`;
}

/** A deep copy of what JSON holds; by way of its text it takes ten times as long. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setOwn(copy, key, copyOf((value as Record<string, unknown>)[key]));
  return copy as T;
}

/** Assigned, the name `__proto__` would change what the object inherits. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

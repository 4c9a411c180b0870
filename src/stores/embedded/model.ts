/**
 * The data of the embedded store: documents by collection and id. It is what lowdb holds in memory, what the snapshot
 * writes, and what a journal record changes. Maps, because an id may be any text (`__proto__` too).
 */
export interface Model {
  /** Number of the last record that was applied; 0 in an empty store. */
  seq: number;
  readonly collections: Map<string, Map<string, Document>>;
}

/** A document as JSON holds it. It is never changed, only replaced. */
export type Document = Readonly<Record<string, unknown>>;

export type Put = readonly [collection: string, id: string, document: Document];
/** A document to be put, as JSON text: whoever asks for it may go on with the object it was made from. */
export type EncodedPut = readonly [collection: string, id: string, json: string];

export type Deletion = readonly [collection: string, id: string];

/** What one transaction changes: deletions first, then puts, so that an id in both ends up with the new document. */
export interface JournalRecord {
  readonly seq: number;
  readonly delete: readonly Deletion[];
  readonly put: readonly Put[];
}

/** Told of every change of a document, after it was made; `undefined` stands for no document. */
export type Observer = (
  collection: string,
  id: string,
  before: Document | undefined,
  after: Document | undefined,
) => void;

/** Makes the changes of `record`, which is then the last one applied. */
export function applyRecord(model: Model, record: JournalRecord, observe: Observer): void {
  for (const deletion of record.delete) applyDeletion(model, deletion, observe);
  for (const put of record.put) applyPut(model, put, observe);
  model.seq = record.seq;
}

/** The same, one document at a time. */
export function* applying(model: Model, record: JournalRecord, observe: Observer): Generator<void> {
  for (const deletion of record.delete) {
    applyDeletion(model, deletion, observe);
    yield;
  }
  for (const put of record.put) {
    applyPut(model, put, observe);
    yield;
  }
  model.seq = record.seq;
}

function applyDeletion(model: Model, [collection, id]: Deletion, observe: Observer): void {
  const documents = model.collections.get(collection);
  const before = documents?.get(id);
  if (documents?.delete(id)) observe(collection, id, before, undefined);
}

function applyPut(model: Model, [collection, id, document]: Put, observe: Observer): void {
  const documents = documentsOf(model, collection);
  const before = documents.get(id);
  documents.set(id, document);
  observe(collection, id, before, document);
}

/** Makes sure that a document stays as it is; what JSON makes inherits nothing that is enumerated. */
export function freeze(value: object): void {
  Object.freeze(value);
  for (const key in value) {
    const part = (value as Document)[key];
    if (typeof part === 'object' && part !== null) freeze(part);
  }
}

/** The documents of a collection by id, in the order in which they were first put. */
export function documentsOf(model: Model, collection: string): Map<string, Document> {
  let documents = model.collections.get(collection);
  if (!documents) {
    documents = new Map();
    model.collections.set(collection, documents);
  }
  return documents;
}

/** Whether `value`, parsed from a file, is `[collection, id, document]`. */
export function isPut(value: unknown): value is Put {
  return Array.isArray(value) && value.length === 3 && isText(value[0]) && isText(value[1]) && isObject(value[2]);
}

/** Whether `value`, parsed from a file, is a record. */
export function isRecord(value: unknown): value is JournalRecord {
  return (
    isObject(value) &&
    Number.isSafeInteger(value.seq) &&
    Array.isArray(value.put) &&
    value.put.every(isPut) &&
    Array.isArray(value.delete) &&
    value.delete.every((one) => Array.isArray(one) && one.length === 2 && one.every(isText))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A change of records as the arrays that `commit_documents` takes. */
import type { AnyRecordType, Change } from '../../records/records.ts';
import { sqlKey, sqlName } from './sql-key.ts';

type Put = Change['puts'][number];

/** One call's part of a change. */
export class SqlChange {
  readonly #updated = { ...newDocuments(), versions: [] as number[], values: [] as string[] };
  readonly #created = { ...newDocuments(), names: [] as (string | null)[], values: [] as string[] };
  readonly #deleted = { ...newDocuments(), versions: [] as number[] };
  readonly #unchanged = { ...newDocuments(), versions: [] as number[] };
  readonly #absent = newDocuments();
  readonly #gone = newKeys();
  readonly #new = newKeys();
  #size = 0;

  /** How many documents it is about. */
  get size(): number {
    return this.#size;
  }

  /** @param version - 0: it is to stay absent */
  unchanged(type: AnyRecordType, id: string, version: number): void {
    this.#add(version === 0 ? this.#absent : this.#unchanged, type, id);
    if (version > 0) this.#unchanged.versions.push(version);
  }

  /** @param version - that it has now; 0: it is new */
  put({ type, id, value }: Put, version: number, before: object | undefined): void {
    const json = JSON.stringify(value);
    const to = version === 0 ? this.#created : this.#updated;
    this.#add(to, type, id);
    to.values.push(json);
    if (version === 0) this.#created.names.push(sqlName(id));
    else this.#updated.versions.push(version);
    this.#changeKeys(type, id, before, JSON.parse(json) as object);
  }

  delete(type: AnyRecordType, id: string, version: number, before: object): void {
    this.#add(this.#deleted, type, id);
    this.#deleted.versions.push(version);
    this.#changeKeys(type, id, before, undefined);
  }

  /** In the order of the function's parameters. */
  values(): unknown[] {
    const updated = this.#updated;
    const created = this.#created;
    const unchanged = this.#unchanged;
    return [
      ...[updated.collections, updated.ids, updated.versions, updated.values],
      ...[created.collections, created.ids, created.names, created.values],
      ...[this.#deleted.collections, this.#deleted.ids, this.#deleted.versions],
      ...[unchanged.collections, unchanged.ids, unchanged.versions],
      ...[this.#absent.collections, this.#absent.ids],
      ...[this.#gone.collections, this.#gone.fields, this.#gone.keys, this.#gone.ids],
      ...[this.#new.collections, this.#new.fields, this.#new.keys, this.#new.ids],
    ];
  }

  #add(to: ReturnType<typeof newDocuments>, { name }: AnyRecordType, id: string): void {
    to.collections.push(sqlKey(name));
    to.ids.push(sqlKey(id));
    this.#size += 1;
  }

  #changeKeys(type: AnyRecordType, id: string, before: object | undefined, after: object | undefined): void {
    for (const [field, keysOf] of Object.entries(type.indexes)) {
      const old = before ? keysOf(before as never) : [];
      const now = after ? keysOf(after as never) : [];
      for (const key of new Set(old)) if (!now.includes(key)) add(this.#gone, type, field, key, id);
      for (const key of new Set(now)) if (!old.includes(key)) add(this.#new, type, field, key, id);
    }
  }
}

/**
 * The change in parts of about `size` documents, each with what is expected of its own: first those that are there, in
 * the order in which everybody locks them, then new ones as they came. Of two puts of one document the
 * last counts, and a put more than a deletion.
 * @returns undefined where two expectations of it cannot both hold
 */
export function changeParts({ expectations, puts, deletions }: Change, size: number): readonly SqlChange[] | undefined {
  const expected = new Map<string, (typeof expectations)[number]>();
  for (const one of expectations) {
    const key = keyOf(one.type, one.id);
    const other = expected.get(key);
    if (other && other.version !== one.version) return undefined;
    expected.set(key, one);
  }
  const lastPuts = new Map(puts.map((put) => [keyOf(put.type, put.id), put]));
  const gone = new Map(deletions.map((deletion) => [keyOf(deletion.type, deletion.id), deletion]));

  const parts: SqlChange[] = [];
  let part = new SqlChange();
  for (const [key, { type, id, version }] of expected.size > size ? inOrder([...expected]) : expected) {
    const put = lastPuts.get(key);
    const deletion = gone.get(key);
    if (part.size === 0) parts.push(part);
    if (put) part.put(put, version, put.before ?? deletion?.before);
    else if (deletion) part.delete(type, id, version, deletion.before);
    else part.unchanged(type, id, version);
    if (part.size >= size) part = new SqlChange();
  }
  return parts;
}

type Entry = readonly [key: string, expectation: Change['expectations'][number]];

function inOrder(entries: readonly Entry[]): Entry[] {
  const present = entries.filter(([, { version }]) => version > 0);
  const sorted = present.map((entry) => ({ entry, place: placeOf(entry) }));
  sorted.sort((one, other) => (one.place < other.place ? -1 : 1));
  return [...sorted.map(({ entry }) => entry), ...entries.filter(([, { version }]) => version === 0)];
}

function placeOf([, { type, id }]: Entry): string {
  return `${sqlKey(type.name)}\0${sqlKey(id)}`;
}

function keyOf({ name }: AnyRecordType, id: string): string {
  return `${name.length} ${name} ${id}`;
}

function newDocuments() {
  return { collections: [] as string[], ids: [] as string[] };
}

function newKeys() {
  return { collections: [] as string[], fields: [] as string[], keys: [] as string[], ids: [] as string[] };
}

function add(keys: ReturnType<typeof newKeys>, { name }: AnyRecordType, field: string, key: string, id: string): void {
  keys.collections.push(sqlKey(name));
  keys.fields.push(sqlKey(field));
  keys.keys.push(sqlKey(key));
  keys.ids.push(sqlKey(id));
}

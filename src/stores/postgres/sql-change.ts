/** Changes of records as the arrays that `commit_changes` takes. */
import type { AnyRecordType, Change } from '../../records/records.ts';
import type { ForeignPut } from '../store.ts';
import { sqlKey, sqlName } from './sql-key.ts';

type Put = Change['puts'][number];

/** The rows of each kind that a change has, in the order of the function's parameters. */
interface Rows {
  /** Documents and the versions that they are expected to have. */
  readonly expected: (readonly [collection: string, id: string, version: number])[];
  readonly updated: (readonly [collection: string, id: string, value: string])[];
  readonly deleted: (readonly [collection: string, id: string])[];
  readonly absent: (readonly [collection: string, id: string])[];
  readonly created: (readonly [collection: string, id: string, name: string | null, value: string])[];
  readonly gone: (readonly [collection: string, field: string, key: string, id: string])[];
  readonly new: (readonly [collection: string, field: string, key: string, id: string])[];
  readonly told: (readonly [kind: string, id: string | null])[];
}

/** How many columns each kind has. */
const widths = { expected: 3, updated: 3, deleted: 2, absent: 2, created: 4, gone: 4, new: 4, told: 2 } as const;
const kinds = Object.keys(widths) as (keyof Rows)[];

/** One change, or a part of a large one. */
export class SqlChange {
  readonly rows: Rows = {
    expected: [],
    updated: [],
    deleted: [],
    absent: [],
    created: [],
    gone: [],
    new: [],
    told: [],
  };

  /** How many documents it is about. */
  get size(): number {
    const { expected, absent, created } = this.rows;
    return expected.length + absent.length + created.length;
  }

  /** Names of the documents it is about. */
  *documents(): Iterable<string> {
    const { expected, absent, created } = this.rows;
    for (const [collection, id] of [...expected, ...absent, ...created])
      yield `${collection.length} ${collection} ${id}`;
  }

  /** @param version - 0: it is to stay absent */
  unchanged({ name }: AnyRecordType, id: string, version: number): void {
    if (version === 0) this.rows.absent.push([sqlKey(name), sqlKey(id)]);
    else this.rows.expected.push([sqlKey(name), sqlKey(id), version]);
  }

  /** @param version - that it has now; 0: it is new */
  put({ type, id, value }: Put, version: number, before: object | undefined): void {
    const json = JSON.stringify(value);
    const [collection, key] = [sqlKey(type.name), sqlKey(id)];
    if (version === 0) {
      this.rows.created.push([collection, key, sqlName(id), json]);
    } else {
      this.rows.expected.push([collection, key, version]);
      this.rows.updated.push([collection, key, json]);
    }
    this.#changeKeys(type, id, before, JSON.parse(json) as object);
  }

  delete(type: AnyRecordType, id: string, version: number, before: object): void {
    const [collection, key] = [sqlKey(type.name), sqlKey(id)];
    this.rows.expected.push([collection, key, version]);
    this.rows.deleted.push([collection, key]);
    this.#changeKeys(type, id, before, undefined);
  }

  /** What the other instances are told of it. */
  tell(puts: readonly ForeignPut[]): void {
    for (const { kind, id } of puts) this.rows.told.push([sqlKey(kind), id === undefined ? null : sqlKey(id)]);
  }

  #changeKeys(type: AnyRecordType, id: string, before: object | undefined, after: object | undefined): void {
    for (const [field, keysOf] of Object.entries(type.indexes)) {
      const old = before ? keysOf(before as never) : [];
      const now = after ? keysOf(after as never) : [];
      const row = (key: string) => [sqlKey(type.name), sqlKey(field), sqlKey(key), sqlKey(id)] as const;
      for (const key of new Set(old)) if (!now.includes(key)) this.rows.gone.push(row(key));
      for (const key of new Set(now)) if (!old.includes(key)) this.rows.new.push(row(key));
    }
  }
}

/**
 * In the order of the function's parameters.
 * @param changes - without a document that two of them are about
 * @param keysMayBeThere - whether a document may have a key already that it is to get
 */
export function valuesOf(changes: readonly SqlChange[], origin: string, keysMayBeThere: boolean): unknown[] {
  const columns = kinds.flatMap((kind) => {
    const rows = changes.flatMap((change, index) =>
      change.rows[kind].map((row) => [index + 1, ...row] as readonly unknown[]),
    );
    return Array.from({ length: widths[kind] + 1 }, (_, column) => rows.map((row) => row[column]));
  });
  return [origin, keysMayBeThere, changes.map(({ rows }) => rows.expected.length), ...columns];
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

/** A change of records as the arrays that `commit_change` takes. */
import type { AnyRecordType, Change } from '../../records/records.ts';
import { sqlKey, sqlName } from './sql-key.ts';

type Put = Change['puts'][number];

/** One call's part of a change. */
export class SqlChange {
  readonly #expected = {
    collections: [] as string[],
    ids: [] as string[],
    versions: [] as number[],
    shared: [] as boolean[],
  };
  readonly #deleted = { collections: [] as string[], ids: [] as string[] };
  readonly #put = {
    collections: [] as string[],
    ids: [] as string[],
    names: [] as (string | null)[],
    isNew: [] as boolean[],
    values: [] as string[],
  };
  readonly #gone = newKeys();
  readonly #new = newKeys();

  /** How many documents it is about. */
  get size(): number {
    return this.#expected.ids.length;
  }

  /** @param isShared - whether it is only to stay as it is */
  expect({ name }: AnyRecordType, id: string, version: number, isShared: boolean): void {
    this.#expected.collections.push(sqlKey(name));
    this.#expected.ids.push(sqlKey(id));
    this.#expected.versions.push(version);
    this.#expected.shared.push(isShared);
  }

  put({ type, id, value }: Put, isNew: boolean, before: object | undefined): void {
    this.#put.collections.push(sqlKey(type.name));
    this.#put.ids.push(sqlKey(id));
    this.#put.names.push(sqlName(id));
    this.#put.isNew.push(isNew);
    const json = JSON.stringify(value);
    this.#put.values.push(json);
    this.#changeKeys(type, id, before, JSON.parse(json) as object);
  }

  delete(type: AnyRecordType, id: string, before: object): void {
    this.#deleted.collections.push(sqlKey(type.name));
    this.#deleted.ids.push(sqlKey(id));
    this.#changeKeys(type, id, before, undefined);
  }

  /** In the order of the function's parameters. */
  values(): unknown[] {
    const { collections, ids, versions, shared } = this.#expected;
    const put = this.#put;
    return [
      ...[collections, ids, versions, shared],
      ...[this.#deleted.collections, this.#deleted.ids],
      ...[put.collections, put.ids, put.names, put.isNew, put.values],
      ...[this.#gone.collections, this.#gone.fields, this.#gone.keys, this.#gone.ids],
      ...[this.#new.collections, this.#new.fields, this.#new.keys, this.#new.ids],
    ];
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
 * The change in parts of about `size` documents, each with what is expected of its own. Of two puts of one document the
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
  for (const [key, { type, id, version }] of expected) {
    const put = lastPuts.get(key);
    const deletion = gone.get(key);
    if (part.size === 0) parts.push(part);
    part.expect(type, id, version, !put && !deletion);
    if (put) part.put(put, version === 0, put.before ?? deletion?.before);
    else if (deletion) part.delete(type, id, deletion.before);
    if (part.size >= size) part = new SqlChange();
  }
  return parts;
}

function keyOf({ name }: AnyRecordType, id: string): string {
  return `${name.length} ${name} ${id}`;
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

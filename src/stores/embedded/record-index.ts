/** Which documents have which key, in memory only; made anew at every start. */
import type { AnyRecordType } from '../../records/records.ts';
import { type Document, freeze } from './model.ts';

/** A document of a record type as the engine keeps it. */
export interface RecordDocument extends Document {
  readonly version: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Most keys have one id, and a set for each of them would take as much memory as the documents. */
type Ids = Map<string, string | Set<string>>;

/**
 * Ids by index and key, in the order in which they came. The engine tells it of every document that comes, changes or
 * goes. Documents are frozen here, since they are handed out as they are: memory must stay equal to the disk.
 */
export class RecordIndex {
  readonly #types: ReadonlyMap<string, AnyRecordType>;
  readonly #ids = new Map<string, Ids>();

  constructor(types: readonly AnyRecordType[]) {
    this.#types = new Map(types.map((type) => [type.name, type]));
  }

  /** The engine's observer. */
  observe(collection: string, id: string, before: Document | undefined, after: Document | undefined): void {
    const type = this.#types.get(collection);
    if (!type) return;
    if (after) freeze(after);
    for (const [index, keysOf] of Object.entries(type.indexes)) {
      const ids = this.#of(collection, index);
      const old = before ? keysOf((before as RecordDocument).value as never) : [];
      const now = after ? keysOf((after as RecordDocument).value as never) : [];
      for (const key of old) if (!now.includes(key)) remove(ids, key, id);
      for (const key of now) if (!old.includes(key)) add(ids, key, id);
    }
  }

  find({ name }: Pick<AnyRecordType, 'name'>, index: string, key: string): Iterable<string> {
    const found = this.#of(name, index).get(key) ?? [];
    return typeof found === 'string' ? [found] : found;
  }

  /** Every key of an index that begins with a text, in no order. */
  *keys({ name }: Pick<AnyRecordType, 'name'>, index: string, begin: string): Iterable<string> {
    for (const key of this.#of(name, index).keys()) if (key.startsWith(begin)) yield key;
  }

  count({ name }: Pick<AnyRecordType, 'name'>, index: string, key: string): number {
    const found = this.#of(name, index).get(key) ?? [];
    return typeof found === 'string' ? 1 : 'size' in found ? found.size : 0;
  }

  #of(collection: string, index: string): Ids {
    const name = `${collection} ${index}`;
    let ids = this.#ids.get(name);
    if (!ids) {
      ids = new Map();
      this.#ids.set(name, ids);
    }
    return ids;
  }
}

function add(ids: Ids, key: string, id: string): void {
  const known = ids.get(key);
  if (known === undefined) ids.set(key, id);
  else if (typeof known !== 'string') known.add(id);
  else if (known !== id) ids.set(key, new Set([known, id]));
}

function remove(ids: Ids, key: string, id: string): void {
  const known = ids.get(key);
  if (known === id) ids.delete(key);
  else if (typeof known === 'object' && known.delete(id) && known.size === 0) ids.delete(key);
}

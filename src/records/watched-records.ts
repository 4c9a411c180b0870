/** Tells rooms of what was put, by this process and, where several share the store, by others, so that nobody has to look again and again. app.ts lays it over the store's records. */
import type { AnyRecordType, Change, Records, RecordType, Stored } from './records.ts';

/** `Records` as they were, and who wants to know of changes. */
export class WatchedRecords implements Records {
  readonly #records: Records;
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(records: Records) {
    this.#records = records;
  }

  /** Calls `listener` after every change that put documents of this kind and is durable. */
  onPut({ name }: AnyRecordType, listener: () => void): void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
  }

  async commit(change: Change): Promise<boolean> {
    const committed = await this.#records.commit(change);
    if (committed) this.tell(change.puts.map(({ type }) => type.name));
    return committed;
  }

  /** Documents of these kinds were put, here or by another process; without kinds, any may have been. */
  tell(kinds: readonly string[] | undefined): void {
    for (const name of kinds ? new Set(kinds) : this.#listeners.keys()) {
      for (const listener of this.#listeners.get(name) ?? []) listener();
    }
  }

  get<T extends object>(type: RecordType<T>, id: string): Promise<Stored<T> | undefined> {
    return this.#records.get(type, id);
  }

  find<T extends object>(type: RecordType<T>, index: string, key: string): Promise<readonly Stored<T>[]> {
    return this.#records.find(type, index, key);
  }

  page<T extends object>(
    type: RecordType<T>,
    index: string,
    key: string,
    limit: number,
    after?: string,
    order?: 'up' | 'down',
  ) {
    return this.#records.page(type, index, key, limit, after, order);
  }

  sorted<T extends object>(type: RecordType<T>, index: string, begin: string, limit: number, after?: string) {
    return this.#records.sorted(type, index, begin, limit, after);
  }

  count(type: AnyRecordType, index: string, key: string, atMost?: number): Promise<number> {
    return this.#records.count(type, index, key, atMost);
  }

  all<T extends object>(type: RecordType<T>): AsyncIterable<Stored<T>> {
    return this.#records.all(type);
  }
}

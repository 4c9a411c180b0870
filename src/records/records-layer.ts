import type { AnyRecordType, Change, Records, RecordType, Stored } from './records.ts';

/** Records over other records, for whoever adds something to one of their verbs. */
export class RecordsLayer implements Records {
  readonly #below: Records;

  constructor(below: Records) {
    this.#below = below;
  }

  commit(change: Change): Promise<boolean> {
    return this.#below.commit(change);
  }

  lease<T extends object>(type: RecordType<T>, seen: readonly Stored<T>[], claim: (value: T) => T) {
    return this.#below.lease(type, seen, claim);
  }

  get<T extends object>(type: RecordType<T>, id: string): Promise<Stored<T> | undefined> {
    return this.#below.get(type, id);
  }

  find<T extends object>(type: RecordType<T>, index: string, key: string): Promise<readonly Stored<T>[]> {
    return this.#below.find(type, index, key);
  }

  page<T extends object>(
    type: RecordType<T>,
    index: string,
    key: string,
    limit: number,
    after?: string,
    order?: 'up' | 'down',
  ) {
    return this.#below.page(type, index, key, limit, after, order);
  }

  sorted<T extends object>(type: RecordType<T>, index: string, begin: string, limit: number, after?: string) {
    return this.#below.sorted(type, index, begin, limit, after);
  }

  count(type: AnyRecordType, index: string, key: string, atMost?: number): Promise<number> {
    return this.#below.count(type, index, key, atMost);
  }

  all<T extends object>(type: RecordType<T>): AsyncIterable<Stored<T>> {
    return this.#below.all(type);
  }
}

/** The records' side of the embedded store: a change of several documents is one line of the journal. */

import { Pace } from '../../pace.ts';
import type { AnyRecordType, Change, Records, RecordType, Stored } from '../../records/records.ts';
import type { Engine, View } from './engine.ts';
import type { EncodedPut } from './model.ts';
import type { RecordDocument, RecordIndex } from './record-index.ts';

/** From this many documents on a change is worked on in stretches. A thousand take about as long as a group of turns. */
const LARGE = 1000;

/** `Records` over the engine. */
export class EmbeddedRecords implements Records {
  readonly #engine: Engine;
  readonly #index: RecordIndex;

  constructor(engine: Engine, index: RecordIndex) {
    this.#engine = engine;
    this.#index = index;
  }

  async get<T extends object>(type: RecordType<T>, id: string): Promise<Stored<T> | undefined> {
    await this.#engine.entering;
    return this.#stored(type, id);
  }

  async find<T extends object>(type: RecordType<T>, index: string, key: string): Promise<readonly Stored<T>[]> {
    await this.#engine.entering;
    return this.#storedAll(type, this.#index.find(type, index, key));
  }

  async page<T extends object>(
    type: RecordType<T>,
    index: string,
    key: string,
    limit: number,
    after?: string,
    order: 'up' | 'down' = 'up',
  ) {
    await this.#engine.entering;
    return this.#storedAll(type, firstAfter(this.#index.find(type, index, key), after, limit, order));
  }

  async sorted<T extends object>(type: RecordType<T>, index: string, begin: string, limit: number, after?: string) {
    await this.#engine.entering;
    const keys = firstAfter(this.#index.keys(type, index, begin), after, limit, 'up');
    const ids = keys.flatMap((key) => [...this.#index.find(type, index, key)]);
    return this.#storedAll(type, ids.slice(0, limit));
  }

  async count(type: AnyRecordType, index: string, key: string, atMost = Number.POSITIVE_INFINITY): Promise<number> {
    await this.#engine.entering;
    return Math.min(this.#index.count(type, index, key), atMost);
  }

  async *all<T extends object>(type: RecordType<T>): AsyncIterable<Stored<T>> {
    await this.#engine.entering;
    for (const [id] of [...this.#engine.entries(type.name)]) {
      await this.#engine.entering;
      const stored = this.#stored(type, id);
      if (stored) yield stored;
    }
  }

  commit(change: Change): Promise<boolean> {
    if (change.puts.length + change.deletions.length > LARGE) return this.#commitLarge(change);
    const values = change.puts.map(({ value }) => JSON.stringify(value));
    return this.#engine.commit((view) => {
      const asExpected = change.expectations.every(({ type, id, version }) => versionOf(view, type, id) === version);
      if (!asExpected) return { result: false };
      const put = change.puts.map(
        ({ type, id }, index): EncodedPut => [
          type.name,
          id,
          `{"version":${versionOf(view, type, id) + 1},"value":${values[index]}}`,
        ],
      );
      return { delete: change.deletions.map(({ type, id }) => [type.name, id] as const), put, result: true };
    });
  }

  /** There is no other process: all that are as they were seen. */
  lease<T extends object>(
    type: RecordType<T>,
    seen: readonly Stored<T>[],
    claim: (value: T) => T,
  ): Promise<readonly Stored<T>[]> {
    const claimed = seen.map(({ id, version, value }) => {
      const next = claim(value);
      return { id, version: version + 1, value: next, json: JSON.stringify(next) };
    });
    return this.#engine.commit((view) => {
      const free = claimed.filter(({ id, version }) => versionOf(view, type, id) === version - 1);
      const put = free.map(
        ({ id, version, json }): EncodedPut => [type.name, id, `{"version":${version},"value":${json}}`],
      );
      return { put, result: free.map(({ id, version, value }) => ({ id, version, value })) };
    });
  }

  #commitLarge({ expectations, puts, deletions }: Change): Promise<boolean> {
    return this.#engine.commitLarge(async (view) => {
      const pace = new Pace();
      for (const { type, id, version } of expectations) {
        if (versionOf(view, type, id) !== version) return undefined;
        if (pace.isDue) await pace.rest();
      }
      return { delete: deletions.map(({ type, id }) => [type.name, id] as const), put: encoded(puts, view) };
    });
  }

  #stored<T extends object>({ name }: RecordType<T>, id: string): Stored<T> | undefined {
    const document = this.#engine.get(name, id) as RecordDocument | undefined;
    return document && { id, version: document.version, value: document.value as T };
  }

  #storedAll<T extends object>(type: RecordType<T>, ids: Iterable<string>): Stored<T>[] {
    return Array.from(ids, (id) => this.#stored(type, id)).filter((stored) => stored !== undefined);
  }
}

/** Sorting all of them would take a page of a hundred thousand as long as all their pages: only a few are kept at once. */
function firstAfter(ids: Iterable<string>, after: string | undefined, limit: number, order: 'up' | 'down'): string[] {
  const isUp = order === 'up';
  let found: string[] = [];
  let worst: string | undefined;
  const cut = () => {
    found.sort();
    found = isUp ? found.slice(0, limit) : found.slice(Math.max(0, found.length - limit));
    if (found.length === limit) worst = found.at(isUp ? -1 : 0);
  };
  for (const id of ids) {
    if (after !== undefined && (isUp ? id <= after : id >= after)) continue;
    if (worst !== undefined && (isUp ? id > worst : id < worst)) continue;
    if (found.push(id) >= 2 * limit + 50) cut();
  }
  cut();
  return isUp ? found : found.reverse();
}

function* encoded(puts: Change['puts'], view: View): Generator<EncodedPut> {
  for (const { type, id, value } of puts) {
    yield [type.name, id, `{"version":${versionOf(view, type, id) + 1},"value":${JSON.stringify(value)}}`];
  }
}

function versionOf(view: View, { name }: AnyRecordType, id: string): number {
  return (view.get(name, id) as RecordDocument | undefined)?.version ?? 0;
}

/** Tells rooms of what was put, by this process and, where several share the store, by others, so that nobody has to look again and again. app/ lays it over the store's records. */
import type { AnyRecordType, Change } from './records.ts';
import { RecordsLayer } from './records-layer.ts';

/** `Records` as they were, and who wants to know of changes. */
export class WatchedRecords extends RecordsLayer {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Calls `listener` after every change that put documents of this kind and is durable. */
  onPut({ name }: AnyRecordType, listener: () => void): void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
  }

  override async commit(change: Change): Promise<boolean> {
    const committed = await super.commit(change);
    if (committed) this.tell(change.puts.map(({ type }) => type.name));
    return committed;
  }

  /** Documents of these kinds were put, here or by another process; without kinds, any may have been. */
  tell(kinds: readonly string[] | undefined): void {
    for (const name of kinds ? new Set(kinds) : this.#listeners.keys()) {
      for (const listener of this.#listeners.get(name) ?? []) listener();
    }
  }
}

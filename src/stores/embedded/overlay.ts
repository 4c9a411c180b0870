/** What a transaction sees of the ones before it in its group. */
import type { Document, JournalRecord, Model } from './model.ts';

/** A model seen through records that are about to be written; the model itself stays as it is. */
export class Overlay {
  readonly #model: Model;
  readonly #pending = new Map<string, Map<string, Document | undefined>>();

  constructor(model: Model) {
    this.#model = model;
  }

  get(collection: string, id: string): Document | undefined {
    const pending = this.#pending.get(collection);
    return pending?.has(id) ? pending.get(id) : this.#model.collections.get(collection)?.get(id);
  }

  add(record: JournalRecord): void {
    for (const [collection, id] of record.delete) this.#set(collection, id, undefined);
    for (const [collection, id, document] of record.put) this.#set(collection, id, document);
  }

  #set(collection: string, id: string, document: Document | undefined): void {
    let pending = this.#pending.get(collection);
    if (!pending) {
      pending = new Map();
      this.#pending.set(collection, pending);
    }
    pending.set(id, document);
  }
}

/** Everything in the embedded store as the documents that all stores have in common, and back. */
import { AccessDeskError } from '../../errors.ts';
import type { Batches, CopiedDocument, Copyable } from '../copyable.ts';
import type { Engine } from './engine.ts';

const BATCH = 1000;

export class EmbeddedCopy implements Copyable {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async *dump(): Batches {
    for (const collection of this.#engine.collections()) {
      let batch: CopiedDocument[] = [];
      for (const [id, document] of this.#engine.entries(collection)) {
        batch.push([collection, id, document]);
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    }
  }

  /** Not at once: whoever loads gives the folder its name when all is there. */
  async load(batches: Batches, check: (written: Batches) => Promise<void>): Promise<void> {
    if (this.#engine.collections().length > 0) {
      throw new AccessDeskError('ERR_STORE_NOT_EMPTY', 'The folder holds a store already. Copy into a new one.');
    }
    for await (const batch of batches) {
      const put = batch.map(([collection, id, document]) => [collection, id, JSON.stringify(document)] as const);
      await this.#engine.commit(() => ({ put, result: undefined }));
    }
    await check(this.dump());
  }
}

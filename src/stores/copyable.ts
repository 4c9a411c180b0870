/** How everything in one store comes into another: all stores keep the same documents under the same names. */

/** A document as every store gives it and takes it, with the collection and the id it has in the embedded store. */
export type CopiedDocument = readonly [collection: string, id: string, document: Readonly<Record<string, unknown>>];

export type Batches = AsyncIterable<readonly CopiedDocument[]>;

export interface Copyable {
  /** Everything as it is at one moment, in batches; in each collection in the order in which it came. */
  dump(): Batches;
  /**
   * Takes what another store dumped; only into an empty store. All of it is there when it resolves.
   * @param check - is given what was written, as `dump` gives it; nothing of it stays in a database where it rejects
   */
  load(batches: Batches, check: (written: Batches) => Promise<void>): Promise<void>;
}

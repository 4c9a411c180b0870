/**
 * Documents that rooms keep and change together: what one change does happens all at once or not at all, and only if
 * nobody else changed what it was based on. The port; each store has its own.
 */

/** One kind of document. A room declares its kinds and keeps them to itself. */
export interface RecordType<T extends object> {
  /** Collection in the store; unique. */
  readonly name: string;
  /** Keys under which a document can be found, by the index's name. */
  readonly indexes: Readonly<Record<string, (value: T) => readonly string[]>>;
  /**
   * One more, from 1, whenever an index gives other keys under the name it had: a store that keeps keys makes them anew
   * then, as it does by itself where an index comes or goes.
   */
  readonly indexVersion?: number;
  /**
   * Where a document stands for a person: what else names that person, addresses in canonical form among it. Whoever
   * is erased by one of these, or by the document's id, is erased by all of them.
   */
  readonly person?: (value: T) => readonly string[];
  /** Names of people inside of its properties by which the document is theirs too, such as an account's key. */
  readonly names?: (value: T) => readonly string[];
  /** The document that this one is a part of: erased with it. */
  readonly partOf?: (value: T) => { readonly collection: string; readonly id: string } | undefined;
  /**
   * How erasing treats a document that names the person in a property of its own or in `names`: it goes (`theirs`, the
   * default), or it stays with an opaque id in their place (`trail`). Deeper inside, and in other documents, mentions are replaced.
   */
  readonly erasing?: 'theirs' | 'trail';
}

/** A kind of document, whatever is in it. */
export type AnyRecordType = RecordType<never>;

export interface Stored<T> {
  readonly id: string;
  /** 1 when it was put first, one more with every change. */
  readonly version: number;
  readonly value: T;
}

export interface Records {
  get<T extends object>(type: RecordType<T>, id: string): Promise<Stored<T> | undefined>;
  /** All documents with this key in this index, oldest first. */
  find<T extends object>(type: RecordType<T>, index: string, key: string): Promise<readonly Stored<T>[]>;
  /**
   * The first documents with this key in this index, at most `limit`, by id: `up` from the least (the default), or
   * `down` from the greatest. For long lists: give the last id to go on.
   */
  page<T extends object>(
    type: RecordType<T>,
    index: string,
    key: string,
    limit: number,
    after?: string,
    order?: 'up' | 'down',
  ): Promise<readonly Stored<T>[]>;
  /**
   * The first documents with a key in this index that begins with `begin`, at most `limit`, by their keys: for lists in
   * an order of their own, which a document then has one such key for, in at most 250 plain characters.
   * @param after - the key to go on behind
   */
  sorted<T extends object>(
    type: RecordType<T>,
    index: string,
    begin: string,
    limit: number,
    after?: string,
  ): Promise<readonly Stored<T>[]>;
  /** How many documents have this key in this index. @param atMost - where it matters no more how many more there are */
  count(type: AnyRecordType, index: string, key: string, atMost?: number): Promise<number>;
  /** Every document of a kind. */
  all<T extends object>(type: RecordType<T>): AsyncIterable<Stored<T>>;
  /**
   * Makes the change; durable when it resolves to true. False, and nothing happened, where a version was not as expected.
   * It may be of a hundred thousand documents; leave a change of more than a few alone until it has resolved, since it
   * is written in stretches between which others are served.
   * @throws AccessDeskError `ERR_STORE_WRITE` when it could not be written, `ERR_STORE_TOO_LARGE` when no line could
   *   hold it; nothing happened then either
   */
  commit(change: Change): Promise<boolean>;
  /**
   * Takes documents to work on: of those that are as they were seen, each that no other process takes at this moment is
   * changed by `claim`, which leaves alone what it is found by. Nobody waits, and nobody is told.
   * @returns those that were taken, as they are now
   * @throws AccessDeskError `ERR_STORE_WRITE` as `commit`
   */
  lease<T extends object>(
    type: RecordType<T>,
    seen: readonly Stored<T>[],
    claim: (value: T) => T,
  ): Promise<readonly Stored<T>[]>;
}

interface Expectation {
  readonly type: AnyRecordType;
  readonly id: string;
  /** 0: it is not there. */
  readonly version: number;
}

/** What is to change, and on what that is based. Any room adds its part; the one who began it commits. */
export class Change {
  readonly expectations: Expectation[] = [];
  /** `before`: what was seen there; its keys go where `value` has others. */
  readonly puts: {
    readonly type: AnyRecordType;
    readonly id: string;
    readonly value: object;
    readonly before?: object;
  }[] = [];
  readonly deletions: { readonly type: AnyRecordType; readonly id: string; readonly before: object }[] = [];

  /** Adds a document that is not there yet. */
  create<T extends object>(type: RecordType<T>, id: string, value: T): this {
    return this.#put({ type: type, id, version: 0 }, value);
  }

  /** Changes a document from the version that was seen. */
  update<T extends object>(type: RecordType<T>, seen: Stored<T>, value: T): this {
    return this.#put({ type: type, id: seen.id, version: seen.version }, value, seen.value);
  }

  delete<T extends object>(type: RecordType<T>, seen: Stored<T>): this {
    this.unchanged(type, seen);
    this.deletions.push({ type: type, id: seen.id, before: seen.value });
    return this;
  }

  /** Holds only while this document is as it was seen. */
  unchanged<T extends object>(type: RecordType<T>, { id, version }: Stored<T>): this {
    this.expectations.push({ type: type, id, version });
    return this;
  }

  /** Holds only while there is no such document. */
  absent<T extends object>(type: RecordType<T>, id: string): this {
    this.expectations.push({ type: type, id, version: 0 });
    return this;
  }

  #put(expectation: Expectation, value: object, before?: object): this {
    this.expectations.push(expectation);
    this.puts.push({ type: expectation.type, id: expectation.id, value, ...(before && { before }) });
    return this;
  }
}

/** Of so many at once each gets through: in every round one does. More in a row are a fault. */
const mostTries = 100;

/**
 * Reads, decides and commits, and does so again when somebody was faster.
 * @param decide - reads what it needs and returns the change with what it comes to; without a change nothing is written
 */
export async function changing<T>(
  records: Records,
  decide: () => Promise<{ readonly change?: Change; readonly result: T }>,
): Promise<T> {
  for (let tries = 0; tries < mostTries; tries++) {
    const { change, result } = await decide();
    if (!change || (await records.commit(change))) return result;
  }
  throw new Error(`a change did not get through in ${mostTries} tries`);
}

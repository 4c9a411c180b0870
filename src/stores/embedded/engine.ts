/**
 * The embedded store's engine: documents in memory, a journal and a snapshot on disk. The stores of this folder are
 * built on it; it knows nothing of what they keep.
 */
import { setImmediate } from 'node:timers/promises';
import { Low } from 'lowdb';
import { AccessDeskError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { Pace } from '../../pace.ts';
import type { FileSystem } from './file-system.ts';
import type { Journal } from './journal.ts';
import { Lines } from './journal-record.ts';
import { encodeLarge, type LargeDecision } from './large-record.ts';
import {
  applying,
  applyRecord,
  type Deletion,
  type Document,
  documentsOf,
  type EncodedPut,
  type JournalRecord,
  type Model,
  type Observer,
  type Put,
} from './model.ts';
import { Overlay } from './overlay.ts';
import { replay } from './replay.ts';
import { SnapshotFile, type Transform } from './snapshot-file.ts';

/** Most transactions and bytes in one group; a larger one would hold up the event loop while it is put together. */
const GROUP = { transactions: 1000, bytes: 256 * 1024 };

/** When the journal is full, and a snapshot is written: at more records or bytes than these ... */
export interface JournalLimits {
  readonly records: number;
  readonly bytes: number;
  /**
   * ... and than this part (default 0) of the documents, or bytes, of the last snapshot. It keeps the work of
   * snapshots in proportion to what is written, and the replay to the loading, however large the store is.
   */
  readonly part?: number;
}

export interface EngineOptions {
  /** An existing folder that no other process uses. */
  readonly folder: string;
  readonly files: FileSystem;
  readonly limits: JournalLimits;
  /** Text for temporary files' names that was not given before. */
  readonly unique: () => string;
  /** Told of every change of a document, those of loading included. */
  readonly observe: Observer;
  readonly log?: Pick<Log, 'warn'>;
}

/** The documents as a transaction sees them. */
export interface View {
  get(collection: string, id: string): Document | undefined;
}

/** What a transaction came to: deletions first, then puts. */
export interface Decision<T> {
  readonly delete?: readonly Deletion[];
  readonly put?: readonly EncodedPut[];
  readonly result: T;
  /** Called with the stored documents as soon as the change is durable and in memory, in the order of the journal. */
  readonly done?: (put: readonly Put[]) => void;
}

/** What a rewrite does. */
export interface Rewriting<T> {
  readonly transform: Transform;
  /** Asked after the last document. */
  readonly result: () => T;
}

interface Waiting {
  readonly decide: (view: View) => Decision<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Alone {
  readonly work: () => Promise<void>;
}

interface Member {
  readonly waiting: Waiting;
  readonly decision: Decision<unknown>;
  /** Undefined where nothing changes. */
  readonly record: JournalRecord | undefined;
}

/**
 * Documents in memory, a journal and a snapshot on disk; the stores of the room are built on it.
 *
 * Transactions wait in one queue and are written in groups, one group at a time. A transaction is decided when it
 * joins the group: it sees what is durable, and over it what those before it in the same group are about to change.
 * So of two that want the same key the second sees the first, and nothing is ever decided on a change that may still
 * fail, except by members of its own group, which fail with it. Memory changes after the group is synced; readers
 * see the state before until then, and memory always is what a restart would read.
 */
export class Engine {
  readonly #folder: string;
  readonly #limits: JournalLimits;
  readonly #snapshot: SnapshotFile;
  readonly #low: Low<Model>;
  readonly #journal: Journal;
  readonly #observe: Observer;
  readonly #log?: Pick<Log, 'warn'>;
  readonly #queue: (Waiting | Alone)[] = [];
  /** Of the group that is being written. */
  readonly #lines = new Lines();
  #draining?: Promise<void>;
  #snapshotting?: Promise<void>;
  #closing?: Promise<void>;
  #entering?: Promise<void>;

  private constructor(options: EngineOptions, snapshot: SnapshotFile, low: Low<Model>, journal: Journal) {
    this.#folder = options.folder;
    this.#limits = options.limits;
    this.#observe = options.observe;
    this.#log = options.log;
    this.#snapshot = snapshot;
    this.#low = low;
    this.#journal = journal;
  }

  /** @throws AccessDeskError `ERR_STORE_DAMAGED` or `ERR_STORE_SCHEMA`; no file was changed */
  static async open(options: EngineOptions): Promise<Engine> {
    const { folder, files, observe } = options;
    const snapshot = new SnapshotFile(folder, files, options.unique);
    const low = new Low<Model>(snapshot, { seq: 0, collections: new Map() });
    await low.read();
    for (const [collection, documents] of low.data.collections) {
      for (const [id, document] of documents) observe(collection, id, undefined, document);
    }
    return new Engine(options, snapshot, low, await replay(folder, files, low.data, observe, options.log));
  }

  /** The durable document, or undefined. */
  get(collection: string, id: string): Document | undefined {
    return this.#low.data.collections.get(collection)?.get(id);
  }

  /** Names of the collections that have a document. */
  collections(): readonly string[] {
    return [...this.#low.data.collections].flatMap(([name, documents]) => (documents.size > 0 ? [name] : []));
  }

  /** The durable documents of a collection with their ids, first put first. */
  entries(collection: string): Iterable<[string, Document]> {
    return this.#low.data.collections.get(collection) ?? [];
  }

  /**
   * Runs `decide` once, synchronously, and makes its changes all together; an error that it throws is passed on.
   * Resolves after the changes are durable and in memory.
   * @throws AccessDeskError `ERR_STORE_WRITE` when they could not be written, and nothing was changed;
   *   `ERR_STORE_CLOSED` after `close`
   */
  commit<T>(decide: (view: View) => Decision<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#enqueue({ decide, resolve: resolve as (result: unknown) => void, reject });
    });
  }

  /**
   * Like `commit`, for a change of so many documents that working on it at once would hold up everybody else: it is one
   * line of the journal all the same. Transactions wait meanwhile; whoever reads must wait for `entering`.
   * @param decide - what is to change, run when nothing else changes the documents any more; undefined for nothing
   * @returns whether there was a change
   * @throws AccessDeskError `ERR_STORE_TOO_LARGE`, and `ERR_STORE_WRITE`, `ERR_STORE_CLOSED` like `commit`
   */
  commitLarge(decide: (view: View) => Promise<LargeDecision | undefined>): Promise<boolean> {
    return this.#alone(async () => {
      const decision = await decide(this);
      if (!decision) return false;
      const record = await this.#appendLarge(decision);
      this.#entering = this.#enter(record);
      await this.#entering;
      this.#entering = undefined;
      return true;
    });
  }

  /** While a large change, durable by now, enters memory document by document: until then a reader would see half of it. */
  get entering(): Promise<void> | undefined {
    return this.#entering;
  }

  /**
   * Passes every document through a transformation, writes the result as a snapshot and drops all journals, so that
   * no file holds what was taken out. All or nothing. Transactions wait meanwhile; readers see the state before.
   * @param plan - run when nothing else changes the documents any more
   * @throws AccessDeskError `ERR_STORE_WRITE`, `ERR_STORE_CLOSED` like `commit`
   */
  rewrite<T>(plan: () => Promise<Rewriting<T>>): Promise<T> {
    return this.#alone(async () => {
      await this.#snapshotting?.catch(() => {});
      const { transform, result } = await plan();
      const changes: Parameters<Observer>[] = [];
      try {
        await this.#journal.trim();
        await this.#snapshot.write(this.#low.data, (collection, id, before) => {
          const after = transform(collection, id, before);
          if (after !== before) changes.push([collection, id, before, after]);
          return after;
        });
        for (const [collection, id, before, after] of changes) {
          const documents = documentsOf(this.#low.data, collection);
          if (after) documents.set(id, after);
          else documents.delete(id);
          this.#observe(collection, id, before, after);
        }
        await this.#journal.drop(this.#journal.rotate() ?? []);
      } catch (error) {
        throw this.#writeError(error);
      }
      return result();
    });
  }

  /**
   * Writes a snapshot that holds everything committed before the call and removes the journals it replaces.
   * @throws AccessDeskError `ERR_STORE_WRITE`; the journals then stay, and nothing is lost
   */
  async snapshot(): Promise<void> {
    await this.#snapshotting?.catch(() => {});
    let written: Promise<void> | undefined;
    await this.#alone(async () => {
      await this.#journal.trim().catch((error) => {
        throw this.#writeError(error);
      });
      written = this.#beginSnapshot();
      // The caller awaits it below; the queue does not.
      written.catch(() => {});
    });
    await written;
  }

  /** Finishes what was begun, writes the snapshot and removes the journal; db.json then is the whole database. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    await this.#draining;
    await this.#snapshotting?.catch(() => {});
    if (!this.#journal.isEmpty) {
      const written = this.#journal.trim().then(() => this.#beginSnapshot());
      await written.catch((error) => {
        this.#log?.warn(
          { err: error },
          'the last snapshot failed; the journal keeps everything and is read at the next start',
        );
      });
    }
    await this.#journal.close().catch(() => {});
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#enqueue({ work: () => work().then(resolve, reject), reject });
    });
  }

  #enqueue(item: (Waiting | Alone) & Pick<Waiting, 'reject'>): void {
    if (this.#closing) {
      item.reject(
        new AccessDeskError('ERR_STORE_CLOSED', `The store in ${this.#folder} is closed; nothing was written.`),
      );
      return;
    }
    this.#queue.push(item);
    this.#draining ??= this.#drain();
  }

  /** Returns the record only: its text, as long again, is not needed any more. */
  async #appendLarge(decision: LargeDecision): Promise<JournalRecord> {
    const { parts, record } = await encodeLarge(this.#low.data.seq + 1, decision);
    try {
      await this.#journal.append(parts, record.seq, 1);
    } catch (error) {
      throw this.#writeError(error);
    }
    return record;
  }

  async #enter(record: JournalRecord): Promise<void> {
    const pace = new Pace();
    for (const _ of applying(this.#low.data, record, this.#observe)) if (pace.isDue) await pace.rest();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Everybody who is about to commit in this turn of the event loop joins the group: one sync for all.
      await setImmediate();
      const first = this.#queue[0];
      if (first && 'work' in first) {
        this.#queue.shift();
        await first.work();
      } else {
        await this.#commitGroup();
      }
      if (!this.#snapshotting && this.#isJournalFull) {
        this.#beginSnapshot().catch((error) => {
          this.#log?.warn(
            { err: error },
            'a snapshot failed; the journal keeps everything and it is tried again later',
          );
        });
      }
    }
    this.#draining = undefined;
  }

  get #isJournalFull(): boolean {
    const { records, bytes, part = 0 } = this.#limits;
    const { size } = this.#journal;
    const { documents, length } = this.#snapshot.size;
    return size.records > Math.max(records, part * documents) || size.bytes > Math.max(bytes, part * length);
  }

  async #commitGroup(): Promise<void> {
    const { members, records } = this.#gather();
    try {
      if (records > 0) await this.#journal.append([this.#lines.bytes], this.#low.data.seq + 1, records);
    } catch (error) {
      const failure = this.#writeError(error);
      for (const { waiting } of members) waiting.reject(failure);
      return;
    }
    for (const { record } of members) if (record) applyRecord(this.#low.data, record, this.#observe);
    for (const { waiting, decision, record } of members) {
      if (record) decision.done?.(record.put);
      waiting.resolve(decision.result);
    }
  }

  #gather(): { members: Member[]; records: number } {
    const members: Member[] = [];
    const overlay = new Overlay(this.#low.data);
    let records = 0;
    this.#lines.clear();
    while (members.length < GROUP.transactions && this.#lines.length < GROUP.bytes) {
      const waiting = this.#queue[0];
      if (!waiting || 'work' in waiting) break;
      this.#queue.shift();
      try {
        const decision = waiting.decide(overlay);
        let record: JournalRecord | undefined;
        if (decision.put?.length || decision.delete?.length) {
          const json = recordJson(this.#low.data.seq + records + 1, decision);
          // Memory gets what a replay of the line would give it.
          record = JSON.parse(json) as JournalRecord;
          this.#lines.add(json);
          records += 1;
          overlay.add(record);
        }
        members.push({ waiting, decision, record });
      } catch (error) {
        waiting.reject(error);
      }
    }
    return { members, records };
  }

  /** To be called between two groups only: the snapshot's number and the journal's turn must belong together. */
  #beginSnapshot(): Promise<void> {
    this.#snapshotting ??= this.#writeSnapshot().finally(() => {
      this.#snapshotting = undefined;
    });
    return this.#snapshotting;
  }

  async #writeSnapshot(): Promise<void> {
    try {
      const covered = this.#journal.rotate();
      if (!covered) throw new Error('the journal ends with a record that could not be taken off yet');
      await this.#low.write();
      await this.#journal.drop(covered);
    } catch (error) {
      throw this.#writeError(error);
    }
  }

  #writeError(error: unknown): AccessDeskError {
    const reason = error instanceof Error ? error.message : String(error);
    return new AccessDeskError(
      'ERR_STORE_WRITE',
      `The store could not write to ${this.#folder}: ${reason}. Free space on the disk or repair it; the store goes on by itself once it can write.`,
      { cause: error },
    );
  }
}

function recordJson(seq: number, { delete: deletions = [], put = [] }: Decision<unknown>): string {
  const puts = put.map(([collection, id, json]) => `[${JSON.stringify(collection)},${JSON.stringify(id)},${json}]`);
  return `{"seq":${seq},"delete":${JSON.stringify(deletions)},"put":[${puts.join(',')}]}`;
}

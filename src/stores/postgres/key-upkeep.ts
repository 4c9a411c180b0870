/**
 * Brings the keys of documents up to date that were written under other indexes: by a version before, or by one that
 * still runs beside this one. Each process says by which signature it writes; a kind is settled when all its keys were
 * gone through while nobody wrote by another.
 */
import pg from 'pg';
import type { Log } from '../../log.ts';
import type { AnyRecordType } from '../../records/records.ts';
import type { Database, Statement } from './database.ts';
import { commitAgain } from './postgres-records.ts';
import { SqlChange } from './sql-change.ts';
import { sqlKey } from './sql-key.ts';

/** Documents, or keys, that are gone through at once. */
const BATCH = 500;
/** Documents after which the log is told how far it is. */
const tellEvery = 10_000;
/** Of PostgreSQL's advisory locks: who goes through keys, and who says by what it writes. Any numbers, the same for all. */
const locks = { passing: 7_305_118_202, saying: 7_305_118_203 };

/** One says by what it writes, or that a kind is settled: not both at once. */
const lockSaying: Statement = { name: 'say_lock', text: `SELECT pg_advisory_xact_lock(${locks.saying})` };
const unsettleOthers: Statement = {
  name: 'unsettle_others',
  text: 'DELETE FROM record_indexes x USING jsonb_each_text($1::jsonb) AS own WHERE x.collection = own.key AND x.signature <> own.value',
};
/** Whether somebody writes, or did since a time, by another signature. */
const isShared = (since: string) => `EXISTS (
    SELECT FROM instances i WHERE i.until > ${since}
      AND (i.signatures IS NULL OR i.signatures ->> own.key <> own.value)
  )`;
const look: Statement = {
  name: 'look_at_keys',
  text: `SELECT own.key AS collection, ${isShared('clock_timestamp()')} AS shared, clock_timestamp()::text AS at,
      EXISTS (SELECT FROM records r WHERE r.collection = own.key)
        OR EXISTS (SELECT FROM record_keys k WHERE k.collection = own.key) AS used,
      EXISTS (SELECT FROM record_indexes x WHERE x.collection = own.key AND x.signature = own.value) AS settled
    FROM jsonb_each_text($1::jsonb) AS own`,
};
const unsettle: Statement = {
  name: 'unsettle',
  text: `DELETE FROM record_indexes x USING jsonb_each_text($1::jsonb) AS own
    WHERE x.collection = own.key AND x.signature = own.value AND ${isShared('clock_timestamp()')}`,
};
const settle: Statement = {
  name: 'settle',
  text: `INSERT INTO record_indexes (collection, signature)
    SELECT own.key, own.value FROM jsonb_each_text($1::jsonb) AS own
    WHERE own.key = ANY ($2::text[]) AND NOT ${isShared('$3::timestamptz')} ON CONFLICT DO NOTHING`,
};
const documents: Statement = {
  name: 'documents_to_key',
  text: 'SELECT id, version, value FROM records WHERE collection = $1 AND id > $2 ORDER BY id LIMIT $3',
};
const missing: Statement = {
  name: 'missing_keys',
  text: `SELECT n::integer AS n FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS own (field, key, id, n)
    WHERE NOT EXISTS (
      SELECT FROM record_keys k
      WHERE k.collection = $1 AND k.field = own.field AND k.key = own.key AND k.id = own.id
    )`,
};
const keys: Statement = {
  name: 'keys_to_check',
  text: `SELECT k.field, k.key, k.id, coalesce(r.version, 0) AS version, r.value
    FROM (
      SELECT field, key, id FROM record_keys
      WHERE collection = $1 AND (field, key, id) > ($2, $3, $4) ORDER BY field, key, id LIMIT $5
    ) k LEFT JOIN records r ON r.collection = $1 AND r.id = k.id
    ORDER BY k.field, k.key, k.id`,
};

/** A key as it stands in the table, and the version of its document; 0: there is none. */
interface Key {
  readonly field: string;
  readonly key: string;
  readonly id: string;
  readonly version: number;
}

export interface KeyUpkeepOptions {
  readonly database: Database;
  /** This process, and no other there ever was. */
  readonly instance: string;
  readonly recordTypes: readonly AnyRecordType[];
  readonly log?: Pick<Log, 'info' | 'warn'>;
  /** ms between two looks at who else writes. */
  readonly lookEvery?: number;
}

/** What keys of a kind depend on. */
function signatureOf({ indexes, indexVersion = 1 }: AnyRecordType): string {
  return [indexVersion, ...Object.keys(indexes).sort()].join(' ');
}

export class KeyUpkeep {
  /** JSON: the signature of each kind. */
  readonly signatures: string;
  readonly #options: KeyUpkeepOptions;
  readonly #types: ReadonlyMap<string, AnyRecordType>;
  #looking?: Promise<void>;
  #timer?: NodeJS.Timeout;
  /** Waits for another process that goes through keys, which may take minutes. */
  #waiting?: pg.Client;
  #isClosed = false;

  constructor(options: KeyUpkeepOptions) {
    this.#options = options;
    this.#types = new Map(options.recordTypes.map((type) => [sqlKey(type.name), type]));
    this.signatures = JSON.stringify(
      Object.fromEntries(Array.from(this.#types, ([name, type]) => [name, signatureOf(type)])),
    );
  }

  /** To be called when this process has said by what it writes (`signatures`), and before it writes: brings keys up to date that are not, and sees to it from then on. */
  async begin(): Promise<void> {
    const { database, lookEvery = 10_000 } = this.#options;
    if (this.#types.size === 0) return;
    await database.transaction(async (transaction) => {
      await transaction.query(lockSaying);
      await transaction.query(unsettleOthers, [this.signatures]);
    });
    await this.#settle('also beside others');
    this.#timer = setInterval(() => this.#look(), lookEvery).unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#waiting?.end();
    await this.#looking;
  }

  /** One look at a time. */
  #look(): void {
    this.#looking ??= this.#lookOnce()
      .catch((error) => {
        if (!this.#isClosed) this.#options.log?.warn({ err: error }, 'the keys of documents could not be looked after');
      })
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #lookOnce(): Promise<void> {
    await this.#options.database.writeAgain(unsettle, [this.signatures]);
    await this.#settle('alone');
  }

  /** Goes through the kinds that are not settled: those that nobody else writes otherwise, or all. */
  async #settle(which: 'alone' | 'also beside others'): Promise<void> {
    const due = await this.#due(which);
    const [first] = due;
    if (!first) return;
    const empty = due.filter(({ used }) => !used).map(({ collection }) => collection);
    if (empty.length > 0) await this.#settled(empty, first.at);
    if (empty.length === due.length) return;
    await this.#locked(async () => {
      // Another process may have done it meanwhile.
      for (const { collection, shared, at } of await this.#due(which)) {
        await this.#pass(collection, !shared);
        if (this.#isClosed) return;
        if (!shared) await this.#settled([collection], at);
      }
    });
  }

  async #due(which: 'alone' | 'also beside others') {
    const rows = await this.#options.database.query(look, [this.signatures]);
    return rows.filter(({ settled, shared }) => !settled && (which === 'also beside others' || !shared));
  }

  async #settled(collections: readonly string[], since: string): Promise<void> {
    await this.#options.database.transaction(async (transaction) => {
      await transaction.query(lockSaying);
      await transaction.query(settle, [this.signatures, collections, since]);
    });
  }

  /** Runs `work` while no other process does such; the lock ends with its connection, whatever happens. */
  async #locked(work: () => Promise<void>): Promise<void> {
    const client = new pg.Client(this.#options.database.connectionAtLength());
    client.on('error', () => {});
    try {
      await client.connect();
      if (this.#isClosed) return;
      this.#waiting = client;
      await client.query(`SELECT pg_advisory_lock(${locks.passing})`);
      this.#waiting = undefined;
      await work();
    } finally {
      this.#waiting = undefined;
      await client.end().catch(() => {});
    }
  }

  /** @param isAlone - nobody has other indexes: keys of unknown ones are of no use to anybody */
  async #pass(collection: string, isAlone: boolean): Promise<void> {
    const { log } = this.#options;
    const type = this.#types.get(collection) as AnyRecordType;
    let told = 0;
    const tell = (seen: number) => {
      if (seen - told < tellEvery) return;
      told = seen;
      log?.info({ kind: type.name, seen }, 'keys of documents are being brought up to date');
    };
    const added = await this.#addMissing(collection, type, tell);
    const taken = await this.#takeStale(collection, type, isAlone);
    if (added + taken > 0) log?.info({ kind: type.name, added, taken }, 'keys of documents were brought up to date');
  }

  async #addMissing(collection: string, type: AnyRecordType, tell: (seen: number) => void): Promise<number> {
    const { database } = this.#options;
    if (Object.keys(type.indexes).length === 0) return 0;
    let [after, added, seen] = ['', 0, 0];
    for (let size = BATCH; !this.#isClosed; ) {
      const found = await database.query(documents, [collection, after, size]);
      const own = found.flatMap(({ id, version, value }): Key[] =>
        Object.entries(keysOf(type, value)).flatMap(([field, those]) =>
          Array.from(those, (key) => ({ field, key, id, version })),
        ),
      );
      const rows = await database.query(missing, [collection, ...columnsOf(own)]);
      const fresh = rows.map(({ n }) => own[n - 1] as Key);
      if (!(await this.#change(collection, [], fresh))) {
        size = Math.ceil(size / 2);
        continue;
      }
      added += fresh.length;
      seen += found.length;
      tell(seen);
      if (found.length < size) break;
      after = found.at(-1)?.id;
      size = BATCH;
    }
    return added;
  }

  async #takeStale(collection: string, type: AnyRecordType, isAlone: boolean): Promise<number> {
    let after = ['', '', ''];
    let taken = 0;
    for (let size = BATCH; !this.#isClosed; ) {
      const found = await this.#options.database.query(keys, [collection, ...after, size]);
      const stale = found.filter(({ field, key, value, version }) => {
        if (version === 0) return true;
        return (keysOf(type, value)[field]?.has(key) ?? !isAlone) === false;
      }) as Key[];
      if (!(await this.#change(collection, stale, []))) {
        size = Math.ceil(size / 2);
        continue;
      }
      taken += stale.length;
      const last = found.at(-1);
      if (!last || found.length < size) break;
      after = [last.field, last.key, last.id];
      size = BATCH;
    }
    return taken;
  }

  /** Takes and adds keys of documents that stay as they were seen; false, and nothing happened, where one did not. */
  async #change(collection: string, gone: readonly Key[], fresh: readonly Key[]): Promise<boolean> {
    if (gone.length + fresh.length === 0) return true;
    const versions = new Map([...gone, ...fresh].map(({ id, version }) => [id, version]));
    const change = new SqlChange();
    for (const [id, version] of versions) {
      if (version === 0) change.rows.absent.push([collection, id]);
      else change.rows.expected.push([collection, id, version]);
    }
    for (const { field, key, id } of gone) change.rows.gone.push([collection, field, key, id]);
    for (const { field, key, id } of fresh) change.rows.new.push([collection, field, key, id]);
    return commitAgain(this.#options.database, change, this.#options.instance);
  }
}

/** The keys of a document as they are to stand in the table, by index. */
function keysOf({ indexes }: AnyRecordType, value: object): Record<string, Set<string>> {
  return Object.fromEntries(
    Object.entries(indexes).map(([field, of]) => [sqlKey(field), new Set(of(value as never).map(sqlKey))]),
  );
}

function columnsOf(those: readonly Key[]): [fields: string[], keys: string[], ids: string[]] {
  return [those.map(({ field }) => field), those.map(({ key }) => key), those.map(({ id }) => id)];
}

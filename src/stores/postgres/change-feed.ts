/**
 * Tells instances of what the others committed. After a commit its writer notifies everybody at once; whoever was away
 * or heard nothing reads the table of changes on from where it was, at a new connection and every few seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../../log.ts';
import type { ForeignPut } from '../store.ts';
import type { Database, Statement } from './database.ts';
import { isShortenedKey, sqlKey, textOf } from './sql-key.ts';

/** New lines of a conversation (its key in the tables), or records that were put. */
export interface Changed {
  readonly lines?: { readonly conversation: string; readonly first: number; readonly last: number };
  readonly puts?: readonly ForeignPut[];
  /** More than could be followed: anything may have changed. */
  readonly everything?: boolean;
  /** What is told and kept nowhere. */
  readonly now?: { readonly conversation: string; readonly what: object };
}

export interface ChangeFeedOptions {
  readonly database: Database;
  /** Nobody else's. */
  readonly origin: string;
  readonly log?: Pick<Log, 'warn' | 'info'>;
  /** ms between two looks at the table, where nothing calls for one. */
  readonly lookEvery?: number;
}

const channel = 'accessdesk_changes';
/** PostgreSQL takes 7999 bytes. */
const longestPayload = 7500;
/** ms, the first and the longest between two attempts to connect. */
const backOff = { first: 100, longest: 5000 };
/** How long changes are kept, in ms: whoever was away for longer is told so. */
const keepFor = 3600_000;

const publish: Statement = {
  name: 'publish',
  text: `SELECT pg_notify('${channel}', payload) FROM unnest($1::text[]) AS payload`,
};
/** A change that a snapshot did not see yet. @param snapshot - the name of the statement's parameter */
export const unseen = (snapshot: string) =>
  `tx >= pg_snapshot_xmin(${snapshot}::pg_snapshot) AND NOT pg_visible_in_snapshot(tx, ${snapshot}::pg_snapshot)`;
/**
 * Everything of others that the last look did not see. What this one sees is of the same snapshot that it gives, so
 * nothing falls between two looks; and nothing is seen twice, however long a transaction stays open.
 */
const look: Statement = {
  name: 'look',
  text: `SELECT pg_current_snapshot()::text AS next, (
      SELECT json_agg(json_build_array(conversation, first, last, kinds, ids) ORDER BY tx)
      FROM changes WHERE ${unseen('$1')} AND origin <> $2
    ) AS changes`,
};
/** What a dump of another server had: by the numbers of this one it would be of transactions that are still to come. */
const clearForeign: Statement = {
  name: 'clear_foreign_changes',
  text: 'DELETE FROM changes WHERE tx >= pg_snapshot_xmax(pg_current_snapshot())',
};
const beginning: Statement = { name: 'beginning', text: 'SELECT pg_current_snapshot()::text AS next' };
const prune: Statement = {
  name: 'prune_changes',
  text: `DELETE FROM changes
    WHERE tx < pg_snapshot_xmax($1::pg_snapshot) AND pg_visible_in_snapshot(tx, $1::pg_snapshot)`,
};

export class ChangeFeed {
  readonly origin: string;
  readonly #database: Database;
  readonly #log?: Pick<Log, 'warn' | 'info'>;
  readonly #lookEvery: number;
  readonly #listeners = new Set<(changed: Changed) => void>();
  readonly #waiting: Changed[] = [];
  readonly #looks: { readonly at: number; readonly next: string }[] = [];
  /** The snapshot of the last look. */
  #next = '';
  #lookedAt = 0;
  #publishing?: Promise<void>;
  #looking?: Promise<void>;
  #isLookDue = false;
  #client?: pg.Client;
  #listening?: Promise<void>;
  #timer?: NodeJS.Timeout;
  readonly #closing = new AbortController();

  constructor({ database, origin, log, lookEvery = 5000 }: ChangeFeedOptions) {
    this.#database = database;
    this.origin = origin;
    this.#log = log;
    this.#lookEvery = lookEvery;
  }

  /** What was told, as a snapshot of the database: a change that it does not see may not have been yet. */
  get position(): string {
    return this.#next;
  }

  /** Calls `listener` with what others commit from now on. The first listener opens the connection. */
  async subscribe(listener: (changed: Changed) => void): Promise<void> {
    this.#listeners.add(listener);
    if (this.#listening) return;
    const began = this.#begin();
    this.#listening = began;
    await began;
  }

  /** What this instance committed. */
  publish(changed: Changed): void {
    this.#waiting.push(changed);
    this.#publishing ??= this.#publishAll().finally(() => {
      this.#publishing = undefined;
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#listening?.catch(() => {});
    // The database sees to it that it ends.
    this.#client?.end().catch(() => {});
    await this.#publishing;
    await this.#looking;
  }

  async #begin(): Promise<void> {
    await this.#database.writeAgain(clearForeign);
    const [row] = await this.#database.query(beginning);
    this.#next = row?.next;
    this.#lookedAt = performance.now();
    await this.#listen();
    this.#timer = setInterval(() => this.#look(), this.#lookEvery).unref();
  }

  async #publishAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const payloads = payloadsOf(this.origin, this.#waiting.splice(0));
      // Lost where it fails: the others look by themselves.
      await this.#database.writeAgain(publish, [payloads]).catch(() => {});
    }
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({ ...this.#database.connection(), query_timeout: undefined });
    client.on('notification', ({ payload = '' }) => this.#hear(payload));
    client.on('error', () => {});
    client.once('end', () => {
      if (this.#client !== client || this.#closing.signal.aborted) return;
      this.#log?.warn({}, 'the connection that listens to other instances broke off; it is made anew');
      this.#listening = this.#listenAgain();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    this.#client = client;
  }

  async #listenAgain(): Promise<void> {
    for (let pause = backOff.first; !this.#closing.signal.aborted; pause = Math.min(pause * 2, backOff.longest)) {
      try {
        await this.#listen();
        await this.#look();
        return;
      } catch {
        await sleep(pause, undefined, { signal: this.#closing.signal, ref: false }).catch(() => {});
      }
    }
  }

  #hear(payload: string): void {
    const { o: origin, l: lines = [], p: puts = [], n: told = [] } = JSON.parse(payload) as Payload;
    if (origin === this.origin) return;
    for (const [conversation, what] of told) this.#tell({ now: { conversation, what } });
    for (const [conversation, first, last] of lines) this.#tell({ lines: { conversation, first, last } });
    if (puts.length > 0) this.#tell({ puts: puts.map(([kind, id]) => putOf(kind, id)) });
  }

  #tell(changed: Changed): void {
    for (const listener of this.#listeners) listener(changed);
  }

  /** One look at a time; who asks meanwhile gets another one after it. */
  #look(): Promise<void> {
    this.#isLookDue = true;
    this.#looking ??= this.#lookWhileDue().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookWhileDue(): Promise<void> {
    while (this.#isLookDue && !this.#closing.signal.aborted) {
      this.#isLookDue = false;
      try {
        await this.#lookOnce();
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#log?.warn({ err: error }, 'what other instances changed could not be read; it is tried again');
      }
    }
  }

  async #lookOnce(): Promise<void> {
    const [row] = await this.#database.query(look, [this.#next, this.origin]);
    if (!row) return;
    const puts: ForeignPut[] = [];
    const lines = new Map<string, { first: number; last: number }>();
    for (const [conversation, first, last, kinds, ids] of (row.changes ?? []) as ChangeRow[]) {
      for (const [index, kind] of (kinds ?? []).entries()) puts.push(putOf(kind, ids?.[index] ?? null));
      if (conversation === null) continue;
      const known = lines.get(conversation);
      lines.set(conversation, {
        first: Math.min(first, known?.first ?? first),
        last: Math.max(last, known?.last ?? last),
      });
    }
    for (const [conversation, range] of lines) this.#tell({ lines: { conversation, ...range } });
    if (puts.length > 0) this.#tell({ puts });
    if (performance.now() - this.#lookedAt > keepFor) this.#tell({ everything: true });
    this.#lookedAt = performance.now();
    this.#next = row.next;
    await this.#prune(row.next);
  }

  /** Takes away what every instance has had an hour to read. */
  async #prune(next: string): Promise<void> {
    const at = performance.now();
    const newest = this.#looks.at(-1);
    if (!newest || at - newest.at > keepFor / 20) this.#looks.push({ at, next });
    const [oldest] = this.#looks;
    if (!oldest || at - oldest.at < keepFor) return;
    this.#looks.shift();
    await this.#database.writeAgain(prune, [oldest.next]);
  }
}

type ChangeRow = [
  conversation: string | null,
  first: number,
  last: number,
  kinds: readonly string[] | null,
  ids: readonly (string | null)[] | null,
];

type Line = readonly [conversation: string, first: number, last: number];
type Put = readonly [kind: string, id: string | null];
type Now = readonly [conversation: string, what: object];

interface Payload {
  /** Origin. */
  readonly o: string;
  readonly l?: readonly Line[];
  readonly p?: readonly Put[];
  readonly n?: readonly Now[];
}

function payloadsOf(origin: string, changes: readonly Changed[]): string[] {
  const lines = changes.flatMap(({ lines: one }): Line[] => (one ? [[one.conversation, one.first, one.last]] : []));
  const puts = new Map<string, Put>();
  for (const { kind, id } of changes.flatMap((one) => one.puts ?? [])) {
    const put: Put = [sqlKey(kind), id === undefined ? null : sqlKey(id)];
    puts.set(put.join(' '), put);
  }
  const told = changes.flatMap(({ now }): Now[] => (now ? [[now.conversation, now.what]] : []));
  return [
    ...fitting(told, (some) => ({ o: origin, n: some })),
    ...fitting(lines, (some) => ({ o: origin, l: some })),
    ...fitting([...puts.values()], (some) => ({ o: origin, p: some })),
  ];
}

/** As few payloads as hold all; one item always fits, since keys are short and what is told at once is too. */
function fitting<T>(items: readonly T[], payloadOf: (some: readonly T[]) => Payload): string[] {
  if (items.length === 0) return [];
  const payload = JSON.stringify(payloadOf(items));
  if (Buffer.byteLength(payload) <= longestPayload) return [payload];
  const half = Math.ceil(items.length / 2);
  return [...fitting(items.slice(0, half), payloadOf), ...fitting(items.slice(half), payloadOf)];
}

function putOf(kind: string, id: string | null): ForeignPut {
  return { kind: textOf(kind), id: id === null || isShortenedKey(id) ? undefined : textOf(id) };
}

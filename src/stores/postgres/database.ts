/**
 * The connections to PostgreSQL: bounded in number and time. What breaks off is tried again where nothing can have
 * happened yet; else it becomes an error of the store that tells whoever asked to come again.
 */
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AccessDeskError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Connections } from '../store.ts';

/** A query under the name that a connection remembers it by. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Rows as pg gives them: numbers, texts, dates, parsed JSON. */
// biome-ignore lint/suspicious/noExplicitAny: what a statement returns is known where it stands
export type Row = Record<string, any>;

/** Whoever runs statements: the pool, or one connection in a transaction. */
export interface Querying {
  query(statement: Statement | string, values?: readonly unknown[]): Promise<Row[]>;
}

/** `read`: may run twice. `write`: may have happened when the connection breaks, so it is not run again. */
type Kind = 'read' | 'write';

/** Times in ms. */
const times = {
  /** For a connection, from the network or from the pool. */
  connect: 5000,
  /** That the server works on one statement ... */
  statement: 6000,
  /** ... and that we wait for it: longer, since the network may be gone ... */
  query: 8000,
  /**
   * ... and for a connection and it: less than the twelve seconds after which a message of Teams counts as taken
   * (app/site.ts), so that it is refused, and sent again.
   */
  both: 11_000,
  /** Whoever has a connection at last waits for this long, whatever it took. */
  least: 1000,
  /** That a transaction is open without a statement. */
  idleInTransaction: 10_000,
  /** The same where many statements belong together: a process that was stopped must not keep tables from others. */
  idleAtLength: 60_000,
  /** For a statement that may take its time. */
  atLength: 3_600_000,
  /** That the server takes to let go of a connection at the end. */
  goodbye: 3000,
  /** A server that restarts is away for a second or two; whoever asks waits this long for it. */
  restart: 2000,
  pause: 100,
};

/**
 * Statements go through indexes, and their plans are kept: the planner would read whole tables, and go on doing so, where
 * it was first asked while they were small.
 */
const plans = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
];
/** What may be set for the user or the database, and would have statements fail, or times come in a form of its own. */
const evenHere = ['DateStyle=ISO', 'lock_timeout=0', 'idle_session_timeout=0'];
/** What is begun as a transaction may take its time and read much: there the planner decides. */
const atLength = [
  ...['statement_timeout = 0', `idle_in_transaction_session_timeout = ${times.idleAtLength}`, 'plan_cache_mode = auto'],
  ...['enable_seqscan = on', 'enable_hashjoin = on', 'enable_mergejoin = on'],
]
  .map((setting) => `SET LOCAL ${setting}`)
  .join('; ');

/** Two changes that want each other's documents: one is refused, and does better the second time. */
const collisions = ['40P01', '40001'];
const mostCollisions = 5;
/** Said by a server that only follows another: after a fail-over a new connection leads to the one that writes. */
const readOnly = '25006';

export class Database implements Querying {
  readonly #pool: pg.Pool;
  readonly #url: string;
  /** As the server takes them at the beginning of a connection. */
  readonly #settings: string;
  readonly #most: number;
  /** Of all connections, those beside the pool included. */
  readonly #sockets = new Map<Socket, Promise<void>>();

  /** @param most - connections at the same time */
  constructor(url: string, most: number, log?: Pick<Log, 'warn'>) {
    const { address, options } = withoutOptions(url);
    this.#url = address;
    this.#settings = [...plans.concat(evenHere).map((setting) => `-c ${setting}`), options].join(' ').trim();
    this.#most = most;
    this.#pool = new pg.Pool({ ...this.connection(), max: most, idleTimeoutMillis: 60_000 });
    // One in use tells whoever uses it; without a listener it would end the process as well.
    this.#pool.on('connect', (client) => client.on('error', () => {}));
    // Of connections that nobody uses.
    this.#pool.on('error', (error) => log?.warn({ err: error }, 'a connection to the database broke off'));
  }

  /** How to connect, for a connection beside the pool. */
  connection(): pg.ClientConfig {
    return {
      connectionString: this.#url,
      application_name: 'accessdesk',
      options: this.#settings,
      connectionTimeoutMillis: times.connect,
      statement_timeout: times.statement,
      query_timeout: times.query,
      idle_in_transaction_session_timeout: times.idleInTransaction,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      stream: () => this.#newSocket(),
    };
  }

  /** The same for one whose statements may take their time, whatever is set for the user or the database. */
  connectionAtLength(): pg.ClientConfig {
    return { ...this.connection(), statement_timeout: times.atLength, query_timeout: 0 };
  }

  /** A statement that changes nothing. @throws AccessDeskError `ERR_STORE_READ` */
  async query(statement: Statement | string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#run('read', (client, wait) => rows(client, statement, values, wait));
  }

  /**
   * A statement that changes something, whole or not at all.
   * @throws AccessDeskError `ERR_STORE_WRITE`; where the connection broke it may have happened
   */
  async write(statement: Statement | string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#run('write', (client, wait) => rows(client, statement, values, wait));
  }

  /** The same for one that comes to the same when it runs twice. */
  async writeAgain(statement: Statement | string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#run('read', (client, wait) => rows(client, statement, values, wait), 'ERR_STORE_WRITE');
  }

  /** A statement that may take its time, and comes to the same when it runs twice. @throws AccessDeskError with `code` */
  async atLength(
    statement: Statement | string,
    values: readonly unknown[] = [],
    code: StoreCode = 'ERR_STORE_WRITE',
  ): Promise<Row[]> {
    const work = async (client: pg.PoolClient) => {
      await client.query('SET statement_timeout = 0');
      try {
        return await rows(client, statement, values, times.atLength);
      } finally {
        // A connection that broke is not used again.
        await client.query(`SET statement_timeout = ${times.statement}`).catch(() => {});
      }
    };
    return this.#run('read', work, code);
  }

  /**
   * Runs `work` in one transaction, committed when it resolves to anything but `rollback`. It may take its time; each
   * statement of it too.
   */
  async transaction<T>(
    work: (transaction: Querying) => Promise<T>,
    isKept: (result: T) => boolean = () => true,
  ): Promise<T> {
    return this.#run('write', async (client) => {
      await client.query(`BEGIN; ${atLength}`);
      try {
        const result = await work({
          query: (statement, values = []) => rows(client, statement, values, times.atLength),
        });
        await rows(client, isKept(result) ? 'COMMIT' : 'ROLLBACK', [], times.idleAtLength);
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {});
        throw error;
      }
    });
  }

  /** A connection to read at length from, in one transaction that is begun with `begin`. */
  session(): { begin(statement: string): Promise<Querying>; end(): Promise<void> } {
    let client: pg.PoolClient | undefined;
    return {
      begin: async (statement) => {
        const opened = await this.#connect('ERR_STORE_READ');
        client = opened;
        try {
          await opened.query(`${statement}; ${atLength}`);
        } catch (error) {
          client = undefined;
          opened.release(error as Error);
          throw storeError(error, 'ERR_STORE_READ');
        }
        return { query: (text, values = []) => rows(opened, text, values, times.atLength) };
      },
      end: async () => {
        const isEnded = await client?.query('ROLLBACK').then(
          () => true,
          () => false,
        );
        client?.release(!isEnded);
      },
    };
  }

  /** Connections that may be taken by those of a kind who wait for each other, so that others find one. */
  get mostWaiting(): number {
    return Math.max(1, Math.floor(this.#most / 5));
  }

  connections(): Connections {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }

  /** Ends all connections, also where the server hangs and does not let go of them. */
  async close(): Promise<void> {
    const late = setTimeout(() => {
      for (const socket of this.#sockets.keys()) socket.destroy();
    }, times.goodbye);
    await this.#pool.end();
    await Promise.all(this.#sockets.values());
    clearTimeout(late);
  }

  #newSocket(): Socket {
    const socket = new Socket();
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    this.#sockets.set(socket, closed);
    closed.then(() => this.#sockets.delete(socket));
    return socket;
  }

  /** @param work - is told for how many ms it may wait for a statement */
  async #run<T>(
    kind: Kind,
    work: (client: pg.PoolClient, wait: number) => Promise<T>,
    code = codeOf(kind),
  ): Promise<T> {
    const began = performance.now();
    for (let tries = 1; ; tries++) {
      const client = await this.#connect(code);
      let broken: Error | undefined;
      try {
        const left = times.both - (performance.now() - began);
        return await work(client, Math.min(times.query, Math.max(left, times.least)));
      } catch (error) {
        if (error instanceof AccessDeskError) throw error;
        const isOver = isBroken(error);
        const { code: state = '' } = error as pg.DatabaseError;
        if (isOver || state === readOnly) broken = error as Error;
        const isCollision = collisions.includes(state);
        if (isCollision && tries < mostCollisions) await sleep(Math.random() * 20 * tries);
        // Where all were cut, the next one that the pool has may not know of it either.
        else if (!(isOver && kind === 'read' && performance.now() - began < times.restart))
          throw storeError(error, code);
      } finally {
        client.release(broken);
      }
    }
  }

  async #connect(code: StoreCode): Promise<pg.PoolClient> {
    const began = performance.now();
    for (;;) {
      try {
        return await this.#pool.connect();
      } catch (error) {
        if (performance.now() - began > times.restart || !isBroken(error)) throw storeError(error, code);
        await sleep(times.pause);
      }
    }
  }
}

/** What the address asks for beside our own: left there, it would take their place. */
function withoutOptions(address: string): { readonly address: string; readonly options: string } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const options = url?.searchParams.get('options');
  if (!url || !options) return { address, options: '' };
  url.searchParams.delete('options');
  return { address: url.href, options };
}

type StoreCode = 'ERR_STORE_READ' | 'ERR_STORE_WRITE';

function codeOf(kind: Kind): StoreCode {
  return kind === 'read' ? 'ERR_STORE_READ' : 'ERR_STORE_WRITE';
}

async function rows(
  client: pg.PoolClient,
  statement: Statement | string,
  values: readonly unknown[],
  timeout?: number,
) {
  const query = typeof statement === 'string' ? { text: statement } : statement;
  const config = { ...query, values: [...values], ...(timeout !== undefined && { query_timeout: timeout }) };
  const { rows: found } = await client.query<Row>(config);
  return found;
}

/** Whether the connection is what failed: refused, cut, shut down or silent. What the server says of a statement is not. */
export function isBroken(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (/^(?:08|57P0)/.test(code)) return true;
  if (/^E(?:[A-Z]{4,}|AI_AGAIN)$/.test(code)) return true;
  return /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded|Query read timeout)/.test(
    message,
  );
}

/** Whether there was no connection in time. */
export function isTimeout(error: unknown): boolean {
  const { message = '' } = (error ?? {}) as { message?: string };
  return /^(?:Connection terminated due to connection timeout|timeout exceeded)/.test(message);
}

const uniqueViolation = '23505';

/** Whether a row is there already. @param index - in which it would stand twice */
export function isTaken(error: unknown, index: string): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === uniqueViolation && constraint === index;
}

/** Whether a statement of several failed for what one of them is or waits for, so that alone the others may do better. */
export function isOfOne(error: unknown): boolean {
  return /^(?:AD|2[23])/.test(stateOf(error)) || isHeldUp(error);
}

/** Whether a statement was given up since somebody else had in hand what it wanted. */
export function isHeldUp(error: unknown): boolean {
  return stateOf(error) === '55P03';
}

function stateOf(error: unknown): string {
  const { code = '' } = ((error as Error).cause ?? error) as { code?: string };
  return code;
}

/** What those who use the store are told; errors that a statement raises on purpose stay as they are. */
function storeError(error: unknown, code: StoreCode): unknown {
  const { code: state = '', message = String(error) } = error as { code?: string; message?: string };
  if (state.startsWith('AD0') || state === uniqueViolation) return error;
  const what = code === 'ERR_STORE_READ' ? 'could not be read' : 'could not write';
  const advice = isBroken(error)
    ? 'See that it runs and can be reached; AccessDesk goes on by itself.'
    : 'See its own log.';
  return new AccessDeskError(code, `The database ${what}: ${message}. ${advice}`, { cause: error });
}

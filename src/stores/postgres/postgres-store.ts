/** Opens the PostgreSQL store: brings its tables up to date and joins the stores over one pool. Called by open-store.ts. */
import { randomBytes } from 'node:crypto';
import { AccessDeskError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { AnyRecordType } from '../../records/records.ts';
import type { ForeignPut, Shared, Store } from '../store.ts';
import { ChangeFeed } from './change-feed.ts';
import { Database } from './database.ts';
import { DatabaseClock } from './database-clock.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { migrate } from './migrate.ts';
import { PostgresCopy } from './postgres-copy.ts';
import { PostgresErasure } from './postgres-erasure.ts';
import { PostgresHistory } from './postgres-history.ts';
import { PostgresPresence } from './postgres-presence.ts';
import { PostgresRecords } from './postgres-records.ts';
import { PostgresTurns } from './postgres-turns.ts';
import { PostgresVotes } from './postgres-votes.ts';
import { TurnLeases } from './turn-leases.ts';

export interface PostgresStoreOptions {
  /** `postgres://user:password@host/database`. */
  readonly url: string;
  readonly now: () => Date;
  readonly log?: Log;
  /** The kinds of documents that rooms keep; without them keys are not kept. */
  readonly recordTypes?: readonly AnyRecordType[];
  /** Most connections of this process, beside the one that listens. */
  readonly connections?: number;
  /** ms between two looks at what others changed, beside being told; for tests. */
  readonly lookEvery?: number;
}

export interface PostgresStore extends Store {
  readonly shared: Shared;
}

/** Bytes of what is told at once; more would not fit into a notification. */
const longestTold = 4000;
/** For two processors: more would wait for each other in the database. */
const standardConnections = 10;

/**
 * Opens the store; any number of processes may, at once.
 * @throws AccessDeskError `ERR_STORE_OPEN` when the database cannot be reached or used, `ERR_STORE_SCHEMA` when it is of
 *   a newer version
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { url, now, log, recordTypes = [], connections = standardConnections, lookEvery } = options;
  const database = new Database(url, connections, log);
  const origin = randomBytes(9).toString('base64url');
  const feed = new ChangeFeed({ database, origin, log, lookEvery });
  const leases = new TurnLeases(database, origin);
  const upkeep = new KeyUpkeep({ database, instance: origin, recordTypes, log, lookEvery });
  const clock = new DatabaseClock();
  const { signatures } = upkeep;
  const presence = new PostgresPresence({ database, instance: origin, signatures, clock, now, log });
  const close = async () => {
    await upkeep.close();
    await leases.close();
    await presence.close();
    await feed.close();
    await database.close();
  };
  try {
    await migrate(database);
    const history = new PostgresHistory(database, feed, log);
    await presence.begin();
    await upkeep.begin();
    const listeners = new Set<(puts: readonly ForeignPut[] | undefined) => void>();
    const hearers = new Set<(conversation: string, what: object) => void>();
    await feed.subscribe(({ lines, puts, everything, now: told }) => {
      if (told) for (const hear of hearers) hear(told.conversation, told.what);
      if (lines) history.advance(lines.conversation, lines.first, lines.last);
      if (puts || everything) for (const listener of listeners) listener(puts);
    });
    const copy = new PostgresCopy(database, recordTypes);
    return {
      turns: new PostgresTurns({ database, history, feed, leases, now }),
      history,
      votes: new PostgresVotes(database),
      erasure: new PostgresErasure({
        database,
        feed,
        recordTypes,
        unique: () => randomBytes(6).toString('hex'),
        log,
      }),
      records: new PostgresRecords(database, feed),
      shared: {
        conversations: leases,
        connections: () => database.connections(),
        presence,
        now: clock.now,
        tellNow: (conversation, what) => {
          if (Buffer.byteLength(JSON.stringify([conversation, what])) < longestTold)
            feed.publish({ now: { conversation, what } });
        },
        onTold: (listener) => void hearers.add(listener),
        onPut: (listener) => void listeners.add(listener),
      },
      secretKey: async () => {
        throw new AccessDeskError('ERR_STORE_KEY', 'SECRET_KEY is not set: all instances must have the same.');
      },
      check: () => check(database, now()),
      dump: () => copy.dump(),
      load: (...what) => copy.load(...what),
      close,
    };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

async function check(database: Database, now: Date): Promise<void> {
  const rows = await database.writeAgain(
    {
      name: 'check',
      text: 'INSERT INTO checks (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at RETURNING id',
    },
    [now.toISOString()],
  );
  if (rows.length === 0) {
    throw new AccessDeskError('ERR_STORE_READ', 'The database does not give back what was just written. See its log.');
  }
}

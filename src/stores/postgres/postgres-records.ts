/** The records' side of the PostgreSQL store: changes that are made at one moment are one call of one function. */
import type { AnyRecordType, Change, Records, RecordType, Stored } from '../../records/records.ts';
import type { ForeignPut } from '../store.ts';
import type { ChangeFeed } from './change-feed.ts';
import { Commits, type Patience, patience } from './commits.ts';
import { type Database, isTaken, type Querying, type Row, type Statement } from './database.ts';
import { changeParts, type SqlChange, valuesOf } from './sql-change.ts';
import { sqlKey, textOf } from './sql-key.ts';
import { Together } from './together.ts';

/** From this many documents on a change is made in several calls, all in one transaction. */
const LARGE = 1000;
/** A change of more documents than these does not go together with others: they would wait for it. */
const SMALL = 50;
/** Documents of one change that others are told of one by one. */
const mostTold = 20;
/** Behind every plain character. */
const LAST = '\uffff';
/** Documents read at once by `all`. */
const BATCH = 500;

const get: Statement = {
  name: 'get',
  text: `SELECT n::integer AS n, r.id, r.name, r.version, r.value
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (collection, id, n)
    JOIN records r ON r.collection = asked.collection AND r.id = asked.id`,
};
const find: Statement = {
  name: 'find',
  text: `SELECT n::integer AS n, r.id, r.name, r.version, r.value
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked (collection, field, key, n)
    JOIN record_keys k ON k.collection = asked.collection AND k.field = asked.field AND k.key = asked.key
    JOIN records r ON r.collection = k.collection AND r.id = k.id
    ORDER BY r.born`,
};
const count: Statement = {
  name: 'count',
  text: 'SELECT count(*)::integer AS count FROM record_keys WHERE collection = $1 AND field = $2 AND key = $3',
};
/** No further than it matters: of a long list it would take as long as the list. */
const countAtMost: Statement = {
  name: 'count_at_most',
  text: `SELECT count(*)::integer AS count FROM (
      SELECT 1 FROM record_keys WHERE collection = $1 AND field = $2 AND key = $3 ORDER BY id LIMIT $4
    ) k`,
};
/** The keys are read in the order of their index and no further than they are needed. */
const pageOf = (name: string, isAfter: string, order: string): Statement => ({
  name,
  text: `SELECT r.id, r.name, r.version, r.value
    FROM (
      SELECT collection, id FROM record_keys
      WHERE collection = $1 AND field = $2 AND key = $3 AND ${isAfter} ORDER BY id ${order} LIMIT $4
    ) k JOIN records r ON r.collection = k.collection AND r.id = k.id
    ORDER BY r.id ${order}`,
});
const pages = {
  up: pageOf('page_up', 'id > $5', 'ASC'),
  down: pageOf('page_down', 'id < $5', 'DESC'),
  downFromEnd: pageOf('page_end', '$5::text IS NULL', 'DESC'),
};
const sorted: Statement = {
  name: 'sorted',
  text: `SELECT r.id, r.name, r.version, r.value
    FROM (
      SELECT collection, id, key FROM record_keys
      WHERE collection = $1 AND field = $2 AND key > $3 AND key < $4 ORDER BY key LIMIT $5
    ) k JOIN records r ON r.collection = k.collection AND r.id = k.id
    ORDER BY k.key`,
};
const all: Statement = {
  name: 'all',
  text: 'SELECT id, name, version, value FROM records WHERE collection = $1 AND id > $2 ORDER BY id LIMIT $3',
};
/** Its parameters are those of `valuesOf` (sql-change.ts), and how long it waits for what somebody else has in hand. */
const commit: Statement = {
  name: 'commit_changes',
  text: `SELECT commit_changes(${Array.from({ length: 35 }, (_, n) => `$${n + 1}`).join(', ')}) AS made
    FROM set_config('lock_timeout', $36, true)`,
};
/** Says that a document is there that was to be new or absent ... */
const documentOnce = 'records_pkey';
/** ... and that a document had the key that it was to get: made when indexes changed, by whoever goes through them. */
const keyOnce = 'record_keys_pkey';

/** Large changes go one after the other: two that want the same would refuse each other again and again. */
const oneLarge: Statement = { name: 'one_large', text: 'SELECT pg_advisory_xact_lock(7305118204)' };

/** Those that somebody else has in hand are passed over. */
const lease: Statement = {
  name: 'lease',
  text: `WITH free AS MATERIALIZED (
      SELECT r.collection, r.id, seen.value
      FROM unnest($2::text[], $3::integer[], $4::text[]) AS seen (id, version, value)
      JOIN records r ON r.collection = $1 AND r.id = seen.id AND r.version = seen.version
      FOR NO KEY UPDATE OF r SKIP LOCKED
    )
    UPDATE records r SET version = r.version + 1, value = free.value::json
    FROM free WHERE r.collection = free.collection AND r.id = free.id
    RETURNING r.id`,
};

/** What a document, or several, can be found by. */
type Key = readonly string[];

/** `Records` over PostgreSQL. */
export class PostgresRecords implements Records {
  readonly #database: Database;
  readonly #feed: ChangeFeed;

  readonly #gets = new Together((asked: readonly Key[]) => this.#askAll(get, asked));
  readonly #finds = new Together((asked: readonly Key[]) => this.#askAll(find, asked));
  readonly #commits: Commits<SqlChange, boolean>;

  constructor(database: Database, feed: ChangeFeed) {
    this.#database = database;
    this.#feed = feed;
    this.#commits = new Commits({
      commit: (changes, wait) => this.#commitAll(changes, wait),
      rowsOf: (change) => change.documents(),
      mostWaiting: database.mostWaiting,
    });
  }

  async get<T extends object>({ name }: RecordType<T>, id: string): Promise<Stored<T> | undefined> {
    const [row] = await this.#gets.ask([sqlKey(name), sqlKey(id)]);
    return row && storedOf<T>(row);
  }

  async find<T extends object>({ name }: RecordType<T>, index: string, key: string): Promise<readonly Stored<T>[]> {
    const rows = await this.#finds.ask([sqlKey(name), sqlKey(index), sqlKey(key)]);
    return rows.map((row) => storedOf<T>(row));
  }

  async page<T extends object>(
    { name }: RecordType<T>,
    index: string,
    key: string,
    limit: number,
    after?: string,
    order: 'up' | 'down' = 'up',
  ): Promise<readonly Stored<T>[]> {
    const statement = order === 'down' && after === undefined ? pages.downFromEnd : pages[order];
    const from = after === undefined ? (order === 'up' ? '' : null) : sqlKey(after);
    const found = await this.#database.query(statement, [sqlKey(name), sqlKey(index), sqlKey(key), limit, from]);
    return found.map((row) => storedOf<T>(row));
  }

  async sorted<T extends object>(
    { name }: RecordType<T>,
    index: string,
    begin: string,
    limit: number,
    after = begin,
  ): Promise<readonly Stored<T>[]> {
    // Whatever somebody put into an address: it never leads out of the list.
    const [from, end] = [sqlKey(after), `${begin}${LAST}`];
    const asked = [sqlKey(name), sqlKey(index), from.startsWith(begin) ? from : begin, end, limit];
    const found = await this.#database.query(sorted, asked);
    return found.map((row) => storedOf<T>(row));
  }

  async count({ name }: AnyRecordType, index: string, key: string, atMost?: number): Promise<number> {
    const asked = [sqlKey(name), sqlKey(index), sqlKey(key)];
    const [row] =
      atMost === undefined
        ? await this.#database.query(count, asked)
        : await this.#database.query(countAtMost, [...asked, atMost]);
    return row?.count ?? 0;
  }

  async *all<T extends object>({ name }: RecordType<T>): AsyncIterable<Stored<T>> {
    for (let after = ''; ; ) {
      const found = await this.#database.query(all, [sqlKey(name), after, BATCH]);
      for (const row of found) yield storedOf<T>(row);
      const last = found.at(-1);
      if (!last || found.length < BATCH) return;
      after = last.id;
    }
  }

  /** The rows of each question; its parts are the statement's parameters. */
  async #askAll(statement: Statement, asked: readonly Key[]): Promise<readonly Row[][]> {
    const width = asked[0]?.length ?? 0;
    const columns = Array.from({ length: width }, (_, column) => asked.map((key) => key[column]));
    const answers: Row[][] = asked.map(() => []);
    for (const row of await this.#database.query(statement, columns)) answers[row.n - 1]?.push(row);
    return answers;
  }

  async commit(change: Change): Promise<boolean> {
    // Taken now: the caller may go on with its objects.
    const parts = changeParts(change, LARGE);
    if (!parts) return false;
    const [first] = parts;
    if (!first) return true;
    const puts = toldPuts(change);
    first.tell(puts);
    const isDone = parts.length === 1 ? await this.#commitWhole(first) : await this.#commitLarge(parts);
    if (isDone && puts.length > 0) this.#feed.publish({ puts });
    return isDone;
  }

  async lease<T extends object>({ name }: RecordType<T>, seen: readonly Stored<T>[], claim: (value: T) => T) {
    if (seen.length === 0) return [];
    const claimed = seen.map(({ id, version, value }) => ({ id, version: version + 1, value: claim(value) }));
    const rows = await this.#database.write(lease, [
      sqlKey(name),
      claimed.map(({ id }) => sqlKey(id)),
      seen.map(({ version }) => version),
      claimed.map(({ value }) => JSON.stringify(value)),
    ]);
    const taken = new Set(rows.map(({ id }) => id));
    return claimed.filter(({ id }) => taken.has(sqlKey(id)));
  }

  async #commitWhole(change: SqlChange): Promise<boolean> {
    if (change.size <= SMALL) return this.#commits.commit(change);
    const [isMade] = await this.#commitAll([change], patience.full);
    return isMade === true;
  }

  /**
   * @param changes - without a document that two of them are about
   * @returns which were made; null for one that has to go alone
   */
  async #commitAll(
    changes: readonly SqlChange[],
    wait: Patience,
    keysMayBeThere = false,
  ): Promise<readonly (boolean | null)[]> {
    const { origin } = this.#feed;
    try {
      return await commitChanges((...of) => this.#database.write(...of), changes, origin, keysMayBeThere, wait);
    } catch (error) {
      if (changes.length > 1) throw error;
      if (isTaken(error, documentOnce)) return [false];
      if (isTaken(error, keyOnce) && !keysMayBeThere) return this.#commitAll(changes, wait, true);
      throw error;
    }
  }

  #commitLarge(parts: readonly SqlChange[]): Promise<boolean> {
    return whetherMade(
      this.#database.transaction(
        async (transaction) => {
          await transaction.query(oneLarge);
          return commitParts(transaction, parts, this.#feed.origin);
        },
        (isKept) => isKept,
      ),
    );
  }
}

type Ask = Querying['query'];

/** Makes changes in one call; which of them were made, null for one that has to go alone. */
async function commitChanges(
  ask: Ask,
  changes: readonly SqlChange[],
  origin: string,
  keysMayBeThere: boolean,
  wait: Patience = patience.full,
): Promise<readonly (boolean | null)[]> {
  const [row] = await ask(commit, [...valuesOf(changes, origin, keysMayBeThere), wait]);
  if (!row) throw new Error('commit_changes gave nothing back');
  return row.made;
}

/** Makes a change of several parts in a transaction; where it resolves to false the transaction must not be kept. */
export async function commitParts(
  transaction: Querying,
  parts: readonly SqlChange[],
  origin: string,
): Promise<boolean> {
  for (const part of parts) {
    const [isMade] = await commitChanges((...of) => transaction.query(...of), [part], origin, true);
    if (!isMade) return false;
  }
  return true;
}

/** Makes one change that may be made twice, of keys that may be there. */
export function commitAgain(database: Database, change: SqlChange, origin: string): Promise<boolean> {
  const made = commitChanges((...of) => database.writeAgain(...of), [change], origin, true);
  return whetherMade(made.then(([isMade]) => isMade === true));
}

/** False too where a document is there that was to be new or absent. */
function whetherMade(made: Promise<boolean>): Promise<boolean> {
  return made.catch((error) => {
    if (isTaken(error, documentOnce)) return false;
    throw error;
  });
}

/** What the other instances are told of a change: each document, or of many only their kinds. */
export function toldPuts({ puts }: Change): readonly ForeignPut[] {
  if (puts.length <= mostTold) return puts.map(({ type, id }) => ({ kind: type.name, id }));
  return [...new Set(puts.map(({ type }) => type.name))].map((kind) => ({ kind, id: undefined }));
}

function storedOf<T extends object>({ id, name, version, value }: Row): Stored<T> {
  return { id: textOf(id, name), version, value };
}

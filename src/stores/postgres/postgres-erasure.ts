/** Forgetting and pruning in PostgreSQL. */
import type { Erased, Erasure, HistoryLine } from '../../history/history.ts';
import type { Log } from '../../log.ts';
import { type AnyRecordType, Change, type RecordType, type Stored } from '../../records/records.ts';
import { ErasedPerson } from '../erased-person.ts';
import { Forgetting, findNames, type Whole } from '../forgetting.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { Database, Querying, Row } from './database.ts';
import { lineOf } from './postgres-history.ts';
import { commitParts, toldPuts } from './postgres-records.ts';
import { changeParts } from './sql-change.ts';
import { isShortened, sqlKey, textOf } from './sql-key.ts';

/** Rows that are looked at, or removed, at once. */
const BATCH = 1000;

const tables = 'lines, state, votes, welcomes, records, record_keys';

export interface PostgresErasureParts {
  readonly database: Database;
  readonly feed: ChangeFeed;
  readonly recordTypes: readonly AnyRecordType[];
  /** A text that was not given before. */
  readonly unique: () => string;
  readonly log?: Pick<Log, 'warn'>;
}

/**
 * Erasing from PostgreSQL. `forget` is one transaction in which nobody else writes; readers see the state before. The
 * rows are then vacuumed away; what the server's own log of changes (WAL) and backups hold, goes with those.
 */
export class PostgresErasure implements Erasure {
  readonly #parts: PostgresErasureParts;
  readonly #recordTypes: ReadonlyMap<string, AnyRecordType>;

  constructor(parts: PostgresErasureParts) {
    this.#parts = parts;
    this.#recordTypes = new Map(parts.recordTypes.map((type) => [type.name, type]));
  }

  async forget(person: string): Promise<Erased> {
    const { database, log, unique } = this.#parts;
    const erased = await database.transaction(async (transaction) => {
      await transaction.query(`LOCK TABLE ${tables} IN SHARE ROW EXCLUSIVE MODE`);
      const erasedPerson = new ErasedPerson(person, unique());
      await findNames(erasedPerson, this.#recordTypes.values(), (type) => documentsOf(transaction, type.name));
      const forgetting = new Forgetting(erasedPerson);
      await tellConversations(transaction, forgetting);
      // Votes first: they are looked at beside their lines.
      await forgetVotes(transaction, forgetting);
      await forgetState(transaction, forgetting);
      await this.#forgetRecords(transaction, forgetting);
      await forgetLines(transaction, forgetting);
      const own = [...forgetting.own].map(sqlKey);
      await transaction.query({ name: 'forget_changes', text: 'DELETE FROM changes WHERE conversation = ANY ($1)' }, [
        own,
      ]);
      return forgetting.erased;
    });
    await database.atLength(`VACUUM ${tables}`).catch((error) => {
      log?.warn({ err: error }, 'what was erased could not be vacuumed away at once; the database does so by itself');
    });
    return erased;
  }

  async prune(before: Date): Promise<Erased> {
    const time = before.toISOString();
    const { database } = this.#parts;
    const conversations = new Set<string>();
    const lines = await this.#removeOld('lines', 'conversation, seq', time, 'at < $1', ({ conversation }) =>
      conversations.add(conversation),
    );
    const [{ left } = { left: 0 }] = await database.query(
      'SELECT count(*)::integer AS left FROM unnest($1::text[]) AS c (c) WHERE EXISTS (SELECT FROM lines WHERE conversation = c)',
      [[...conversations]],
    );
    await this.#removeOld('state', 'key', time, `at < $1 AND NOT ${isInUse}`);
    await this.#removeOld(
      'welcomes',
      'person',
      time,
      'at < $1 AND NOT EXISTS (SELECT FROM lines l WHERE l.person = welcomes.person)',
    );
    const votes = await this.#removeOld('votes', 'conversation, line', time, 'at < $1');
    return {
      conversations: conversations.size - left,
      lines,
      votes,
      redacted: 0,
      documents: { removed: 0, redacted: 0 },
    };
  }

  /** A few at a time, so that turns go on between. */
  async #removeOld(
    table: string,
    key: string,
    time: string,
    condition: string,
    onRow: (row: Row) => void = () => {},
  ): Promise<number> {
    const statement = `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${BATCH})
      AND at < $1 RETURNING ${key}`;
    for (let removed = 0; ; ) {
      const rows = await this.#parts.database.atLength(statement, [time]);
      rows.forEach(onRow);
      removed += rows.length;
      if (rows.length < BATCH) return removed;
    }
  }

  async #forgetRecords(transaction: Querying, forgetting: Forgetting): Promise<void> {
    const { origin } = this.#parts.feed;
    const change = new Change();
    const collections = await transaction.query('SELECT DISTINCT collection FROM records');
    for (const { collection } of collections) {
      const name = textOf(collection);
      const type = (this.#recordTypes.get(name) ?? { name, indexes: {} }) as RecordType<object>;
      for await (const batch of batches(transaction, name)) {
        const wholes = await this.#wholesOf(transaction, type, batch);
        for (const stored of batch) {
          const left = forgetting.record(type as AnyRecordType, stored.id, stored.value, wholes.get(stored.id));
          if (!left) change.delete(type, stored);
          else if (left !== stored.value) change.update(type, stored, left);
        }
      }
    }
    // After all were read: a part is looked at beside its whole.
    const parts = changeParts(change, BATCH) ?? [];
    parts[0]?.tell(toldPuts(change));
    await commitParts(transaction, parts, origin);
  }

  async #wholesOf(
    transaction: Querying,
    type: RecordType<object>,
    batch: readonly Stored<object>[],
  ): Promise<Map<string, Whole>> {
    const wholes = new Map<string, Whole>();
    if (!type.partOf) return wholes;
    for (const { id, value } of batch) {
      const named = type.partOf(value);
      if (!named) continue;
      const [row] = await transaction.query(
        { name: 'whole', text: 'SELECT value FROM records WHERE collection = $1 AND id = $2' },
        [sqlKey(named.collection), sqlKey(named.id)],
      );
      if (row) wholes.set(id, { type: this.#recordTypes.get(named.collection), id: named.id, value: row.value });
    }
    return wholes;
  }
}

/**
 * Whether the conversation or person that a state is about still has lines. The last part of its key tells which of
 * the two; where it tells neither, either keeps it.
 */
const ofConversation = 'EXISTS (SELECT FROM lines l WHERE l.conversation = state.conversation)';
const ofPerson = 'EXISTS (SELECT FROM lines l WHERE l.person = state.person)';
const endsWith = (column: string) =>
  `right(key, length(${column}) - strpos(${column}, '/') + 1) = '/' || substr(${column}, strpos(${column}, '/') + 1)`;
const isInUse = `CASE
  WHEN ${endsWith('conversation')} THEN ${ofConversation}
  WHEN ${endsWith('person')} THEN ${ofPerson}
  ELSE ${ofConversation} OR ${ofPerson} END`;

async function tellConversations(transaction: Querying, forgetting: Forgetting): Promise<void> {
  const rows =
    await transaction.query(`SELECT conversation, person, CASE WHEN ${isShortened('conversation')} OR ${isShortened('person')} THEN
      (SELECT document FROM lines l WHERE l.conversation = p.conversation AND l.person = p.person LIMIT 1) END AS document
    FROM (SELECT DISTINCT conversation, person FROM lines) p`);
  const people = new Map<string, string[]>();
  for (const { conversation, person, document } of rows) {
    const name = document?.conversation ?? textOf(conversation);
    people.set(name, [...(people.get(name) ?? []), document?.person ?? textOf(person)]);
  }
  for (const [conversation, those] of people) forgetting.conversation(conversation, those);
}

async function forgetVotes(transaction: Querying, forgetting: Forgetting): Promise<void> {
  const rows = await transaction.query(`SELECT v.conversation, v.line, v.document, l.document AS said
    FROM votes v LEFT JOIN lines l ON l.conversation = v.conversation AND l.id = v.line`);
  const gone = rows.filter(({ document, said }) => !forgetting.vote(document, said ?? undefined));
  await transaction.query(
    'DELETE FROM votes v USING unnest($1::text[], $2::text[]) AS gone (conversation, line) WHERE v.conversation = gone.conversation AND v.line = gone.line',
    [gone.map(({ conversation }) => conversation), gone.map(({ line }) => line)],
  );
}

async function forgetState(transaction: Querying, forgetting: Forgetting): Promise<void> {
  for await (const rows of keyset(
    transaction,
    'SELECT key, name, document FROM state WHERE key > $1 ORDER BY key',
    'key',
  )) {
    const left = rows.map(({ key, name, document }) => ({
      key,
      document,
      left: forgetting.state(textOf(key, name), document),
    }));
    const gone = left.filter((one) => !one.left).map(({ key }) => key);
    const changed = left.filter((one) => one.left && one.left !== one.document);
    await transaction.query('DELETE FROM state WHERE key = ANY ($1)', [gone]);
    await transaction.query(
      'UPDATE state s SET document = new.document::json FROM unnest($1::text[], $2::text[]) AS new (key, document) WHERE s.key = new.key',
      [changed.map(({ key }) => key), changed.map((one) => JSON.stringify(one.left))],
    );
  }
  for await (const rows of keyset(
    transaction,
    'SELECT person, name FROM welcomes WHERE person > $1 ORDER BY person',
    'person',
  )) {
    const gone = rows
      .filter(({ person, name }) => forgetting.isWelcomeOf(textOf(person, name)))
      .map(({ person }) => person);
    await transaction.query('DELETE FROM welcomes WHERE person = ANY ($1)', [gone]);
  }
}

async function forgetLines(transaction: Querying, forgetting: Forgetting): Promise<void> {
  for (let conversation = '', seq = 0; ; ) {
    const rows = await transaction.query(
      {
        name: 'lines_on',
        text: `SELECT conversation, seq, document FROM lines WHERE (conversation, seq) > ($1, $2) ORDER BY conversation, seq LIMIT ${BATCH}`,
      },
      [conversation, seq],
    );
    const gone: Row[] = [];
    const changed: { row: Row; line: HistoryLine }[] = [];
    for (const row of rows) {
      const before = lineOf(row);
      const line = forgetting.line(before);
      if (!line) gone.push(row);
      else if (line !== before) changed.push({ row, line });
    }
    if (gone.length > 0) {
      await transaction.query(
        'DELETE FROM lines l USING unnest($1::text[], $2::integer[]) AS gone (conversation, seq) WHERE l.conversation = gone.conversation AND l.seq = gone.seq',
        [gone.map((row) => row.conversation), gone.map((row) => row.seq)],
      );
    }
    if (changed.length > 0) {
      await transaction.query(
        `UPDATE lines l SET document = new.document::json
          FROM unnest($1::text[], $2::integer[], $3::text[]) AS new (conversation, seq, document)
          WHERE l.conversation = new.conversation AND l.seq = new.seq`,
        [
          changed.map(({ row }) => row.conversation),
          changed.map(({ row }) => row.seq),
          changed.map(({ line: { seq: _, ...document } }) => JSON.stringify(document)),
        ],
      );
    }
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    ({ conversation, seq } = last as { conversation: string; seq: number });
  }
}

/** All rows of a statement whose first parameter is the last `column` seen. */
async function* keyset(transaction: Querying, text: string, column: string): AsyncIterable<Row[]> {
  for (let after = ''; ; ) {
    const rows = await transaction.query(`${text} LIMIT ${BATCH}`, [after]);
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last[column];
  }
}

async function* batches(transaction: Querying, collection: string): AsyncIterable<Stored<object>[]> {
  const text = `SELECT id, name, version, value FROM records WHERE collection = $2 AND id > $1 ORDER BY id LIMIT ${BATCH}`;
  for (let after = ''; ; ) {
    const rows = await transaction.query({ name: 'records_on', text }, [after, sqlKey(collection)]);
    yield rows.map(({ id, name, version, value }) => ({ id: textOf(id, name), version, value }));
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.id;
  }
}

async function* documentsOf(transaction: Querying, collection: string): AsyncIterable<{ id: string; value: object }> {
  for await (const batch of batches(transaction, collection)) yield* batch;
}

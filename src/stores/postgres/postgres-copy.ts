/** Everything in PostgreSQL as the documents that all stores have in common, and back. */
import { AccessDeskError } from '../../errors.ts';
import type { HistoryLine } from '../../history/history.ts';
import type { AnyRecordType } from '../../records/records.ts';
import type { Vote } from '../../usage/votes.ts';
import type { Batches, CopiedDocument, Copyable } from '../copyable.ts';
import { keyInConversation } from '../embedded/documents.ts';
import type { StateDocument } from '../forgetting.ts';
import type { Database, Querying, Row } from './database.ts';
import { lineOf } from './postgres-history.ts';
import { sqlKey, sqlName, textOf } from './sql-key.ts';

const BATCH = 1000;

type Value = string | number | null;

/** How the documents of one collection stand in their table. */
interface Table {
  readonly select: string;
  readonly read: (row: Row) => readonly [id: string, document: Readonly<Record<string, unknown>>];
  readonly insert: string;
  /** The values of one row, in the order of `insert`. */
  readonly values: (id: string, document: never) => readonly Value[];
}

const tables: Readonly<Record<string, Table>> = {
  lines: {
    select: 'SELECT seq, document FROM lines ORDER BY conversation, seq',
    read: (row) => {
      const line = lineOf(row);
      return [keyInConversation(line.conversation, line.id), { ...line }];
    },
    insert: insertInto('lines', {
      conversation: 'text',
      seq: 'integer',
      id: 'text',
      person: 'text',
      at: 'timestamptz',
      document: 'json',
    }),
    values: (_, { seq, ...line }: HistoryLine) => [
      ...[sqlKey(line.conversation), seq, sqlKey(line.id), sqlKey(line.person), line.at],
      JSON.stringify(line),
    ],
  },
  heads: {
    select: 'SELECT key, latest FROM heads ORDER BY key',
    read: ({ key, latest }) => [key, { latest }],
    insert: insertInto('heads', { key: 'text', latest: 'integer' }),
    values: (key, { latest }: { latest: number }) => [key, latest],
  },
  state: {
    select: 'SELECT key, name, document FROM state ORDER BY key',
    read: ({ key, name, document }) => [textOf(key, name), document],
    insert: insertInto('state', {
      key: 'text',
      name: 'text',
      conversation: 'text',
      person: 'text',
      at: 'timestamptz',
      document: 'json',
    }),
    values: (key, state: StateDocument) => [
      ...[sqlKey(key), sqlName(key), sqlKey(state.conversation), sqlKey(state.person), state.at],
      JSON.stringify(state),
    ],
  },
  votes: {
    select: 'SELECT document FROM votes ORDER BY born',
    read: ({ document }) => [keyInConversation(document.conversation, document.line), document],
    insert: insertInto('votes', { conversation: 'text', line: 'text', at: 'timestamptz', document: 'json' }),
    values: (_, vote: Vote) => [sqlKey(vote.conversation), sqlKey(vote.line), vote.at, JSON.stringify(vote)],
  },
  welcomes: {
    select: 'SELECT person, name, at FROM welcomes ORDER BY person',
    read: ({ person, name, at }) => [textOf(person, name), { at: at.toISOString() }],
    insert: insertInto('welcomes', { person: 'text', name: 'text', at: 'timestamptz' }),
    values: (person, { at }: { at: string }) => [sqlKey(person), sqlName(person), at],
  },
  activities: {
    select: 'SELECT key, at FROM activities ORDER BY at, key',
    read: ({ key, at }) => [key, { at: at.toISOString() }],
    insert: insertInto('activities', { key: 'text', at: 'timestamptz' }),
    values: (key, { at }: { at: string }) => [key, at],
  },
};
/** What a check of the embedded store writes; of no use to another. */
const left = ['checks'];

const recordsInsert = insertInto('records', {
  collection: 'text',
  id: 'text',
  name: 'text',
  version: 'integer',
  value: 'json',
});
const keysInsert = insertInto('record_keys', { collection: 'text', field: 'text', key: 'text', id: 'text' });

export class PostgresCopy implements Copyable {
  readonly #database: Database;
  readonly #recordTypes: ReadonlyMap<string, AnyRecordType>;

  constructor(database: Database, recordTypes: readonly AnyRecordType[]) {
    this.#database = database;
    this.#recordTypes = new Map(recordTypes.map((type) => [type.name, type]));
  }

  async *dump(): Batches {
    const reading = this.#database.session();
    const transaction = await reading.begin('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      yield* dumpOf(transaction);
    } finally {
      await reading.end();
    }
  }

  load(batches: Batches, check: (written: Batches) => Promise<void>): Promise<void> {
    return this.#database.transaction(async (transaction) => {
      const [{ taken } = { taken: true }] = await transaction.query(
        'SELECT EXISTS (SELECT FROM records) OR EXISTS (SELECT FROM heads) OR EXISTS (SELECT FROM state) AS taken',
      );
      if (taken) throw new AccessDeskError('ERR_STORE_NOT_EMPTY', 'The database is not empty. Copy into a new one.');
      for await (const batch of batches) await this.#insert(transaction, batch);
      await check(dumpOf(transaction));
    });
  }

  async #insert(transaction: Querying, batch: readonly CopiedDocument[]): Promise<void> {
    const rows = new Map<string, (readonly Value[])[]>();
    const add = (insert: string, values: readonly Value[]) => rows.set(insert, [...(rows.get(insert) ?? []), values]);
    for (const [collection, id, document] of batch) {
      if (left.includes(collection)) continue;
      const table = tables[collection];
      if (table) add(table.insert, table.values(id, document as never));
      else {
        const { version, value } = document as { version: number; value: object };
        add(recordsInsert, [sqlKey(collection), sqlKey(id), sqlName(id), version, JSON.stringify(value)]);
        for (const [field, keysOf] of Object.entries(this.#recordTypes.get(collection)?.indexes ?? {})) {
          for (const key of new Set(keysOf(value as never)))
            add(keysInsert, [sqlKey(collection), sqlKey(field), sqlKey(key), sqlKey(id)]);
        }
      }
    }
    for (const [insert, values] of rows) {
      const columns = Array.from({ length: values[0]?.length ?? 0 }, (_, column) => values.map((row) => row[column]));
      await transaction.query(insert, columns);
    }
  }
}

async function* dumpOf(transaction: Querying): Batches {
  for (const [collection, { select, read }] of Object.entries(tables)) {
    for await (const rows of cursor(transaction, select)) yield rows.map((row) => [collection, ...read(row)] as const);
  }
  const records = 'SELECT collection, id, name, version, value FROM records ORDER BY collection, born';
  for await (const rows of cursor(transaction, records)) {
    yield rows.map(
      ({ collection, id, name, version, value }) => [textOf(collection), textOf(id, name), { version, value }] as const,
    );
  }
}

async function* cursor(transaction: Querying, select: string): AsyncIterable<Row[]> {
  await transaction.query(`DECLARE copied NO SCROLL CURSOR FOR ${select}`);
  for (;;) {
    const rows = await transaction.query(`FETCH ${BATCH} FROM copied`);
    if (rows.length === 0) break;
    yield rows;
  }
  await transaction.query('CLOSE copied');
}

/** Inserts rows whose columns come as arrays. */
function insertInto(table: string, columns: Readonly<Record<string, string>>): string {
  const names = Object.keys(columns).join(', ');
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type === 'json' ? 'text' : type}[]`);
  const values = Object.entries(columns).map(([name, type]) => (type === 'json' ? `${name}::json` : name));
  return `INSERT INTO ${table} (${names}) SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS new (${names}, n) ORDER BY n`;
}

/** The turns' side of the PostgreSQL store: what turns of the bot change, all that end at one moment as one call of one function. */
import type { CompletedTurn, TurnStore } from '../../bot/turn-store.ts';
import { AccessDeskError } from '../../errors.ts';
import type { HistoryLine } from '../../history/history.ts';
import { fingerprint } from '../fingerprint.ts';
import type { ChangeFeed } from './change-feed.ts';
import { Commits, type Patience, patience } from './commits.ts';
import { type Database, isTaken, type Row, type Statement } from './database.ts';
import type { PostgresHistory } from './postgres-history.ts';
import { sqlKey } from './sql-key.ts';
import { rowsOf, type SqlTurn, sqlTurn, valuesOf } from './sql-turns.ts';
import { Together } from './together.ts';
import type { TurnLeases } from './turn-leases.ts';

const isRepeated: Statement = {
  name: 'is_repeated',
  text: "SELECT key FROM activities WHERE key = ANY ($1) AND at > $2::timestamptz - interval '24 hours'",
};
const isWelcomed: Statement = { name: 'is_welcomed', text: 'SELECT person FROM welcomes WHERE person = ANY ($1)' };
const readState: Statement = {
  name: 'read_state',
  text: 'SELECT key, document::text AS document FROM state WHERE key = ANY ($1)',
};
/** Its parameters are those of `valuesOf` (sql-turns.ts), and how long it waits for what somebody else has in hand. */
const commit: Statement = {
  name: 'commit_turns',
  text: `SELECT commit_turns(${Array.from({ length: 27 }, (_, n) => `$${n + 1}`).join(', ')}) AS lasts
    FROM set_config('lock_timeout', $28, true)`,
};
/** Says that a line of this id is there already. */
const lineOnce = 'lines_conversation_id_key';
const readLine: Statement = {
  name: 'read_line',
  text: 'SELECT document::text AS document FROM lines WHERE conversation = $1 AND id = $2',
};
/** Only where it is as it was read: what was erased meanwhile must not come back. */
const replaceLine: Statement = {
  name: 'replace_line',
  text: `UPDATE lines SET document = $4::json WHERE conversation = $1 AND id = $2 AND document::text = $3 RETURNING id`,
};
const clear: Statement = {
  name: 'clear_activities',
  text: "DELETE FROM activities WHERE at <= $1::timestamptz - interval '24 hours'",
};
/** ms of the store's clock. */
const clearEvery = 600_000;

export interface PostgresTurnsParts {
  readonly database: Database;
  readonly history: PostgresHistory;
  readonly feed: ChangeFeed;
  readonly leases: TurnLeases;
  readonly now: () => Date;
}

/** `TurnStore` over PostgreSQL. */
export class PostgresTurns implements TurnStore {
  readonly #parts: PostgresTurnsParts;
  #clearedAt = Number.NEGATIVE_INFINITY;
  readonly #repeated: Together<string, boolean>;
  readonly #welcomed: Together<string, boolean>;
  readonly #states: Together<string, string | undefined>;
  readonly #commits: Commits<SqlTurn, number>;

  constructor(parts: PostgresTurnsParts) {
    this.#parts = parts;
    const { database, now } = parts;
    this.#commits = new Commits({
      commit: (turns, wait) => this.#commitAll(turns, wait),
      rowsOf,
      mostWaiting: database.mostWaiting,
    });
    this.#repeated = new Together(async (asked) => {
      const found = new Set((await database.query(isRepeated, [asked, now().toISOString()])).map(({ key }) => key));
      return asked.map((key) => found.has(key));
    });
    this.#welcomed = new Together(async (asked) => {
      const found = new Set((await database.query(isWelcomed, [asked])).map(({ person }) => person));
      return asked.map((person) => found.has(person));
    });
    this.#states = new Together(async (asked) => {
      const found = new Map((await database.query(readState, [asked])).map(({ key, document }) => [key, document]));
      return asked.map((key) => found.get(key));
    });
  }

  isRepeated(activity: string): Promise<boolean> {
    return this.#repeated.ask(fingerprint(activity));
  }

  isWelcomed(person: string): Promise<boolean> {
    return this.#welcomed.ask(sqlKey(person));
  }

  async readState(keys: readonly string[]): Promise<Map<string, Record<string, unknown>>> {
    const found = await Promise.all(keys.map((key) => this.#states.ask(sqlKey(key))));
    // Each its own copy, though two may have asked for it together.
    return new Map(
      keys.flatMap((key, index) => (found[index] === undefined ? [] : [[key, JSON.parse(found[index]).value]])),
    );
  }

  async commit(turn: CompletedTurn): Promise<'committed' | 'repeated'> {
    const { history, feed, leases } = this.#parts;
    const written = sqlTurn(turn, leases.isHeld(turn.conversation));
    const { conversation, lines } = written;
    const done = lines.length > 0 ? await history.begin(turn.conversation) : () => {};
    const last = await this.#write(written, turn).finally(done);
    if (last < 0) return 'repeated';
    await this.#clearOutdated();
    if (lines.length === 0) return 'committed';
    const first = last - lines.length + 1;
    feed.publish({ lines: { conversation, first, last } });
    const told = lines.map(({ json }, n): HistoryLine => ({ ...JSON.parse(json), seq: first + n }));
    await history.advance(conversation, first, last, told);
    return 'committed';
  }

  async replaceText(conversation: string, line: string, text: string): Promise<void> {
    const { database } = this.#parts;
    const key = [sqlKey(conversation), sqlKey(line)];
    for (;;) {
      const [row] = await database.query(readLine, key);
      if (!row) return;
      const document = JSON.stringify({ ...JSON.parse(row.document), text });
      if ((await database.writeAgain(replaceLine, [...key, row.document, document])).length > 0) return;
    }
  }

  /** @returns the number of its last line, 0 without lines, -1 where it is a repetition */
  async #write(turn: SqlTurn, { conversation }: CompletedTurn): Promise<number> {
    const isKnownAgain = turn.activity !== null || turn.lines.length > 0;
    try {
      return await (isKnownAgain ? this.#commits.commit(turn) : this.#commitAlone(turn));
    } catch (error) {
      if (isTaken(error, lineOnce)) return -1;
      if ((error as { code?: string }).code !== 'AD002') throw error;
      throw new AccessDeskError(
        'ERR_STORE_WRITE',
        `Another instance goes on with the conversation ${fingerprint(conversation)}: this one took too long. Nothing was written.`,
        { cause: error },
      );
    }
  }

  /**
   * Each may be committed once more when a connection breaks: it is then a repetition.
   * @param turns - of which no two write the same row
   */
  async #commitAll(turns: readonly SqlTurn[], wait: Patience): Promise<readonly number[]> {
    const [row] = await this.#parts.database.writeAgain(commit, this.#valuesOf(turns, wait));
    return lastsOf(row);
  }

  async #commitAlone(turn: SqlTurn): Promise<number> {
    const [row] = await this.#parts.database.write(commit, this.#valuesOf([turn], patience.full));
    return lastsOf(row)[0] ?? -1;
  }

  #valuesOf(turns: readonly SqlTurn[], wait: Patience): unknown[] {
    const { feed, leases, now } = this.#parts;
    const by = { origin: feed.origin, now: now().toISOString(), holder: leases.holder };
    return [...valuesOf(turns, by), wait];
  }

  async #clearOutdated(): Promise<void> {
    const { database, now } = this.#parts;
    const time = now().getTime();
    if (Math.abs(time - this.#clearedAt) < clearEvery) return;
    this.#clearedAt = time;
    await database.writeAgain(clear, [new Date(time).toISOString()]).catch(() => {});
  }
}

function lastsOf(row: Row | undefined): readonly number[] {
  if (!row) throw new Error('commit_turns gave nothing back');
  return row.lasts;
}

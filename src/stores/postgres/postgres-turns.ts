/** The turns' side of the PostgreSQL store: what one turn of the bot changes, as one call of one function. */
import type { CompletedTurn, TurnStore } from '../../bot/turn-store.ts';
import { AccessDeskError } from '../../errors.ts';
import type { HistoryLine } from '../../history/history.ts';
import { fingerprint } from '../fingerprint.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { Database, Statement } from './database.ts';
import type { PostgresHistory } from './postgres-history.ts';
import { sqlKey, sqlName } from './sql-key.ts';
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
const commit: Statement = {
  name: 'commit_turn',
  text: `SELECT commit_turn(${Array.from({ length: 20 }, (_, n) => `$${n + 1}`).join(', ')}) AS last`,
};
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

  constructor(parts: PostgresTurnsParts) {
    this.#parts = parts;
    const { database, now } = parts;
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
    const { history, feed, leases, now } = this.#parts;
    const lease = leases.holderOf(turn.conversation);
    const values = valuesOf(turn, { origin: feed.origin, now: now().toISOString(), lease });
    // The caller may go on with its objects.
    const lines = JSON.stringify(turn.lines.map((line) => fullLine(turn, line)));
    const count = turn.lines.length;
    const conversation = sqlKey(turn.conversation);
    const written = count > 0 ? await history.begin(turn.conversation) : () => {};
    const last = await this.#write(values, turn).finally(written);
    if (last < 0) return 'repeated';
    await this.#clearOutdated();
    if (count === 0) return 'committed';
    const first = last - count + 1;
    feed.publish({ lines: { conversation, first, last } });
    const numbered = (JSON.parse(lines) as HistoryLine[]).map((line, n) => ({ ...line, seq: first + n }));
    await history.advance(conversation, first, last, numbered);
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

  /** Committed twice it is a repetition, so it may be tried again when the connection breaks. */
  async #write(values: readonly unknown[], { conversation, activity, lines }: CompletedTurn): Promise<number> {
    const { database } = this.#parts;
    const canRepeat = activity !== undefined || lines.length > 0;
    try {
      const [row] = await (canRepeat ? database.writeAgain(commit, values) : database.write(commit, values));
      return row?.last;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'AD001') return -1;
      if (code !== 'AD002') throw error;
      throw new AccessDeskError(
        'ERR_STORE_WRITE',
        `Another instance goes on with the conversation ${fingerprint(conversation)}: this one took too long. Nothing was written.`,
        { cause: error },
      );
    }
  }

  async #clearOutdated(): Promise<void> {
    const { database, now } = this.#parts;
    const time = now().getTime();
    if (Math.abs(time - this.#clearedAt) < clearEvery) return;
    this.#clearedAt = time;
    await database.writeAgain(clear, [new Date(time).toISOString()]).catch(() => {});
  }
}

function fullLine(
  { conversation, person }: CompletedTurn,
  { id, from, at, text, facts, activity }: CompletedTurn['lines'][number],
) {
  return { conversation, person, id, from, at, text, facts, activity };
}

/** In the order of the function's parameters. */
function valuesOf(
  turn: CompletedTurn,
  { origin, now, lease }: { readonly origin: string; readonly now: string; readonly lease: string | undefined },
): unknown[] {
  const { activity, conversation, person, at, lines, votes, welcomed } = turn;
  const twice = lines.find(({ id }, index) => lines.findIndex((other) => other.id === id) < index);
  if (twice) {
    throw new AccessDeskError(
      'ERR_STORE_LINE_TWICE',
      `A turn of the conversation ${conversation} has two lines ${twice.id}; nothing of it was written.`,
    );
  }
  // In one order for everybody, so that two turns never wait for each other in a circle.
  const state = [...turn.state].sort(([one], [other]) => (one < other ? -1 : 1));
  const firstVotes = new Map([...votes].reverse().map((vote) => [`${sqlKey(vote.conversation)} ${vote.line}`, vote]));
  const voted = [...firstVotes].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, vote]) => vote);
  const people = [...new Set(welcomed)].sort();
  return [
    ...[origin, now, activity === undefined ? null : fingerprint(activity), fingerprint(conversation), lease ?? null],
    ...[sqlKey(conversation), sqlKey(person), at],
    lines.map(({ id }) => sqlKey(id)),
    lines.map((line) => line.at),
    lines.map((line) => JSON.stringify(fullLine(turn, line))),
    state.map(([key]) => sqlKey(key)),
    state.map(([key]) => sqlName(key)),
    state.map(([, value]) => (value ? JSON.stringify({ conversation, person, at, value }) : null)),
    voted.map((vote) => sqlKey(vote.conversation)),
    voted.map(({ line }) => sqlKey(line)),
    voted.map((vote) => vote.at),
    voted.map((vote) => JSON.stringify(vote)),
    people.map(sqlKey),
    people.map(sqlName),
  ];
}

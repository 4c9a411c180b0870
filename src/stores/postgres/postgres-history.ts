/** The history's side of the PostgreSQL store: reading lines, and telling listeners of new ones of every instance. */
import type { HistoryLine, HistoryStore } from '../../history/history.ts';
import type { Log } from '../../log.ts';
import { fingerprint } from '../fingerprint.ts';
import { type HistoryListener, HistoryListeners, type Wants } from '../history-listeners.ts';
import { type ChangeFeed, unseen } from './change-feed.ts';
import type { Database, Row, Statement } from './database.ts';
import { isShortened, isShortenedKey, sqlKey, textOf } from './sql-key.ts';

/** ms after which lines that could not be read are read again, each time after twice as long, and how often at most. */
const again = { after: 1000, tries: 6 };
/** Conversations whose place is remembered; any other is looked up when it goes on. */
const mostPlaces = 10_000;

const conversations: Statement = {
  name: 'conversations',
  // One step of the index for each conversation, however many lines it has.
  text: `WITH RECURSIVE each (conversation) AS (
      (SELECT conversation FROM lines ORDER BY conversation LIMIT 1)
      UNION ALL
      SELECT (SELECT l.conversation FROM lines l WHERE l.conversation > each.conversation ORDER BY l.conversation LIMIT 1)
      FROM each WHERE each.conversation IS NOT NULL
    )
    SELECT conversation, CASE WHEN ${isShortened('conversation')} THEN
      (SELECT document FROM lines l WHERE l.conversation = each.conversation LIMIT 1) END AS document
    FROM each WHERE conversation IS NOT NULL`,
};
const read: Statement = {
  name: 'read',
  text: 'SELECT seq, document FROM lines WHERE conversation = $1 AND seq > $2 ORDER BY seq LIMIT $3',
};
const find: Statement = {
  name: 'find_line',
  text: 'SELECT seq, document FROM lines WHERE conversation = $1 AND id = $2',
};
const latest: Statement = { name: 'latest', text: 'SELECT latest FROM heads WHERE key = $1' };
/** The newest number, and where lines of others begin that were perhaps not told of yet. */
const standing: Statement = {
  name: 'standing',
  text: `SELECT coalesce((SELECT latest FROM heads WHERE key = $4), 0) AS latest,
    (SELECT min(first) FROM changes WHERE ${unseen('$1')} AND origin <> $2 AND conversation = $3) AS untold`,
};

/** How far listeners were told of a conversation. */
interface Place {
  told: number | undefined;
  /** Turns of this process that are being written: until they are, it is not forgotten. */
  writing: number;
  busy?: Promise<unknown>;
}

/** `HistoryStore` over PostgreSQL. */
export class PostgresHistory implements HistoryStore {
  readonly #database: Database;
  readonly #feed: ChangeFeed;
  readonly #log?: Pick<Log, 'warn'>;
  readonly #listeners: HistoryListeners;
  readonly #places = new Map<string, Place>();

  constructor(database: Database, feed: ChangeFeed, log?: Pick<Log, 'warn'>) {
    this.#database = database;
    this.#feed = feed;
    this.#log = log;
    this.#listeners = new HistoryListeners(log);
  }

  async conversations(): Promise<readonly string[]> {
    const found = await this.#database.atLength(conversations, [], 'ERR_STORE_READ');
    return found.map(({ conversation, document }) => document?.conversation ?? textOf(conversation));
  }

  async read(conversation: string, after = 0, limit?: number): Promise<readonly HistoryLine[]> {
    if (limit !== undefined && !(limit > 0)) return [];
    const most = limit === undefined || !Number.isFinite(limit) ? null : limit;
    return (await this.#database.query(read, [sqlKey(conversation), after, most])).map(lineOf);
  }

  async find(conversation: string, id: string): Promise<HistoryLine | undefined> {
    const [row] = await this.#database.query(find, [sqlKey(conversation), sqlKey(id)]);
    return row && lineOf(row);
  }

  async latest(conversation: string): Promise<number> {
    const [row] = await this.#database.query(latest, [fingerprint(conversation)]);
    return row?.latest ?? 0;
  }

  watch(listener: HistoryListener, wants?: Wants): () => void {
    const end = this.#listeners.add(listener, wants);
    return () => {
      end();
      if (this.#listeners.size === 0) this.#places.clear();
    };
  }

  /**
   * Lines of a conversation are about to be written here: finds out where it stands, so that of several turns at once
   * the first is told of first, whichever is heard of first.
   * @returns what to call when they are written, or are not
   */
  async begin(name: string): Promise<() => void> {
    if (!this.#listeners.want(name)) return () => {};
    const conversation = sqlKey(name);
    const isNew = !this.#places.has(conversation);
    const place = this.#placeOf(conversation);
    place.writing += 1;
    if (isNew) this.#occupy(place, this.#findPlace(conversation, fingerprint(name), place));
    if (place.told === undefined) await place.busy;
    return () => {
      place.writing -= 1;
    };
  }

  /**
   * Lines `first` to `last` were committed, here (then they are given) or elsewhere. Listeners are told of them after
   * all before them. Resolves when they were, or could not be.
   * @param conversation - its key in the tables
   */
  async advance(conversation: string, first: number, last: number, lines?: readonly HistoryLine[]): Promise<void> {
    if (!this.#isWanted(conversation)) return this.#leave(conversation);
    const place = this.#placeOf(conversation);
    if (lines && !place.busy && place.told === first - 1) {
      place.told = last;
      this.#listeners.announce(lines);
      return;
    }
    await this.#readOn(conversation, first, last, 1);
  }

  /** Of a conversation whose key does not tell its name somebody may want to know. */
  #isWanted(conversation: string): boolean {
    if (this.#listeners.size === 0) return false;
    return isShortenedKey(conversation) || this.#listeners.want(textOf(conversation));
  }

  /** Nobody was told of its newest lines: where it goes on is looked up when somebody is again. */
  #leave(conversation: string): void {
    const place = this.#places.get(conversation);
    if (place && !place.busy && place.writing === 0) this.#places.delete(conversation);
  }

  /** Where it fails it is done again: there may be no further lines of the conversation to bring these. */
  async #readOn(conversation: string, first: number, last: number, tries: number): Promise<void> {
    if (this.#listeners.size === 0) return;
    const place = this.#placeOf(conversation);
    const isRead = await this.#occupy(place, this.#catchUp(conversation, place, first, last, place.busy));
    if (isRead || tries > again.tries) return;
    const wait = again.after * 2 ** (tries - 1);
    setTimeout(() => void this.#readOn(conversation, first, last, tries + 1), wait).unref();
  }

  /** One work at a time on a place. */
  #occupy<T>(place: Place, work: Promise<T>): Promise<T> {
    const busy = work.finally(() => {
      if (place.busy === busy) place.busy = undefined;
    });
    place.busy = busy;
    return busy;
  }

  async #findPlace(conversation: string, head: string, place: Place): Promise<void> {
    try {
      const { latest = 0, untold } = await this.#standing(conversation, head);
      place.told = Math.min(latest, (untold ?? latest + 1) - 1);
    } catch {
      // It is found out with the first lines.
    }
  }

  async #standing(conversation: string, head: string): Promise<{ latest?: number; untold?: number | null }> {
    const [row] = await this.#database.query(standing, [this.#feed.position, this.#feed.origin, conversation, head]);
    return row ?? {};
  }

  /** @returns false where they could not be read */
  async #catchUp(
    conversation: string,
    place: Place,
    first: number,
    last: number,
    before?: Promise<unknown>,
  ): Promise<boolean> {
    await before;
    try {
      if (place.told === undefined) {
        const { untold } = first === 1 ? {} : await this.#standing(conversation, '');
        place.told = Math.min(first, untold ?? first) - 1;
      }
      if (place.told >= last) return true;
      const found = await this.#database.query(read, [conversation, place.told, last - place.told]);
      place.told = last;
      const lines = found.map(lineOf).filter(({ seq }) => seq <= last);
      if (lines.length > 0) this.#listeners.announce(lines);
      return true;
    } catch (error) {
      this.#log?.warn({ err: error }, 'new lines of a conversation could not be read; it is tried again');
      return false;
    }
  }

  #placeOf(conversation: string): Place {
    const known = this.#places.get(conversation);
    if (known) return known;
    const place: Place = { told: undefined, writing: 0 };
    this.#places.set(conversation, place);
    if (this.#places.size > mostPlaces) {
      for (const [oldest, { busy, writing }] of this.#places) {
        if (busy || writing > 0) continue;
        this.#places.delete(oldest);
        break;
      }
    }
    return place;
  }
}

export function lineOf({ seq, document }: Row): HistoryLine {
  return { seq, ...document };
}

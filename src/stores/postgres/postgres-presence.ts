/** Who is there, at whichever instance: a row for each place while somebody is, which counts while its instance lives. */

import { OwnPresence } from '../../instances/own-presence.ts';
import type { Attendance, Presence } from '../../instances/presence.ts';
import type { Log } from '../../log.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Database, Statement } from './database.ts';
import type { DatabaseClock } from './database-clock.ts';

/** ms by which this machine's clock may differ from the database's before the log is told. */
const bearable = 5000;
/** ms; an instance that died counts for 30 seconds (`live`). */
const liveEvery = 10_000;

const live: Statement = {
  name: 'live',
  text: `INSERT INTO instances (instance, until, signatures) VALUES ($1, clock_timestamp() + interval '30 seconds', $2)
    ON CONFLICT (instance) DO UPDATE SET until = excluded.until
    RETURNING extract(epoch FROM clock_timestamp())::float8 * 1000 AS time`,
};
const change: Statement = {
  name: 'change_presence',
  text: `INSERT INTO presence (place, instance, left_at)
    SELECT place, $1, CASE WHEN left_now THEN clock_timestamp() END
    FROM unnest($2::text[], $3::boolean[]) AS new (place, left_now) ORDER BY place
    ON CONFLICT (place, instance) DO UPDATE SET left_at = excluded.left_at`,
};
const at: Statement = {
  name: 'presence_at',
  text: `SELECT bool_or(p.left_at IS NULL AND i.until > clock_timestamp()) AS there,
      max(coalesce(p.left_at, i.until)) AS left
    FROM presence p LEFT JOIN instances i ON i.instance = p.instance WHERE p.place = $1`,
};
const clear: readonly string[] = [
  "DELETE FROM instances WHERE until < clock_timestamp() - interval '10 minutes'",
  `DELETE FROM presence p WHERE left_at < clock_timestamp() - interval '10 minutes'
    OR left_at IS NULL AND NOT EXISTS (SELECT FROM instances i WHERE i.instance = p.instance)`,
];
/** Of how many signs of life one clears away what is over. */
const clearOneOf = 30;

export interface PostgresPresenceParts {
  readonly database: Database;
  /** This one, and no other there ever was. */
  readonly instance: string;
  /** By which it keeps keys (key-upkeep.ts), as JSON. */
  readonly signatures: string;
  /** Is told the time with each sign of life. */
  readonly clock: DatabaseClock;
  /** This machine's. */
  readonly now: () => Date;
  readonly log?: Pick<Log, 'warn'>;
}

export class PostgresPresence implements Presence {
  readonly #database: Database;
  readonly #instance: string;
  readonly #signatures: string;
  readonly #clock: DatabaseClock;
  readonly #now: () => Date;
  readonly #log?: Pick<Log, 'warn'>;
  #isClockWrong = false;
  readonly #own: OwnPresence;
  readonly #counts = new Map<string, number>();
  /** What the database does not know yet: whether everybody left. */
  readonly #changed = new Map<string, boolean>();
  #telling?: Promise<void>;
  #beats = 0;
  #timer?: NodeJS.Timeout;

  constructor({ database, instance, signatures, clock, now, log }: PostgresPresenceParts) {
    this.#database = database;
    this.#instance = instance;
    this.#signatures = signatures;
    this.#clock = clock;
    this.#now = now;
    this.#log = log;
    this.#own = new OwnPresence(now);
  }

  /** Says that this instance lives, from now on. */
  async begin(): Promise<void> {
    await this.#sayAlive();
    this.#timer = setInterval(() => this.#live(), liveEvery).unref();
  }

  arrived(place: string): () => void {
    const key = fingerprint(place);
    const leave = this.#own.arrived(place);
    this.#count(key, 1);
    let isThere = true;
    return () => {
      if (!isThere) return;
      isThere = false;
      leave();
      this.#count(key, -1);
    };
  }

  async at(place: string): Promise<Attendance> {
    const own = await this.#own.at(place);
    if (own.isThere) return own;
    const [row] = await this.#database.query(at, [fingerprint(place)]);
    const left = Math.max(row?.left?.getTime() ?? 0, own.leftAt ?? 0);
    return { isThere: row?.there === true, ...(left > 0 && { leftAt: left }) };
  }

  /** Everybody has left; what could not be told ends with this instance's time. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const key of this.#counts.keys()) this.#changed.set(key, true);
    await this.#tell();
  }

  #count(key: string, by: number): void {
    const before = this.#counts.get(key) ?? 0;
    const count = before + by;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
    if (before > 0 && count > 0) return;
    this.#changed.set(key, count === 0);
    this.#tell();
  }

  #tell(): Promise<void> {
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = undefined;
    });
    return this.#telling;
  }

  async #tellAll(): Promise<void> {
    // Everybody of this moment goes along.
    await Promise.resolve();
    while (this.#changed.size > 0) {
      const told = new Map(this.#changed);
      this.#changed.clear();
      try {
        await this.#database.writeAgain(change, [this.#instance, [...told.keys()], [...told.values()]]);
      } catch {
        // With the next sign of life, unless it changed again meanwhile.
        for (const [key, hasLeft] of told) if (!this.#changed.has(key)) this.#changed.set(key, hasLeft);
        return;
      }
    }
  }

  async #sayAlive(): Promise<void> {
    const [before, asked] = [this.#now().getTime(), performance.now()];
    const [row] = await this.#database.writeAgain(live, [this.#instance, this.#signatures]);
    this.#clock.heard(row?.time, asked);
    const [ahead, behind] = [before - row?.time, row?.time - this.#now().getTime()];
    const isWrong = Math.max(ahead, behind) > bearable;
    if (isWrong && !this.#isClockWrong) {
      const seconds = Math.round(Math.max(ahead, behind) / 1000);
      this.#log?.warn(
        { seconds },
        "this machine's clock and the database's differ: set them, since links, codes and sessions live by the machine's",
      );
    }
    this.#isClockWrong = isWrong;
  }

  async #live(): Promise<void> {
    try {
      await this.#sayAlive();
      await this.#tell();
      if (this.#beats++ % clearOneOf === 0) for (const each of clear) await this.#database.writeAgain(each);
    } catch {
      // The next one tells.
    }
  }
}

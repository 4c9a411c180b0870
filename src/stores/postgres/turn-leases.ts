/**
 * Who has the turn in a conversation, among all instances: a row with an end, renewed while the turn runs. An instance
 * that dies leaves it to the others by itself, and one that was away too long cannot commit any more (`commit_turns`).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConversationLock } from '../../bot/conversation-lock.ts';
import { AccessDeskError } from '../../errors.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Database, Statement } from './database.ts';

/** ms. A lease is of 10 seconds (`take`): so long a killed instance's conversations wait. */
const renewEvery = 3000;
/** ms that a turn waits for another instance's: longer than a lease, so that it outlives one that died. */
const longestWait = 11_000;
/** ms within which a lease that was renewed while it was held is surely not over. */
const soon = 3000;
const pause = { first: 10, longest: 250 };

/**
 * Gives back ($1), takes ($2) and renews ($3), in one round trip for all conversations that want it now. The clock is the
 * database's. A row that somebody else has in hand at this moment is passed over, and new rows are made in one order, so
 * nobody waits for rows that the other has.
 */
const ask: Statement = {
  name: 'ask_for_turns',
  text: `WITH free AS MATERIALIZED (
      SELECT conversation FROM turn_leases
      WHERE conversation = ANY ($1::text[] || $2::text[] || $3::text[])
        AND (holder = $4 OR until < clock_timestamp() AND conversation = ANY ($2::text[]))
      FOR NO KEY UPDATE SKIP LOCKED
    ), changed AS (
      UPDATE turn_leases AS l SET holder = $4, until = CASE
        WHEN l.conversation = ANY ($1::text[]) THEN '-infinity' ELSE clock_timestamp() + interval '10 seconds' END
      FROM free WHERE l.conversation = free.conversation
      RETURNING l.conversation
    ), made AS (
      INSERT INTO turn_leases (conversation, holder, until)
      SELECT conversation, $4, clock_timestamp() + interval '10 seconds' FROM unnest($2::text[]) AS new (conversation)
      WHERE NOT EXISTS (SELECT FROM turn_leases l WHERE l.conversation = new.conversation)
      ORDER BY conversation COLLATE "C"
      ON CONFLICT DO NOTHING
      RETURNING conversation
    )
    SELECT conversation FROM changed UNION ALL SELECT conversation FROM made`,
};
const forget: Statement = {
  name: 'forget_turns',
  text: `DELETE FROM turn_leases WHERE conversation IN (
      SELECT conversation FROM turn_leases WHERE until < clock_timestamp() - interval '1 hour' FOR UPDATE SKIP LOCKED
    )`,
};

interface Waiting {
  readonly key: string;
  readonly resolve: (isTaken: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** `ConversationLock` over PostgreSQL. Within this process the caller runs one turn of a conversation at a time. */
export class TurnLeases implements ConversationLock {
  readonly #database: Database;
  /** This instance, and no other there ever was. */
  readonly holder: string;
  readonly #held = new Set<string>();
  /** With the time at which they were, until the database knows. */
  readonly #givenBack = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #isRenewalDue = false;
  #asking?: Promise<void>;
  #renewing?: NodeJS.Timeout;

  constructor(database: Database, holder: string) {
    this.#database = database;
    this.holder = holder;
  }

  async hold<T>(conversation: string, work: () => Promise<T>): Promise<T> {
    const key = fingerprint(conversation);
    await this.#take(key);
    this.#held.add(key);
    this.#renewing ??= setInterval(() => this.#renew(), renewEvery).unref();
    try {
      return await work();
    } finally {
      this.#held.delete(key);
      this.#givenBack.set(key, performance.now());
      this.#ask();
    }
  }

  /** Whether a turn of the conversation is held here. */
  isHeld(conversation: string): boolean {
    return this.#held.size > 0 && this.#held.has(fingerprint(conversation));
  }

  async close(): Promise<void> {
    clearInterval(this.#renewing);
    await this.#asking;
  }

  async #take(key: string): Promise<void> {
    // Still ours where it was about to be given back.
    const givenBack = this.#givenBack.get(key);
    if (givenBack !== undefined && performance.now() - givenBack < soon) {
      this.#givenBack.delete(key);
      return;
    }
    const until = performance.now() + longestWait;
    for (let wait = pause.first; ; wait = Math.min(wait * 2, pause.longest)) {
      const isTaken = await new Promise<boolean>((resolve, reject) => {
        this.#waiting.push({ key, resolve, reject });
        this.#ask();
      });
      if (isTaken) return;
      if (performance.now() > until) {
        throw new AccessDeskError('ERR_CONVERSATION_BUSY', 'Another instance has this conversation for too long.');
      }
      await sleep(wait * (0.5 + Math.random() / 2));
    }
  }

  /** One question at a time; what comes meanwhile goes along with the next. */
  #ask(): void {
    this.#asking ??= this.#askAll().finally(() => {
      this.#asking = undefined;
    });
  }

  async #askAll(): Promise<void> {
    // Everybody of this moment goes along.
    await Promise.resolve();
    while (this.#waiting.length + this.#givenBack.size > 0 || this.#isRenewalDue) {
      const waiting = this.#waiting.splice(0);
      const keys = waiting.map(({ key }) => key);
      const givenBack = [...this.#givenBack.keys()].filter((key) => !keys.includes(key));
      this.#givenBack.clear();
      const renewed = this.#isRenewalDue ? [...this.#held] : [];
      this.#isRenewalDue = false;
      try {
        const rows = await this.#database.writeAgain(ask, [givenBack, keys, renewed, this.holder]);
        const taken = new Set(rows.map(({ conversation }) => conversation));
        for (const { key, resolve } of waiting) resolve(taken.has(key));
      } catch (error) {
        // Rows that could not be given back end by themselves, and those held are renewed in good time again.
        for (const { reject } of waiting) reject(error);
      }
    }
  }

  #renew(): void {
    this.#isRenewalDue = this.#held.size > 0;
    if (this.#isRenewalDue) this.#ask();
    else if (Math.random() < 0.01) this.#database.writeAgain(forget).catch(() => {});
  }
}

/** Counts in the store, for limits that a restart must not lift. Keys are kept as HMACs: nobody reads addresses off them. */
import { createHmac } from 'node:crypto';
import type { IRateLimiterOptions } from 'rate-limiter-flexible';
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import { Change, changing, type Records, type RecordType, type Stored } from '../records/records.ts';

interface Count {
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly until: string;
}

export const limitCounts: RecordType<Count> = { name: 'limits', indexes: {} };

export interface KeptCounterParts {
  readonly records: Records;
  readonly key: Uint8Array;
  readonly now: () => Date;
}

export class KeptCounter {
  readonly points: number;
  readonly #seconds: number;
  readonly #prefix: string;
  readonly #parts: KeptCounterParts;
  /** What is being counted under each key, the last of them. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor({ points = 1, duration = 1, keyPrefix = '' }: IRateLimiterOptions, parts: KeptCounterParts) {
    this.points = points;
    this.#seconds = duration;
    this.#prefix = keyPrefix;
    this.#parts = parts;
  }

  /** Rejects with the state, as the library's counters do, when there were too many. */
  async consume(key: string): Promise<RateLimiterRes> {
    const id = this.#id(key);
    // One after the other: of a hundred that count at once most would lose to another until they gave up.
    const counting = (this.#last.get(id) ?? Promise.resolve()).then(() => this.#count(id));
    const settled = counting.catch(() => {});
    this.#last.set(id, settled);
    void settled.then(() => this.#last.get(id) === settled && this.#last.delete(id));
    const value = await counting;
    const state = this.#state(value);
    if (value.count > this.points) throw state;
    return state;
  }

  #count(id: string): Promise<Count> {
    const { records, now } = this.#parts;
    return changing(records, async () => {
      const seen = await records.get(limitCounts, id);
      const live = seen && this.#isLive(seen) ? seen.value : undefined;
      const until = live?.until ?? new Date(now().getTime() + this.#seconds * 1000).toISOString();
      const counted: Count = { count: (live?.count ?? 0) + 1, until };
      const change = seen
        ? new Change().update(limitCounts, seen, counted)
        : new Change().create(limitCounts, id, counted);
      return { change, result: counted };
    });
  }

  async get(key: string): Promise<RateLimiterRes | null> {
    const seen = await this.#parts.records.get(limitCounts, this.#id(key));
    return seen && this.#isLive(seen) ? this.#state(seen.value) : null;
  }

  #state({ count, until }: Count): RateLimiterRes {
    const left = Date.parse(until) - this.#parts.now().getTime();
    return new RateLimiterRes(Math.max(0, this.points - count), left, count, count === 1);
  }

  #isLive({ value }: Stored<Count>): boolean {
    return value.until > this.#parts.now().toISOString();
  }

  #id(key: string): string {
    return createHmac('sha256', this.#parts.key).update(`${this.#prefix} ${key}`).digest('base64url');
  }
}

/** Takes counts out whose time is over; at the start and once a day, since nobody asks for most of them again. */
export async function clearCounts(records: Records, now: () => Date): Promise<void> {
  for await (const seen of records.all(limitCounts)) {
    if (seen.value.until <= now().toISOString()) await records.commit(new Change().delete(limitCounts, seen));
  }
}

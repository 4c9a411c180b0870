/** The limits over counters of rate-limiter-flexible: in memory for one process; its PostgreSQL one fits as well. */
import type { IRateLimiterOptions, RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { HttpError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type LimitName, type Limits, type LimitTable, limitTable } from './limits.ts';
import { MemoryCounter } from './memory-counter.ts';

type Counter = Pick<RateLimiterAbstract, 'points' | 'consume' | 'get'>;

export interface CountedLimitsParts {
  readonly log: Log;
  /** Other numbers than the table's, for tests. */
  readonly numbers?: Partial<LimitTable>;
  readonly newCounter?: (options: IRateLimiterOptions) => Counter;
  /** Told of every refusal. */
  readonly refused?: (name: LimitName) => void;
}

export class CountedLimits implements Limits {
  readonly #counters: Readonly<Record<LimitName, Counter>>;
  readonly #log: Log;
  readonly #refused: (name: LimitName) => void;

  constructor(parts: CountedLimitsParts) {
    const { log, numbers, newCounter = (options) => new MemoryCounter(options), refused = () => {} } = parts;
    this.#log = log;
    this.#refused = refused;
    const counters = Object.entries({ ...limitTable, ...numbers }).map(([name, { points, seconds }]) => [
      name,
      newCounter({ points, duration: seconds, keyPrefix: name }),
    ]);
    this.#counters = Object.fromEntries(counters);
  }

  async take(name: LimitName, key: string): Promise<void> {
    const counter = this.#counters[name];
    try {
      await counter.consume(key);
    } catch (reason) {
      if (reason instanceof Error) throw reason;
      // The library counts refused ones too, so exactly one is the first; they do not make the wait longer.
      const state = reason as RateLimiterRes;
      if (state.consumedPoints === counter.points + 1) this.#sayItBegins(name, key, state);
      this.#refused(name);
      throw tooMany(state);
    }
  }

  async takeAll(each: readonly (readonly [LimitName, string])[]): Promise<number | undefined> {
    for (const [name, key] of each) {
      const counter = this.#counters[name];
      const state = await counter.get(key);
      if (state && state.msBeforeNext > 0 && state.consumedPoints >= counter.points) {
        this.#refused(name);
        return secondsUntil(state);
      }
    }
    for (const [name, key] of each) {
      try {
        await this.#counters[name].consume(key);
      } catch (reason) {
        if (reason instanceof Error) throw reason;
        // Somebody took the last one meanwhile.
        this.#refused(name);
        return secondsUntil(reason as RateLimiterRes);
      }
    }
    return undefined;
  }

  /** Those under way at the same time all begin before the first is counted: at most so many connections too many. */
  async guard<T>(key: string, work: () => Promise<T>): Promise<T> {
    const counter = this.#counters.refused;
    const before = await counter.get(key);
    // get() still shows a key whose time is just over, until the timer that removes it has run.
    if (before && before.msBeforeNext > 0 && before.consumedPoints >= counter.points) {
      this.#refused('refused');
      throw tooMany(before);
    }
    try {
      return await work();
    } catch (error) {
      if (error instanceof HttpError && (error.statusCode === 401 || error.statusCode === 403)) {
        const state = await counter.consume(key).catch((reason: RateLimiterRes | Error) => {
          if (reason instanceof Error) throw reason;
          return reason;
        });
        if (state.consumedPoints === counter.points) this.#sayItBegins('refused', key, state);
      }
      throw error;
    }
  }

  #sayItBegins(name: LimitName, key: string, state: RateLimiterRes): void {
    this.#log.warn({ limit: name, from: masked(key), seconds: secondsUntil(state) }, 'a limit begins to refuse');
  }
}

function tooMany(state: RateLimiterRes): HttpError {
  const retryAfter = secondsUntil(state);
  const when = retryAfter === 1 ? 'in 1 second' : `in ${retryAfter} seconds`;
  return new HttpError(429, 'TooManyRequests', `too many requests came from you; try again ${when}`, { retryAfter });
}

function secondsUntil({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}

/** Enough to tell a network or to see that it is the same one again, not enough to tell a person. */
function masked(key: string): string {
  if (key.includes(':')) return `${key.split(':').slice(0, 3).join(':')}:…`;
  if (/^[\d.]+$/.test(key)) return key.replace(/\d+$/, '…');
  return `${key.slice(0, 7)}…`;
}

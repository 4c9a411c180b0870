/** Counts in this process, for a bounded number of keys. */
import type { IRateLimiterOptions, RateLimiterRes } from 'rate-limiter-flexible';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';

/** Keys that are counted at once in one limit; each takes some 500 bytes, timer included. */
const mostKeys = 20_000;

/**
 * The library keeps a key from its first point until its time is over (a timer of its own, unref'd), however many there
 * are. Here the key whose time ends first is forgotten beyond `most`. Only somebody who has more addresses than that
 * can be forgotten on purpose, and nobody is refused because of others.
 */
export class MemoryCounter extends RateLimiterMemory {
  /** When the time of each key ends, in ms; in this order, since all times are equally long. */
  readonly #ends = new Map<string, number>();

  constructor(
    options: IRateLimiterOptions,
    private readonly most = mostKeys,
  ) {
    super(options);
  }

  override async consume(key: string): Promise<RateLimiterRes> {
    const counted = await super.consume(key);
    if (counted.isFirstInDuration) this.#know(key, Date.now() + counted.msBeforeNext);
    return counted;
  }

  #know(key: string, end: number): void {
    this.#ends.delete(key);
    this.#ends.set(key, end);
    for (const [oldest, itsEnd] of this.#ends) {
      const isOver = itsEnd <= Date.now();
      if (!isOver && this.#ends.size <= this.most) break;
      this.#ends.delete(oldest);
      if (!isOver) this.delete(oldest);
    }
  }
}

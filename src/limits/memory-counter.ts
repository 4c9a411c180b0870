/** Counts in this process, for a bounded number of keys. */
import type { IRateLimiterOptions, RateLimiterRes } from 'rate-limiter-flexible';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';

/** Keys that are counted at once in one limit; each takes some 500 bytes, timer included. */
const mostKeys = 20_000;

/**
 * The library keeps a key from its first point until its time is over (a timer of its own, unref'd), however many there
 * are. Here the key that is known longest is forgotten beyond `most`. Only somebody who has more addresses than that
 * can be forgotten on purpose, and nobody is refused because of others.
 */
export class MemoryCounter extends RateLimiterMemory {
  /** In order of arrival; a key whose time was over may still stand here. */
  readonly #keys = new Set<string>();

  constructor(
    options: IRateLimiterOptions,
    private readonly most = mostKeys,
  ) {
    super(options);
  }

  override consume(key: string): Promise<RateLimiterRes> {
    if (!this.#keys.has(key)) this.#know(key);
    return super.consume(key);
  }

  #know(key: string): void {
    this.#keys.add(key);
    if (this.#keys.size <= this.most) return;
    const [oldest = ''] = this.#keys;
    this.#keys.delete(oldest);
    this.delete(oldest);
  }
}

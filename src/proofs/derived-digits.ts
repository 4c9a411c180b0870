/** Short numbers that somebody types: derived from what the store keeps and a key it does not have, never stored, nor their hash. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Keys } from '../keys.ts';

/** What a number is made of. */
export interface DigitsSeed {
  readonly id: string;
  readonly generation: number;
  /** Random, new with every number. */
  readonly nonce: string;
  /** Which of the server's keys it is made with. */
  readonly key: string;
}

export class DerivedDigits {
  readonly #keys = new Map<string, Uint8Array>();
  readonly #length: number;
  /** Of the key that new numbers are made with. */
  readonly key: string;

  constructor(keys: Keys, purpose: string, length: number) {
    const all = keys.for(purpose);
    for (const key of all) this.#keys.set(nameOf(key), key);
    this.key = nameOf(all[0]);
    this.#length = length;
  }

  /** HMAC-SHA-256(key, id.generation.nonce), its first 8 bytes modulo 10^length. Undefined where the key is gone. */
  of({ id, generation, nonce, key }: DigitsSeed): string | undefined {
    const bytes = this.#keys.get(key);
    if (!bytes) return undefined;
    const mac = createHmac('sha256', bytes).update(`${id}.${generation}.${nonce}`).digest();
    return (mac.readBigUInt64BE(0) % 10n ** BigInt(this.#length)).toString().padStart(this.#length, '0');
  }

  /** The digits in what somebody typed; undefined where it cannot be such a number. Blanks and dashes are left out. */
  read(typed: string): string | undefined {
    if (typed.length > 4 * this.#length) return undefined;
    const digits = typed.replace(/[\s\u2010-\u2015-]/g, '');
    return digits.length === this.#length && /^\d+$/.test(digits) ? digits : undefined;
  }

  /** In constant time. */
  isRight(seed: DigitsSeed, digits: string): boolean {
    const right = this.of(seed);
    return right !== undefined && timingSafeEqual(Buffer.from(right), Buffer.from(digits));
  }
}

/** The key is random, so a part of its hash tells nothing of it. */
function nameOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 8);
}

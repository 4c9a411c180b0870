/** Remembers which words stand next to each other in the knowledge base. */

/**
 * Bits for each text. A question or phrasing has about ten pairs, which set two bits each, so one pair in forty that nobody
 * wrote is taken for known; up to 30,000 texts, where there are more bits, one in a thousand.
 */
const BITS_FOR_TEXT = 128;
const FEWEST_BITS = 2 ** 20;
/** Four megabytes. */
const MOST_BITS = 2 ** 25;

function hash(first: string, second: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < first.length; i++) value = Math.imul(value ^ first.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ 0x20, 0x01000193);
  for (let i = 0; i < second.length; i++) value = Math.imul(value ^ second.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** A Bloom filter: a set of strings of this size would take more than all the rest of the matcher. */
export class WordPairs {
  readonly #bits: Uint32Array;
  readonly #mask: number;

  /** @param texts how many will be added */
  constructor(texts: number) {
    const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, texts) * BITS_FOR_TEXT));
    const size = Math.min(MOST_BITS, Math.max(FEWEST_BITS, wanted));
    this.#mask = size - 1;
    this.#bits = new Uint32Array(size / 32);
  }

  /** Every word of the row with the one that follows it. */
  add(row: readonly string[]): void {
    for (let i = 1; i < row.length; i++) {
      for (const bit of this.#places(row[i - 1] as string, row[i] as string)) {
        this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] as number) | (1 << (bit & 31));
      }
    }
  }

  /** Never wrongly false. */
  has(first: string, second: string): boolean {
    return this.#places(first, second).every((bit) => ((this.#bits[bit >>> 5] as number) & (1 << (bit & 31))) !== 0);
  }

  #places(first: string, second: string): [number, number] {
    const value = hash(first, second);
    return [(value ^ (value >>> 15)) & this.#mask, (Math.imul(value, 0x9e3779b1) >>> 5) & this.#mask];
  }
}

/**
 * How alike a question and an entry look: cosine over runs of 3 to 5 characters (carries inflections, compounds and what
 * spelling correction left over) and over pairs of nearby words (carries which words belong together).
 */

export interface Shape {
  /** Cosine over character runs, 0 to 1. */
  readonly characters: number;
  /** Cosine over pairs of words, 0 to 1. */
  readonly pairs: number;
}

/** A phrasing or question as the index wants it. */
export interface ShapedText {
  readonly words: readonly string[];
  readonly stems: readonly string[];
}

/** Feature -> the entries that have it and its weight in each: places `begins[feature]` to `begins[feature + 1]`. */
interface Inverted {
  readonly begins: Int32Array;
  readonly entries: Int32Array;
  readonly weights: Float32Array;
  /** Sums per entry, filled and cleared by each question. */
  readonly characters: Float32Array;
  readonly pairs: Float32Array;
}

interface Vector {
  readonly features: Int32Array;
  readonly weights: Float32Array;
}

/** Lengths of each entry's sum of phrasings, each of which has length 1 or, without any pair of words, 0. */
interface Lengths {
  readonly characters: Float32Array;
  readonly pairs: Float32Array;
}

const SHORTEST_RUN = 3;
const LONGEST_RUN = 5;
/** A word is paired with the two that follow it. */
const PAIR_REACH = 2;
/**
 * Features are hashed: character runs into the lower half of a table, word pairs into the upper half. A half has about
 * this many places for each phrasing, at most 2 ** 17: from 8 to 64 the figures are the same within half a point, and small tables are quicker to
 * fill and stay in the processor's cache.
 */
const PLACES = 32;
const SMALLEST_HALF = 2 ** 12;
const LARGEST_HALF = 2 ** 17;
/** Rarity is counted on at most so many entries; more change nothing but the time it takes. */
const SAMPLE = 4_000;
/** Vectors kept in memory, in features: 4 million are 32 MB, about 10,000 entries with three phrasings each. */
const CACHED_FEATURES = 4_000_000;
/**
 * Up to so many features in all, a question walks its own features through an inverted index of all entries, instead of
 * walking the features of each entry: three times as fast at 20 entries with 20 phrasings each (measured), and the index
 * stays small.
 */
const INVERTED_FEATURES = 500_000;

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

/** A sparse vector that is filled, read and cleared again and again: making lists instead took most of the time. */
class Accumulator {
  readonly values: Float32Array;
  /** The features with a value, in the order they came. */
  features = new Int32Array(1_024);
  size = 0;

  constructor(readonly half: number) {
    this.values = new Float32Array(2 * half);
  }

  /** @param value above 0 */
  add(feature: number, value: number): void {
    const before = this.values[feature] as number;
    if (before === 0) {
      if (this.size === this.features.length) {
        const more = new Int32Array(2 * this.size);
        more.set(this.features);
        this.features = more;
      }
      this.features[this.size++] = feature;
    }
    this.values[feature] = before + value;
  }

  /** Brings the halves, whose squared lengths are `runs` and `pairs`, to length 1. */
  shorten(runs: number, pairs: number): void {
    const run = 1 / Math.sqrt(runs || 1);
    const pair = 1 / Math.sqrt(pairs || 1);
    for (let i = 0; i < this.size; i++) {
      const feature = this.features[i] as number;
      this.values[feature] = (this.values[feature] as number) * (feature < this.half ? run : pair);
    }
  }

  clear(): void {
    for (let i = 0; i < this.size; i++) this.values[this.features[i] as number] = 0;
    this.size = 0;
  }
}

/** The features of a text, one after the other; one that it has twice is there twice. */
function featuresOf({ words, stems }: ShapedText, half: number): Int32Array {
  const text = ` ${words.join(' ')} `;
  const mask = half - 1;
  const found = new Int32Array((LONGEST_RUN - SHORTEST_RUN + 1) * text.length + PAIR_REACH * stems.length);
  let size = 0;
  for (let start = 0; start < text.length; start++) {
    let value = 0x811c9dc5;
    const end = Math.min(text.length, start + LONGEST_RUN);
    for (let i = start; i < end; i++) {
      value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
      if (i - start + 1 >= SHORTEST_RUN) found[size++] = (value ^ (value >>> 15)) & mask;
    }
  }
  const hashes = stems.map(hash);
  for (let i = 0; i < hashes.length; i++) {
    for (let j = i + 1; j < hashes.length && j <= i + PAIR_REACH; j++) {
      // A sum, so that the order of the two does not matter.
      const pair = Math.imul((hashes[i] as number) + (hashes[j] as number), 0x9e3779b1);
      found[size++] = half + ((pair >>> 8) & mask);
    }
  }
  return found.subarray(0, size);
}

export class ShapeIndex {
  readonly #phrasingsOf: (entry: number) => readonly ShapedText[];
  readonly #half: number;
  readonly #rarity: Float32Array;
  readonly #text: Accumulator;
  readonly #entry: Accumulator;
  readonly #vectors = new Map<number, Vector>();
  /** Of phrasings that are still in memory: they are counted first and weighed afterwards. */
  readonly #features = new WeakMap<ShapedText, Int32Array>();
  readonly #lengths: Lengths;
  readonly #inverted: Inverted | undefined;
  #cached = 0;

  /**
   * @param phrasings how many all entries have together
   * @param phrasingsOf the phrasings of entry 0 .. size - 1; asked again for vectors that were not kept
   */
  constructor(size: number, phrasings: number, phrasingsOf: (entry: number) => readonly ShapedText[]) {
    this.#phrasingsOf = phrasingsOf;
    const wanted = 2 ** Math.ceil(Math.log2(phrasings * PLACES + 1));
    this.#half = Math.min(LARGEST_HALF, Math.max(SMALLEST_HALF, wanted));
    this.#lengths = { characters: new Float32Array(size), pairs: new Float32Array(size) };
    this.#text = new Accumulator(this.#half);
    this.#entry = new Accumulator(this.#half);
    const step = Math.max(1, Math.ceil(size / SAMPLE));
    const sampled = Math.ceil(size / step);
    const rarities = Float32Array.from({ length: sampled + 1 }, (_, seen) => Math.log((sampled + 1) / (seen + 0.5)));
    this.#rarity = this.#countEntries(size, step).map((seen) => rarities[seen] as number);
    // Stops before the memory is full: the next one would empty it.
    for (let entry = 0; entry < size && this.#cached < 0.97 * CACHED_FEATURES; entry++) this.#vector(entry);
    this.#inverted = this.#cached <= INVERTED_FEATURES && this.#vectors.size === size ? this.#invert(size) : undefined;
  }

  /** The likeness of each of these entries to the question, in their order. */
  compare(question: ShapedText, entries: readonly number[]): Shape[] {
    return this.#inverted
      ? this.#walkQuestion(this.#inverted, question, entries)
      : this.#walkEntries(question, entries);
  }

  /**
   * The likeness of an entry to one of its own phrasings, if it did not have that one.
   * @param shape with it
   */
  without(phrasing: ShapedText, entry: number, { characters, pairs }: Shape): Shape {
    return {
      characters: withoutOne(characters, this.#lengths.characters[entry] as number),
      pairs: phrasing.stems.length > 1 ? withoutOne(pairs, this.#lengths.pairs[entry] as number) : 0,
    };
  }

  #walkQuestion(inverted: Inverted, question: ShapedText, wanted: readonly number[]): Shape[] {
    const { begins, entries, weights, characters, pairs } = inverted;
    this.#weigh(question);
    const { features, values, size } = this.#text;
    for (let i = 0; i < size; i++) {
      const feature = features[i] as number;
      const asked = values[feature] as number;
      const sums = feature < this.#half ? characters : pairs;
      const end = begins[feature + 1] as number;
      for (let place = begins[feature] as number; place < end; place++) {
        const entry = entries[place] as number;
        sums[entry] = (sums[entry] as number) + asked * (weights[place] as number);
      }
    }
    const shapes = wanted.map((entry) => ({
      characters: characters[entry] as number,
      pairs: pairs[entry] as number,
    }));
    characters.fill(0);
    pairs.fill(0);
    this.#text.clear();
    return shapes;
  }

  #walkEntries(question: ShapedText, entries: readonly number[]): Shape[] {
    const vectors = entries.map((entry) => this.#vector(entry));
    this.#weigh(question);
    const asked = this.#text.values;
    const shapes = vectors.map(({ features, weights }) => {
      let characters = 0;
      let pairs = 0;
      for (let i = 0; i < features.length; i++) {
        const feature = features[i] as number;
        const product = (weights[i] as number) * (asked[feature] as number);
        if (feature < this.#half) characters += product;
        else pairs += product;
      }
      return { characters, pairs };
    });
    this.#text.clear();
    return shapes;
  }

  /** Turns the entries' vectors, all of which are in memory, round by counting. */
  #invert(size: number): Inverted {
    const begins = new Int32Array(2 * this.#half + 1);
    for (const { features } of this.#vectors.values()) {
      for (let i = 0; i < features.length; i++) {
        const next = (features[i] as number) + 1;
        begins[next] = (begins[next] as number) + 1;
      }
    }
    for (let feature = 0; feature < 2 * this.#half; feature++) {
      begins[feature + 1] = (begins[feature + 1] as number) + (begins[feature] as number);
    }
    const free = begins.slice();
    const entries = new Int32Array(this.#cached);
    const weights = new Float32Array(this.#cached);
    for (const [entry, vector] of this.#vectors) {
      for (let i = 0; i < vector.features.length; i++) {
        const feature = vector.features[i] as number;
        const place = free[feature] as number;
        free[feature] = place + 1;
        entries[place] = entry;
        weights[place] = vector.weights[i] as number;
      }
    }
    return { begins, entries, weights, characters: new Float32Array(size), pairs: new Float32Array(size) };
  }

  /** In how many of the sampled entries each feature stands. */
  #countEntries(size: number, step: number): Float32Array {
    const entries = new Float32Array(2 * this.#half);
    for (let entry = 0; entry < size; entry += step) {
      for (const phrasing of this.#phrasingsOf(entry)) this.#count(phrasing);
      for (let i = 0; i < this.#text.size; i++) {
        const feature = this.#text.features[i] as number;
        entries[feature] = (entries[feature] as number) + 1;
      }
      this.#text.clear();
    }
    return entries;
  }

  #count(text: ShapedText): void {
    let features = this.#features.get(text);
    if (!features) {
      features = featuresOf(text, this.#half);
      this.#features.set(text, features);
    }
    for (let i = 0; i < features.length; i++) this.#text.add(features[i] as number, 1);
  }

  /** Fills the text's accumulator: features by how often they stand there and how rare they are, both halves of length 1. */
  #weigh(text: ShapedText): void {
    this.#count(text);
    const { features, values, size } = this.#text;
    let runs = 0;
    let pairs = 0;
    for (let i = 0; i < size; i++) {
      const feature = features[i] as number;
      const rarity = this.#rarity[feature] as number;
      const count = values[feature] as number;
      const weight = count === 1 ? rarity : rarity * (1 + Math.log(count));
      if (feature < this.#half) runs += weight * weight;
      else pairs += weight * weight;
      values[feature] = weight;
    }
    this.#text.shorten(runs, pairs);
  }

  /** The sum of an entry's phrasings, each counting alike. */
  #vector(entry: number): Vector {
    const kept = this.#vectors.get(entry);
    if (kept) return kept;
    for (const phrasing of this.#phrasingsOf(entry)) {
      this.#weigh(phrasing);
      for (let i = 0; i < this.#text.size; i++) {
        const feature = this.#text.features[i] as number;
        this.#entry.add(feature, this.#text.values[feature] as number);
      }
      this.#text.clear();
    }
    const { size, values } = this.#entry;
    const vector = { features: this.#entry.features.slice(0, size), weights: new Float32Array(size) };
    let runs = 0;
    let pairs = 0;
    for (let i = 0; i < size; i++) {
      const feature = vector.features[i] as number;
      const value = values[feature] as number;
      if (feature < this.#half) runs += value * value;
      else pairs += value * value;
    }
    this.#lengths.characters[entry] = Math.sqrt(runs);
    this.#lengths.pairs[entry] = Math.sqrt(pairs);
    this.#entry.shorten(runs, pairs);
    for (let i = 0; i < size; i++) vector.weights[i] = values[vector.features[i] as number] as number;
    this.#entry.clear();
    if (this.#cached + size > CACHED_FEATURES) {
      this.#vectors.clear();
      this.#cached = 0;
    }
    this.#vectors.set(entry, vector);
    this.#cached += size;
    return vector;
  }
}

/**
 * Cosine of a vector of length 1 and a sum that holds it, as it would be if the sum did not.
 * @param cosine with it
 */
function withoutOne(cosine: number, length: number): number {
  const rest = Math.sqrt(Math.max(0, length * length - 2 * length * cosine + 1));
  // What is left of a sum of one is rounding.
  return rest < 1e-3 ? 0 : Math.max(0, length * cosine - 1) / rest;
}

/**
 * Which entries speak of which terms (word stems and synonym groups): BM25 over an inverted index in typed arrays, and the
 * phrasing of an entry that comes nearest to a question. An entry is one document: all its phrasings together.
 */

/** A term with how much it weighs in the place it was found in; 1 is a word as it was written. */
export type Term = readonly [key: string, weight: number];

export interface TermDocument {
  /** The terms of each phrasing. */
  readonly phrasings: readonly (readonly Term[])[];
  /** The terms of the answer. */
  readonly answer: readonly Term[];
}

/** A question as the index looks it up. */
export interface AskedTerms {
  readonly terms: ReadonlyMap<string, number>;
  /** Words that no entry has, a stop word counting half. */
  readonly unknown: number;
}

/**
 * What is to be treated as if the knowledge base did not have it: one phrasing of an entry or the whole entry. So a
 * knowledge base can be asked its own phrasings as if somebody else had come up with them.
 */
export interface LeftOut {
  readonly entry: number;
  /** Undefined: the whole entry. */
  readonly phrasing?: number;
}

export interface Coverage {
  /** Share of the question's weight that the entry has words for, 0 to 1. */
  readonly share: number;
  /** That weight itself, in units of one rare word. */
  readonly amount: number;
  /** Share of the question's weight that no entry has words for, 0 to 1. */
  readonly unknown: number;
  /** Cosine of the question and the nearest phrasing, 0 to 1. */
  readonly nearest: number;
  /** Number of the nearest phrasing; -1 when none shares a term. */
  readonly phrasing: number;
}

/** BM25's constants. Flat within .3 points around these on the public sets; length matters a little (b .5 against .3: +.2). */
const K1 = 0.8;
const B = 0.5;
/** A word of the answer against one of a phrasing. Title and answer alone: 69.9 -> 81.7 points with it and the rest. */
const ANSWER_WEIGHT = 0.25;
/** What a term brings that stands in an entry about once; the score of a question is measured against it. */
const TYPICAL_IMPACT = (K1 + 1) / 1.6;
/** Below a synonym in an answer, above what adding and subtracting leaves. */
const NEXT_TO_NOTHING = 0.01;

interface Weighted {
  readonly term: number;
  readonly weight: number;
}

export class TermIndex {
  readonly #size: number;
  /** log((entries + 1) / .5): the weight of a word that no entry has. */
  readonly #rarest: number;
  readonly #ids = new Map<string, number>();
  readonly #weightOf: (key: string) => number;
  readonly #rarity: Float32Array;
  readonly #start: Int32Array;
  readonly #entry: Int32Array;
  readonly #impact: Float32Array;
  /** BM25's share of length per entry. */
  readonly #norm: Float32Array;
  /** Terms of all phrasings in one row with their weight there, where each phrasing begins, and each entry's first one. */
  readonly #phrased: Int32Array;
  readonly #phrasedWeight: Float32Array;
  readonly #phrasingStart: Int32Array;
  readonly #firstPhrasing: Int32Array;
  /** Squared length of each phrasing, its terms weighed by their rarity. */
  readonly #phrasingLength: Float64Array;
  readonly #scores: Float32Array;
  /** What each term of the question at hand brings a phrasing that has it; filled and cleared by each. */
  readonly #question: Float64Array;

  /** @param weightOf factor on a term's rarity: less than 1 for stop words */
  constructor(documents: readonly TermDocument[], weightOf: (key: string) => number) {
    const counts = documents.map((document) => this.#count(document));
    const size = documents.length;
    const terms = this.#ids.size;
    const length = counts.map((count) => [...count.values()].reduce((sum, x) => sum + x, 0));
    const mean = length.reduce((sum, x) => sum + x, 0) / Math.max(1, size) || 1;
    this.#size = size;
    this.#weightOf = weightOf;

    this.#start = new Int32Array(terms + 1);
    for (const count of counts)
      for (const term of count.keys()) this.#start[term + 1] = (this.#start[term + 1] as number) + 1;
    this.#rarity = new Float32Array(terms);
    for (const [key, term] of this.#ids) {
      this.#rarity[term] = this.#rarityOf(key, this.#start[term + 1] as number);
    }
    this.#rarest = Math.log((size + 1) / 0.5);
    for (let term = 0; term < terms; term++)
      this.#start[term + 1] = (this.#start[term + 1] as number) + (this.#start[term] as number);

    const next = this.#start.slice();
    this.#entry = new Int32Array(this.#start[terms] as number);
    this.#impact = new Float32Array(this.#entry.length);
    this.#norm = Float32Array.from(length, (own) => K1 * (1 - B + (B * own) / mean));
    counts.forEach((count, entry) => {
      const norm = this.#norm[entry] as number;
      for (const [term, frequency] of count) {
        const place = next[term] as number;
        next[term] = place + 1;
        this.#entry[place] = entry;
        this.#impact[place] = impact(frequency, norm);
      }
    });

    const phrased: number[] = [];
    const phrasedWeight: number[] = [];
    const phrasingStart = [0];
    const firstPhrasing = [0];
    for (const { phrasings } of documents) {
      for (const phrasing of phrasings) {
        const summed = new Map<number, number>();
        for (const [key, weight] of phrasing) {
          const term = this.#ids.get(key) as number;
          summed.set(term, (summed.get(term) ?? 0) + weight);
        }
        phrased.push(...summed.keys());
        phrasedWeight.push(...summed.values());
        phrasingStart.push(phrased.length);
      }
      firstPhrasing.push(phrasingStart.length - 1);
    }
    this.#phrased = Int32Array.from(phrased);
    this.#phrasedWeight = Float32Array.from(phrasedWeight);
    this.#phrasingStart = Int32Array.from(phrasingStart);
    this.#firstPhrasing = Int32Array.from(firstPhrasing);
    this.#phrasingLength = this.#lengths();
    this.#scores = new Float32Array(size);
    this.#question = new Float64Array(terms);
  }

  /**
   * BM25 of every entry, as a share of what a question of these terms and so many unknown words typically gets; about 1 for
   * an entry that has every word once. The array is overwritten by the next call.
   */
  score(question: AskedTerms, leftOut?: LeftOut): Float32Array {
    const scores = this.#scores.fill(0);
    // Words that no entry has count in full: less lets questions from elsewhere look alike (AUROC 76 to 82 with none).
    let typical = question.unknown * this.#rarest;
    let ownScore = 0;
    for (const { term, weight } of this.#weighted(question, leftOut)) {
      typical += weight;
      const end = this.#start[term + 1] as number;
      for (let i = this.#start[term] as number; i < end; i++) {
        const entry = this.#entry[i] as number;
        scores[entry] = (scores[entry] as number) + weight * (this.#impact[i] as number);
      }
      if (leftOut) ownScore += weight * this.#impactWithout(term, leftOut);
    }
    if (leftOut) scores[leftOut.entry] = ownScore;
    const unit = 1 / (typical * TYPICAL_IMPACT || 1);
    for (let entry = 0; entry < scores.length; entry++) scores[entry] = (scores[entry] as number) * unit;
    return scores;
  }

  /** How much of the question one entry has words for, and by which phrasing it comes nearest. */
  cover(entry: number, question: AskedTerms, leftOut?: LeftOut): Coverage {
    const weighted = this.#weighted(question, leftOut);
    const own = leftOut?.entry === entry ? leftOut : undefined;
    let asked = question.unknown * this.#rarest;
    let covered = 0;
    let length = question.unknown * this.#rarest ** 2;
    for (const { term, weight } of weighted) {
      this.#question[term] = (this.#rarity[term] as number) * Math.fround(weight);
      length += weight ** 2;
      asked += weight;
      if (own ? this.#impactWithout(term, own) > 0 : this.#place(term, entry) >= 0) covered += weight;
    }
    const near = this.#nearest(entry, length, own?.phrasing);
    for (const { term } of weighted) this.#question[term] = 0;
    return {
      share: asked > 0 ? covered / asked : 0,
      amount: covered / this.#rarest,
      unknown: asked > 0 ? (question.unknown * this.#rarest) / asked : 0,
      ...near,
    };
  }

  /** @param length squared, of the question that is laid out in `#question` */
  #nearest(entry: number, length: number, leftOut: number | undefined): Pick<Coverage, 'nearest' | 'phrasing'> {
    // This walks most of what a question costs; what it reads is at hand.
    const phrased = this.#phrased;
    const starts = this.#phrasingStart;
    const brought = this.#question;
    const first = this.#firstPhrasing[entry] as number;
    const end = this.#firstPhrasing[entry + 1] as number;
    let nearest = 0;
    let phrasing = -1;
    for (let p = first; p < end; p++) {
      if (p - first === leftOut) continue;
      let product = 0;
      const last = starts[p + 1] as number;
      for (let i = starts[p] as number; i < last; i++) product += brought[phrased[i] as number] as number;
      const cosine = product > 0 ? product / Math.sqrt(length * (this.#phrasingLength[p] as number)) : 0;
      if (cosine > nearest) {
        nearest = cosine;
        phrasing = p - first;
      }
    }
    return { nearest, phrasing };
  }

  #lengths(): Float64Array {
    return Float64Array.from({ length: this.#phrasingStart.length - 1 }, (_, p) => {
      let length = 0;
      for (let i = this.#phrasingStart[p] as number; i < (this.#phrasingStart[p + 1] as number); i++) {
        length += (this.#rarity[this.#phrased[i] as number] as number) ** 2;
      }
      return length;
    });
  }

  /** Whether some entry has the term even without what is left out. */
  knows(key: string, leftOut: LeftOut): boolean {
    const term = this.#ids.get(key);
    return term !== undefined && (this.#entriesWith(term) > 1 || !this.#isLost(term, leftOut));
  }

  #entriesWith(term: number): number {
    return (this.#start[term + 1] as number) - (this.#start[term] as number);
  }

  /** Whether the entry has the term, but not without what is left out of it. */
  #isLost(term: number, leftOut: LeftOut): boolean {
    return this.#place(term, leftOut.entry) >= 0 && this.#impactWithout(term, leftOut) === 0;
  }

  /** What the term brings the entry when something is left out of that. */
  #impactWithout(term: number, { entry, phrasing }: LeftOut): number {
    if (phrasing === undefined) return 0;
    const place = this.#place(term, entry);
    if (place < 0) return 0;
    const norm = this.#norm[entry] as number;
    const before = this.#impact[place] as number;
    let frequency = (before * norm) / (K1 + 1 - before);
    const p = (this.#firstPhrasing[entry] as number) + phrasing;
    for (let i = this.#phrasingStart[p] as number; i < (this.#phrasingStart[p + 1] as number); i++) {
      if (this.#phrased[i] === term) frequency -= this.#phrasedWeight[i] as number;
    }
    return frequency < NEXT_TO_NOTHING ? 0 : impact(frequency, norm);
  }

  #rarityOf(key: string, entries: number): number {
    return Math.log((this.#size + 1) / (entries + 0.5)) * this.#weightOf(key);
  }

  #weighted({ terms }: AskedTerms, leftOut?: LeftOut): Weighted[] {
    const weighted: Weighted[] = [];
    for (const [key, share] of terms) {
      const term = this.#ids.get(key);
      if (term === undefined) continue;
      const isRarer = leftOut !== undefined && this.#isLost(term, leftOut);
      const rarity = isRarer ? this.#rarityOf(key, this.#entriesWith(term) - 1) : (this.#rarity[term] as number);
      weighted.push({ term, weight: share * rarity });
    }
    return weighted;
  }

  /** Where the term's entry stands in the index; -1 when the entry does not have it. */
  #place(term: number, entry: number): number {
    const end = this.#start[term + 1] as number;
    let low = this.#start[term] as number;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entry[middle] as number) < entry) low = middle + 1;
      else high = middle;
    }
    return low < end && this.#entry[low] === entry ? low : -1;
  }

  #count({ phrasings, answer }: TermDocument): Map<number, number> {
    const count = new Map<number, number>();
    const add = (terms: readonly Term[], factor: number) => {
      for (const [key, weight] of terms) {
        let term = this.#ids.get(key);
        if (term === undefined) {
          term = this.#ids.size;
          this.#ids.set(key, term);
        }
        count.set(term, (count.get(term) ?? 0) + weight * factor);
      }
    };
    for (const phrasing of phrasings) add(phrasing, 1);
    add(answer, ANSWER_WEIGHT);
    return count;
  }
}

/** What a term brings an entry that has it so often (BM25). */
function impact(frequency: number, norm: number): number {
  return (frequency * (K1 + 1)) / (frequency + norm);
}

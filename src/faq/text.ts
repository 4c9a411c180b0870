/**
 * Words out of text that anyone may have typed, in any script. The matcher reads questions and knowledge base through it;
 * it never throws, and its work grows with the text's length only.
 */

/** What is known about a language beyond its script. */
export interface Language {
  /** The words that one written word stands for: "can't" is "can", "not". */
  expand(word: string): readonly string[];
  /** Words that stand for several, for who misspells one. */
  readonly runTogether: readonly string[];
  /** The words without those that change nothing of what is asked, ways to say the same as one. */
  plain(words: readonly string[]): readonly string[];
  /** What the inflected forms of a word have in common. */
  stem(word: string): string;
  /** Words that carry form rather than matter. */
  isStopWord(word: string): boolean;
  /** Words so usual that they are no misspelling of another one. */
  isCommon(word: string): boolean;
  /** The same as a list, for who misspells one of them. */
  readonly commonWords: readonly string[];
  /** Groups of words and expressions that mean the same, comma-separated. */
  readonly synonyms: readonly string[];
  /** Sentences of everyday life that hardly any knowledge base is about. */
  readonly outside: readonly string[];
}

/** A language nothing is known about: words count as they are written. */
export const anyLanguage: Language = {
  expand: (word) => word.split("'").filter(Boolean),
  runTogether: [],
  plain: (words) => words,
  stem: (word) => word,
  isStopWord: () => false,
  isCommon: () => false,
  commonWords: [],
  synonyms: [],
  outside: [],
};

/** A longer run of letters is no word; what follows is cut. */
const MAX_LETTERS = 40;

const COMBINING_ACCENTS = /[\u0300-\u036f]/g;
const APOSTROPHES = /[\u2018\u2019\u02bc`\u00b4]/g;
/** Marks for direction, soft hyphens, joiners: they stand inside words without being part of them. */
const INVISIBLE = /\p{Cf}/gu;
const WORDS = /[\p{L}\p{N}\p{M}]+(?:'[\p{L}\p{M}]+)*/gu;
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const PLAIN = /^[\x20-\x7e]*$/;
/** What WORDS finds in plain text: classes of Unicode take several times as long. */
const PLAIN_WORDS = /[a-z0-9]+(?:'[a-z]+)*/g;

const WEB_ADDRESS = /https?:\/\/[^\s()<>]*/gi;

/** Addresses are values that someone mentions, not words that the knowledge base could know. */
function withoutAddresses(text: string): string {
  const offline = text.includes('://') ? text.replace(WEB_ADDRESS, ' ') : text;
  if (!offline.includes('@')) return offline;
  return offline
    .split(/\s/)
    .filter((piece) => piece.indexOf('@') < 1)
    .join(' ');
}

function normalised(text: string): string {
  const lower = text.toLowerCase();
  if (PLAIN.test(lower)) return lower.replaceAll('`', "'");
  return lower
    .replace(INVISIBLE, '')
    .replace(APOSTROPHES, "'")
    .normalize('NFKD')
    .replace(COMBINING_ACCENTS, '')
    .normalize('NFC')
    .toLowerCase();
}

/** Runs of letters, lower case. */
function runsOf(text: string): string[] {
  const plain = normalised(text);
  if (PLAIN.test(plain)) return plain.match(PLAIN_WORDS) ?? [];
  return (plain.match(WORDS) ?? []).flatMap((run) => (WITHOUT_SPACES.test(run) ? [...segmented(run)] : run));
}

let segmenter: Intl.Segmenter | undefined;

/** Characters that are cut into words at once: the segmenter's time grows with the square of them. */
const SEGMENTED_AT_ONCE = 500;

/** @param all what is between the words as well, so that nothing of the run is left out */
function* segmented(run: string, all = false): Generator<string> {
  // Making one takes milliseconds.
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  for (let start = 0; start < run.length; start += SEGMENTED_AT_ONCE) {
    for (const part of segmenter.segment(run.slice(start, start + SEGMENTED_AT_ONCE))) {
      if (all || part.isWordLike) yield part.segment;
    }
  }
}

/**
 * The words of a text in lower case, without accents and punctuation, contractions written out, e-mail and web addresses
 * left out. Scripts without spaces are cut by `Intl.Segmenter`.
 * @param most words to read; what follows is left out
 */
export function words(text: string, language: Language, most = Number.POSITIVE_INFINITY): string[] {
  const found: string[] = [];
  for (const run of runsOf(withoutAddresses(text))) {
    for (const word of language.expand(run.slice(0, MAX_LETTERS))) {
      if (found.length === most) return found;
      found.push(word);
    }
  }
  return found;
}

/** A word and where it stands in the text it was read from; `end` is exclusive. */
export interface PlacedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Runs of letters as they are written, marks within words included; what `normalised` takes out does not end a run. */
const WRITTEN = /[\p{L}\p{N}\p{M}\p{Cf}]+(?:['`\u2018\u2019\u02bc\u00b4][\p{L}\p{M}\p{Cf}]+)*/gu;

/** The words of a text with their places, as `words` reads them; the parts of "can't" share one place. */
export function placedWords(text: string, language: Language): PlacedWord[] {
  const found: PlacedWord[] = [];
  for (const { 0: piece, index: begin } of text.matchAll(/\S+/g)) {
    if (withoutAddresses(piece).trim() === '') continue;
    for (const { 0: run, index } of piece.matchAll(WRITTEN)) {
      let start = begin + index;
      for (const part of WITHOUT_SPACES.test(run) ? segmented(run, true) : [run]) {
        const end = start + part.length;
        for (const letters of normalised(part).match(WORDS) ?? []) {
          for (const word of language.expand(letters.slice(0, MAX_LETTERS))) found.push({ word, start, end });
        }
        start = end;
      }
    }
  }
  return found;
}

/** A question is understood from its first 2,000 characters and 100 words; long ones in real use have 60 words. */
const MAX_CHARACTERS = 2_000;
const MAX_WORDS = 100;

/** As `words`, for text that anyone may have sent: what goes beyond 2,000 characters or 100 words is not read. */
export function wordsOfQuestion(text: string, language: Language): string[] {
  // One character can stand for eighteen (U+FDFA), so it is cut before and after that is resolved.
  const start = text.slice(0, MAX_CHARACTERS).normalize('NFKC').slice(0, MAX_CHARACTERS);
  return words(start, language, MAX_WORDS);
}

/**
 * Finds the entries of a knowledge base that a question asks for. The words are corrected and looked up (reading.ts), the
 * likeliest entries found by terms (term-index.ts) and compared by shape (shape-index.ts); confidence.ts says how sure that
 * is. Pure and synchronous; used by the bot, the help page and the command line alike.
 */
import { AccessDeskError } from '../errors.ts';
import { confidence, type Evidence } from './confidence.ts';
import { english } from './english.ts';
import { type Phrased, phrasingsOf } from './entry.ts';
import { createHighlighter, type Highlighter } from './highlight.ts';
import { createReader, type Reading } from './reading.ts';
import { ShapeIndex } from './shape-index.ts';
import { TermIndex } from './term-index.ts';
import { anyLanguage, words } from './text.ts';

export interface Match {
  readonly id: string;
  /** Orders the matches of one question; about 0 to 1.6. */
  readonly score: number;
  /** How likely this is what was asked for, 0 to 100, not rounded; comparable between questions. */
  readonly confidence: number;
}

/** A match with what led to it. */
export interface ExaminedMatch extends Match {
  readonly evidence: Evidence;
  /** The question's nearest phrasing of this entry; undefined when none has a word of it. */
  readonly phrasing?: string;
}

export interface Examination {
  readonly reading: Reading;
  readonly matches: readonly ExaminedMatch[];
}

export interface Matcher {
  /** The entries that may be meant, best first; [] when none shares anything with the text. Never throws. */
  match(text: string, limit?: number): Match[];
  /** The same with the reasons. */
  examine(text: string, limit?: number): Examination;
  /** Marks the words that this question touches. */
  highlighter(text: string): Highlighter;
}

export interface MatcherOptions {
  /** BCP 47; decides on stems, stop words and synonyms. Only English is known, others are matched by words as written. */
  readonly language?: string;
  /** Further synonym groups, each a line of words and expressions with commas between. */
  readonly synonyms?: readonly string[];
}

/**
 * The score's parts. Development rows of the public sets, mean of six figures, 66.8 with all: 65.2 without BM25,
 * 65.7 without character runs, 66.3 without word pairs; flat within .3 around these weights.
 */
const TERMS = 0.65;
const CHARACTERS = 0.5;
const PAIRS = 0.3;
/** Entries compared by shape, the best by terms: 30, 60 and 500 gave the same figures. */
const COMPARED = 30;
const DEFAULT_LIMIT = 10;

function check(entries: readonly Phrased[], hasWords: (text: string) => boolean): void {
  const ids = new Set<string>();
  const problems: string[] = [];
  for (const entry of entries) {
    if (ids.has(entry.id)) problems.push(`two entries have the id "${entry.id}": rename one`);
    ids.add(entry.id);
    if (!phrasingsOf(entry).some(hasWords)) problems.push(`the entry "${entry.id}" has no text: give it a question`);
  }
  if (problems.length > 0) {
    throw new AccessDeskError('ERR_MATCHER_ENTRIES', `The matcher cannot use these entries: ${problems.join('; ')}.`);
  }
}

/** Numbers of the entries with the `most` highest scores above 0. */
function best(scores: Float32Array, most: number): number[] {
  const found: number[] = [];
  let least = 0;
  for (let entry = 0; entry < scores.length; entry++) {
    const score = scores[entry] as number;
    if (score <= least) continue;
    let place = found.length;
    while (place > 0 && (scores[found[place - 1] as number] as number) < score) place--;
    found.splice(place, 0, entry);
    if (found.length > most) found.pop();
    if (found.length === most) least = scores[found[most - 1] as number] as number;
  }
  return found;
}

/**
 * @param entries what can be found, entries and actions alike
 * @throws AccessDeskError ERR_MATCHER_ENTRIES when an entry has no text or two have the same id
 */
export function createMatcher(entries: readonly Phrased[], options: MatcherOptions = {}): Matcher {
  const language = (options.language ?? 'en').toLowerCase().split('-')[0] === 'en' ? english : anyLanguage;
  check(entries, (text) => words(text, language).length > 0);
  const texts = entries.flatMap((entry) => [...phrasingsOf(entry), entry.answer ?? '']);
  const reader = createReader(texts, language, [...language.synonyms, ...(options.synonyms ?? [])]);
  const terms = new TermIndex(
    entries.map((entry) => ({
      phrasings: phrasingsOf(entry).map((phrasing) => reader.phrasing(phrasing).terms),
      answer: reader.phrasing(entry.answer ?? '').terms,
    })),
    reader.weightOf,
  );
  const phrasings = entries.reduce((sum, entry) => sum + 1 + entry.alternates.length, 0);
  const shapes = new ShapeIndex(entries.length, phrasings, (entry) =>
    phrasingsOf(entries[entry] as Phrased).map((phrasing) => reader.phrasing(phrasing)),
  );

  function examine(text: string, limit = DEFAULT_LIMIT): Examination {
    const reading = reader.question(text);
    const byTerms = terms.score(reading.terms, reading.unknown);
    const candidates = best(byTerms, COMPARED);
    const compared = shapes.compare(reading, candidates).map((shape, i) => {
      const entry = candidates[i] as number;
      const byTerm = byTerms[entry] as number;
      return { entry, shape, score: TERMS * byTerm + CHARACTERS * shape.characters + PAIRS * shape.pairs };
    });
    compared.sort((a, b) => b.score - a.score);

    let ceiling = 100;
    const matches = compared.slice(0, limit).map(({ entry, shape, score }, rank): ExaminedMatch => {
      const { id, question, alternates } = entries[entry] as Phrased;
      const coverage = terms.cover(entry, reading.terms, reading.unknown);
      const evidence: Evidence = {
        score,
        lead: score - (compared[rank === 0 ? 1 : 0]?.score ?? 0),
        ...shape,
        covered: coverage.share,
        amount: coverage.amount,
        nearest: coverage.nearest,
        unknown: coverage.unknown,
        length: reading.words.length,
      };
      // Confidence keeps the order of the scores.
      ceiling = Math.min(ceiling, confidence(evidence));
      return { id, score, confidence: ceiling, evidence, phrasing: [question, ...alternates][coverage.phrasing] };
    });
    return { reading, matches };
  }

  return {
    examine,
    highlighter: (text) => createHighlighter(reader.question(text), reader),
    match: (text, limit) =>
      examine(text, limit).matches.map(({ id, score, confidence }) => ({ id, score, confidence })),
  };
}

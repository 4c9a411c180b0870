/**
 * Finds the entries of a knowledge base that a question asks for. The words are corrected and looked up (reading.ts), the
 * likeliest entries found by terms (term-index.ts) and compared by shape (shape-index.ts); confidence.ts says how sure that
 * is. Pure and synchronous; used by the bot, the help page and the command line alike.
 */
import { AccessDeskError } from '../errors.ts';
import { calibrated } from './calibration.ts';
import { confidence, type Evidence } from './confidence.ts';
import { english } from './english.ts';
import { type Phrased, phrasingsOf } from './entry.ts';
import type { Highlighter } from './highlight.ts';
import { createRanker, type Ranker } from './ranker.ts';
import type { Reading } from './reading.ts';
import { createSayings } from './sayings.ts';
import { anyLanguage, type Language, words } from './text.ts';

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
  /** What the confidence would be if no other entry came near. */
  readonly alone: number;
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
  /**
   * The entry that has this very phrasing, whatever case, marks, slips and words that say nothing; undefined where none or
   * several have it.
   */
  saidAs(text: string): string | undefined;
  /** The same with the reasons. */
  examine(text: string, limit?: number): Examination;
  /** Tells which places of any passage, an answer or a title say, the question touches: what a page marks. Never throws. */
  highlighter(question: string): Highlighter;
}

export interface MatcherOptions {
  /** BCP 47; decides on stems, stop words and synonyms. Only English is known, others are matched by words as written. */
  readonly language?: string;
  /** Further synonym groups, each a line of words and expressions with commas between. */
  readonly synonyms?: readonly string[];
  /** What `learnWeights` gave for the same entries; without them they are learned, which takes most of the time. */
  readonly weights?: readonly number[];
}

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

/** What these entries teach about how sure a match is, for `createMatcher`: learned where nobody waits for it. */
export function learnWeights(entries: readonly Phrased[], options: MatcherOptions = {}): readonly number[] {
  const { language, ranker } = prepare(entries, options);
  return calibrated(entries, ranker, language.outside);
}

function prepare(entries: readonly Phrased[], options: MatcherOptions): { language: Language; ranker: Ranker } {
  const language = (options.language ?? 'en').toLowerCase().split('-')[0] === 'en' ? english : anyLanguage;
  check(entries, (text) => words(text, language).length > 0);
  const ranker = createRanker(entries, language, [...language.synonyms, ...(options.synonyms ?? [])]);
  return { language, ranker };
}

/**
 * @param entries what can be found, entries and actions alike
 * @throws AccessDeskError ERR_MATCHER_ENTRIES when an entry has no text or two have the same id
 */
export function createMatcher(entries: readonly Phrased[], options: MatcherOptions = {}): Matcher {
  const { language, ranker } = prepare(entries, options);
  const weights = options.weights ?? calibrated(entries, ranker, language.outside);

  function examine(text: string, limit = DEFAULT_LIMIT): Examination {
    const { reading, ranked } = ranker.rank(text, limit);
    let ceiling = 100;
    const matches = ranked.map(({ entry, score, evidence, phrasing }): ExaminedMatch => {
      const found = entries[entry] as Phrased;
      // Confidence keeps the order of the scores.
      ceiling = Math.min(ceiling, confidence(evidence, weights));
      return {
        id: found.id,
        score,
        confidence: ceiling,
        evidence,
        alone: confidence({ ...evidence, lead: Math.max(evidence.lead, score) }, weights),
        phrasing: phrasingsOf(found)[phrasing],
      };
    });
    return { reading, matches };
  }

  const saidAs = createSayings(entries, language, ranker.read);

  return {
    examine,
    saidAs,
    highlighter: ranker.highlighter,
    match: (text, limit) =>
      examine(text, limit).matches.map(({ id, score, confidence }) => ({ id, score, confidence })),
  };
}

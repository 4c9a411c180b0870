/**
 * Orders the entries of a knowledge base by how well they fit a question, with what speaks for each. The words are corrected
 * and looked up (reading.ts), the likeliest entries found by terms (term-index.ts) and compared by shape (shape-index.ts).
 */
import type { Evidence } from './confidence.ts';
import { type Phrased, phrasingsOf } from './entry.ts';
import type { Highlighter } from './highlight.ts';
import { createReader, type Reading } from './reading.ts';
import { ShapeIndex } from './shape-index.ts';
import { type LeftOut, TermIndex } from './term-index.ts';
import type { Language } from './text.ts';

export interface Ranked {
  readonly entry: number;
  /** Orders the entries for one question; about 0 to 1.6. */
  readonly score: number;
  readonly evidence: Evidence;
  /** Number of the question's nearest phrasing of this entry; -1 when none has a word of it. */
  readonly phrasing: number;
}

export interface Ranking {
  readonly reading: Reading;
  /** Best first. */
  readonly ranked: readonly Ranked[];
}

export interface Ranker {
  /**
   * Never throws.
   * @param leftOut of the knowledge base; when it is a phrasing, `text` is that phrasing
   */
  rank(text: string, limit: number, leftOut?: LeftOut): Ranking;
  /** The words of a question, corrected. */
  read(text: string): readonly string[];
  /** Tells where any passage speaks of what the question asks for. */
  highlighter(question: string): Highlighter;
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

export function createRanker(entries: readonly Phrased[], language: Language, synonymLines: readonly string[]): Ranker {
  const texts = entries.flatMap((entry) => [...phrasingsOf(entry), entry.answer ?? '']);
  const reader = createReader(texts, language, synonymLines);
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

  return {
    rank(text, limit, leftOut) {
      const reading = reader.question(text, leftOut && ((key) => !terms.knows(key, leftOut)));
      const byTerms = terms.score(reading, leftOut);
      const candidates = best(byTerms, COMPARED);
      const compared = shapes.compare(reading, candidates).map((found, i) => {
        const entry = candidates[i] as number;
        const shape = leftOut?.entry === entry ? shapes.without(reading, entry, found) : found;
        const byTerm = byTerms[entry] as number;
        return { entry, shape, score: TERMS * byTerm + CHARACTERS * shape.characters + PAIRS * shape.pairs };
      });
      compared.sort((a, b) => b.score - a.score);

      const ranked = compared.slice(0, limit).map(({ entry, shape, score }, rank): Ranked => {
        const coverage = terms.cover(entry, reading, leftOut);
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
        return { entry, score, evidence, phrasing: coverage.phrasing };
      });
      return { reading, ranked };
    },
    read: (text) => reader.question(text).words,
    highlighter(question) {
      const reading = reader.question(question);
      return (passage) => reader.touched(reading, passage);
    },
  };
}

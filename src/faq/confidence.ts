/**
 * Turns what speaks for and against a match into one confidence from 0 to 100. What each part of the evidence is worth is
 * known from public question sets beforehand, and learned anew for each knowledge base from the knowledge base itself
 * (calibration.ts).
 */
import { probability } from './logistic.ts';

/** What speaks for or against one entry being what a question asks for. */
export interface Evidence {
  /** Mixed score of the entry. */
  readonly score: number;
  /** Its lead over the best other entry; negative when another one is ahead. */
  readonly lead: number;
  /** Cosine over character runs, and over word pairs. */
  readonly characters: number;
  readonly pairs: number;
  /** Share of the question's weight the entry has words for. */
  readonly covered: number;
  /** That weight, in rare words. */
  readonly amount: number;
  /** Cosine with the nearest phrasing. */
  readonly nearest: number;
  /** Share of the question's weight that stands nowhere in the knowledge base. */
  readonly unknown: number;
  /** Words in the question. */
  readonly length: number;
}

export type Feature = keyof Evidence;

/** What a part of the evidence usually is, how far it usually lies from that, and what it is worth. */
interface Prior {
  readonly usual: number;
  readonly spread: number;
  readonly weight: number;
}

/**
 * Fitted by bench/fit-confidence.ts on every second development row of clinc150 and banking77 (k5, k10): 48 knowledge bases of
 * 15 to 150 entries drawn from them, half with more phrasings; questions to entries that were left out have to be refused like
 * those out of scope. Several parts of the evidence overlap, so the weights mean something together only: being alone in
 * front, sharing runs of characters and sharing many rare words say most. The evidence is at its end here: a fit on the very
 * rows that are measured gains .3 points of AUROC, and neither the best stretch of a long question, nor unknown words that are
 * no everyday words, nor the leads in coverage and nearest phrasing add anything.
 */
const PRIOR: Record<Feature, Prior> = {
  score: { usual: 0.62, spread: 0.32, weight: 0.1 },
  lead: { usual: 0.27, spread: 0.25, weight: 0.93 },
  characters: { usual: 0.29, spread: 0.18, weight: 0.66 },
  pairs: { usual: 0.14, spread: 0.13, weight: 0.43 },
  covered: { usual: 0.56, spread: 0.26, weight: 0.15 },
  amount: { usual: 1, spread: 0.35, weight: 0.47 },
  nearest: { usual: 0.47, spread: 0.25, weight: 0.22 },
  unknown: { usual: 0.25, spread: 0.27, weight: 0.01 },
  length: { usual: 2.31, spread: 0.4, weight: 0.04 },
};
const PRIOR_CONSTANT = 1.43;

export const FEATURES = Object.keys(PRIOR) as Feature[];
/** Counts and sums are felt by their logarithm. */
const LOGARITHMIC: ReadonlySet<Feature> = new Set(['amount', 'length']);

/** A plain number for each feature, before it is compared with what is usual. */
export function measured(evidence: Evidence, feature: Feature): number {
  return LOGARITHMIC.has(feature) ? Math.log1p(evidence[feature]) : evidence[feature];
}

/** The evidence as numbers around 0. */
export function numbersOf(evidence: Evidence): number[] {
  return FEATURES.map((feature) => (measured(evidence, feature) - PRIOR[feature].usual) / PRIOR[feature].spread);
}

/** What the numbers of the evidence are worth in any knowledge base; the last weight is the constant. */
export const priorWeights: readonly number[] = [...FEATURES.map((feature) => PRIOR[feature].weight), PRIOR_CONSTANT];

/** 0 to 100, not rounded. */
export function confidence(evidence: Evidence, weights: readonly number[]): number {
  return 100 * probability(weights, numbersOf(evidence));
}

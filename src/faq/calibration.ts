/**
 * Learns from a knowledge base what its evidence is worth, before anybody asks. Its own phrasings are asked as if they were
 * not in it: one left out must still find its entry; with the whole entry left out it is a question of the same field that
 * must be refused; and so must sentences from elsewhere.
 */
import { type Evidence, numbersOf, priorWeights } from './confidence.ts';
import { type Phrased, phrasingsOf } from './entry.ts';
import { type Example, fitLogistic } from './logistic.ts';
import type { Ranker } from './ranker.ts';

/**
 * Phrasings that are asked, evenly spaced over all. With 200 what is learned hangs on which of them they are: taking one phrasing
 * out of the shipped base moved the share of right answers by 4 points, with 600 by 1.6.
 */
const MOST_ASKED = 600;
/** One phrasing in so many is asked without its entry, too. */
const NEAR_EACH = 3;
/** Near questions to refuse against one to answer, and far ones; .2 to .6 give the same figures within .3 points of AUROC. */
const REFUSED = 0.35;
/** What the wrong entry counts for a question that another one answers: with .3 AUROC on clinc150 falls by half a point. */
export const WRONG = 0.5;
/** So many phrasings count as much as what is known beforehand; flat from 10 to 80. */
const PRIOR_STRENGTH = 30;

interface Asked {
  readonly evidence: Evidence;
  readonly target: number;
}

/** The weights for `confidence`; those known beforehand where no entry has a second phrasing. */
export function calibrated(entries: readonly Phrased[], ranker: Ranker, outside: readonly string[]): readonly number[] {
  const own: Asked[] = [];
  const near: Asked[] = [];
  sampled(entries).forEach(({ entry, phrasing, text }, i) => {
    const [found] = ranker.rank(text, 1, { entry, phrasing }).ranked;
    if (found) own.push({ evidence: found.evidence, target: found.entry === entry ? 1 : WRONG });
    if (i % NEAR_EACH !== 0) return;
    const [other] = ranker.rank(text, 1, { entry }).ranked;
    if (other) near.push({ evidence: other.evidence, target: 0 });
  });
  if (own.length === 0) return priorWeights;

  const far = outside.flatMap((sentence): Asked[] => {
    const [found] = ranker.rank(sentence, 1).ranked;
    return found ? [{ evidence: found.evidence, target: 0 }] : [];
  });
  const refused = REFUSED * own.length;
  const examples = [
    ...weighed(own, 1),
    ...weighed(near, refused / near.length),
    // None counts more than a phrasing, however few share a word with the knowledge base.
    ...weighed(far, Math.min(1, refused / far.length)),
  ];
  return fitLogistic(examples, priorWeights, PRIOR_STRENGTH);
}

/** Phrasings of entries that have another one. */
function sampled(entries: readonly Phrased[]): { entry: number; phrasing: number; text: string }[] {
  const all = entries.flatMap((found, entry) =>
    found.alternates.length > 0 ? phrasingsOf(found).map((text, phrasing) => ({ entry, phrasing, text })) : [],
  );
  const step = Math.max(1, all.length / MOST_ASKED);
  return Array.from(
    { length: Math.min(all.length, MOST_ASKED) },
    (_, i) => all[Math.floor(i * step)] as (typeof all)[0],
  );
}

function weighed(asked: readonly Asked[], weight: number): Example[] {
  return asked.map(({ evidence, target }) => ({ numbers: numbersOf(evidence), target, weight }));
}

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
 * Phrasings that are asked, evenly spaced over all. With 600 of the shipped base's 2,700 what is learned hangs on which of them
 * they are: taking one phrasing out moved the share of right answers by up to three points, with all of them by one at most.
 */
const MOST_ASKED = 3_000;
/** One costs more the more phrasings there are: so many of the ones times the others are asked, and in a large base `COUNTED`. */
const MOST_WORK = MOST_ASKED ** 2;
/** So many phrasings are counted in full. More count less, so that what is known beforehand and the few far ones keep their say. */
const COUNTED = 600;
/** One phrasing of an entry in so many is asked without the entry, too. */
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
  for (const { entry, phrasing, text } of sampled(entries)) {
    const [found] = ranker.rank(text, 1, { entry, phrasing }).ranked;
    if (found) own.push({ evidence: found.evidence, target: found.entry === entry ? 1 : WRONG });
    if (phrasing % NEAR_EACH !== 0) continue;
    const [other] = ranker.rank(text, 1, { entry }).ranked;
    if (other) near.push({ evidence: other.evidence, target: 0 });
  }
  if (own.length === 0) return priorWeights;

  const far = outside.flatMap((sentence): Asked[] => {
    const [found] = ranker.rank(sentence, 1).ranked;
    return found ? [{ evidence: found.evidence, target: 0 }] : [];
  });
  const counted = Math.min(own.length, COUNTED);
  const refused = REFUSED * counted;
  const examples = [
    ...weighed(own, counted / own.length),
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
  const most = Math.min(MOST_ASKED, Math.max(COUNTED, Math.floor(MOST_WORK / all.length)));
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(all.length, most) }, (_, i) => all[Math.floor(i * step)] as (typeof all)[0]);
}

function weighed(asked: readonly Asked[], weight: number): Example[] {
  return asked.map(({ evidence, target }) => ({ numbers: numbersOf(evidence), target, weight }));
}

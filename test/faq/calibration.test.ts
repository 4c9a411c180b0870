import { expect } from 'chai';
import { calibrated } from '../../src/faq/calibration.ts';
import { confidence, priorWeights } from '../../src/faq/confidence.ts';
import { english } from '../../src/faq/english.ts';
import type { Phrased } from '../../src/faq/entry.ts';
import { createRanker } from '../../src/faq/ranker.ts';

/** Entries of one field that share words, eight phrasings each. */
const THINGS = ['card', 'loan', 'room', 'printer', 'tablet', 'novel', 'ticket', 'locker'];
const entries: Phrased[] = THINGS.map((thing, i) => ({
  id: thing,
  question: `How do I get a ${thing}?`,
  alternates: [
    `i need a ${thing} today`,
    `my ${thing} is broken`,
    `who has the ${thing}`,
    `please give me the ${thing} of the library`,
    `${thing} for my ${THINGS[(i + 1) % THINGS.length]}`,
    `where is the ${thing}`,
    `what does the ${thing} cost`,
  ],
}));
const ranker = createRanker(entries, english, english.synonyms);
const outside = [
  'is it going to rain today',
  'who won the match',
  'where is the moon',
  'my dog is ill',
  'what is a volcano',
];

function sureness(text: string, weights: readonly number[]): number {
  const [best] = ranker.rank(text, 1).ranked;
  return best ? confidence(best.evidence, weights) : 0;
}

describe('calibrated', () => {
  it('keeps to what is known beforehand where no entry has a second phrasing', () => {
    const titles = entries.map((entry) => ({ ...entry, alternates: [] }));
    expect(calibrated(titles, createRanker(titles, english, []), outside)).to.equal(priorWeights);
  });

  it('learns that sentences from elsewhere are to be refused', () => {
    const learned = calibrated(entries, ranker, outside);
    const unlearned = calibrated(entries, ranker, []);
    for (const text of outside) expect(sureness(text, learned), text).to.be.below(sureness(text, unlearned));
  });

  it('is sure of questions in its own words and not of others in its field', () => {
    const weights = calibrated(entries, ranker, outside);
    expect(sureness('where can i get a printer', weights)).to.be.above(60);
    expect(sureness('i want a tablet for my sister', weights)).to.be.within(20, 60);
    expect(sureness('who has broken the window', weights)).to.be.below(30);
  });

  it('learns about the same with one phrasing less', () => {
    const many = entries.map((entry, i) => ({
      ...entry,
      alternates: Array.from({ length: 120 }, (_, n) => `${entry.alternates[n % 7]} ${THINGS[(i + n) % 8]} ${n}`),
    }));
    const [first, ...others] = many;
    const less = [{ ...(first as Phrased), alternates: first?.alternates.slice(1) ?? [] }, ...others];
    const learned = (base: readonly Phrased[]) => calibrated(base, createRanker(base, english, []), outside);
    const before = learned(many);
    for (const [i, weight] of learned(less).entries()) expect(weight).to.be.closeTo(before[i] as number, 0.05);
  });

  it('learns the same each time', () => {
    expect(calibrated(entries, ranker, outside)).to.deep.equal(calibrated(entries, ranker, outside));
  });
});

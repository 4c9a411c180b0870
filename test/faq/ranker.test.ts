import { expect } from 'chai';
import { english } from '../../src/faq/english.ts';
import type { Phrased } from '../../src/faq/entry.ts';
import { createRanker } from '../../src/faq/ranker.ts';

const entries: Phrased[] = [
  { id: 'password', question: 'I forgot my password', alternates: ['reset my password', 'the secret is lost'] },
  { id: 'mailbox', question: 'My mailbox is wrong', alternates: ['correct my mailbox', 'another address please'] },
  { id: 'invite', question: 'Invite a colleague', alternates: ['my colleague needs a login', 'add a coworker'] },
  { id: 'opening', question: 'When are you open?', alternates: ['opening hours', 'closed on Sunday'] },
];
const rankerOf = (known: Phrased[]) => createRanker(known, english, []);
const whole = rankerOf(entries);

describe('createRanker', () => {
  it('ranks as if a phrasing were not there when that is left out', () => {
    const without = rankerOf(
      entries.map((entry, i) => (i === 0 ? { ...entry, alternates: ['the secret is lost'] } : entry)),
    );
    const asked = 'reset my password';
    const [left] = whole.rank(asked, 1, { entry: 0, phrasing: 1 }).ranked;
    const [built] = without.rank(asked, 1).ranked;
    expect(left?.entry).to.equal(0);
    expect(left?.phrasing, 'nearest of those that are left').to.equal(0);
    for (const part of ['score', 'lead', 'covered', 'unknown', 'nearest'] as const) {
      expect(left?.evidence[part], part).to.be.closeTo(built?.evidence[part] ?? 0, 0.1);
    }
    expect(whole.rank(asked, 1).ranked[0]?.score, 'with it').to.be.above((left?.score ?? 0) + 0.3);
  });

  it('does not find an entry that is left out whole, and does not know its words', () => {
    const { reading, ranked } = whole.rank('the secret is lost', 4, { entry: 0 });
    expect(ranked.map(({ entry }) => entry)).to.not.include(0);
    expect(reading.unknownWords).to.deep.equal(['secret', 'lost']);
  });

  it('still knows a word that another phrasing has', () => {
    const { reading } = whole.rank('reset my password', 1, { entry: 0, phrasing: 1 });
    expect(reading.unknownWords).to.deep.equal(['reset']);
  });
});

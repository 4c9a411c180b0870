import { expect } from 'chai';
import { ANSWER_FROM, type Decision } from '../../src/faq/decide.ts';
import { type Learned, proposalsFrom } from '../../src/faq/proposals.ts';

const entries = [{ id: 'a', question: 'How do I open it?', alternates: ['open the door'] }];
const decided = (decision: Decision['decision'], id: string | null, confidence: number) => (): Decision => ({
  decision,
  id,
  confidence,
  candidates: [],
});
const learned = (lesson: Partial<Learned>): Learned => ({
  text: 'odd words',
  meant: 'a',
  how: 'picked',
  count: 1,
  ...lesson,
});
const propose = (lesson: Partial<Learned>, decide = decided('suggest', null, 20)) =>
  proposalsFrom([learned(lesson)], entries, decide);

describe('proposals', () => {
  it('are questions that came out to mean an entry', () => {
    expect(propose({}).proposals).to.have.length(1);
  });

  it('are none for what is a phrasing already, or an entry that is gone', () => {
    expect(propose({ text: 'Open the DOOR' }).proposals).to.deep.equal([]);
    expect(propose({ meant: 'gone' }).proposals).to.deep.equal([]);
  });

  it('are none for what is answered right by now', () => {
    expect(propose({}, decided('answer', 'a', ANSWER_FROM)).proposals).to.deep.equal([]);
    expect(propose({ meant: 'a' }, decided('answer', 'b', 99)).proposals).to.have.length(1);
  });

  it('are made of an answer that helped only where it was a near thing', () => {
    expect(propose({ how: 'helped' }, decided('answer', 'a', ANSWER_FROM + 1)).proposals).to.have.length(1);
    expect(propose({ how: 'helped' }, decided('answer', 'a', 99)).proposals).to.deep.equal([]);
  });

  it('are told apart from what still has no answer', () => {
    const { proposals, unanswered } = propose({ meant: undefined, how: 'missed' }, decided('none', null, 3));
    expect([proposals.length, unanswered.length]).to.deep.equal([0, 1]);
  });
});

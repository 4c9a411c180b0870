import { expect } from 'chai';
import { ANSWER_FROM, decide, GAP, SUGGEST_FROM, SURE_ALONE } from '../../src/faq/decide.ts';
import type { Phrased } from '../../src/faq/entry.ts';
import { createMatcher } from '../../src/faq/matcher.ts';

const matching = (...found: [id: string, confidence: number, alone?: number][]) => ({
  examine: (_text: string, limit: number) => ({
    matches: found.slice(0, limit).map(([id, confidence, alone = confidence]) => ({ id, confidence, alone })),
  }),
});

describe('decide', () => {
  it('answers with a match that is sure enough and alone in front', () => {
    expect(decide('q', matching(['a', ANSWER_FROM], ['b', ANSWER_FROM - GAP]))).to.include({
      decision: 'answer',
      id: 'a',
      confidence: ANSWER_FROM,
    });
  });

  it('begins a dialog, named without its do:, when the best match is an action', () => {
    expect(decide('q', matching(['do:handoff', 90], ['a', 3]))).to.include({ decision: 'dialog', id: 'handoff' });
  });

  it('suggests when the best match is not sure enough', () => {
    expect(decide('q', matching(['a', ANSWER_FROM - 0.1]))).to.include({ decision: 'suggest', id: null });
  });

  it('suggests when the second best is too near, however sure both are', () => {
    const decision = decide('q', matching(['a', 90], ['do:b', 90.1 - GAP]));
    expect(decision).to.include({ decision: 'suggest', id: null, confidence: 90 });
    expect(decision.candidates).to.deep.equal([
      { id: 'a', confidence: 90 },
      { id: 'do:b', confidence: 90.1 - GAP },
    ]);
  });

  it('takes a phrasing that somebody wrote at its word, whatever comes near it', () => {
    const matcher = { ...matching(['a', 30], ['b', 29]), saidAs: () => 'a' };
    expect(decide('q', matcher)).to.include({ decision: 'answer', id: 'a' });
    expect(decide('q', { ...matcher, saidAs: () => undefined }).decision).to.equal('suggest');
    const last = { ...matching(['b', 29], ['c', 29], ['d', 29], ['a', 28]), saidAs: () => 'a' };
    expect(decide('q', last)).to.deep.include({
      decision: 'answer',
      id: 'a',
      candidates: [
        { id: 'a', confidence: 28 },
        { id: 'b', confidence: 29 },
        { id: 'c', confidence: 29 },
      ],
    });
  });

  it('shows at most three, best first', () => {
    const { candidates } = decide('q', matching(['a', 30], ['b', 29], ['c', 28], ['d', 27]));
    expect(candidates.map(({ id }) => id)).to.deep.equal(['a', 'b', 'c']);
  });

  it('offers nothing below what is worth asking back', () => {
    expect(decide('q', matching(['a', SUGGEST_FROM - 0.1]))).to.include({ decision: 'none', id: null });
    expect(decide('q', matching())).to.deep.equal({ decision: 'none', id: null, confidence: 0, candidates: [] });
  });

  it("asks back among several that fit equally well and take each other's confidence", () => {
    const torn = (alone: number) => decide('q', matching(['a', 5, alone], ['b', 5, alone], ['c', 5, alone]));
    expect(torn(SURE_ALONE)).to.include({ decision: 'suggest', id: null });
    expect(torn(SURE_ALONE - 0.1)).to.include({ decision: 'none' });
  });

  describe('with answers and actions in one matcher', () => {
    const known: Phrased[] = [
      {
        id: 'invite-colleagues',
        question: 'How do I get my colleagues set up?',
        alternates: [
          'how do invites work',
          'where can I invite people',
          'how are new users invited',
          'what is an invitation',
        ],
      },
      {
        id: 'do:invite-colleague',
        question: 'Invite a colleague',
        alternates: ['invite Tom for me', 'send an invitation to my coworker now', 'please invite my teammate'],
      },
      {
        id: 'do:resend-invite',
        question: 'Resend my invitation',
        alternates: ['send the invite again', 'my link expired, send a new one', 'I never got the invitation'],
      },
      { id: 'forgot-password', question: 'I forgot my password', alternates: ['reset my password', 'password lost'] },
    ];
    const matcher = createMatcher(known);
    const cases: [text: string, decision: string, id: string | null][] = [
      ['resend my invite', 'dialog', 'resend-invite'],
      ['how do invites work', 'answer', 'invite-colleagues'],
      ['how do i invite my colleagues', 'answer', 'invite-colleagues'],
      ['invite my colleague Ann now', 'dialog', 'invite-colleague'],
      ['i forgot my pasword', 'answer', 'forgot-password'],
      ['will it rain tomorrow', 'none', null],
    ];
    for (const [text, decision, id] of cases) {
      it(`decides on ${decision}${id ? ` ${id}` : ''} for "${text}"`, () => {
        expect(decide(text, matcher)).to.include({ decision, id });
      });
    }
  });
});

import { expect } from 'chai';
import { type Action, type Judgement, judge, type ProofLevel } from '../../src/proofs/levels.ts';

describe('levels of proof', () => {
  const table: Record<Action, readonly [Judgement, Judgement, Judgement, Judgement]> = {
    // nothing, mailbox, teams, sign-in
    resend: ['enough', 'enough', 'enough', 'enough'],
    'list-profiles': ['not-enough', 'enough', 'enough', 'enough'],
    'change-address': ['not-enough', 'needs-approval', 'enough', 'enough'],
    'move-association': ['not-enough', 'needs-approval', 'enough', 'enough'],
    'invite-colleague': ['not-enough', 'not-enough', 'enough', 'enough'],
  };
  const levels: readonly (ProofLevel | undefined)[] = [undefined, 'mailbox', 'teams', 'sign-in'];
  for (const [action, expected] of Object.entries(table) as [Action, readonly Judgement[]][]) {
    it(`judge ${action} by what was proven`, () => {
      expect(levels.map((level) => judge(action, level))).to.deep.equal(expected);
    });
  }
});

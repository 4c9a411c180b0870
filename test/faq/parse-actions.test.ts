import { expect } from 'chai';
import { parseActions } from '../../src/faq/parse-actions.ts';
import { problemText } from '../../src/faq/problem-text.ts';
import { settings } from './sample-settings.ts';

const names = 'do:resend-invite, do:reassociate, do:list-profiles, do:invite-colleague, do:handoff';

function problemsOf(text: string): string[] {
  return parseActions('actions.md', text, settings).problems.map(problemText);
}

describe('parseActions', () => {
  it('reads what begins each dialog and what the dialog does', () => {
    const text =
      '# Actions\n\nFor all.\n\n## Send it again {#do:resend-invite}\n\nI *send* it.\n\n*Also asked:*\n\n- once more\n\n**A person?** {#do:handoff}\nI call [one](/desk).';
    const { actions, problems } = parseActions('actions.md', text, settings);
    expect(problems).to.deep.equal([]);
    expect(actions.map(({ action }) => action)).to.deep.equal([
      {
        id: 'do:resend-invite',
        question: 'Send it again',
        alternates: ['once more'],
        answer: 'I *send* it.',
        html: '<p>I <em>send</em> it.</p>',
        source: { file: 'actions.md', line: 5 },
      },
      {
        id: 'do:handoff',
        question: 'A person?',
        alternates: [],
        answer: 'I call [one](https://bot.example/desk).',
        html: '<p>I call <a href="/desk">one</a>.</p>',
        source: { file: 'actions.md', line: 13 },
      },
    ]);
    expect(actions[0]?.alternates).to.deep.equal([{ text: 'once more', line: 11 }]);
  });

  it('refuses a name that is no dialog, with the known ones', () => {
    expect(problemsOf('## A {#do:dance}\n\nb')).to.deep.equal([
      `actions.md:1: there is no dialog "do:dance"; write one of ${names} as {#do:resend-invite} behind the heading`,
    ]);
    expect(problemsOf('## A {#handoff}\n\nb')).to.have.length(1);
  });

  it('refuses a heading without a name', () => {
    expect(problemsOf('## A\n\nb')).to.deep.equal([
      `actions.md:1: the dialog is not named; write one of ${names} as {#do:resend-invite} behind the heading`,
    ]);
  });

  it('refuses an action that says nothing of what it does', () => {
    expect(problemsOf('## A {#do:handoff}')).to.deep.equal([
      'actions.md:1: "A" has no answer; write what the dialog does',
    ]);
  });

  it('refuses follow-ups beside an action', () => {
    expect(problemsOf('## A {#do:handoff}\n\nb\n\n*See also:* [c](#c)')).to.deep.equal([
      'actions.md:1: an action offers nothing else; take its links to others out',
    ]);
  });
});

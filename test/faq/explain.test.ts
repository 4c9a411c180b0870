import { expect } from 'chai';
import { ANSWER_FROM, decide } from '../../src/faq/decide.ts';
import type { Phrased } from '../../src/faq/entry.ts';
import { explain } from '../../src/faq/explain.ts';
import { createMatcher } from '../../src/faq/matcher.ts';

const known: Phrased[] = [
  { id: 'password', question: 'I forgot my password', alternates: ['reset my password'] },
  { id: 'mailbox', question: 'My mailbox is wrong', alternates: ['correct my mailbox'] },
  { id: 'surname', question: 'My surname is wrong', alternates: ['correct my surname'] },
  { id: 'do:handoff', question: 'Talk to a person', alternates: ['give me a human'] },
];
const matcher = createMatcher(known);
const explained = (text: string) => explain(decide(text, matcher), matcher.examine(text, 3));

describe('explain', () => {
  it('says what is answered, how sure that is and which phrasing was nearest', () => {
    expect(explained('how to reset the password'))
      .to.match(/^Answers with password \(confidence \d+; \d+ is enough\)\.\n/)
      .and.to.include('nearest phrasing: "reset my password"');
  });

  it('says which dialog begins', () => {
    expect(explained('a human please')).to.match(/^Begins the dialog handoff /);
  });

  it('says that a phrasing was taken at its word, where nothing else would be enough', () => {
    const said = { decision: 'answer', id: 'mailbox', confidence: ANSWER_FROM - 1, candidates: [] } as const;
    expect(explain(said, matcher.examine('correct my mailbox', 3))).to.match(
      /^Answers with mailbox \(one of its phrasings says just this\)\./,
    );
  });

  it('says that it is torn between two, and what would tell them apart', () => {
    const torn = explained('it is wrong');
    expect(torn).to.match(/^Suggests (surname, mailbox|mailbox, surname).*: it is torn between /);
    expect(torn).to.include(`and ${ANSWER_FROM} is enough to answer.`).and.to.include('would tell them apart');
  });

  it('says that two are too close to choose between though both are sure enough', () => {
    const candidates = [
      { id: 'surname', confidence: 60.4 },
      { id: 'mailbox', confidence: 58.6 },
    ];
    const torn = { decision: 'suggest', id: null, confidence: 60.4, candidates } as const;
    expect(explain(torn, matcher.examine('wrong', 3))).to.match(
      /^Suggests surname, mailbox: it is torn between surname \(60\) and mailbox \(59\)\. They are less than \d+ apart/,
    );
  });

  it('says that nothing is quite like it, and what to do if the best is meant', () => {
    const unlike = explained('how do i forget someone');
    expect(unlike).to.include('nothing is quite like it.');
    expect(unlike).to.include('If password is what was meant, add this question to its phrasings.');
  });

  it('says how much of the question each candidate has words for', () => {
    expect(explained('reset my password')).to.include('password, has 100 % of what is asked');
  });

  it('says which words were read as what, and which are not known', () => {
    expect(explained('i forgot my pasword for zorgle'))
      .to.include('Read "pasword" as "password".')
      .and.to.include('Not in the knowledge base, which lowers the confidence: "zorgle".');
  });

  it('says how sure the best would have to be when nothing is offered', () => {
    expect(explained('the price of a bus ticket')).to.match(
      /^Offers nothing: nothing is quite like it\. The best match, .* is needed to suggest it/,
    );
  });

  it('says that no word is known', () => {
    expect(explained('zorgle')).to.match(/^Offers nothing: no word of it is in the knowledge base\./);
  });
});

/** Holds the shipped knowledge base to what it reached on questions of people who had not read its phrasings. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { evaluate, parseTestRows, summarise } from '../../src/faq/evaluate.ts';
import { createKnowledge } from '../../src/faq/knowledge.ts';
import { loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import { settings } from './sample-settings.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let read: Promise<ReturnType<typeof createKnowledge>> | undefined;
/** The shipped knowledge base, read once. */
function shipped() {
  read ??= loadKnowledgeBase(at('../../faq'), settings).then(({ base }) => createKnowledge(base));
  return read;
}

/** How the shipped knowledge base does on a file of rows beside this folder. */
async function summaryOf(name: string) {
  const file = at(`../${name}`);
  const rows = parseTestRows(await readFile(file, 'utf8'), file);
  const knowledge = await shipped();
  return summarise(evaluate(rows, (text) => knowledge.decide(text)));
}

describe('questions to the shipped knowledge base', () => {
  let summary: ReturnType<typeof summarise>;
  before(async () => {
    summary = await summaryOf('questions.jsonl');
  });

  it('are enough, a third of them out of scope', () => {
    expect(summary.rows).to.be.at.least(300);
    expect(summary.outOfScope).to.be.at.least(80);
  });

  it('are answered right, or the right one is among three', () => {
    expect(summary.answeredRight).to.be.at.least(153);
    expect(summary.answeredRight + summary.suggestedRight).to.be.at.least(204);
    expect(summary.top3).to.be.at.least(225);
  });

  it('are seldom answered wrong', () => {
    expect(summary.answeredWrong).to.be.at.most(9);
  });

  it('are left alone when they are out of scope', () => {
    expect(summary.outOfScopeAnswered).to.be.at.most(3);
    expect(summary.outOfScopeAnswered + summary.outOfScopeSuggested).to.be.at.most(17);
  });
});

describe('badly typed questions to the shipped knowledge base', () => {
  let summary: ReturnType<typeof summarise>;
  before(async () => {
    summary = await summaryOf('badly-typed.jsonl');
  });

  it('are answered right, or the right one is among three', () => {
    expect(summary.answeredRight).to.be.at.least(76);
    expect(summary.answeredRight + summary.suggestedRight).to.be.at.least(88);
  });

  it('are seldom answered wrong, in scope or out of it', () => {
    expect(summary.answeredWrong).to.be.at.most(1);
    expect(summary.outOfScopeAnswered).to.equal(0);
    expect(summary.outOfScopeSuggested).to.be.at.most(2);
  });
});

describe('hurried, foreign and very short questions to the shipped knowledge base', () => {
  let summary: ReturnType<typeof summarise>;
  before(async () => {
    summary = await summaryOf('hurried.jsonl');
  });

  it('are answered right, or the right one is among three', () => {
    expect(summary.answeredRight).to.be.at.least(25);
    expect(summary.answeredRight + summary.suggestedRight).to.be.at.least(36);
  });

  it('are not answered wrong, in scope or out of it', () => {
    expect(summary.answeredWrong).to.equal(0);
    expect(summary.outOfScopeAnswered).to.equal(0);
  });
});

describe('long letters to the shipped knowledge base', () => {
  let summary: ReturnType<typeof summarise>;
  before(async () => {
    summary = await summaryOf('letters.jsonl');
  });

  it('are answered right, or the right one is among three', () => {
    expect(summary.answeredRight).to.be.at.least(30);
    expect(summary.answeredRight + summary.suggestedRight).to.be.at.least(33);
  });

  it('are seldom answered wrong, in scope or out of it', () => {
    expect(summary.answeredWrong).to.be.at.most(1);
    expect(summary.outOfScopeAnswered).to.be.at.most(3);
  });
});

describe('what people type most to the shipped knowledge base', () => {
  const said: [text: string, id: string | null][] = [
    ["i can't sign in", 'forgot-password'],
    ['i cant sign in', 'forgot-password'],
    ['i cant sing in', 'forgot-password'],
    ['cant loggin', 'forgot-password'],
    ['unable to login', 'forgot-password'],
    ['i am not able to log in', 'forgot-password'],
    ['didnt recieve the linkk', 'resend-invite'],
    ['linkdoesntwork', 'resend-invite'],
    ['parner source acces', 'who-can-access'],
    ['wats the wether tomorow', null],
  ];
  let knowledge: Awaited<ReturnType<typeof shipped>>;
  before(async () => {
    knowledge = await shipped();
  });
  for (const [text, id] of said) {
    it(`is ${id === null ? 'left alone' : `answered with ${id}`}: "${text}"`, () => {
      const decision = knowledge.decide(text);
      expect(decision.id).to.equal(id);
      if (id === null) expect(decision.decision).to.equal('none');
    });
  }
});

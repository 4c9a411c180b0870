/** Holds the shipped knowledge base to what it reached on questions of people who had not read its phrasings. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { evaluate, parseTestRows, summarise } from '../../src/faq/evaluate.ts';
import { createKnowledge } from '../../src/faq/knowledge.ts';
import { loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import { settings } from './sample-settings.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** How the shipped knowledge base does on a file of rows beside this folder. */
async function summaryOf(name: string) {
  const file = at(`../${name}`);
  const rows = parseTestRows(await readFile(file, 'utf8'), file);
  const { base } = await loadKnowledgeBase(at('../../faq'), settings);
  const knowledge = createKnowledge(base);
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
    expect(summary.answeredRight).to.be.at.least(156);
    expect(summary.answeredRight + summary.suggestedRight).to.be.at.least(205);
    expect(summary.top3).to.be.at.least(225);
  });

  it('are seldom answered wrong', () => {
    expect(summary.answeredWrong).to.be.at.most(9);
  });

  it('are left alone when they are out of scope', () => {
    expect(summary.outOfScopeAnswered).to.be.at.most(3);
    expect(summary.outOfScopeAnswered + summary.outOfScopeSuggested).to.be.at.most(21);
  });
});

describe('badly typed questions to the shipped knowledge base', () => {
  let summary: ReturnType<typeof summarise>;
  before(async () => {
    summary = await summaryOf('badly-typed.jsonl');
  });

  it('are answered right, or the right one is among three', () => {
    expect(summary.answeredRight).to.be.at.least(73);
    expect(summary.answeredRight + summary.suggestedRight).to.be.at.least(87);
  });

  it('are seldom answered wrong, in scope or out of it', () => {
    expect(summary.answeredWrong).to.be.at.most(1);
    expect(summary.outOfScopeAnswered).to.be.at.most(1);
    expect(summary.outOfScopeSuggested).to.be.at.most(3);
  });
});

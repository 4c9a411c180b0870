/** Holds the shipped knowledge base to what it reached on questions of people who had not read its phrasings. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { evaluate, parseTestRows, summarise } from '../../src/faq/evaluate.ts';
import { createKnowledge } from '../../src/faq/knowledge.ts';
import { loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import { settings } from './sample-settings.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

describe('questions to the shipped knowledge base', () => {
  let summary: ReturnType<typeof summarise>;
  before(async () => {
    const file = at('../questions.jsonl');
    const rows = parseTestRows(await readFile(file, 'utf8'), file);
    const { base } = await loadKnowledgeBase(at('../../faq'), settings);
    const knowledge = createKnowledge(base);
    summary = summarise(evaluate(rows, (text) => knowledge.decide(text)));
  });

  it('are enough, a third of them out of scope', () => {
    expect(summary.rows).to.be.at.least(300);
    expect(summary.outOfScope).to.be.at.least(80);
  });

  it('are answered right, or the right one is among three', () => {
    expect(summary.answeredRight).to.be.at.least(152);
    expect(summary.answeredRight + summary.suggestedRight).to.be.at.least(205);
    expect(summary.top3).to.be.at.least(223);
  });

  it('are seldom answered wrong', () => {
    expect(summary.answeredWrong).to.be.at.most(9);
  });

  it('are left alone when they are out of scope', () => {
    expect(summary.outOfScopeAnswered).to.be.at.most(4);
    expect(summary.outOfScopeSuggested).to.be.at.most(17);
  });
});

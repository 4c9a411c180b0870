import { expect } from 'chai';
import type { Decision } from '../../src/faq/decide.ts';
import {
  describeSummary,
  evaluate,
  parseTestRows,
  percentAnsweredRight,
  summarise,
  type TestRow,
} from '../../src/faq/evaluate.ts';

function decided(decision: Decision['decision'], ...ids: string[]): Decision {
  const candidates = ids.map((id, i) => ({ id, confidence: 90 - 10 * i }));
  const best = ids[0]?.replace(/^do:/, '') ?? null;
  const isTaken = decision === 'answer' || decision === 'dialog';
  return { decision, id: isTaken ? best : null, confidence: candidates[0]?.confidence ?? 0, candidates };
}

const summaryOf = (expectation: TestRow['expect'], decision: Decision) =>
  summarise(evaluate([{ text: 'q', expect: expectation }], () => decision));

describe('summarise', () => {
  const inScope: [rule: string, expectation: TestRow['expect'], decision: Decision, counts: Record<string, number>][] =
    [
      ['the right answer', 'a', decided('answer', 'a', 'b'), { answeredRight: 1, top1: 1, top3: 1 }],
      ['another answer', 'b', decided('answer', 'a', 'b'), { answeredWrong: 1, top1: 0, top3: 1 }],
      ['a dialog that is begun', 'do:x', decided('dialog', 'do:x'), { answeredRight: 1, top1: 1, top3: 1 }],
      ['a dialog instead of an answer', 'x', decided('dialog', 'do:x'), { answeredWrong: 1, top1: 0, top3: 0 }],
      [
        'the right one among those shown',
        'c',
        decided('suggest', 'a', 'b', 'c'),
        { suggestedRight: 1, top1: 0, top3: 1 },
      ],
      ['others shown', 'd', decided('suggest', 'a', 'b', 'c'), { suggestedWrong: 1, top1: 0, top3: 0 }],
      ['silence, with the right one on top', 'a', decided('none', 'a'), { silent: 1, top1: 1, top3: 1 }],
      ['one of several right answers', ['a', 'b'], decided('answer', 'b'), { answeredRight: 1, top1: 1, top3: 1 }],
      [
        'silence where that is right as well',
        ['a', 'none'],
        decided('none', 'b'),
        { answeredRight: 1, top1: 1, top3: 1 },
      ],
      [
        'a wrong answer where silence was right',
        ['a', 'none'],
        decided('answer', 'b'),
        { answeredWrong: 1, top1: 0, top3: 0 },
      ],
    ];
  const none = {
    answeredRight: 0,
    answeredWrong: 0,
    suggestedRight: 0,
    suggestedWrong: 0,
    silent: 0,
    top1: 0,
    top3: 0,
  };
  for (const [rule, expectation, decision, counts] of inScope) {
    it(`counts ${rule}`, () => {
      expect(summaryOf(expectation, decision)).to.deep.equal({
        ...none,
        rows: 1,
        outOfScope: 0,
        outOfScopeAnswered: 0,
        outOfScopeSuggested: 0,
        ...counts,
      });
    });
  }

  it('counts rows that expect nothing apart from the others', () => {
    const rows = { ...none, rows: 1, outOfScope: 1, outOfScopeAnswered: 0, outOfScopeSuggested: 0 };
    expect(summaryOf('none', decided('none', 'a'))).to.deep.equal(rows);
    expect(summaryOf('none', decided('dialog', 'do:a'))).to.deep.equal({ ...rows, outOfScopeAnswered: 1 });
    expect(summaryOf(['none'], decided('suggest', 'a'))).to.deep.equal({ ...rows, outOfScopeSuggested: 1 });
  });

  it('is described for people with shares, and no share of nothing', () => {
    const text = describeSummary(summaryOf('a', decided('answer', 'a')));
    expect(text).to.include('answered right       1 of 1 (100 %)').and.to.include('suggested something   0 of 0');
    expect(text).to.not.include('NaN');
  });
});

describe('percentAnsweredRight', () => {
  it('is the share of rows in scope', () => {
    const results = evaluate(
      [
        { text: 'known', expect: 'a' },
        { text: 'other', expect: 'b' },
        { text: 'far', expect: 'none' },
      ],
      () => decided('answer', 'a'),
    );
    expect(percentAnsweredRight(summarise(results))).to.equal(50);
  });

  it('is 100 when nothing is in scope', () => {
    expect(percentAnsweredRight(summaryOf('none', decided('none')))).to.equal(100);
  });
});

describe('evaluate', () => {
  it('gives each row with its decision, in order', () => {
    const rows = [
      { text: 'one', expect: 'a' },
      { text: 'two', expect: ['b', 'none'] },
    ];
    const results = evaluate(rows, (text) => decided('answer', text));
    expect(results.map(({ text, expect: expectation, id }) => [text, expectation, id])).to.deep.equal([
      ['one', 'a', 'one'],
      ['two', ['b', 'none'], 'two'],
    ]);
  });
});

describe('parseTestRows', () => {
  it('reads one row a line and skips empty lines', () => {
    expect(
      parseTestRows('\ufeff{"text":"a","expect":"x"}\r\n\n{"text":"b","expect":["y","none"]}\n', 'f'),
    ).to.deep.equal([
      { text: 'a', expect: 'x' },
      { text: 'b', expect: ['y', 'none'] },
    ]);
  });

  it('names every bad line at once, with what to write', () => {
    const lines = [
      '{"text":"a","expect":"x"}',
      'nonsense',
      '{"expect":"x"}',
      '{"text":"b"}',
      '{"text":"b","expect":[]}',
      'null',
    ];
    const missing = { text: '"text" is missing', expect: '"expect" is missing' };
    let problems: string[] = [];
    try {
      parseTestRows(lines.join('\n'), 'rows.jsonl');
    } catch (error) {
      expect(error).to.include({ code: 'ERR_FAQ_TEST_ROWS' });
      problems = (error as Error).message.split('\n').map((line) => line.split(',')[0] ?? '');
    }
    expect(problems).to.deep.equal([
      'rows.jsonl:2: not JSON',
      `rows.jsonl:3: ${missing.text}`,
      `rows.jsonl:4: ${missing.expect}`,
      `rows.jsonl:5: ${missing.expect}`,
      `rows.jsonl:6: ${missing.text}`,
    ]);
  });

  it('refuses a file without rows', () => {
    expect(() => parseTestRows('\n', 'rows.jsonl')).to.throw('rows.jsonl: no rows');
  });
});

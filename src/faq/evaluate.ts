/** Measures decisions against questions whose right answer is known: what `faq test` reports. */
import { AccessDeskError } from '../errors.ts';
import type { Decision } from './decide.ts';

export interface TestRow {
  readonly text: string;
  /** An entry's id, `do:NAME`, `none`, or several of them when each would be right. */
  readonly expect: string | readonly string[];
}

export interface TestResult extends TestRow, Decision {}

/** Counts of rows. `rows` = `outOfScope` + the five from `answeredRight` to `silent`. */
export interface TestSummary {
  readonly rows: number;
  /** A dialog that is begun counts as an answer. */
  readonly answeredRight: number;
  readonly answeredWrong: number;
  /** The right one is among those shown. */
  readonly suggestedRight: number;
  readonly suggestedWrong: number;
  /** Nothing was offered though something should have been. */
  readonly silent: number;
  /** Rows that expect `none` and nothing else. */
  readonly outOfScope: number;
  readonly outOfScopeAnswered: number;
  readonly outOfScopeSuggested: number;
  /** Rows in scope whose best candidate, or one of the best three, is right, whatever was decided. */
  readonly top1: number;
  readonly top3: number;
}

const NOTHING = 'none';

const expected = (row: TestRow): readonly string[] => (typeof row.expect === 'string' ? [row.expect] : row.expect);

/**
 * Reads `{"text", "expect"}` lines; empty lines are skipped.
 * @param file named in the error, as it was given
 * @throws AccessDeskError ERR_FAQ_TEST_ROWS that lists every bad line as `file:line`
 */
export function parseTestRows(jsonl: string, file: string): TestRow[] {
  const rows: TestRow[] = [];
  const problems: string[] = [];
  const lines = jsonl.replace(/^\ufeff/, '').split(/\r?\n/);
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const row = rowFrom(line);
    if (typeof row === 'string') problems.push(`${file}:${i + 1}: ${row}`);
    else rows.push(row);
  });
  if (problems.length === 0 && rows.length === 0) problems.push(`${file}: no rows, write one JSON object per line`);
  if (problems.length > 0) throw new AccessDeskError('ERR_FAQ_TEST_ROWS', problems.join('\n'));
  return rows;
}

/** The row, or what is wrong with it. */
function rowFrom(line: string): TestRow | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'not JSON, write {"text": "...", "expect": "..."} in one line';
  }
  const { text, expect } = (value ?? {}) as Record<string, unknown>;
  if (typeof text !== 'string') return '"text" is missing, write the question there';
  const ids = Array.isArray(expect) ? expect : [expect];
  if (ids.length === 0 || !ids.every((id) => typeof id === 'string' && id !== '')) {
    return '"expect" is missing, write an entry id, do:NAME, none, or a list of those';
  }
  return { text, expect: expect as string | string[] };
}

/** @param decideOn decides on one text, see decide.ts */
export function evaluate(rows: readonly TestRow[], decideOn: (text: string) => Decision): TestResult[] {
  return rows.map((row) => ({ ...row, ...decideOn(row.text) }));
}

/**
 * Counts the results. A row that expects `none` or something else is in scope: an offer is judged like any other, and offering
 * nothing counts as answered right, with the right one on top.
 */
export function summarise(results: readonly TestResult[]): TestSummary {
  const inScope = results.filter((result) => expected(result).some((id) => id !== NOTHING));
  const outOfScope = results.filter((result) => !inScope.includes(result));
  const answered = ({ decision }: TestResult) => decision === 'answer' || decision === 'dialog';
  const suggested = ({ decision }: TestResult) => decision === 'suggest';
  const rightlySilent = (result: TestResult) => result.decision === 'none' && expected(result).includes(NOTHING);
  const rightAmong = (most: number) => (result: TestResult) =>
    rightlySilent(result) || result.candidates.slice(0, most).some(({ id }) => expected(result).includes(id));
  const isFirst = rightAmong(1);
  const isAmongThree = rightAmong(3);
  const count = (list: readonly TestResult[], test: (result: TestResult) => boolean) => list.filter(test).length;
  return {
    rows: results.length,
    answeredRight: count(inScope, (result) => (answered(result) && isFirst(result)) || rightlySilent(result)),
    answeredWrong: count(inScope, (result) => answered(result) && !isFirst(result)),
    suggestedRight: count(inScope, (result) => suggested(result) && isAmongThree(result)),
    suggestedWrong: count(inScope, (result) => suggested(result) && !isAmongThree(result)),
    silent: count(inScope, (result) => result.decision === 'none' && !rightlySilent(result)),
    outOfScope: outOfScope.length,
    outOfScopeAnswered: count(outOfScope, answered),
    outOfScopeSuggested: count(outOfScope, suggested),
    top1: count(inScope, isFirst),
    top3: count(inScope, isAmongThree),
  };
}

/** Rows in scope that were answered right, in percent of all rows in scope; 100 when there are none. */
export function percentAnsweredRight({ rows, outOfScope, answeredRight }: TestSummary): number {
  return rows === outOfScope ? 100 : (100 * answeredRight) / (rows - outOfScope);
}

/** The summary for people, several lines. */
export function describeSummary(summary: TestSummary): string {
  const inScope = summary.rows - summary.outOfScope;
  const of = (count: number, all: number) =>
    `${count} of ${all}${all > 0 ? ` (${Math.round((100 * count) / all)} %)` : ''}`;
  return [
    `Questions the knowledge base should answer: ${inScope}`,
    `  answered right       ${of(summary.answeredRight, inScope)}`,
    `  answered wrong       ${of(summary.answeredWrong, inScope)}`,
    `  right one suggested  ${of(summary.suggestedRight, inScope)}`,
    `  only wrong suggested ${of(summary.suggestedWrong, inScope)}`,
    `  nothing offered      ${of(summary.silent, inScope)}`,
    `  right one ranked first ${of(summary.top1, inScope)}, among three ${of(summary.top3, inScope)}`,
    `Questions it should leave alone: ${summary.outOfScope}`,
    `  answered all the same ${of(summary.outOfScopeAnswered, summary.outOfScope)}`,
    `  suggested something   ${of(summary.outOfScopeSuggested, summary.outOfScope)}`,
  ].join('\n');
}

/**
 * Writes a new entry at the end of a topic's file, in the way its others are written. What comes out is held against
 * the reading of the whole knowledge base before anybody puts it on the disk.
 */
import { slug } from 'github-slugger';
import { toMarkdown } from 'mdast-util-to-markdown';
import { AccessDeskError } from '../errors.ts';
import { type Problem, phrasingsOf } from './entry.ts';
import { hasHiddenSigns } from './hidden-signs.ts';
import type { LoadedKnowledgeBase } from './load-knowledge-base.ts';
import { type Asked, nearDuplicates } from './near-duplicates.ts';
import { problemText, sourceText } from './problem-text.ts';
import { oneLine } from './split-sections.ts';

export interface NewAnswer {
  readonly question: string;
  /** Markdown, as authors write it. */
  readonly answer: string;
}

export interface WrittenAnswer {
  /** All of the file. */
  readonly text: string;
  readonly id: string;
  /** As the reader will find it. */
  readonly question: string;
  /** 1-based lines of the question and of the answer's first line. */
  readonly line: number;
  readonly answerLine: number;
}

const longestQuestion = 200;
const longestAnswer = 4000;
const longestId = 60;

/**
 * @param text - of the file as it is
 * @param known - the knowledge base as it is
 * @throws AccessDeskError `ERR_ANSWER`, saying what to write instead
 */
export function writeAnswer(wanted: NewAnswer, text: string, known: LoadedKnowledgeBase): WrittenAnswer {
  const question = oneLine(wanted.question);
  const answer = wanted.answer
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
  if (question === '') throw refused('Write the question.');
  if (answer === '') throw refused('Write the answer.');
  if (hasHiddenSigns(question + answer)) throw refused('Take out the signs that nobody sees: type the text anew.');
  if (/\{#[^}]*\}$/.test(question)) throw refused('Leave {#…} out of the question: its id is made of its words.');
  if (question.length > longestQuestion) throw refused(`Ask it in at most ${longestQuestion} characters.`);
  if (answer.length > longestAnswer) {
    throw refused(`The answer has ${answer.length} characters. Say it in at most ${longestAnswer}, or in two answers.`);
  }
  const same = sameQuestion(question, undefined, known);
  if (same) throw refused(`“${question}” asks the same as ${same}. Change the answer there, or add a phrasing to it.`);
  const id = idOf(question);
  if (id === '') throw refused('The question needs a letter or digit.');
  const taken = known.base.entries.find((entry) => entry.id === id);
  if (taken) {
    const place = `${id} (${sourceText(taken.source)}: “${taken.question}”)`;
    throw refused(`There is an entry ${place} already. Ask the question in other words.`);
  }
  const before = text.trimEnd();
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const added = `\n\n${heading(question, id, before)}\n\n${answer}\n`;
  const line = before.split(/\r?\n/).length + 2;
  return { text: before + added.replaceAll('\n', lineEnd), id, question, line, answerLine: line + 2 };
}

/**
 * What another entry or action is asked by these words, as `id (file:line)`; undefined: none is.
 * @param own - the entry that the words are for
 */
export function sameQuestion(
  words: string,
  own: string | undefined,
  { base }: LoadedKnowledgeBase,
): string | undefined {
  const asked: Asked[] = [...base.entries, ...base.actions]
    .filter(({ id }) => id !== own)
    .flatMap((phrased) => phrasingsOf(phrased).map((text) => ({ id: phrased.id, text, source: phrased.source })));
  const here = { id: '', text: words, source: { file: '', line: 0 } };
  const [, first] = nearDuplicates([...asked, here]).find(([later]) => later === here) ?? [];
  return first && `“${first.text}” of ${first.id} (${sourceText(first.source)})`;
}

/** Text that ends a file in a way that a question after it is still one; `isReadWhole` looks for it. */
export function probe(id: string): string {
  return `\n\n## ${id}? {#${id}}\n\n${id}\n`;
}

/**
 * Holds the reading with the new entry, and a probe behind it, against the one without.
 * @throws AccessDeskError `ERR_ANSWER` where anything is wrong with the entry, or anything else would read differently
 */
export function holdAnswer(
  written: WrittenAnswer,
  file: string,
  probeId: string,
  before: LoadedKnowledgeBase,
  after: LoadedKnowledgeBase,
) {
  const problems = newProblems(before, after);
  if (problems.length > 0)
    throw refused(problems.map((problem) => inAnswer(problem, file, written.answerLine)).join('\n'));
  const known = new Map(before.base.entries.map((entry) => [entry.id, JSON.stringify(entry)]));
  const added = after.base.entries.filter((entry) => known.get(entry.id) !== JSON.stringify(entry));
  const entry = added.find(({ id }) => id === written.id);
  if (entry && entry.question !== written.question) {
    throw refused('The question does not read as one line of plain text. Write it without Markdown and settings.');
  }
  const ids = added.map(({ id }) => id).join(' ');
  if (ids !== `${written.id} ${probeId}` || after.base.entries.length !== before.base.entries.length + 2) {
    const advice =
      'Write no headings and no lines that are one bold question, and close every ``` and <!--. Nothing was changed.';
    throw refused(`The answer would change what else is in the file. ${advice}`);
  }
}

/** Problems that were not there before, wherever lines have moved to. */
export function newProblems(before: LoadedKnowledgeBase, after: LoadedKnowledgeBase): Problem[] {
  const nameOf = ({ source, message }: Problem) => `${source.file} ${message.replace(/:\d+/g, '')}`;
  const known = new Map<string, number>();
  for (const problem of before.problems) known.set(nameOf(problem), (known.get(nameOf(problem)) ?? 0) + 1);
  return after.problems.filter((problem) => {
    const left = known.get(nameOf(problem)) ?? 0;
    known.set(nameOf(problem), left - 1);
    return left <= 0;
  });
}

function inAnswer(problem: Problem, file: string, answerLine: number): string {
  const { source, message } = problem;
  if (source.file !== file || source.line < answerLine) return problemText(problem);
  return `Line ${source.line - answerLine + 1} of the answer: ${message}`;
}

/** As the file's last question is written: behind as many #, or in bold. */
function heading(question: string, id: string, text: string): string {
  const lines = text.split(/\r?\n/);
  const last = lines.findLast((line) => /^#{2,6} /.test(line) || /^\*\*.*[?؟？]\*\*/.test(line));
  const escaped = toMarkdown({ type: 'paragraph', children: [{ type: 'text', value: question }] }).trim();
  if (last?.startsWith('**') && /[?؟？]$/.test(question)) return `**${escaped}** {#${id}}`;
  const marks = /^#+/.exec(last ?? '')?.[0] ?? '##';
  return `${marks} ${escaped} {#${id}}`;
}

/** Written down, so that links and votes outlive a change of the question. */
function idOf(question: string): string {
  const whole = slug(question).replace(/^[-_]+/, '');
  const cut = whole.length <= longestId ? whole : whole.slice(0, longestId + 1).replace(/-[^-]*$/, '');
  return [...cut]
    .slice(0, longestId)
    .join('')
    .replace(/[-_]+$/, '');
}

function refused(message: string): AccessDeskError {
  return new AccessDeskError('ERR_ANSWER', message);
}

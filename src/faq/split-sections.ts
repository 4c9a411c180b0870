/**
 * Divides a cleaned file into its title, the text before the first question, and one section per question. A heading
 * below the title starts a section, and so does a paragraph whose first line is one bold question.
 */
import type { Paragraph, PhrasingContent, Root, RootContent } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import type { ProblemList } from './problem-list.ts';

/** A question, or the heading of a notice or action, with all that follows it. */
export interface Section {
  readonly question: string;
  /** As written in `{#id}`; undefined when there is none. */
  readonly id?: string;
  /** 1-based line of the question. */
  readonly line: number;
  readonly body: readonly RootContent[];
}

/** A file in its parts. */
export interface Sections {
  readonly title?: string;
  readonly intro: readonly RootContent[];
  readonly sections: readonly Section[];
}

/** Latin and Greek, Arabic, and full-width question marks. */
const QUESTION_MARKS = ['?', '؟', '？'];

/** @param startsAt whether bold questions start a section too, or headings only */
export function splitSections(root: Root, startsAt: 'questions' | 'headings', problems: ProblemList): Sections {
  let title: string | undefined;
  const intro: RootContent[] = [];
  const sections: (Section & { body: RootContent[] })[] = [];
  for (const node of root.children) {
    if (node.type === 'yaml') continue;
    const line = node.position?.start.line ?? 1;
    if (node.type === 'heading' && node.depth === 1) {
      if (title === undefined && sections.length === 0) title = oneLine(textOf(node));
      else
        problems.error(line, 'a file has one heading with a single #, its title at the top; write ## for a question');
      continue;
    }
    const start =
      node.type === 'heading'
        ? { ...takeId(oneLine(textOf(node))), rest: undefined }
        : node.type === 'paragraph' && startsAt === 'questions'
          ? boldQuestion(node, line, problems)
          : undefined;
    if (!start) {
      (sections.at(-1)?.body ?? intro).push(node);
      continue;
    }
    if (start.question === '') problems.error(line, 'this heading has no text; write the question behind its #');
    sections.push({ question: start.question, id: start.id, line, body: start.rest ? [start.rest] : [] });
  }
  return { title, intro, sections };
}

interface Start {
  readonly question: string;
  readonly id?: string;
  readonly rest?: Paragraph;
}

/** What a paragraph starts when its first line is one bold question; warns of what nearly is one. */
function boldQuestion(paragraph: Paragraph, line: number, problems: ProblemList): Start | undefined {
  const [strong, ...others] = paragraph.children;
  if (strong?.type !== 'strong') return undefined;
  const { tail, rest } = firstLine(others);
  const start = takeId(`${oneLine(textOf(strong))} ${tail}`.trim());
  const bold = takeId(oneLine(textOf(strong))).question;
  if (start.question === bold && isQuestion(bold)) {
    return { ...start, rest: rest.length > 0 ? { ...paragraph, children: rest } : undefined };
  }
  if (isQuestion(bold)) {
    problems.warning(
      line,
      `"${bold}" starts no entry as text follows on its line; put the answer on a line of its own`,
    );
  } else if (start.question === bold && rest.length === 0) {
    problems.warning(line, `"${bold}" stays part of the text; end it with ? if it is meant as a question`);
  }
  return undefined;
}

/** The text up to the first line break, and what follows it. */
function firstLine(nodes: readonly PhrasingContent[]): { tail: string; rest: PhrasingContent[] } {
  let tail = '';
  for (const [index, node] of nodes.entries()) {
    const after = nodes.slice(index + 1);
    if (node.type === 'break') return { tail: tail.trim(), rest: after };
    const end = node.type === 'text' ? node.value.indexOf('\n') : -1;
    if (node.type === 'text' && end >= 0) {
      const value = node.value.slice(end + 1);
      return {
        tail: `${tail}${node.value.slice(0, end)}`.trim(),
        rest: value === '' ? after : [{ type: 'text', value }, ...after],
      };
    }
    tail += textOf(node);
  }
  return { tail: tail.trim(), rest: [] };
}

/** Takes `{#id}` off the end of a question. */
function takeId(text: string): { question: string; id?: string } {
  const start = text.lastIndexOf('{#');
  if (start < 0 || !text.endsWith('}')) return { question: text };
  return { question: text.slice(0, start).trimEnd(), id: text.slice(start + 2, -1).trim() };
}

function isQuestion(text: string): boolean {
  return QUESTION_MARKS.some((mark) => text.endsWith(mark));
}

/** Any run of white space as one space. */
export function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** Writes another phrasing below an entry or action of a Markdown file, and leaves all other lines as they are. */
import { toMarkdown } from 'mdast-util-to-markdown';
import { AccessDeskError } from '../errors.ts';
import type { FaqSettings } from './entry.ts';
import { parseActions } from './parse-actions.ts';
import { parseTopic } from './parse-topic.ts';
import { oneLine } from './split-sections.ts';

export interface NewPhrasing {
  /** Of the entry, or `do:NAME`. */
  readonly id: string;
  readonly phrasing: string;
  /** Name of the file and all that is in it. */
  readonly file: string;
  readonly text: string;
  readonly settings: FaqSettings;
}

/** Where an entry or action stands in its file, and its other phrasings. */
export interface PhrasedSection {
  readonly id: string;
  /** 1-based lines. */
  readonly line: number;
  readonly phrasings: readonly { readonly text: string; readonly line: number }[];
}

/** Labels that stand behind the phrasings. */
const LABEL_BEHIND = /^\s*[*_]{1,2}(?:see also|i can do this)\b/i;
const LIST_ITEM = /^\s*[-*+]\s+/;

/**
 * @returns the file with the phrasing, and the 1-based line on which that stands
 * @throws AccessDeskError `ERR_PHRASING` where the file would not read as meant afterwards
 */
export function addPhrasing(wanted: NewPhrasing): { text: string; line: number } {
  const before = sectionsOf(wanted, wanted.text);
  const text = withPhrasing(wanted, before);
  return { text, line: lineOfPhrasing(wanted, before, sectionsOf(wanted, text)) };
}

/** The file with the phrasing. @param before - the sections that it has */
export function withPhrasing(wanted: Omit<NewPhrasing, 'settings'>, before: readonly PhrasedSection[]): string {
  const lineEnd = wanted.text.includes('\r\n') ? '\r\n' : '\n';
  const lines = wanted.text.split(/\r?\n/);
  const section = sectionIn(before, wanted);
  const last = section.phrasings.at(-1)?.line;
  const next = before.map(({ line }) => line).filter((line) => line > section.line);
  const { at, added } =
    last === undefined
      ? newList(lines, section.line, Math.min(...next, lines.length + 1), oneLine(wanted.phrasing))
      : nextItem(lines, last, oneLine(wanted.phrasing));
  lines.splice(at, 0, ...added);
  return lines.join(lineEnd);
}

/**
 * Holds what is read of the file with the phrasing against what was read before.
 * @returns the 1-based line on which the phrasing stands
 */
export function lineOfPhrasing(
  wanted: Omit<NewPhrasing, 'settings'>,
  before: readonly PhrasedSection[],
  after: readonly PhrasedSection[],
): number {
  const phrasing = oneLine(wanted.phrasing);
  const phrasings = after.find(({ id }) => id === wanted.id)?.phrasings ?? [];
  const written = phrasings.at(-1);
  if (phrasings.length !== sectionIn(before, wanted).phrasings.length + 1 || written?.text !== phrasing) {
    const advice = `Write this into ${wanted.file} by hand, below ${wanted.id}: ${phrasing}`;
    throw new AccessDeskError('ERR_PHRASING', `This phrasing does not fit into a list of Markdown. ${advice}`);
  }
  return written.line;
}

function sectionIn(
  sections: readonly PhrasedSection[],
  { id, file }: Pick<NewPhrasing, 'id' | 'file'>,
): PhrasedSection {
  const section = sections.find((one) => one.id === id);
  if (!section) throw new AccessDeskError('ERR_PHRASING', `There is no ${id} in ${file} any more.`);
  return section;
}

function sectionsOf({ file, settings }: NewPhrasing, text: string): PhrasedSection[] {
  if (file.toLowerCase() === 'actions.md') {
    const { actions } = parseActions(file, text, settings);
    return actions.map(({ action: { id, source }, alternates }) => ({ id, line: source.line, phrasings: alternates }));
  }
  const { entries } = parseTopic(file, text, settings);
  return entries.map(({ entry: { id, source }, alternates }) => ({ id, line: source.line, phrasings: alternates }));
}

/** Behind the last item, which may go on over several lines, with its mark. */
function nextItem(lines: readonly string[], last: number, phrasing: string) {
  const mark = LIST_ITEM.exec(lines[last - 1] ?? '')?.[0] ?? '- ';
  let at = last;
  while (at < lines.length && lines[at]?.trim() !== '' && !LIST_ITEM.test(lines[at] ?? '')) at++;
  return { at, added: [mark + asText(phrasing)] };
}

/** Behind the answer, before the labels that follow it. */
function newList(lines: readonly string[], question: number, nextQuestion: number, phrasing: string) {
  const until = nextQuestion - 1;
  const label = lines.findIndex((line, index) => index >= question && index < until && LABEL_BEHIND.test(line));
  let at = label < 0 ? until : label;
  while (at > question && lines[at - 1]?.trim() === '') at--;
  return { at, added: ['', '*Also asked:*', '', `- ${asText(phrasing)}`] };
}

/** Whatever it looks like in Markdown. */
function asText(value: string): string {
  return toMarkdown({ type: 'paragraph', children: [{ type: 'text', value }] }).trim();
}

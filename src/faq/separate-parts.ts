/**
 * Separates an answer from what is written beside it: other phrasings, follow-ups and dialogs to offer. Each begins
 * with its label in italics or bold at the start of a line, so that the file reads well in any Markdown viewer.
 */
import type { Link, List, Paragraph, PhrasingContent, RootContent } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import { visit } from 'unist-util-visit';
import { dialogNamesHint } from './dialog-name.ts';
import type { ProblemList } from './problem-list.ts';
import { oneLine } from './split-sections.ts';

/** Another way to ask the same. */
export interface Phrasing {
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

/** A section's body in its parts. */
export interface AnswerParts {
  readonly answer: readonly RootContent[];
  readonly alternates: readonly Phrasing[];
  /** Ids of entries; whether they exist is checked over the whole folder. */
  readonly next: readonly string[];
  /** Names of dialogs, those linked to within the answer included. */
  readonly dialogs: readonly string[];
}

type Part = 'alternates' | 'next' | 'dialogs';

const LABELS: ReadonlyMap<string, Part> = new Map([
  ['also asked', 'alternates'],
  ['see also', 'next'],
  ['i can do this', 'dialogs'],
]);

/** Divides what follows a question. Parts may be written more than once and are then taken together. */
export function separateParts(body: readonly RootContent[], problems: ProblemList): AnswerParts {
  const answer: RootContent[] = [];
  const alternates: Phrasing[] = [];
  const next = new Set<string>();
  const dialogs = new Set<string>();
  let taken: RootContent | undefined;
  for (const [at, node] of body.entries()) {
    if (node === taken) continue;
    if (node.type !== 'paragraph') {
      answer.push(node);
      continue;
    }
    const { text, parts } = splitAtLabels(node);
    if (text.length > 0) answer.push({ ...node, children: text });
    for (const [index, { part, label, content, line }] of parts.entries()) {
      const following = index === parts.length - 1 ? body[at + 1] : undefined;
      const wantsList = part === 'alternates' || links(content).length === 0;
      const list = wantsList && following?.type === 'list' ? following : undefined;
      if (list) taken = list;
      if (part === 'alternates') {
        if (!list || textOf({ type: 'paragraph', children: content }).trim() !== '') {
          problems.error(line, `"${label}" must be followed by a list, one phrasing per item: - how do I …`);
        }
        if (list) alternates.push(...phrasings(list, problems));
        continue;
      }
      const targets = links(list ?? content);
      const prefix = part === 'next' ? '#' : 'do:';
      for (const target of targets) {
        if (target.url.startsWith(prefix)) (part === 'next' ? next : dialogs).add(target.url.slice(prefix.length));
      }
      if (targets.length === 0 || targets.some(({ url }) => !url.startsWith(prefix))) {
        const form =
          part === 'next' ? 'links to entries: [text](#id)' : `links to dialogs: [text](do:NAME); ${dialogNamesHint()}`;
        problems.error(line, `"${label}" must hold ${form}`);
      }
    }
  }
  for (const { url } of answer.flatMap((node) => links(node))) {
    if (url.startsWith('do:')) dialogs.add(url.slice('do:'.length));
  }
  return { answer, alternates, next: [...next], dialogs: [...dialogs] };
}

interface LabelledPart {
  readonly part: Part;
  readonly label: string;
  readonly content: PhrasingContent[];
  readonly line: number;
}

/** Cuts a paragraph where a label stands at the start of a line; what comes before is text. */
function splitAtLabels(paragraph: Paragraph): { text: PhrasingContent[]; parts: LabelledPart[] } {
  const text: PhrasingContent[] = [];
  const parts: LabelledPart[] = [];
  for (const [index, node] of paragraph.children.entries()) {
    const label = startsLine(paragraph.children, index) ? labelOf(node, paragraph.children[index + 1]) : undefined;
    if (label) {
      const line = node.position?.start.line ?? paragraph.position?.start.line ?? 1;
      parts.push({ part: label.part, label: label.name, content: [], line });
      continue;
    }
    const into = parts.at(-1)?.content;
    if (!into) text.push(node);
    else if (into.length === 0 && node.type === 'text') into.push({ ...node, value: withoutColon(node.value) });
    else into.push(node);
  }
  return { text: parts.length > 0 ? withoutTrailingBreak(text) : text, parts };
}

function startsLine(nodes: readonly PhrasingContent[], index: number): boolean {
  const before = nodes[index - 1];
  return !before || before.type === 'break' || (before.type === 'text' && before.value.endsWith('\n'));
}

/** A label is emphasised text with a colon, within the emphasis or right behind it. */
function labelOf(node: PhrasingContent, after: PhrasingContent | undefined): { part: Part; name: string } | undefined {
  if (node.type !== 'emphasis' && node.type !== 'strong') return undefined;
  const name = oneLine(textOf(node));
  const hasColon = name.endsWith(':') || (after?.type === 'text' && after.value.startsWith(':'));
  const part = LABELS.get(withoutColonAtEnd(name).toLowerCase());
  return hasColon && part ? { part, name } : undefined;
}

function withoutColonAtEnd(text: string): string {
  return text.endsWith(':') ? text.slice(0, -1).trimEnd() : text;
}

function withoutColon(text: string): string {
  return text.startsWith(':') ? text.slice(1) : text;
}

function withoutTrailingBreak(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  const last = nodes.at(-1);
  if (last?.type === 'break') return nodes.slice(0, -1);
  if (last?.type !== 'text') return [...nodes];
  const value = last.value.trimEnd();
  return value === '' ? nodes.slice(0, -1) : [...nodes.slice(0, -1), { ...last, value }];
}

function phrasings(list: List, problems: ProblemList): Phrasing[] {
  const found: Phrasing[] = [];
  for (const item of list.children) {
    const line = item.position?.start.line ?? 1;
    const [only, ...others] = item.children;
    if (others.length > 0 || (only && only.type !== 'paragraph')) {
      problems.error(line, 'write each phrasing as one list item with plain text');
      continue;
    }
    if (only && splitAtLabels(only).parts.length > 0) {
      problems.error(line, 'leave an empty line between the list of phrasings and what follows it');
      continue;
    }
    const text = only ? oneLine(textOf(only)) : '';
    if (text === '') problems.warning(line, 'this phrasing is empty; write it or take the list mark out');
    else found.push({ text, line });
  }
  return found;
}

function links(content: RootContent | readonly PhrasingContent[]): Link[] {
  const found: Link[] = [];
  const node = Array.isArray(content)
    ? { type: 'paragraph' as const, children: [...content] }
    : (content as RootContent);
  visit(node, 'link', (link) => {
    found.push(link);
  });
  return found;
}

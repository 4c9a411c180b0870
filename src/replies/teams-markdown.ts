/**
 * Markdown as Teams' cards know it: bold, italic, lists and links, and nothing else (Teams documentation, "text formatting
 * in cards"). What an answer has beside that is said with these. What `escaped` made inert stays so, letter for letter.
 */
import type {
  BlockContent,
  List,
  ListItem,
  Nodes,
  Paragraph,
  PhrasingContent,
  Root,
  Table,
  TableRow,
  Text,
} from 'mdast';
import { type Options as MarkdownOptions, toMarkdown } from 'mdast-util-to-markdown';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { type Processor, unified } from 'unified';
import { remembered } from '../remembered.ts';
import { writtenLink } from '../written-link.ts';
import { escaped } from './escaped.ts';

/** Answers come again and again. */
const mostRemembered = { texts: 200, length: 20_000 };

/** With its escapes out of sight, a text without these is no more than a card knows. */
const mayBeMore = /[|`~<]|^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:>|#{1,6}\s)|\\$/m;
const escapes = /\\[!-/:-@[-`{-~]/g;
/** As `cardMoment` writes it, among what is escaped; written anew it would be inert as well. */
const moment = /\{\{(?:DATE|TIME)\(/;

const parser = unified().use(remarkParse).use(remarkGfm, { singleTilde: false }).use(withoutForeign).freeze();

const written: MarkdownOptions = {
  bullet: '-',
  emphasis: '*',
  listItemIndent: 'one',
  resourceLink: true,
  rule: '-',
  handlers: {
    link: writtenLink,
    // Escapes are those of `escaped` and no more: cards know few.
    text: ({ value }: { value: string }, _parent, _state, { before, after }) => {
      const text = before.endsWith('\n') ? escaped(value) : escaped(`.${value}`).slice(1);
      return after === '[' ? text.replace(/!$/, '\\!') : text;
    },
  },
};

const converted = remembered(mostRemembered.texts, convert, mostRemembered.length);

export function teamsMarkdown(text: string): string {
  return mayBeMore.test(text.replace(escapes, 'x')) && !moment.test(text) ? converted(text) : text;
}

function convert(text: string): string {
  const { children } = parser.parse(text) as Root;
  return toMarkdown({ type: 'root', children: blocks(children, false) }, written).trim();
}

/** `renderAnswer` writes none of these, and what somebody typed should not become one. */
function withoutForeign(this: Processor): void {
  const addresses = ['wwwAutolink', 'protocolAutolink', 'emailAutolink'];
  const notes = ['gfmFootnoteCall', 'gfmPotentialFootnoteCall', 'gfmFootnoteDefinition'];
  const others = ['codeIndented', 'definition', 'htmlFlow', 'htmlText', 'tasklistCheck'];
  this.data().micromarkExtensions?.push({ disable: { null: [...addresses, ...notes, ...others] } });
}

function blocks(nodes: readonly Nodes[], isInList: boolean): BlockContent[] {
  const done: BlockContent[] = [];
  for (const block of nodes.flatMap((node) => blocksOf(node, isInList))) {
    const last = done.at(-1);
    // Two lists in a row would need two kinds of bullets.
    if (isBulleted(block) && isBulleted(last)) last.children.push(...block.children);
    else done.push(block);
  }
  return done;
}

function isBulleted(node: Nodes | undefined): node is List {
  return node?.type === 'list' && !node.ordered;
}

function blocksOf(node: Nodes, isInList: boolean): BlockContent[] {
  switch (node.type) {
    case 'paragraph':
      return paragraphs(node.children, isInList);
    case 'heading': {
      const children = phrases(node.children).flatMap(lessBold);
      return children.length === 0 ? [] : [paragraph([{ type: 'strong', children }])];
    }
    case 'blockquote':
      return blocks(node.children, isInList);
    case 'code':
      return node.value.split('\n').flatMap((line) => (line.trim() === '' ? [] : [paragraph([plain(line.trim())])]));
    case 'table':
      return [listOf(node)];
    case 'list': {
      const items = node.children.map((item): ListItem => ({ ...item, children: blocks(item.children, true) }));
      return [{ ...node, children: items }];
    }
    case 'thematicBreak':
      return [node];
    default:
      return [];
  }
}

function lessBold(node: PhrasingContent): PhrasingContent[] {
  return node.type === 'strong' ? node.children : [node];
}

/** A break begins a paragraph; in a list that would move what follows. */
function paragraphs(nodes: readonly PhrasingContent[], isInList: boolean): Paragraph[] {
  const lines = linesOf(phrases(nodes));
  return isInList ? [paragraph(joined(lines, '\n'))] : lines.map(paragraph);
}

function linesOf(nodes: readonly PhrasingContent[]): PhrasingContent[][] {
  const lines: PhrasingContent[][] = [[]];
  for (const node of nodes) {
    const [first = [], ...more] = node.type === 'break' ? [[], []] : parted(node);
    lines.at(-1)?.push(...first);
    lines.push(...more);
  }
  return lines.filter(({ length }) => length > 0);
}

/** Bold over two lines is each of them bold. */
function parted(node: PhrasingContent): PhrasingContent[][] {
  if (!('children' in node)) return [[node]];
  return linesOf(node.children).map((children) => [{ ...node, children } as PhrasingContent]);
}

/** Rows are items that name their columns. */
function listOf({ children: [head, ...rows] }: Table): List {
  const columns = head?.children.map((cell) => phrases(cell.children)) ?? [];
  const lines = rows.length === 0 ? [columns] : rows.map((row) => cellsOf(row, columns));
  const items = lines.flatMap((cells): ListItem[] => {
    if (cells.length === 0) return [];
    return [{ type: 'listItem', spread: false, children: [paragraph(joined(cells, '; '))] }];
  });
  return { type: 'list', ordered: false, spread: false, children: items };
}

function cellsOf(row: TableRow, columns: readonly PhrasingContent[][]): PhrasingContent[][] {
  return row.children.flatMap((cell, index) => {
    const words = phrases(cell.children);
    const name = columns[index] ?? [];
    return words.length === 0 ? [] : [joined(name.length === 0 ? [words] : [name, words], ': ')];
  });
}

function joined(parts: readonly PhrasingContent[][], between: string): PhrasingContent[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [plain(between), ...part]));
}

/** Code becomes its words, and nothing is struck through. */
function phrases(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.flatMap((node) => {
    if (node.type === 'inlineCode') return [plain(node.value.trim())];
    if (!('children' in node)) return [node];
    const children = phrases(node.children);
    // A link without a place was no link: an address that GFM found in a text.
    const isLost = node.type === 'delete' || (node.type === 'link' && !node.position);
    return isLost ? children : [{ ...node, children } as PhrasingContent];
  });
}

function paragraph(children: PhrasingContent[]): Paragraph {
  return { type: 'paragraph', children };
}

function plain(value: string): Text {
  return { type: 'text', value };
}

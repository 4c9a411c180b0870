/**
 * Turns the text of one file into a Markdown tree, for everything that reads the knowledge base. Whatever the text is,
 * the work stays in proportion to its length: long files are parsed piece by piece, and what nests or runs on beyond
 * any reader's patience is refused with its line.
 */
import type { Definition, Root, RootContent } from 'mdast';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Node, Parent } from 'unist';
import { beyondLimits, isEmptyLine } from './beyond-limits.ts';
import type { ProblemList } from './problem-list.ts';

const parser = unified().use(remarkParse).use(remarkFrontmatter, ['yaml']).use(remarkGfm).freeze();

/**
 * Characters after which the next safe place to cut is taken. The parser moves everything it has read so far each time
 * a list or quotation ends, so that 1 MB in one piece takes minutes and in pieces of this size seconds (measured).
 */
const PIECE_LENGTH = 4 * 1024;
/** No block of an answer is this long; within a block some constructs cost the square of its length. */
const LONGEST_BLOCK = 32 * 1024;
/** Levels of the tree, so that all later steps may recurse. */
const DEEPEST_TREE = 100;
/** Characters of link labels that are defined apart from their links: they precede every piece. */
const LONGEST_LABELS = 8 * 1024;

/**
 * Parses CommonMark with GFM and YAML front matter.
 * @param text with `\n` as its only line ending
 * @returns the tree with right line numbers, or undefined when the text is refused (the problem says where and why)
 */
export function parseMarkdown(text: string, problems: ProblemList): Root | undefined {
  const lines = text.split('\n');
  const beyond = beyondLimits(lines);
  if (beyond) {
    problems.error(beyond.line, beyond.message);
    return undefined;
  }
  const first = parsePieces(lines, [], problems);
  if (!first || first.pieces === 1 || first.definitions.length === 0) return first?.root;
  // A label may be defined in another piece than the one it is used in: tell each piece of all of them.
  const labels = [...new Set(first.definitions.map(({ identifier }) => identifier))];
  if (labels.join('').length > LONGEST_LABELS) {
    const line = first.definitions[0]?.position?.start.line ?? 1;
    problems.error(line, 'too many link addresses are defined apart; write them behind their links: [text](address)');
    return undefined;
  }
  return parsePieces(lines, labels, problems)?.root;
}

interface Parsed {
  readonly root: Root;
  readonly pieces: number;
  readonly definitions: readonly Definition[];
}

function parsePieces(lines: readonly string[], labels: readonly string[], problems: ProblemList): Parsed | undefined {
  const children: RootContent[] = [];
  const definitions: Definition[] = [];
  let pieces = 0;
  let start = 0;
  const frontMatter = frontMatterLength(lines);
  if (frontMatter > 0) {
    children.push(...(parser.parse(lines.slice(0, frontMatter).join('\n')) as Root).children);
    start = frontMatter;
  }
  while (start < lines.length) {
    const piece = parsePiece(lines, start, labels, problems);
    if (!piece) return undefined;
    for (const child of piece.children) children.push(child);
    for (const definition of piece.definitions) definitions.push(definition);
    start = piece.end;
    pieces += 1;
  }
  return { root: { type: 'root', children }, pieces, definitions };
}

/** Lines of YAML front matter, its two marker lines included; 0 when there is none. */
function frontMatterLength(lines: readonly string[]): number {
  if (lines[0]?.trimEnd() !== '---') return 0;
  return lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---') + 1;
}

interface Piece {
  readonly children: readonly RootContent[];
  readonly definitions: readonly Definition[];
  /** Index of the line behind the piece. */
  readonly end: number;
}

function parsePiece(
  lines: readonly string[],
  start: number,
  labels: readonly string[],
  problems: ProblemList,
): Piece | undefined {
  // The empty line keeps a rule at the start of a piece from being read as front matter.
  const prefix = `\n${labels.map((label) => `[${label}]: #\n`).join('')}\n`;
  const before = labels.length + 2;
  let length = PIECE_LENGTH;
  let blockLine = start + 1;
  for (let tried = start; ; ) {
    const end = cut(lines, start, length);
    const text = lines.slice(start, end).join('\n');
    if (end === tried || text.length > LONGEST_BLOCK) {
      const what = 'the block that begins here (paragraph, list, table, code or comment)';
      problems.error(blockLine, `${what} is longer than ${LONGEST_BLOCK} characters, or never closed; split it up`);
      return undefined;
    }
    // A paragraph of our own shows whether anything (code, a comment) is still open at the cut: then it is swallowed.
    const probe = end < lines.length ? '\n\nx' : '';
    const root = parseOrUndefined(prefix + text + probe);
    const children = root?.children.filter((child) => lineOf(child) > before) ?? [];
    if (root && probe !== '') {
      const last = children.pop();
      if (!last || lineOf(last) <= before + (end - start)) {
        tried = end;
        length = text.length * 2;
        blockLine = start - before + (last ? lineOf(last) : before + 1);
        continue;
      }
    }
    const definitions = root && settle(children, start - before);
    if (!definitions) {
      problems.error(start + 1, 'the Markdown from here on nests too deep to be read; take levels out');
      return undefined;
    }
    return { children, definitions, end };
  }
}

/**
 * The line to cut before: the first safe one after `length` characters, or the last safe one before the text grows
 * beyond the longest block.
 */
function cut(lines: readonly string[], start: number, length: number): number {
  let size = 0;
  let best = start;
  for (let index = start; index < lines.length; index += 1) {
    if (index > start && isEmptyLine(lines[index - 1] ?? '') && startsBlock(lines[index] ?? '')) {
      if (size > LONGEST_BLOCK && best > start) return best;
      if (size >= length) return index;
      best = index;
    }
    size += (lines[index]?.length ?? 0) + 1;
  }
  return size > LONGEST_BLOCK && best > start ? best : lines.length;
}

/**
 * After an empty line, a line that begins with a letter, a heading's mark or bold text continues no list, whatever
 * came before. Code and comments, which it may still belong to, are found out by parsing.
 */
function startsBlock(line: string): boolean {
  return line.startsWith('#') || line.startsWith('**') || line.startsWith('[') || /^\p{L}/u.test(line);
}

function parseOrUndefined(text: string): Root | undefined {
  try {
    return parser.parse(text) as Root;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function lineOf(node: Node): number {
  return node.position?.start.line ?? 0;
}

/** Moves nodes down to their place in the file; the definitions among them, or undefined when they nest too deep. */
function settle(nodes: readonly RootContent[], by: number): Definition[] | undefined {
  const definitions: Definition[] = [];
  const waiting: { node: Node; depth: number }[] = nodes.map((node) => ({ node, depth: 1 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth } = next;
    if (depth > DEEPEST_TREE) return undefined;
    if (node.position) node.position.start.line += by;
    if (node.type === 'definition') definitions.push(node as Definition);
    for (const child of (node as Partial<Parent>).children ?? []) waiting.push({ node: child, depth: depth + 1 });
  }
  return definitions.sort((a, b) => lineOf(a) - lineOf(b));
}

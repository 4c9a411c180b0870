/** Puts `<mark>` around the words of an answer that a search touched. Loaded with the first search: parsing HTML takes a library. */
import type { ElementContent, Root, Text } from 'hast';
import rehypeParse from 'rehype-parse';
import rehypeStringify from 'rehype-stringify';
import { unified } from 'unified';
import { SKIP, visit } from 'unist-util-visit';
import type { Highlighter, Range } from './highlight.ts';

const html = unified().use(rehypeParse, { fragment: true }).use(rehypeStringify).freeze();

/** @param answer sanitised HTML; what comes back is as safe, since only elements `mark` are added */
export function markWords(answer: string, highlight: Highlighter): string {
  const tree: Root = html.parse(answer);
  visit(tree, 'text', (node, index, parent) => {
    const ranges = highlight(node.value);
    if (ranges.length === 0 || index === undefined || !parent) return;
    const parts = cut(node.value, ranges);
    parent.children.splice(index, 1, ...parts);
    return [SKIP, index + parts.length];
  });
  return html.stringify(tree);
}

function cut(value: string, ranges: readonly Range[]): ElementContent[] {
  const parts: ElementContent[] = [];
  const text = (from: number, to: number): Text => ({ type: 'text', value: value.slice(from, to) });
  let done = 0;
  for (const { start, end } of ranges) {
    if (start > done) parts.push(text(done, start));
    parts.push({ type: 'element', tagName: 'mark', properties: {}, children: [text(start, end)] });
    done = end;
  }
  if (done < value.length) parts.push(text(done, value.length));
  return parts;
}

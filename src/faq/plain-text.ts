/** Writes an answer as text without markup, for channels that show none, for search results and for structured data. */
import type { List, Nodes, Table } from 'mdast';

/**
 * @param nodes with absolute addresses
 * @returns paragraphs with an empty line between them, list items on lines of their own, links as `text (address)`
 */
export function plainText(nodes: readonly Nodes[]): string {
  return blocks(nodes).trim();
}

function blocks(nodes: readonly Nodes[]): string {
  return nodes
    .map(block)
    .filter((text) => text !== '')
    .join('\n\n');
}

function block(node: Nodes): string {
  switch (node.type) {
    case 'list':
      return list(node);
    case 'table':
      return table(node);
    case 'blockquote':
      return blocks(node.children);
    case 'code':
      return node.value;
    case 'thematicBreak':
      return '';
    default:
      return inline(node).trim();
  }
}

function list({ ordered, start, children }: List): string {
  return children
    .map((item, index) => {
      const mark = ordered ? `${(start ?? 1) + index}. ` : '- ';
      const text = item.children
        .map(block)
        .filter((part) => part !== '')
        .join('\n');
      return mark + text.replaceAll('\n', `\n${' '.repeat(mark.length)}`);
    })
    .join('\n');
}

function table({ children }: Table): string {
  return children.map((row) => row.children.map((cell) => inline(cell).trim()).join(' | ')).join('\n');
}

function inline(node: Nodes): string {
  switch (node.type) {
    case 'text':
      return node.value.replaceAll('\n', ' ');
    case 'inlineCode':
      return node.value;
    case 'break':
      return '\n';
    case 'image':
      return withAddress(node.alt ?? '', node.url);
    case 'link':
      return withAddress(node.children.map(inline).join(''), node.url);
    default:
      return 'children' in node ? node.children.map(inline).join('') : '';
  }
}

/** The address is left out where the text already is it. */
function withAddress(text: string, url: string): string {
  const address = url.startsWith('mailto:') ? url.slice('mailto:'.length) : url;
  if (text.trim() === '') return address;
  return text === address || text === url ? text : `${text} (${address})`;
}

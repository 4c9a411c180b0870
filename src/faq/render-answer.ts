/**
 * Writes cleaned Markdown nodes in the three forms that readers get: Markdown for chats, sanitised HTML for pages, and
 * plain text. Links of this site stay relative in HTML and are absolute elsewhere.
 */
import type { Nodes, PhrasingContent, Root, RootContent } from 'mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { type Options as MarkdownOptions, toMarkdown } from 'mdast-util-to-markdown';
import rehypeSanitize, { type Options as Schema } from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { writtenLink } from '../written-link.ts';
import { withoutSlash } from './fill-settings.ts';
import { plainText } from './plain-text.ts';

/** One text in the forms of its readers. */
export interface RenderedAnswer {
  readonly markdown: string;
  readonly html: string;
  readonly plain: string;
}

/** What answers are made of, and no more: a second wall behind the checks made while reading. */
const ALLOWED_HTML: Schema = {
  tagNames: 'a blockquote br code del em hr img li ol p pre strong table tbody td th thead tr ul'.split(' '),
  attributes: {
    a: ['href', 'title', 'rel'],
    img: ['src', 'alt', 'title'],
    code: [['className', /^language-./]],
    ol: ['start'],
    table: ['tabIndex'],
    td: ['align'],
    th: ['align'],
  },
  protocols: { href: ['http', 'https', 'mailto'], src: ['https'] },
  strip: ['script'],
};

const toHtml = unified().use(remarkRehype).use(rehypeSanitize, ALLOWED_HTML).use(rehypeStringify).freeze();

/** Forms that the simpler Markdown of chat clients knows as well; columns are not padded, which could take gigabytes. */
const MARKDOWN: MarkdownOptions = {
  bullet: '-',
  emphasis: '*',
  fences: true,
  listItemIndent: 'one',
  resourceLink: true,
  rule: '-',
  extensions: [gfmToMarkdown({ tablePipeAlign: false })],
  handlers: { link: writtenLink },
};

/**
 * @param nodes as cleanTree leaves them
 * @param publicUrl base of this site's links outside its own pages
 */
export function renderAnswer(nodes: readonly RootContent[], publicUrl: string): RenderedAnswer {
  const page: Root = { type: 'root', children: forPages(nodes) as RootContent[] };
  const html = toHtml.stringify(toHtml.runSync(page));
  const base = withoutSlash(publicUrl);
  const chat = page.children.map((node) => forChats(node, base, false)) as RootContent[];
  return { markdown: toMarkdown({ type: 'root', children: chat }, MARKDOWN).trim(), html, plain: plainText(chat) };
}

/** A dialog is offered below the answer and not linked to; boxes to tick make no sense in an answer. */
function forPages(nodes: readonly Nodes[]): Nodes[] {
  return nodes.flatMap((node) => {
    if (!('children' in node)) return [node];
    const children = forPages(node.children);
    if (node.type === 'link' && node.url.startsWith('do:')) return children;
    const copy = { ...node, children } as typeof node;
    if (copy.type === 'listItem') copy.checked = null;
    // Pages let wide tables scroll in themselves, which keys can do only in what takes the focus.
    if (copy.type === 'table') copy.data = { hProperties: { tabIndex: 0 } };
    if (copy.type === 'link') {
      if (copy.url.startsWith('#')) copy.url = `/entries/${encodeURIComponent(copy.url.slice(1))}`;
      if (copy.url.toLowerCase().startsWith('http')) copy.data = { hProperties: { rel: ['noopener'] } };
    }
    return [copy];
  });
}

/** Chats get absolute addresses, and a link in the place of an image, which many of them do not show. */
function forChats(node: Nodes, base: string, inLink: boolean): Nodes {
  if (node.type === 'image') {
    const url = absolute(node.url, base);
    const text: PhrasingContent = { type: 'text', value: node.alt?.trim() || url };
    return inLink ? text : { type: 'link', url, title: node.title, children: [text] };
  }
  if (!('children' in node)) return node;
  const children = node.children.map((child) => forChats(child, base, inLink || node.type === 'link'));
  const copy = { ...node, children } as typeof node;
  return copy.type === 'link' ? { ...copy, url: absolute(copy.url, base) } : copy;
}

function absolute(url: string, base: string): string {
  return url.startsWith('/') ? base + url : url;
}

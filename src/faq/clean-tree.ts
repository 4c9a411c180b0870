/**
 * Takes out of a parsed file what may not or need not reach an answer - HTML, comments, footnotes, bad addresses - and
 * fills in references and settings. What comes out holds only blocks, texts, and links and images with judged addresses.
 */
import type { Definition, Image, Link, Nodes, PhrasingContent, Root, RootContent, Table } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import type { FaqSettings, Source } from './entry.ts';
import { fillAddress, fillText } from './fill-settings.ts';
import type { LinkAddress } from './link-address.ts';
import type { ProblemList } from './problem-list.ts';

/** A link `#id` somewhere in a file. */
export interface Reference {
  readonly id: string;
  readonly source: Source;
}

/** Cells in one table, empty ones at the ends of short rows included: each becomes an element of the page. */
const MOST_CELLS = 20_000;
/** Characters that addresses defined apart may come to where they are used: a file's own greatest size. */
const MOST_REPEATED = 1024 * 1024;

const HTML_HINT =
  'HTML is not taken; write Markdown instead (**bold**, *italic*, [text](address), lists, an empty line for a new paragraph), and \\< for a plain <';

/**
 * Cleans the tree in place.
 * @returns every `#id` that is linked to
 */
export function cleanTree(root: Root, settings: FaqSettings, problems: ProblemList): Reference[] {
  const cleaner = new TreeCleaner(settings, problems);
  cleaner.define(root);
  root.children = cleaner.children(root, false) as RootContent[];
  return cleaner.references;
}

interface Defined {
  readonly definition: Definition;
  readonly address: LinkAddress;
}

class TreeCleaner {
  readonly references: Reference[] = [];
  readonly #definitions = new Map<string, Defined>();
  #repeated = 0;

  constructor(
    private readonly settings: FaqSettings,
    private readonly problems: ProblemList,
  ) {}

  /** Judges each address that is defined apart from its links once, whether it is used or not. */
  define(node: Nodes): void {
    if (node.type === 'definition' && !this.#definitions.has(node.identifier)) {
      this.#definitions.set(node.identifier, { definition: node, address: this.#judge(node.url, lineOf(node)) });
    }
    if ('children' in node) for (const child of node.children) this.define(child);
  }

  children(parent: Extract<Nodes, { children: unknown }>, inLink: boolean): Nodes[] {
    const kept: Nodes[] = [];
    for (const child of parent.children) {
      for (const node of this.#clean(child, parent, inLink)) kept.push(node);
    }
    return kept;
  }

  #clean(node: Nodes, parent: Nodes, inLink: boolean): Nodes[] {
    switch (node.type) {
      case 'html':
        this.#html(node.value, lineOf(node));
        return [];
      case 'definition':
        return [];
      case 'footnoteDefinition':
      case 'footnoteReference':
        this.problems.error(lineOf(node), 'footnotes cannot be shown in a chat; write the text where it belongs');
        return [];
      case 'text':
        return this.#text(node.value, inLink);
      case 'linkReference': {
        const defined = this.#definitions.get(node.identifier);
        if (!defined) return this.children(node, inLink);
        const { title } = defined.definition;
        const link: Link = { type: 'link', url: '', title, children: node.children, position: node.position };
        return this.#repeats(defined, lineOf(node)) ? this.#link(link, defined.address) : [];
      }
      case 'link':
        return this.#link(node, this.#judge(node.url, lineOf(node)));
      case 'imageReference': {
        const defined = this.#definitions.get(node.identifier);
        if (!defined || !this.#repeats(defined, lineOf(node))) return [];
        const { url, title } = defined.definition;
        return this.#image({ type: 'image', url, title, alt: node.alt, position: node.position });
      }
      case 'image':
        return this.#image(node);
      case 'table':
        return this.#fits(node) ? this.#container(node, inLink) : [];
      case 'heading':
        return parent.type === 'root' ? this.#container(node, inLink) : [this.#boldInstead(node)];
      case 'paragraph': {
        const [paragraph] = this.#container(node, inLink);
        return paragraph && !isBlank(paragraph) ? [paragraph] : [];
      }
      default:
        return 'children' in node ? this.#container(node, inLink) : [node];
    }
  }

  #container<T extends Extract<Nodes, { children: unknown }>>(node: T, inLink: boolean): T[] {
    node.children = this.children(node, inLink) as typeof node.children;
    return [node];
  }

  /** A heading within a list or quotation would upset the page's outline. */
  #boldInstead(node: Extract<Nodes, { type: 'heading' }>): Nodes {
    const children = this.children(node, false) as PhrasingContent[];
    return { type: 'paragraph', children: [{ type: 'strong', children }], position: node.position };
  }

  #html(value: string, line: number): void {
    let rest = value.trim();
    while (rest.startsWith('<!--')) {
      const end = rest.indexOf('-->');
      if (end < 0) {
        this.problems.error(line, 'this comment is never closed, so all after it would be lost; write --> at its end');
        return;
      }
      rest = rest.slice(end + '-->'.length).trim();
    }
    if (rest !== '') this.problems.error(line, HTML_HINT);
  }

  #text(value: string, inLink: boolean): PhrasingContent[] {
    return fillText(value, this.settings).map(({ text, address }) =>
      address === undefined || inLink
        ? { type: 'text', value: text }
        : { type: 'link', url: address, children: [{ type: 'text', value: text }] },
    );
  }

  #link(link: Link, address: LinkAddress): Nodes[] {
    const children = this.children(link, true) as PhrasingContent[];
    if (address.kind === 'empty') {
      const message = `the link "${textOf(link)}" leads nowhere and is shown as plain text; write an address in its brackets`;
      this.problems.warning(lineOf(link), message);
      return children;
    }
    if (address.kind === 'refused') return children;
    if (children.every(isBlank)) {
      this.problems.warning(lineOf(link), 'this link has no text to click on; write it between [ and ]');
    }
    return [{ ...link, url: canonical(address), children }];
  }

  #image(image: Image): Nodes[] {
    const line = lineOf(image);
    const address = fillAddress(image.url, this.settings);
    const isSafe =
      address.kind === 'site' || (address.kind === 'web' && address.url.toLowerCase().startsWith('https://'));
    if (!isSafe) {
      this.problems.error(line, 'the address of an image must be https://… or /… on this site');
      return [];
    }
    if (!image.alt?.trim()) {
      this.problems.warning(line, 'this image has no text for those who cannot see it; write it between ![ and ]');
    }
    return [{ ...image, url: address.url }];
  }

  #judge(url: string, line: number): LinkAddress {
    const address = fillAddress(url, this.settings);
    if (address.kind === 'refused') this.problems.error(line, address.reason);
    if (address.kind === 'entry') this.references.push({ id: address.id, source: { file: this.problems.file, line } });
    return address;
  }

  /** Keeps a short file from growing without end by using one long address again and again. */
  #repeats({ definition }: Defined, line: number): boolean {
    const before = this.#repeated;
    this.#repeated += definition.url.length;
    if (before <= MOST_REPEATED && this.#repeated > MOST_REPEATED) {
      this.problems.error(line, 'addresses that are defined apart are used too often in this file; split it up');
    }
    return this.#repeated <= MOST_REPEATED;
  }

  #fits(table: Table): boolean {
    const columns = table.children.reduce((most, row) => Math.max(most, row.children.length), 0);
    const cells = columns * table.children.length;
    if (cells > MOST_CELLS) {
      this.problems.error(
        lineOf(table),
        `this table has ${cells} cells, more than the ${MOST_CELLS} allowed; split it up`,
      );
    }
    return cells <= MOST_CELLS;
  }
}

/** How a judged address stands in the cleaned tree. */
function canonical(address: Exclude<LinkAddress, { kind: 'empty' | 'refused' }>): string {
  if (address.kind === 'entry') return `#${address.id}`;
  return address.kind === 'dialog' ? `do:${address.name}` : address.url;
}

function isBlank(node: Nodes): boolean {
  if (node.type === 'text') return node.value.trim() === '';
  if (node.type === 'break') return true;
  return 'children' in node && node.children.every(isBlank);
}

function lineOf(node: Nodes): number {
  return node.position?.start.line ?? 1;
}

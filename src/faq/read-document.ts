/**
 * The reading that all files of the knowledge base share: Markdown in; title, text before the first question and
 * sections out, with everything wrong in them noted. Topics, actions and notices make their own of the sections.
 */
import type { Yaml } from 'mdast';
import { cleanTree, type Reference } from './clean-tree.ts';
import type { FaqSettings } from './entry.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import { parseMarkdown } from './parse-markdown.ts';
import type { ProblemList } from './problem-list.ts';
import { type Sections, splitSections } from './split-sections.ts';

/** A file, read but not yet understood. */
export interface FaqDocument extends Sections {
  readonly frontMatter: FrontMatter;
  readonly references: readonly Reference[];
}

/** @param text LF or CRLF line ends, with or without byte order mark; refused text comes out empty, with problems */
export function readDocument(
  text: string,
  startsAt: 'questions' | 'headings',
  settings: FaqSettings,
  problems: ProblemList,
): FaqDocument {
  const marked = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const root = parseMarkdown(marked.replace(/\r\n?/g, '\n'), problems);
  if (!root) return { intro: [], sections: [], frontMatter: {}, references: [] };
  const yaml = root.children.find((node): node is Yaml => node.type === 'yaml');
  const frontMatter = yaml ? readFrontMatter(yaml.value, yaml.position?.start.line ?? 1, problems) : {};
  const references = cleanTree(root, settings, problems);
  return { ...splitSections(root, startsAt, problems), frontMatter, references };
}

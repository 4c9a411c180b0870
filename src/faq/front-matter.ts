/** Reads the YAML lines at the top of a file: how its topic is called and where it stands among the others. */
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { type OftenAsked, type TopicIcon, topicIcons } from './entry.ts';
import type { ProblemList } from './problem-list.ts';

/** With its 1-based line, to be held against the entries of all files. */
export type OftenAskedLine = OftenAsked & { readonly line: number };

/** What front matter may say. */
export interface FrontMatter {
  readonly title?: string;
  /** Topics are shown by ascending order, those without one after all others. */
  readonly order?: number;
  readonly icon?: TopicIcon;
  readonly often?: readonly OftenAskedLine[];
}

/** The lines between the markers; more is not a few settings any more. */
const LONGEST = 4096;

/**
 * @param yaml the text between the two marker lines
 * @param line 1-based line of the first marker
 */
export function readFrontMatter(yaml: string, line: number, problems: ProblemList): FrontMatter {
  if (yaml.length > LONGEST) {
    problems.error(
      line,
      `the lines between --- and --- hold more than ${LONGEST} characters; keep topic, order, icon and often only`,
    );
    return {};
  }
  const lineCounter = new LineCounter();
  const lineAt = (offset: number | undefined) => line + Math.max(1, lineCounter.linePos(offset ?? 0).line);
  const document = parseDocument(yaml, { lineCounter, prettyErrors: false });
  for (const { message, pos } of document.errors) {
    problems.error(lineAt(pos[0]), `the lines between --- and --- are not valid YAML: ${message}`);
  }
  if (document.errors.length > 0 || document.contents === null) return {};
  if (!isMap(document.contents)) {
    problems.error(line + 1, 'the lines between --- and --- must each be NAME: VALUE, such as topic: Signing in');
    return {};
  }
  let topic: string | undefined;
  let title: string | undefined;
  let order: number | undefined;
  let icon: TopicIcon | undefined;
  const often: OftenAskedLine[] = [];
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const at = lineAt(isScalar(key) ? key.range?.[0] : undefined);
    const content = isScalar(value) ? value.value : undefined;
    if (name === 'topic' || name === 'title') {
      const text = typeof content === 'string' || typeof content === 'number' ? String(content).trim() : '';
      if (text === '') problems.error(at, `${name} must be a text, such as ${name}: Signing in`);
      else if (name === 'topic') topic = text;
      else title = text;
    } else if (name === 'order') {
      if (typeof content === 'number' && Number.isFinite(content)) order = content;
      else problems.error(at, 'order must be a number, such as order: 2');
    } else if (name === 'icon') {
      icon = topicIcons.find((known) => known === content);
      if (!icon) problems.error(at, `icon must be one of ${topicIcons.join(', ')}`);
    } else if (name === 'often') {
      for (const pair of isMap(value) ? value.items : []) {
        const id = isScalar(pair.key) ? String(pair.key.value) : '';
        const label = isScalar(pair.value) ? String(pair.value.value ?? '').trim() : '';
        const line = lineAt(isScalar(pair.key) ? pair.key.range?.[0] : undefined);
        if (id && label) often.push({ id, label, line });
        else problems.error(line, 'write ENTRY: SHORT NAME, such as forgot-password: Forgot password');
      }
      if (!isMap(value))
        problems.error(at, 'often must name entries, such as often: { forgot-password: Forgot password }');
    } else {
      problems.warning(
        at,
        `${JSON.stringify(name)} is not known here and does nothing; topic, title, order, icon and often are`,
      );
    }
  }
  return { title: topic ?? title, order, icon, often };
}

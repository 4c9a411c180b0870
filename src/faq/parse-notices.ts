/** Reads `notices.md`: maintenance and limited availability, one notice per heading. Called by the loader. */
import type { List, ListItem, RootContent } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import type { Reference } from './clean-tree.ts';
import type { FaqSettings, Notice, Problem } from './entry.ts';
import { entryId } from './parse-topic.ts';
import { ProblemList } from './problem-list.ts';
import { readDate } from './read-date.ts';
import { readDocument } from './read-document.ts';
import { renderAnswer } from './render-answer.ts';
import { oneLine } from './split-sections.ts';

/** The file of notices. */
export interface ParsedNotices {
  readonly notices: readonly Notice[];
  readonly references: readonly Reference[];
  readonly problems: readonly Problem[];
}

const PORTALS = ['CustomerSource', 'PartnerSource'];
const KEYS = ['from', 'until', 'location', 'portal'];

/** @param file name relative to the knowledge base's folder */
export function parseNotices(file: string, text: string, settings: FaqSettings): ParsedNotices {
  const problems = new ProblemList(file);
  const { sections, references } = readDocument(text, 'headings', settings, problems);
  const notices = sections.map((section): Notice => {
    const facts = factsOf(section.body);
    const rest = section.body.filter((node) => node !== facts);
    const { markdown, html } = renderAnswer(rest, settings.PUBLIC_URL);
    return {
      id: entryId(section, problems),
      title: section.question,
      text: markdown,
      html,
      ...readFacts(facts, problems),
      source: { file, line: section.line },
    };
  });
  return { notices, references, problems: problems.problems };
}

/** The list right below the heading, else the first list with a known name in it. */
function factsOf(body: readonly RootContent[]): List | undefined {
  const lists = body.filter((node): node is List => node.type === 'list');
  return lists.find((list) => list === body[0] || list.children.some((item) => KEYS.includes(factOf(item).key)));
}

function factOf(item: ListItem): { key: string; value: string } {
  const text = oneLine(textOf(item));
  const colon = text.indexOf(':');
  return { key: text.slice(0, Math.max(colon, 0)).trim().toLowerCase(), value: text.slice(colon + 1).trim() };
}

type Facts = Pick<Notice, 'from' | 'until' | 'locations' | 'portals'>;

function readFacts(list: List | undefined, problems: ProblemList): Facts {
  let from: Date | undefined;
  let until: Date | undefined;
  let locations: string[] = [];
  let portals: string[] = [];
  const seen = new Set<string>();
  for (const item of list?.children ?? []) {
    const line = item.position?.start.line ?? 1;
    const { key, value } = factOf(item);
    if (!KEYS.includes(key)) {
      problems.error(
        line,
        `"${oneLine(textOf(item))}" is not known; write from: …, until: …, location: … or portal: …`,
      );
      continue;
    }
    if (seen.has(key)) problems.error(line, `${key} is written twice; write it once`);
    seen.add(key);
    if (key === 'location') locations = commaSeparated(value);
    else if (key === 'portal') portals = commaSeparated(value).map((name) => portalNamed(name, line, problems));
    else {
      const date = readDate(value);
      if (!date) problems.error(line, `"${value}" is not a date; write ${key}: 2027-01-16 20:00 UTC`);
      else if (key === 'from') from = date;
      else until = date;
      if (from && until && until <= from) {
        problems.error(
          line,
          `until (${until.toISOString()}) is not after from (${from.toISOString()}); a day alone means its first moment, UTC`,
        );
      }
    }
  }
  return { from, until, locations, portals };
}

function commaSeparated(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function portalNamed(name: string, line: number, problems: ProblemList): string {
  const portal = PORTALS.find((known) => known.toLowerCase() === name.toLowerCase());
  if (!portal) problems.error(line, `there is no portal "${name}"; write ${PORTALS.join(' or ')}`);
  return portal ?? name;
}

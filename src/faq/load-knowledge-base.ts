/** Makes a knowledge base of a folder of Markdown files: reads, checks and orders them. */
import type { PhrasedSection } from './add-phrasing.ts';
import { checkKnowledgeBase, type Gathered } from './check-knowledge-base.ts';
import { type FaqSettings, type KnowledgeBase, matchable, type Problem } from './entry.ts';
import { learnWeights } from './matcher.ts';
import { type ParsedActions, parseActions } from './parse-actions.ts';
import { type ParsedNotices, parseNotices } from './parse-notices.ts';
import { type ParsedPage, parsePage } from './parse-page.ts';
import { type ParsedTopic, parseTopic } from './parse-topic.ts';
import { sourceText } from './problem-text.ts';
import { type Draft, type MarkdownFile, pagesFolder, readMarkdownFiles } from './read-markdown-files.ts';
import { hashOf, versionOf } from './version-of.ts';

/** What a folder holds and what is wrong with it. With an error among the problems the base is not fit for service. */
export interface LoadedKnowledgeBase {
  readonly base: KnowledgeBase;
  readonly problems: readonly Problem[];
  /** Where entries and actions and their phrasings stand; given for a check. */
  readonly sections?: readonly (PhrasedSection & { readonly file: string })[];
}

/** What was done for a folder before: give the same object again to do only what has changed since. */
export interface LoadMemory {
  /** Files as they were parsed last, by name. */
  readonly files: Map<string, { readonly hash: string; readonly parsed: ParsedFile }>;
  learned?: Learned;
}

/** The weights of a version of the files. */
export interface Learned {
  readonly version: string;
  readonly weights: readonly number[];
}

/** Reading to look at a folder only, as it is or as it would be: nothing is learned from it, and no draft is remembered. */
export interface Check {
  readonly draft?: Draft;
}

type ParsedFile = Partial<ParsedTopic & ParsedActions & ParsedNotices & ParsedPage> &
  Pick<ParsedTopic, 'references' | 'problems'>;

/**
 * Reads all `*.md` of a folder, `README.md` and subfolders but `pages` left out. Topics stand in the order of their front matter's
 * `order`, those without one after them, and by file name where that is equal. Never throws for what the files hold.
 * @param check undefined: for service
 * @param memory only for the same settings
 */
export async function loadKnowledgeBase(
  folder: string,
  settings: FaqSettings,
  check?: Check,
  memory: LoadMemory = { files: new Map() },
): Promise<LoadedKnowledgeBase> {
  const { files, problems: unreadable } = await readMarkdownFiles(folder, check?.draft);
  const parsed: ParsedFile[] = [];
  const names = new Set(files.map(({ name }) => name));
  for (const name of memory.files.keys()) if (!names.has(name)) memory.files.delete(name);
  for (const file of files) {
    const hash = hashOf(file.bytes);
    const before = memory.files.get(file.name);
    const now = before?.hash === hash ? before : { hash, parsed: await parseInTurn(file, settings) };
    if (file.name !== check?.draft?.file) memory.files.set(file.name, now);
    parsed.push(now.parsed);
  }
  const ordered = parsed.sort((a, b) => compare(a.order ?? Number.MAX_VALUE, b.order ?? Number.MAX_VALUE));
  const gathered = gather(ordered);
  const topics = ordered.flatMap(({ topic }) => topic ?? []);
  const base: KnowledgeBase = {
    topics,
    entries: gathered.entries.map(({ entry }) => entry),
    actions: gathered.actions.map(({ action }) => action),
    notices: gathered.notices,
    pages: ordered.flatMap(({ page }) => page ?? []),
    often: ordered.flatMap(({ often }) => often ?? []),
    version: versionOf(files),
  };
  const problems = [...unreadable, ...parsed.flatMap((file) => file.problems)];
  // Where a file is missing, what links to its entries is not to blame.
  if (unreadable.length === 0) problems.push(...checkKnowledgeBase(gathered));
  problems.push(...repeatedTopics(ordered));
  if (base.entries.length === 0 && !problems.some(({ severity }) => severity === 'error')) {
    const message =
      'this folder holds no question; add a file such as signing-in.md with ## questions and their answers';
    problems.push({ severity: 'error', source: { file: folder, line: 1 }, message });
  }
  const isFit = !problems.some(({ severity }) => severity === 'error');
  problems.sort(byPlace);
  return check
    ? { base, problems, sections: sectionsOf(gathered) }
    : { base: isFit ? withWeights(base, memory) : base, problems };
}

/** Learned here, in the loading thread: it takes longer than everything else that a base needs to answer. */
function withWeights(base: KnowledgeBase, memory: LoadMemory): KnowledgeBase {
  const { version } = base;
  if (memory.learned?.version !== version) memory.learned = { version, weights: learnWeights(matchable(base)) };
  return { ...base, weights: memory.learned.weights };
}

/** Lets other work of the process go on between two files. */
async function parseInTurn({ name, text }: MarkdownFile, settings: FaqSettings): Promise<ParsedFile> {
  await new Promise((resolve) => setImmediate(resolve));
  const lower = name.toLowerCase();
  if (lower.startsWith(`${pagesFolder}/`)) return parsePage(name, text, settings);
  if (lower === 'actions.md') return parseActions(name, text, settings);
  return lower === 'notices.md' ? parseNotices(name, text, settings) : parseTopic(name, text, settings);
}

function gather(files: readonly ParsedFile[]): Gathered {
  return {
    entries: files.flatMap(({ entries }) => entries ?? []),
    actions: files.flatMap(({ actions }) => actions ?? []),
    notices: files.flatMap(({ notices }) => notices ?? []),
    references: files.flatMap(({ references }) => references),
  };
}

function sectionsOf({ entries, actions }: Gathered): NonNullable<LoadedKnowledgeBase['sections']> {
  return [
    ...entries.map(({ entry: { id, source }, alternates }) => ({ id, ...source, phrasings: alternates })),
    ...actions.map(({ action: { id, source }, alternates }) => ({ id, ...source, phrasings: alternates })),
  ];
}

function repeatedTopics(files: readonly ParsedFile[]): Problem[] {
  const first = new Map<string, string>();
  return files.flatMap(({ topic, entries }) => {
    const source = entries?.[0]?.entry.source;
    if (!topic || !source) return [];
    const other = first.get(topic.id);
    if (other === undefined) first.set(topic.id, sourceText({ file: source.file, line: 1 }));
    if (other === undefined) return [];
    const message = `the topic "${topic.title}" is named already by ${other}; write another # heading`;
    return [{ severity: 'error' as const, source: { file: source.file, line: 1 }, message }];
  });
}

function byPlace(a: Problem, b: Problem): number {
  return compare(a.source.file, b.source.file) || a.source.line - b.source.line;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

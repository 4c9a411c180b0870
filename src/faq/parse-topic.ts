/** Reads one file of questions and answers into its topic and entries. Called by the loader for each file but two. */
import { createHash } from 'node:crypto';
import { slug } from 'github-slugger';
import type { Reference } from './clean-tree.ts';
import type { Entry, FaqSettings, OftenAsked, Problem, Topic } from './entry.ts';
import { ProblemList } from './problem-list.ts';
import { readDocument } from './read-document.ts';
import { renderAnswer } from './render-answer.ts';
import { type Phrasing, separateParts } from './separate-parts.ts';
import type { Section } from './split-sections.ts';

/** An entry with the places of what is checked against other files. */
export interface ParsedEntry {
  readonly entry: Entry;
  readonly alternates: readonly Phrasing[];
}

/** One file as a topic. */
export interface ParsedTopic {
  /** Undefined when the file holds no entry. */
  readonly topic?: Topic;
  /** From the front matter. */
  readonly order?: number;
  readonly entries: readonly ParsedEntry[];
  readonly often?: readonly OftenAsked[];
  readonly references: readonly Reference[];
  readonly problems: readonly Problem[];
}

/**
 * @param file name relative to the knowledge base's folder, ending in `.md`
 * @param text the file's content
 */
export function parseTopic(file: string, text: string, settings: FaqSettings): ParsedTopic {
  const problems = new ProblemList(file);
  const {
    title: heading,
    intro,
    sections,
    frontMatter,
    references,
  } = readDocument(text, 'questions', settings, problems);
  const title = heading || frontMatter.title || file.slice(0, -'.md'.length);
  if (heading && frontMatter.title && heading !== frontMatter.title) {
    problems.warning(
      1,
      `the heading "${heading}" names this topic; take "${frontMatter.title}" out or make them the same`,
    );
  }
  const id = slug(title);
  if (id === '') problems.error(1, `the topic "${title}" needs a letter or digit in its title; write a # heading`);
  const entries = sections.map((section) => parseEntry(section, id, settings, problems));
  if (entries.length === 0 && problems.problems.length === 0) {
    problems.warning(1, 'no question was found; write ## before each question, or make it bold and end it with ?');
  }
  const { order, icon = 'question', often = [] } = frontMatter;
  const { html } = renderAnswer(intro, settings.PUBLIC_URL);
  return {
    topic: entries.length > 0 ? { id, title, html, icon } : undefined,
    order,
    entries,
    often: often.map(({ id, label }) => ({ id, label })),
    references: [...references, ...often.map(({ id, line }) => ({ id, source: { file, line } }))],
    problems: problems.problems,
  };
}

function parseEntry(section: Section, topic: string, settings: FaqSettings, problems: ProblemList): ParsedEntry {
  const { question, line, body } = section;
  const { answer, alternates, next, dialogs } = separateParts(body, problems);
  const { markdown, html, plain } = renderAnswer(answer, settings.PUBLIC_URL);
  if (plain === '') problems.error(line, `"${question}" has no answer; write it below the question`);
  const entry: Entry = {
    id: entryId(section, problems),
    question,
    alternates: alternates.map(({ text }) => text),
    answer: markdown,
    plain,
    html,
    topic,
    next,
    dialogs,
    version: createHash('sha256').update(`${question}\n${markdown}`).digest('hex').slice(0, 12),
    source: { file: problems.file, line },
  };
  return { entry, alternates };
}

/** The id that is written beside a heading, else the slug of its text. */
export function entryId({ id, question, line }: Section, problems: ProblemList): string {
  if (id !== undefined) {
    if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u.test(id)) return id;
    problems.error(line, `{#${id}} is not an id; write letters, digits, - and _ such as {#forgot-password}`);
    return '';
  }
  const made = slug(question);
  if (made === '' && question !== '')
    problems.error(line, 'no id can be made of this text; write one behind it: {#some-id}');
  return made;
}

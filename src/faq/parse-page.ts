/** Reads one file of `pages/`: a text with headings, such as the privacy notice. Called by the loader. */
import type { Reference } from './clean-tree.ts';
import type { FaqSettings, Problem, TextPage } from './entry.ts';
import { ProblemList } from './problem-list.ts';
import { readDocument } from './read-document.ts';
import { renderAnswer } from './render-answer.ts';

export interface ParsedPage {
  readonly page: TextPage;
  readonly references: readonly Reference[];
  readonly problems: readonly Problem[];
}

/** The pages that are shown, at `/privacy` and `/terms`. */
const shown = ['privacy', 'terms'];

/** @param file name relative to the knowledge base's folder, ending in `.md` */
export function parsePage(file: string, text: string, settings: FaqSettings): ParsedPage {
  const problems = new ProblemList(file);
  const { title, intro, sections, references } = readDocument(text, 'headings', settings, problems);
  if (!title) problems.error(1, 'a page needs a title; write a # heading at the top');
  const id = file.slice(file.lastIndexOf('/') + 1, -'.md'.length).toLowerCase();
  if (!shown.includes(id)) problems.warning(1, `this page is shown nowhere; ${shown.join('.md and ')}.md are`);
  const page: TextPage = {
    id,
    title: title ?? '',
    html: renderAnswer(intro, settings.PUBLIC_URL).html,
    sections: sections.map(({ question, body }) => ({
      title: question,
      html: renderAnswer(body, settings.PUBLIC_URL).html,
    })),
  };
  return { page, references, problems: problems.problems };
}

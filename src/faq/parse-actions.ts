/** Reads `actions.md`: what people say to begin a dialog. Called by the loader. */
import type { Reference } from './clean-tree.ts';
import { DIALOG_NAMES, dialogNamesHint, isDialogName } from './dialog-name.ts';
import type { Action, FaqSettings, Problem } from './entry.ts';
import { ProblemList } from './problem-list.ts';
import { readDocument } from './read-document.ts';
import { renderAnswer } from './render-answer.ts';
import { type Phrasing, separateParts } from './separate-parts.ts';

/** An action with the places of what is checked against other files. */
export interface ParsedAction {
  readonly action: Action;
  readonly alternates: readonly Phrasing[];
}

/** The file of actions. */
export interface ParsedActions {
  readonly actions: readonly ParsedAction[];
  readonly references: readonly Reference[];
  readonly problems: readonly Problem[];
}

/** @param file name relative to the knowledge base's folder */
export function parseActions(file: string, text: string, settings: FaqSettings): ParsedActions {
  const problems = new ProblemList(file);
  const { sections, references } = readDocument(text, 'questions', settings, problems);
  const actions: ParsedAction[] = [];
  for (const { question, id, line, body } of sections) {
    const name = id?.startsWith('do:') ? id.slice('do:'.length) : '';
    const { answer, alternates, next, dialogs } = separateParts(body, problems);
    const { markdown, html, plain } = renderAnswer(answer, settings.PUBLIC_URL);
    if (plain === '') problems.error(line, `"${question}" has no answer; write what the dialog does`);
    if (next.length + dialogs.length > 0)
      problems.error(line, 'an action offers nothing else; take its links to others out');
    if (!isDialogName(name)) {
      const wrong = id === undefined ? 'the dialog is not named' : `there is no dialog "${id}"`;
      problems.error(line, `${wrong}; ${dialogNamesHint()} as {#do:${DIALOG_NAMES[0]}} behind the heading`);
      continue;
    }
    const action: Action = {
      id: `do:${name}`,
      question,
      alternates: alternates.map((phrasing) => phrasing.text),
      answer: markdown,
      html,
      source: { file, line },
    };
    actions.push({ action, alternates });
  }
  return { actions, references, problems: problems.problems };
}

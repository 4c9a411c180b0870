/** A dialog's question: the card with its choices or fields, and the same as text with numbered choices. */
import type { Words } from '../words/words.ts';
import { type CardInput, type CardLink, type CardPanel, type CardRow, cardActivity, refreshing } from './card.ts';
import { type Reply, sentence } from './reply.ts';

/** A choice that is shown as a line of a list. */
export interface RowChoice extends Omit<CardRow, 'press'> {
  readonly value: string;
}

export interface QuestionContent {
  /** What was wrong with the last answer. */
  readonly lead?: string;
  readonly heading?: string;
  /** Markdown; text of users in it is escaped by the caller. */
  readonly text: string;
  readonly rows?: readonly RowChoice[];
  readonly panels?: readonly CardPanel[];
  /** Below rows, panels and fields. */
  readonly closing?: string;
  readonly choices?: readonly { readonly value: string; readonly title: string; readonly isMain?: boolean }[];
  readonly links?: readonly CardLink[];
  readonly form?: { readonly inputs: readonly CardInput[]; readonly submit: string };
  /** Of this question alone: what its buttons send is good while it is the question. */
  readonly nonce: string;
}

export function questionReply(content: QuestionContent, words: Words): Reply {
  const { lead, heading, text, rows = [], panels = [], closing, choices = [], links = [], form, nonce } = content;
  const whole = lead ? `${lead}\n\n${text}` : text;
  if (rows.length + panels.length + choices.length + links.length === 0 && !form) return sentence(whole);
  const data = (choice?: string) => ({ verb: 'dialog', nonce, ...(choice !== undefined && { choice }) });
  /** Apart from the choices where a line of their own stands above these. */
  const isApart = closing !== undefined && choices.length > 0;
  // What a page has to be opened for first is sent afterwards.
  const submit = form && { title: form.submit, press: data(), isMain: !links.some(({ isMain }) => isMain) };
  const buttons = [
    ...(submit && !isApart ? [submit] : []),
    ...choices.map(({ value, title, isMain }) => ({ title, press: data(value), isMain })),
  ];
  const numbered = [...rows.map(rowText), ...choices.map(({ title }) => title)].map(
    (line, index) => `${index + 1}. ${line}`,
  );
  const fallback = [
    ...(heading ? [`**${heading}**`] : []),
    whole,
    ...panels.map((panel) => `${panel.label}: ${panel.text}`),
    ...(closing ? [closing] : []),
    ...links.map(({ title, url }) => `${title}: <${url}>`),
    ...(numbered.length > 0 ? [numbered.join('\n'), words.say(form ? 'dialog.typedInstead' : 'dialog.typed')] : []),
  ].join('\n\n');
  const card = {
    heading,
    text: whole,
    rows: rows.map(({ value, ...row }) => ({ ...row, press: data(value) })),
    panels,
    inputs: form?.inputs,
    submit: isApart ? submit : undefined,
    closing,
    buttons,
    links,
  };
  const activity = cardActivity(card, fallback);
  // A list shows what is kept, which may change while the card stands there.
  return { activity: rows.length > 0 ? refreshing(activity, data()) : activity };
}

function rowText({ title, detail, state }: RowChoice): string {
  return `**${title}**, ${detail}${state ? ` (${state.word})` : ''}`;
}

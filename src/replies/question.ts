/** A dialog's question: the card with its choices or fields, and the same as text with numbered choices. */
import type { Words } from '../words/words.ts';
import { type CardInput, cardActivity } from './card.ts';
import { type Reply, sentence } from './reply.ts';

export interface QuestionContent {
  /** What was wrong with the last answer. */
  readonly lead?: string;
  readonly heading?: string;
  /** Markdown; text of users in it is escaped by the caller. */
  readonly text: string;
  readonly choices?: readonly { readonly value: string; readonly title: string }[];
  readonly form?: { readonly inputs: readonly CardInput[]; readonly submit: string };
  /** Of this question alone: what its buttons send is good while it is the question. */
  readonly nonce: string;
}

export function questionReply(
  { lead, heading, text, choices = [], form, nonce }: QuestionContent,
  words: Words,
): Reply {
  const whole = lead ? `${lead}\n\n${text}` : text;
  if (choices.length === 0 && !form) return sentence(whole);
  const buttons = [
    ...(form ? [{ title: form.submit, press: { verb: 'dialog', nonce } }] : []),
    ...choices.map(({ value, title }) => ({ title, press: { verb: 'dialog', nonce, choice: value } })),
  ];
  const numbered = choices.map(({ title }, index) => `${index + 1}. ${title}`).join('\n');
  const typed = choices.length > 0 ? `\n\n${numbered}\n\n${words.say('dialog.typed')}` : '';
  const fallback = `${heading ? `**${heading}**\n\n` : ''}${whole}${typed}`;
  return {
    activity: cardActivity({ heading, text: whole, inputs: form?.inputs, buttons }, fallback),
  };
}

/** What may enter a ticket: how long texts may be, and what of them must not be kept. */
import { AccessDeskError } from '../errors.ts';

/** In characters (code points). */
export const ticketLimits = { text: 4000, topic: 200, name: 100, facts: 30, fact: 500 };

/** What stands in a conversation, and in a ticket, where a code was typed. */
export const CODE = '[code]';

/** @throws AccessDeskError `ERR_TICKET_TEXT` */
export function checkText(text: string, longest: number = ticketLimits.text): string {
  const length = text.length > longest ? Array.from(text).length : text.length;
  if (text.trim() !== '' && length <= longest) return text;
  throw new AccessDeskError(
    'ERR_TICKET_TEXT',
    `A text of a ticket has 1 to ${longest} characters; this has ${length}.`,
  );
}

/** Between a question and what was added to it. */
const added = /\n\s*\n/;

/** A question without what was added to it. */
export function firstAsked(question: string): string {
  return question.split(added, 1)[0] ?? '';
}

/** The beginning of a text in one line; what was added to it, as a paragraph of its own, is set apart. */
export function inOneLine(text: string, longest: number): string {
  const parts = text
    .slice(0, longest)
    .split(added)
    .map((part) => part.replace(/\s+/g, ' ').trim());
  return parts.filter((part) => part !== '').join(' – ');
}

/** Six digits prove who is in a chat, eight a mailbox; people write them with a gap in the middle. */
const code = /(?<![\p{L}\p{N}.,/:-])(?:\d{3}[ -]?\d{3}|\d{4}[ -]?\d{4})(?![\p{L}\p{N}]|[.,/:-]\d)/gu;

/** The text without what looks like one of our codes; for conversations in which one was typed. */
export function withoutCodes(text: string): string {
  return text.replace(code, CODE);
}

/** What stands where somebody took a message back. */
export const DELETED = '[deleted]';

/** A question without one of the messages that it was made of: what was asked before, and what was added to it. */
export function withoutPart(question: string, part: string): string {
  const said = part.trim();
  if (said === '') return question;
  if (question === said) return DELETED;
  if (question.startsWith(`${said}\n\n`)) return `${DELETED}${question.slice(said.length)}`;
  return question.endsWith(`\n\n${said}`) ? `${question.slice(0, -said.length)}${DELETED}` : question;
}

/** A question as it is compared with another: letters and digits in lower case. */
export function normalised(question: string): string {
  return (
    question
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
}

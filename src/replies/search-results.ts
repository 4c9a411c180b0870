/** What the search of Teams' message box shows: answers and tickets, each with a line to recognise it by and a card to insert. */
import type { Attachment } from 'botbuilder';
import type { Entry } from '../faq/entry.ts';
import { shownNumber, type Ticket } from '../tickets/ticket.ts';
import type { Words } from '../words/words.ts';
import { cardActivity } from './card.ts';
import { escaped } from './escaped.ts';
import { adaptiveCardType } from './for-channel.ts';
import { cardOf } from './pressed-card.ts';
import { shortened } from './shortened.ts';
import { teamsMarkdown } from './teams-markdown.ts';
import { ticketCard } from './ticket-card.ts';
import { cut } from './within-size.ts';

/** UTF-16 units of an answer on a card: twenty-five of them have to fit into one message. */
const longestAnswer = 900;
/** Of a ticket, for the same reason; its card in the channel has more. */
const longestOfTicket = { question: 600, facts: 2, label: 60, value: 140 };
const longestLine = 120;

export type SearchResult = Attachment & { readonly preview: Attachment };

export function answerResult({ id, question, answer, plain }: Entry, publicUrl: string, words: Words): SearchResult {
  const url = `${publicUrl}/entries/${id}`;
  const known = teamsMarkdown(answer);
  const text = known.length > longestAnswer ? cut(known, longestAnswer) : known;
  const body = `${text}\n\n[${words.say('search.whole')}](${url})`;
  const card = cardOf(cardActivity({ heading: escaped(question), text: body, buttons: [] }, ''));
  return result(card, question, plain);
}

/** Without buttons: it may be inserted where anybody reads it. */
export function ticketResult(ticket: Ticket, words: Words): SearchResult {
  const { question, facts, label, value } = longestOfTicket;
  const short = {
    ...ticket,
    question: cut(ticket.question, question),
    facts: ticket.facts
      .slice(0, facts)
      .map((fact) => ({ label: cut(fact.label, label), value: cut(fact.value, value) })),
  };
  const { actions: _, ...card } = ticketCard(short, words);
  const state = words.say(`staffChannel.state.${ticket.state}`, { name: ticket.assignee?.name ?? '' });
  return result(card, `${shownNumber(ticket)} · ${state}`, ticket.question);
}

/** @param text - without markup */
function result(content: object | undefined, title: string, text: string): SearchResult {
  const line = text.replace(/\s+/g, ' ').trim();
  const preview = {
    contentType: 'application/vnd.microsoft.card.thumbnail',
    content: { title, text: shortened(line, longestLine) },
  };
  return { contentType: adaptiveCardType, content, preview };
}

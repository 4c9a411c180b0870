/** Requests of a user as cards: all of them, and one with what can be done with it. */
import type { Stored } from '../records/records.ts';
import { isActive, shownNumber, type Ticket } from '../tickets/ticket.ts';
import { inOneLine, ticketLimits } from '../tickets/ticket-text.ts';
import type { WordKey, Words } from '../words/words.ts';
import { type CardButton, cardActivity, refreshing } from './card.ts';
import { cardMoment } from './card-moment.ts';
import { escaped } from './escaped.ts';
import type { Reply } from './reply.ts';
import { shortened } from './shortened.ts';

/** Buttons on a card. */
const most = 4;
/** Of a question, in a list. */
const longestTitle = 80;

export function requestsCard(own: readonly Stored<Ticket>[], words: Words): Reply {
  const { say } = words;
  const rows = own.map(({ value }) => `**${shownNumber(value)}** ${stateOf(value, words)} · ${titleOf(value)}`);
  const text = rows.join('\n\n');
  const buttons = own.slice(0, most).map(({ value }): CardButton => {
    const title = say('request.button.show', { number: shownNumber(value) });
    return { title, press: { verb: 'request', act: 'show', number: value.number } };
  });
  const heading = say('request.title', { count: own.length });
  const card = { heading, text, buttons };
  const activity = cardActivity(card, `**${heading}**\n\n${text}\n\n${say('request.typed')}`);
  return { activity: refreshing(activity, { verb: 'request', act: 'list' }) };
}

/** @param lead - said before its state; Markdown */
export function requestCard(ticket: Ticket, words: Words, lead?: string): Reply {
  const { say } = words;
  const number = shownNumber(ticket);
  const textWith = (moment: string) =>
    [
      ...(lead ? [lead] : []),
      `${capitalised(say('request.opened', { moment }))} · ${stateOf(ticket, words)}`,
      titleOf(ticket, 500),
    ].join('\n\n');
  const button = (act: 'add' | 'withdraw' | 'reopen'): CardButton => ({
    title: say(`request.button.${act}`),
    press: { verb: 'request', act, number: ticket.number },
  });
  const over = ticket.state === 'withdrawn' ? [] : [button('reopen')];
  const buttons = isActive(ticket) ? [button('add'), button('withdraw')] : over;
  const card = { heading: number, text: textWith(cardMoment(ticket.openedAt)), buttons };
  const activity = cardActivity(card, `**${number}**\n\n${textWith(words.moment(new Date(ticket.openedAt)))}`);
  return { activity: refreshing(activity, { verb: 'request', act: 'show', number: ticket.number }) };
}

function stateOf({ state, assignee }: Ticket, { say }: Words): string {
  return say(`request.state.${state}` as WordKey, { name: escaped(assignee?.name ?? '') });
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function titleOf({ question }: Ticket, longest = longestTitle): string {
  return escaped(shortened(inOneLine(question, ticketLimits.text), longest));
}

/** A ticket as staff see it in Teams: what is asked, by whom, how it stands, and what can be done with it now. */
import { shownNumber, type Ticket, type TicketState } from '../tickets/ticket.ts';
import type { WordKey, Words } from '../words/words.ts';
import { type CardButton, cardActivity } from './card.ts';
import { cardMoment } from './card-moment.ts';
import { escaped, escapedLines } from './escaped.ts';
import { teamsCard } from './for-channel.ts';
import { cardOf } from './pressed-card.ts';
import { shortened } from './shortened.ts';

export const ticketActs = ['claim', 'release', 'resolve', 'reopen'] as const;
export type TicketAct = (typeof ticketActs)[number];

/** The likeliest first. */
const actsIn: Readonly<Record<TicketState, readonly TicketAct[]>> = {
  open: ['claim', 'resolve'],
  reopened: ['claim', 'resolve'],
  assigned: ['resolve', 'release'],
  waiting: ['resolve', 'release'],
  resolved: ['reopen'],
  withdrawn: [],
};

const longestQuestion = 1000;

/** @param lead - what came of a press, above it all */
export function ticketCard(ticket: Ticket, words: Words, lead?: string): Record<string, unknown> {
  const { say } = words;
  const { requester, question, state, assignee, facts, urgency, number, changedAt } = ticket;
  const name = escaped(requester.name ?? requester.address ?? say('staffChannel.unnamed'));
  const rows = [
    ...(lead ? [`**${lead}**`] : []),
    escapedLines(shortened(question, longestQuestion)),
    `${name} · ${say(`staffChannel.proof.${requester.proof}` as WordKey)}`,
    ...facts.slice(0, 6).map(({ label, value }) => `${escaped(label)}: ${escaped(value)}`),
    `${say(`staffChannel.state.${state}` as WordKey, { name: escaped(assignee?.name ?? '') })} · ${say('request.opened', { moment: cardMoment(ticket.openedAt) })}`,
  ];
  const buttons = actsIn[state].map((act): CardButton => {
    const press = { verb: 'ticket', act, number, at: changedAt };
    return { title: say(`staffChannel.button.${act}`), press };
  });
  const heading = urgency === 'urgent' ? say('staffChannel.urgent', { number: `#${number}` }) : shownNumber(ticket);
  return cardOf(cardActivity({ heading, text: rows.join('\n\n'), buttons }, '')) ?? {};
}

/** As Teams takes it. */
export function ticketCardInTeams(ticket: Ticket, words: Words, lead?: string): Record<string, unknown> {
  const look = { verb: 'ticket', act: 'show', number: ticket.number };
  return teamsCard(ticketCard(ticket, words, lead), { line: '', user: '' }, look);
}

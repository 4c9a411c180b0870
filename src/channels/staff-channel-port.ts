/** Tickets in the channel of staff, as activities of Teams. */
import type { SecretPort } from '../registration/secret-warnings.ts';
import { escaped, escapedLines } from '../replies/escaped.ts';
import { adaptiveCardType } from '../replies/for-channel.ts';
import { missesCard } from '../replies/misses-card.ts';
import { ticketCardInTeams } from '../replies/ticket-card.ts';
import type { ChannelPlace } from '../staff-channel/staff-channel.ts';
import { threadKey } from '../staff-channel/staff-channel.ts';
import type { StaffChannelPort, Told } from '../staff-channel/staff-channel-worker.ts';
import type { MissesOnCard, MissesPort } from '../staff-channel/weekly-misses.ts';
import { isTakenOver, shownNumber, type Ticket } from '../tickets/ticket.ts';
import type { WordKey, Words } from '../words/words.ts';
import type { Proactive } from './proactive.ts';
import { sendFailure } from './send-failure.ts';

export interface StaffChannelPortParts {
  readonly proactive: Pick<Proactive, 'send' | 'update' | 'startThread'>;
  readonly words: Words;
}

export function staffChannelPort({ proactive, words }: StaffChannelPortParts): StaffChannelPort {
  const card = (ticket: Ticket) => ({
    summary: words.say('staffChannel.summary', { number: shownNumber(ticket) }),
    attachments: [{ contentType: adaptiveCardType, content: ticketCardInTeams(ticket, words) }],
  });
  return {
    post: (place, ticket) => proactive.startThread(place, card(ticket)),
    update: (place, activity, ticket) => proactive.update(thread(place, activity), activity, card(ticket)),
    async tell(place, activity, what) {
      const text = lineOf(what, words);
      if (text) await proactive.send(thread(place, activity), { text, textFormat: 'markdown' });
    },
    failure(error) {
      const { status, isFinal, ...failure } = sendFailure(error);
      return { ...failure, kind: isFinal ? 'refused' : status === 401 ? 'unsigned' : 'away' };
    },
  };
}

/** The week's questions without an answer, in the same channel. */
export function missesPort({ proactive, words }: StaffChannelPortParts): MissesPort {
  const card = (misses: MissesOnCard) => ({
    summary: words.say('misses.summary'),
    attachments: [{ contentType: adaptiveCardType, content: missesCard(misses, words) }],
  });
  return {
    post: (place, misses) => proactive.startThread(place, card(misses)),
    update: (place, activity, misses) => proactive.update(thread(place, activity), activity, card(misses)),
    failure: (error) => sendFailure(error),
  };
}

/** When the bot's own secret ends, as a message of its own in the same channel. */
export function secretPort({ proactive, words }: StaffChannelPortParts): SecretPort {
  return {
    async tell(place, { ends, days }) {
      const text = words.say(`staffChannel.secret.${days < 0 ? 'ended' : 'ends'}`, {
        day: words.day(new Date(ends)),
        days,
      });
      await proactive.startThread(place, { text, textFormat: 'markdown' });
    },
    failure: (error) => sendFailure(error),
  };
}

function thread(place: ChannelPlace, activity: string): ChannelPlace {
  return { ...place, conversation: threadKey(place.conversation, activity) };
}

function lineOf(what: Told, { say }: Words): string | undefined {
  if ('reminder' in what) return say('staffChannel.reminder', { number: shownNumber(what.reminder) });
  if ('user' in what) {
    return say('staffChannel.user', {
      name: escaped(what.name || say('staffChannel.unnamed')),
      text: escapedLines(what.user),
    });
  }
  const { kind, by, text = '', to = '' } = what.event;
  // What the user wrote in the chat is told by its words.
  if (kind === 'user-wrote' && text === '') return undefined;
  const name = typeof by === 'object' && 'staff' in by ? by.staff.name : say('staffChannel.unnamed');
  return say(`staffChannel.event.${isTakenOver(what.event) ? 'takenOver' : kind}` as WordKey, {
    name: escaped(name),
    text: escapedLines(text),
    to: escaped(to),
  });
}

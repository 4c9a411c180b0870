/** A ticket: a request that was handed to support staff, with a number that everybody can say. */
import { hash } from 'node:crypto';
import type { RecordType } from '../records/records.ts';
import { wordKeys } from './ticket-words.ts';

/**
 * `open`: nobody has it. `assigned`: somebody of staff has it and is to act. `waiting`: it is for the user to answer.
 * `reopened`: as `open`, once resolved before. `resolved` and `withdrawn` are the ends.
 */
export type TicketState = 'open' | 'assigned' | 'waiting' | 'resolved' | 'reopened' | 'withdrawn';

export type Urgency = 'normal' | 'urgent';

/** Somebody of staff, by the id that STAFF_ACCOUNTS names them by (`tenant/objectId` or `issuer|subject`). */
export interface StaffPerson {
  readonly id: string;
  readonly name: string;
}

/** Who asked. Names and addresses are what was said or shown, and prove nothing; `proof` says what was proven. */
export interface Requester {
  /** `channel/user id`. */
  readonly person: string;
  readonly name?: string;
  /** Canonical: where answers go when the user is gone. Typed by the user unless `proof` is more than `none`. */
  readonly address?: string;
  readonly proof: 'none' | 'mailbox' | 'sign-in' | 'teams';
  /** `issuer|subject`, where signed in. */
  readonly account?: string;
}

/** What the bot had said to the question, and how sure it was. */
export interface BotAnswer {
  readonly decision: 'answer' | 'suggest' | 'dialog' | 'none';
  /** Entry id or `do:NAME`. */
  readonly id?: string;
  /** 0-100. */
  readonly confidence?: number;
}

export interface Ticket {
  /** 1001 and up, without gaps at the time of writing; shown as #1042. */
  readonly number: number;
  readonly state: TicketState;
  readonly urgency: Urgency;
  /** Id of the entry or dialog it is about, or a word of staff's own. */
  readonly topic?: string;
  /** As typed, at most 4,000 characters. */
  readonly question: string;
  readonly requester: Requester;
  /** `channel/conversation id`: what was said is in the history there. */
  readonly conversation: string;
  /** The `seq` of the conversation's line that the ticket began after. */
  readonly since: number;
  readonly locale?: string;
  readonly answered?: BotAnswer;
  /** What a dialog had found out, as label and value in words. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly assignee?: StaffPerson;
  /**
   * A person has the conversation and the bot is silent in it: from when somebody of staff takes the ticket or is given
   * it, or replies, until the user leaves, nobody has it any more, or it ends. A reply after the user left has it again.
   */
  readonly holds: boolean;
  /** The resolved ticket that this one follows, more than seven days later. */
  readonly follows?: number;
  /** ISO 8601, UTC, all of them. */
  readonly openedAt: string;
  readonly changedAt: string;
  readonly firstResponseAt?: string;
  readonly resolvedAt?: string;
  readonly userWroteAt?: string;
  readonly staffWroteAt?: string;
  /** Since when it is for staff to do something: what the user asked or wrote first of what nobody answered yet. */
  readonly waitingSince?: string;
  /** When the one who has it, or anybody while nobody has, last looked at it: unread is what the user wrote after. */
  readonly seenAt?: string;
  /** When staff were told by mail that nobody had looked; gone as soon as somebody of staff looks. */
  readonly alertedAt?: string;
  readonly reopened: number;
}

export type TicketEventKind =
  | 'opened'
  | 'claimed'
  | 'assigned'
  | 'released'
  | 'replied'
  | 'noted'
  | 'user-wrote'
  | 'user-left'
  | 'resolved'
  | 'reopened'
  | 'withdrawn'
  | 'taken-back'
  | 'urgency'
  | 'topic';

/** One thing that happened to a ticket. Rows are added only. */
export interface TicketEvent {
  readonly ticket: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: TicketEventKind;
  readonly by: { readonly staff: StaffPerson } | { readonly person: string } | 'system';
  /** What was written: a reply, a note. */
  readonly text?: string;
  /** From what to what, where something was replaced. */
  readonly from?: string;
  readonly to?: string;
}

/** Whether staff gave it to themselves. */
export function isTakenOver({ kind, by, to }: TicketEvent): boolean {
  return kind === 'assigned' && typeof by === 'object' && 'staff' in by && by.staff.name === to;
}

/** How a reply of staff fares on its way to the user. */
export type DeliveryState = 'waiting' | 'sent' | 'mailed' | 'failed';

/** What the user is told besides replies: who is there now, and what became of the request. */
export type RelayNotice = 'claimed' | 'released' | 'resolved';

/** A reply of staff on its way to the user: committed with its event, delivered in order, one conversation at a time. */
export interface Relay {
  readonly ticket: number;
  /** Undefined: a reply. A notice has no text of its own, and is not mailed. */
  readonly notice?: RelayNotice;
  /** Of the event. */
  readonly event: string;
  readonly conversation: string;
  readonly person: string;
  readonly from: StaffPerson;
  readonly text: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** ISO 8601, UTC: not before this. */
  readonly next: string;
  /** Why it failed, without addresses. */
  readonly answer?: string;
  /** ISO 8601, UTC: when its channel took it. */
  readonly sentAt?: string;
  /**
   * ISO 8601, UTC. Sent, and nobody looked at the conversation since: goes by mail at this time unless the user comes.
   * Undefined: the user was there, or there is no address.
   */
  readonly mailAt?: string;
  /** Row of the outbox that carried it instead. */
  readonly mail?: string;
}

/** "#1042", as people say it. */
export function shownNumber({ number }: Pick<Ticket, 'number'>): string {
  return `#${number}`;
}

/** States in which somebody still has to do something. */
export function isActive({ state }: Pick<Ticket, 'state'>): boolean {
  return state !== 'resolved' && state !== 'withdrawn';
}

/** States in which nobody has it, and somebody has to take it. */
export function isQueued({ state }: Pick<Ticket, 'state'>): boolean {
  return state === 'open' || state === 'reopened';
}

/** Whether the user wrote something that nobody of staff has looked at. */
export function isUnread({ userWroteAt, seenAt = '', openedAt }: Ticket): boolean {
  return (userWroteAt ?? openedAt) > seenAt;
}

/** Of the ticket with this number; sorts by number. */
export function ticketId(number: number): string {
  return String(number).padStart(10, '0');
}

/** Lists of the inbox that a ticket is on. */
function listsOf(ticket: Ticket): string[] {
  const { assignee, state } = ticket;
  return [
    'all',
    ...(isActive(ticket) ? [assignee ? `mine ${assignee.id}` : 'unassigned'] : []),
    ...(state === 'waiting' || state === 'resolved' ? [state] : []),
  ];
}

/** Since when somebody waits: the user for staff, or staff for the user. */
export function waitsSince({ state, waitingSince, staffWroteAt, openedAt }: Ticket): string {
  return (state === 'waiting' ? undefined : waitingSince) ?? staffWroteAt ?? openedAt;
}

/** What is to be worked off. `mine` is of whoever has this id. */
export type TicketQueue = 'unassigned' | 'mine' | 'waiting';

/** What the keys of a queue begin with: short and plain, whatever an id looks like. */
export function queueBegin(queue: TicketQueue, id: string): string {
  return queue === 'mine' ? `mine ${hash('sha256', id, 'base64url')} ` : `${queue} `;
}

/** A ticket's place in a queue: first what is for staff to do, of that the urgent, of those who has waited longest. */
export function queuePlace(ticket: Ticket): string {
  const turn = ticket.state === 'waiting' ? 'b' : 'a';
  const urgency = ticket.urgency === 'urgent' ? 'a' : 'b';
  return `${turn}${urgency} ${waitsSince(ticket)} ${ticketId(ticket.number)}`;
}

function queueKeys(ticket: Ticket): readonly string[] {
  if (!isActive(ticket)) return [];
  const { assignee, state } = ticket;
  const queues: readonly TicketQueue[] = [
    assignee ? 'mine' : 'unassigned',
    ...(state === 'waiting' ? (['waiting'] as const) : []),
  ];
  return queues.map((queue) => queueBegin(queue, assignee?.id ?? '') + queuePlace(ticket));
}

/**
 * Every list of the inbox is an index: `unassigned`, `mine ID`, `waiting`, `all`, `resolved`, each also with `unread `
 * in front. `queue` has those that are worked off, in the order in which they are. `alert` has what nobody looked at and staff were not told of by mail.
 */
export const tickets: RecordType<Ticket> = {
  name: 'tickets',
  indexes: {
    list: (ticket) => {
      const lists = listsOf(ticket);
      return isActive(ticket) && isUnread(ticket) ? [...lists, ...lists.map((list) => `unread ${list}`)] : lists;
    },
    queue: queueKeys,
    state: ({ state }) => [state],
    alert: (ticket) => (isActive(ticket) && isUnread(ticket) && !ticket.alertedAt ? ['due'] : []),
    person: ({ requester }) => [requester.person],
    conversation: (ticket) => (isActive(ticket) ? [ticket.conversation] : []),
    follows: ({ follows }) => (follows ? [String(follows)] : []),
    word: ({ question, requester: { name = '', address = '' } }) => wordKeys(`${question} ${name} ${address}`),
  },
  names: ({ requester: { person, address, account } }) => [
    person,
    ...(address ? [address] : []),
    ...(account ? [account] : []),
  ],
};

export const ticketEvents: RecordType<TicketEvent> = {
  name: 'ticket-events',
  indexes: { ticket: ({ ticket }) => [String(ticket)], word: ({ text = '' }) => wordKeys(text) },
  partOf: ({ ticket }) => ({ collection: tickets.name, id: ticketId(ticket) }),
};

export const relays: RecordType<Relay> = {
  name: 'relays',
  indexes: {
    state: ({ state, mailAt }) => (mailAt ? [state, 'unseen'] : [state]),
    ticket: ({ ticket }) => [String(ticket)],
  },
  partOf: ({ ticket }) => ({ collection: tickets.name, id: ticketId(ticket) }),
};

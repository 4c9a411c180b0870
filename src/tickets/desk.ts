/**
 * The support desk: everything that can happen to a ticket, each as one change with its event. The bot calls it for
 * users, the inbox and Teams for staff. It returns values and never speaks to whoever called.
 */
import { AccessDeskError } from '../errors.ts';
import type { Stored } from '../records/records.ts';
import type { BotAnswer, RelayNotice, Requester, StaffPerson, Ticket, TicketEvent, Urgency } from './ticket.ts';

/** What a hand-off gives the desk. */
export interface TicketDraft {
  readonly question: string;
  readonly requester: Requester;
  readonly conversation: string;
  readonly since: number;
  readonly locale?: string;
  readonly topic?: string;
  readonly urgency?: Urgency;
  readonly answered?: BotAnswer;
  readonly facts?: Ticket['facts'];
}

export type Opened =
  | { readonly outcome: 'opened'; readonly ticket: Stored<Ticket> }
  /** The same form, sent again. */
  | { readonly outcome: 'already'; readonly ticket: Stored<Ticket> }
  /** The same person asked for the same in the last ten minutes, and that ticket is active: it was added to it. */
  | { readonly outcome: 'added'; readonly ticket: Stored<Ticket> }
  /** Five in an hour; when the next may be opened, ISO 8601. */
  | { readonly outcome: 'too-many'; readonly until: string };

/** What became of something that staff wanted to do. */
export type Done =
  | { readonly outcome: 'done'; readonly ticket: Stored<Ticket> }
  /** Somebody else has it, since a moment ago; the draft is not lost. */
  | { readonly outcome: 'taken'; readonly ticket: Stored<Ticket>; readonly by: StaffPerson }
  /** The state it is in does not allow this. */
  | { readonly outcome: 'not-now'; readonly ticket: Stored<Ticket> }
  | { readonly outcome: 'unknown' };

/** What became of something that a user wanted to do with a request of their own. */
export type DoneForUser =
  | { readonly outcome: 'done'; readonly ticket: Stored<Ticket> }
  | { readonly outcome: 'not-now'; readonly ticket: Stored<Ticket> }
  /** There is none with this number, or it is somebody else's: the same answer for both. */
  | { readonly outcome: 'unknown' };

export interface DeletedMessage {
  /** `channel/user id`. */
  readonly person: string;
  readonly conversation: string;
  /** As it stood there; `at` is ISO 8601, UTC. */
  readonly said: { readonly text: string; readonly at: string };
  readonly key: string;
}

export type TicketList = 'unassigned' | 'mine' | 'waiting' | 'all' | 'resolved';

/** A page of a list: queues - unassigned, mine, waiting - in their order (`queuePlace`), the others newest first. */
export interface TicketPage {
  readonly tickets: readonly Stored<Ticket>[];
  /** Give it to go on; undefined: there are no more. */
  readonly next?: string;
}

export interface TicketView {
  readonly ticket: Stored<Ticket>;
  /** Oldest first. */
  readonly events: readonly Stored<TicketEvent>[];
  /** State of delivery by the id of the `replied` event. */
  readonly delivery: ReadonlyMap<string, { readonly state: string; readonly answer?: string; readonly next?: string }>;
}

/**
 * Every verb takes the key of what caused it (an activity's, or a form's nonce): the same key acts once. Verbs of staff
 * are for those who are on the roster at that moment.
 * @throws AccessDeskError from any verb: `ERR_TICKET_TEXT` for a text that is empty or too long, `ERR_NOT_STAFF` where
 *   who acts, or is to have a ticket, is not on the roster
 */
export interface Desk {
  // For users.
  open(draft: TicketDraft, key: string): Promise<Opened>;
  /** The ticket for which a person has this conversation; the bot is silent in it. */
  holding(conversation: string): Promise<Stored<Ticket> | undefined>;
  /** The user wrote in a conversation that a person has: it becomes unread, and `waiting` becomes `assigned`. */
  userWrote(ticket: Stored<Ticket>, text: string, key: string): Promise<void>;
  /** The user lets the bot speak again; the request stays. */
  leave(conversation: string, person: string, key: string): Promise<DoneForUser>;
  /** Newest first, at most 20. */
  ofPerson(person: string): Promise<readonly Stored<Ticket>[]>;
  add(number: number, person: string, text: string, key: string): Promise<DoneForUser>;
  withdraw(number: number, person: string, key: string): Promise<DoneForUser>;
  /** The user deleted a message: it is taken out of the question of each request of theirs that came of it. */
  takeBack(deleted: DeletedMessage): Promise<void>;
  /**
   * Within seven days the same ticket; later a new one that follows it (`ticket` is that one).
   * @param where - the conversation it is asked in, where the answers go from now on; without it they go where they went
   */
  reopen(
    number: number,
    person: string,
    key: string,
    where?: Pick<TicketDraft, 'conversation' | 'since'>,
  ): Promise<DoneForUser>;

  // For staff.
  claim(number: number, by: StaffPerson, key: string): Promise<Done>;
  /** To anybody on the roster, or back to the queue with `undefined`. */
  assign(number: number, to: StaffPerson | undefined, by: StaffPerson, key: string): Promise<Done>;
  /**
   * Takes the ticket where nobody has it. It is for the user to answer then, unless staff go on with it.
   * @param goesOn - there is more to do: it stays assigned, and the user waits from now on
   */
  reply(number: number, text: string, by: StaffPerson, key: string, goesOn?: boolean): Promise<Done>;
  note(number: number, text: string, by: StaffPerson, key: string): Promise<Done>;
  resolve(number: number, by: StaffPerson, key: string): Promise<Done>;
  reopenForStaff(number: number, by: StaffPerson, key: string): Promise<Done>;
  setUrgency(number: number, urgency: Urgency, by: StaffPerson, key: string): Promise<Done>;
  setTopic(number: number, topic: string, by: StaffPerson, key: string): Promise<Done>;
  /** Somebody of staff looks at it. */
  seen(number: number, by: StaffPerson): Promise<void>;
  /** Sends a reply whose delivery failed once more, or at once where the next try would come later. @param event - of the reply */
  sendAgain(number: number, event: string, by: StaffPerson): Promise<Done>;

  list(list: TicketList, of: StaffPerson, after?: string): Promise<TicketPage>;
  /** Number, words of question, requester, notes and replies. At most 50, newest first. */
  search(text: string): Promise<readonly Stored<Ticket>[]>;
  view(number: number): Promise<TicketView | undefined>;
  /** How many each list holds, and how many of it are unread; neither further than `mostCounted`. */
  counts(of: StaffPerson): Promise<Readonly<Record<TicketList, { readonly all: number; readonly unread: number }>>>;

  /** Calls `listener` with the number of each ticket that changed, after the change is durable. Returns what ends it. */
  watch(listener: (number: number) => void): () => void;
}

/** The channel does not take lines for this conversation any more; what is to be said goes by mail, if it can. */
export class LineRefused extends AccessDeskError {
  /** @param reason - for staff, without addresses */
  constructor(reason: string, options?: { cause?: unknown }) {
    super('ERR_LINE_REFUSED', reason, options);
  }
}

/** The channel does not take the line now: it is tried again, not before it wants it. */
export class LineDelayed extends AccessDeskError {
  /** @param reason - for staff, without addresses. @param retryAfter - ms, as the channel says; 0 where it does not */
  constructor(
    reason: string,
    readonly retryAfter: number,
    options?: { cause?: unknown },
  ) {
    super('ERR_LINE_DELAYED', reason, options);
  }
}

/** What channels give the desk: how a reply of staff gets into a conversation, and whether anybody looks at it. */
export interface ConversationPort {
  /**
   * Adds a line of staff to the conversation, once for each `id`, in the order of the calls.
   * Rejects when its channel does not take it; the line is then not there and can be tried again under the same id.
   * Rejects with LineRefused where its channel never will: the user is gone or has blocked the bot.
   */
  say(line: {
    readonly id: string;
    readonly conversation: string;
    readonly person: string;
    readonly from: StaffPerson;
    readonly text: string;
    readonly notice?: RelayNotice;
    readonly ticket: number;
  }): Promise<void>;
  /** Whether a client of the user shows the conversation now. */
  isPresent(conversation: string): boolean | Promise<boolean>;
}

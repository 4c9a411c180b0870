/**
 * Shows tickets in the channel of staff: a card for each, edited in place, and in its thread one line for every change
 * and what the user writes meanwhile. It compares what is shown with what is, so a restart or an outage of Teams loses
 * nothing: what could not be posted is tried again.
 */
import { hash } from 'node:crypto';
import type { HistoryStore } from '../history/history.ts';
import { type Hold, holdAlone } from '../instances/hold.ts';
import type { Log } from '../log.ts';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import { Rounds, stepAfter } from '../rounds.ts';
import {
  isActive,
  isQueued,
  type Ticket,
  type TicketEvent,
  ticketEvents,
  ticketId,
  tickets,
} from '../tickets/ticket.ts';
import {
  type ChannelPlace,
  type ChannelTrouble,
  channelTroubles,
  placeOfStaff,
  staffChannelId,
  type TicketCard,
  type TroubleKind,
  ticketCards,
} from './staff-channel.ts';

/** How things get into the channel. Each rejects where Teams does not take them. */
export interface StaffChannelPort {
  /** @returns what Teams calls the card */
  post(place: ChannelPlace, ticket: Ticket): Promise<string>;
  update(place: ChannelPlace, activity: string, ticket: Ticket): Promise<void>;
  /** A line in the card's thread; undefined: nothing is to be said of this event. */
  tell(place: ChannelPlace, activity: string, what: Told): Promise<void>;
  /** ms to wait before it is tried again, where Teams said so, and why it failed. */
  failure(error: unknown): { readonly retryAfter?: number; readonly reason: string; readonly kind: TroubleKind };
}

export type Told =
  | { readonly event: TicketEvent; readonly ticket: Ticket }
  | { readonly user: string; readonly name: string }
  | { readonly reminder: Ticket };

export interface StaffChannelWorkerParts {
  readonly records: Records;
  readonly history: Pick<HistoryStore, 'read' | 'latest'>;
  readonly port: StaffChannelPort;
  /** STAFF_TEAM_ID */
  readonly group: string;
  /** Of several processes one shows a ticket. */
  readonly hold?: Hold;
  /** Whether people work now: nobody is reminded at night. */
  readonly isOpen: () => boolean;
  readonly now: () => Date;
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/** What waits because Teams does not take it. */
export interface ChannelStatus {
  readonly isUsed: boolean;
  readonly waiting: number;
  readonly reason?: string;
}

/** Of one ticket, on their way into its thread. */
const mostTyped = 20;
const remindAfter = 15 * 60_000;
const lookAgain = 60_000;
/** ms that posting takes at most; then another may try. */
const lease = 60_000;
/** ms */
const waits = [5000, 30_000, 120_000, 600_000] as const;

export class StaffChannelWorker extends Rounds {
  readonly #parts: StaffChannelWorkerParts;
  readonly #due = new Set<number>();
  readonly #failed = new Map<number, { attempts: number; at: number; reason: string; kind: TroubleKind }>();
  /** Tickets that have their conversation, by that: what the user says there is told. */
  readonly #holding = new Map<string, number>();
  #isAll = true;

  constructor(parts: StaffChannelWorkerParts) {
    super({
      failed: (error) => parts.log.error({ err: error }, 'tickets could not be shown in the channel of staff'),
      wakeAfter: parts.wakeAfter,
      afterFailure: waits[0],
    });
    this.#parts = parts;
  }

  /** This ticket changed; undefined: look at all of them. */
  override wake(ticket?: number): void {
    if (ticket === undefined) this.#isAll = true;
    else this.#due.add(ticket);
    super.wake();
  }

  /** Whether what the user says in this conversation is shown. */
  shows(conversation: string): boolean {
    return this.#holding.has(conversation);
  }

  /** The user said something in this conversation, and it is in the history: later than the ticket tells of it. */
  said(conversation: string): void {
    const ticket = this.#holding.get(conversation);
    if (ticket !== undefined) this.wake(ticket);
  }

  /** Staff are about to write this from the thread itself: it is not told there once more. */
  async typedHere(ticket: number, text: string): Promise<void> {
    await this.#keep(
      ticket,
      (seen) => seen && { ...seen, typed: [...(seen.typed ?? []), markOf(text)].slice(-mostTyped) },
    );
  }

  async status(): Promise<ChannelStatus> {
    const isUsed = (await this.#place()) !== undefined;
    const [first] = this.#failed.values();
    return { isUsed, waiting: this.#failed.size, ...(first && { reason: first.reason }) };
  }

  /** ms until all are looked at again. */
  protected async work(): Promise<number> {
    const { records, now } = this.#parts;
    const place = await this.#place();
    if (this.#isAll) {
      for await (const { value } of records.all(tickets)) if (place && isActive(value)) this.#due.add(value.number);
      this.#isAll = false;
      // Some are over meanwhile.
      for (const number of this.#failed.keys()) this.#due.add(number);
    }
    if (!place) this.#due.clear();
    for (const number of this.#due) {
      this.#due.delete(number);
      if (this.isClosed) break;
      const { at = 0 } = this.#failed.get(number) ?? {};
      if (place && at <= now().getTime()) await this.#show(number, place);
    }
    if (!this.isClosed) await this.#tellOfTrouble(place !== undefined);
    const next = Math.min(...[...this.#failed.values()].map(({ at }) => at - now().getTime()), lookAgain);
    return Math.max(next, 1000);
  }

  #place(): Promise<ChannelPlace | undefined> {
    return placeOfStaff(this.#parts.records, this.#parts.group);
  }

  /** One ticket after the other; a failure of one waits by itself. */
  async #show(number: number, place: ChannelPlace): Promise<void> {
    const { port, now, log } = this.#parts;
    try {
      const { hold = holdAlone } = this.#parts;
      await hold(`ticket-card/${number}`, () => this.#catchUp(number, place));
      this.#failed.delete(number);
    } catch (error) {
      const { attempts = 0 } = this.#failed.get(number) ?? {};
      const { retryAfter = 0, reason, kind } = port.failure(error);
      const wait = Math.max(stepAfter(waits, attempts + 1), retryAfter);
      this.#failed.set(number, { attempts: attempts + 1, at: now().getTime() + wait, reason, kind });
      log.warn({ ticket: number, reason, wait }, 'a ticket could not be shown in the channel of staff');
    }
  }

  /** Staff's pages say it while it lasts, whichever instance they come from. */
  #tellOfTrouble(isUsed: boolean): Promise<void> {
    const { records, now } = this.#parts;
    if (!isUsed) this.#failed.clear();
    const last = [...this.#failed.values()].at(-1);
    return changing(records, async () => {
      const seen = await records.get(channelTroubles, staffChannelId);
      const change = new Change();
      if (!last) return { result: undefined, ...(seen && { change: change.delete(channelTroubles, seen) }) };
      const { reason, kind } = last;
      const since = seen?.value.since ?? now().toISOString();
      const value: ChannelTrouble = { waiting: this.#failed.size, kind, reason, since };
      if (!seen) change.create(channelTroubles, staffChannelId, value);
      else if (JSON.stringify(seen.value) !== JSON.stringify(value)) change.update(channelTroubles, seen, value);
      else return { result: undefined };
      return { change, result: undefined };
    });
  }

  async #catchUp(number: number, place: ChannelPlace): Promise<void> {
    const { records, port, history, now, isOpen } = this.#parts;
    const ticket = await records.get(tickets, ticketId(number));
    if (!ticket) return;
    if (ticket.value.holds) this.#holding.set(ticket.value.conversation, number);
    else this.#holding.delete(ticket.value.conversation);
    const events = await this.#events(number);
    let card = await records.get(ticketCards, ticketId(number));
    let { activity } = card?.value ?? {};
    if (!card || activity === undefined || card.value.conversation !== place.conversation) {
      if (isActive(ticket.value) && (await this.#claim(number, place))) await this.#post(ticket, place, events.length);
      return;
    }
    if (card.value.version !== ticket.version) {
      const shown = await this.#edit(place, activity, ticket.value);
      activity = shown;
      await this.#keep(number, (seen) => ({ ...seen, activity: shown, version: ticket.version }));
    }
    for (const [index, { value: event }] of events.entries()) {
      if (index < card.value.events) continue;
      const mark = event.text === undefined ? '' : markOf(event.text);
      const isHere = card.value.typed?.includes(mark) === true;
      if (!isHere && event.kind !== 'opened') await port.tell(place, activity, { event, ticket: ticket.value });
      await this.#keep(number, ({ typed = [], ...seen }) => {
        const left = typed.filter((one) => one !== mark);
        return { ...seen, events: index + 1, ...(left.length > 0 && { typed: left }) };
      });
    }
    card = await records.get(ticketCards, ticketId(number));
    if (card && ticket.value.holds) {
      const { requester, conversation } = ticket.value;
      for (const line of await history.read(conversation, card.value.lines)) {
        const said = { user: line.text, name: requester.name ?? '' };
        if (line.from === 'user' && line.text !== '') await port.tell(place, activity, said);
        await this.#keep(number, (seen) => ({ ...seen, lines: line.seq }));
      }
    }
    const { postedAt = '', remindedAt = '' } = card?.value ?? {};
    const since = [postedAt, freeSince(events)].sort().at(-1) ?? '';
    const isLate = now().getTime() - Date.parse(since) >= remindAfter;
    if (card && isQueued(ticket.value) && isLate && remindedAt <= since && isOpen()) {
      await port.tell(place, activity, { reminder: ticket.value });
      await this.#keep(number, (seen) => ({ ...seen, remindedAt: now().toISOString() }));
    }
  }

  /** Edits the card; one that somebody deleted in Teams is posted anew while there is something to do. @returns what Teams calls it */
  async #edit(place: ChannelPlace, activity: string, ticket: Ticket): Promise<string> {
    const { port } = this.#parts;
    try {
      await port.update(place, activity, ticket);
    } catch (error) {
      if (port.failure(error).kind !== 'refused') throw error;
      if (isActive(ticket)) return port.post(place, ticket);
    }
    return activity;
  }

  /** Whether this process is the one to post it: of several that see a new ticket at once, or one after the other. */
  #claim(number: number, { conversation }: ChannelPlace): Promise<boolean> {
    const { records, now } = this.#parts;
    return changing(records, async () => {
      const id = ticketId(number);
      const [seen, ticket] = await Promise.all([records.get(ticketCards, id), records.get(tickets, id)]);
      const at = now();
      const isThere = seen?.value.conversation === conversation;
      const isTaken = isThere && (seen.value.activity !== undefined || (seen.value.until ?? '') > at.toISOString());
      if (!ticket || isTaken) return { result: false };
      const until = new Date(at.getTime() + lease).toISOString();
      const value = {
        ticket: number,
        conversation,
        version: 0,
        events: 0,
        lines: 0,
        postedAt: at.toISOString(),
        until,
      };
      const change = new Change();
      if (seen) change.update(ticketCards, seen, value);
      else change.create(ticketCards, id, value);
      return { change, result: true };
    });
  }

  async #post({ value: ticket, version }: Stored<Ticket>, place: ChannelPlace, events: number): Promise<void> {
    const { port, history, now } = this.#parts;
    const { number, conversation } = ticket;
    try {
      const activity = await port.post(place, ticket);
      const lines = await history.latest(conversation);
      const postedAt = now().toISOString();
      await this.#keep(number, ({ until: _, ...seen }) => ({ ...seen, activity, version, events, lines, postedAt }));
    } catch (error) {
      // It was not taken: whoever looks next may try.
      await this.#keep(number, ({ until: _, ...seen }) => seen);
      throw error;
    }
  }

  async #events(number: number): Promise<readonly Stored<TicketEvent>[]> {
    const found = await this.#parts.records.find(ticketEvents, 'ticket', String(number));
    return [...found].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #keep(number: number, change: (seen: TicketCard) => TicketCard | undefined): Promise<void> {
    const { records } = this.#parts;
    return changing(records, async () => {
      const id = ticketId(number);
      const [seen, ticket] = await Promise.all([records.get(ticketCards, id), records.get(tickets, id)]);
      // Erased meanwhile.
      if (!ticket) return { result: undefined };
      const value = change(seen?.value as TicketCard);
      if (!value) return { result: undefined };
      return {
        change: seen ? new Change().update(ticketCards, seen, value) : new Change().create(ticketCards, id, value),
        result: undefined,
      };
    });
  }
}

/** Since when nobody has had it. */
function freeSince(events: readonly Stored<TicketEvent>[]): string {
  return events.findLast(({ value: { kind } }) => /^(?:opened|released|reopened)$/.test(kind))?.value.at ?? '';
}

function markOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

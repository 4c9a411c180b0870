/**
 * The desk over the records: every verb is one change of the ticket with its event, and with the reply on its way, the
 * mail and the key that belong to it. States are changed by the table of transitions alone.
 *
 * Reading - lists, search, one ticket - is in TicketLists.
 */
import { AccessDeskError } from '../errors.ts';
import type { HistoryStore } from '../history/history.ts';
import { readEmailAddress } from '../mail/email-address.ts';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import type { StaffRole } from '../sessions/staff-accounts.ts';
import type { DeletedMessage, Desk, Done, DoneForUser, Opened, TicketDraft, TicketList } from './desk.ts';
import {
  isActive,
  isUnread,
  type Relay,
  type RelayNotice,
  relays,
  type StaffPerson,
  type Ticket,
  type TicketEvent,
  ticketEvents,
  ticketId,
  tickets,
  type Urgency,
} from './ticket.ts';
import { takeNumber } from './ticket-counter.ts';
import { keyId, ticketKeys } from './ticket-keys.ts';
import { TicketLists } from './ticket-lists.ts';
import { queueTicketMail, type TicketMailParts } from './ticket-mails.ts';
import type { TicketNews } from './ticket-news.ts';
import { CODE, checkText, normalised, ticketLimits, withoutCodes, withoutPart } from './ticket-text.ts';
import { after, type TransitionEvent } from './transitions.ts';

export interface TicketDeskParts extends TicketMailParts {
  readonly records: Records;
  readonly news: TicketNews;
  /** Who may act at this moment. */
  readonly roster: { roleOf(id: string): StaffRole | undefined };
  /** Tells whether a code was typed in the conversation that a ticket comes from. */
  readonly history: Pick<HistoryStore, 'read' | 'latest'>;
}

const minute = 60_000;
const hour = 60 * minute;
/** ms within which the same question is taken for the same request. */
const sameQuestion = 10 * minute;
const mostPerHour = 5;
/** ms for which a resolved ticket is reopened as itself. */
const reopensFor = 7 * 24 * hour;
const mostOfPerson = 20;
/** Lines of the conversation that are looked at for codes. */
const linesBefore = 50;

/** What is to become of a ticket. */
interface Step {
  readonly ticket: Ticket;
  readonly event: Omit<TicketEvent, 'ticket' | 'at'>;
  /** Adds what belongs to it. */
  readonly also?: (change: Change, event: string) => unknown;
}

/** What it comes to: a step, or nothing is done. */
type Decision =
  | { readonly step: Step }
  | { readonly other: 'done' | 'not-now' | 'unknown' }
  | { readonly other: 'taken'; readonly by: StaffPerson };

interface Outcome {
  readonly outcome: 'done' | 'not-now' | 'unknown' | 'taken';
  readonly ticket?: Stored<Ticket>;
  readonly by?: StaffPerson;
}

export class TicketDesk implements Desk {
  readonly #parts: TicketDeskParts;
  readonly #lists: TicketLists;
  #opening: Promise<unknown> = Promise.resolve();

  constructor(parts: TicketDeskParts) {
    this.#parts = parts;
    this.#lists = new TicketLists(parts.records);
  }

  /** One after the other: all want the next number. */
  open(draft: TicketDraft, key: string): Promise<Opened> {
    const opened = this.#opening.then(() => this.#open(draft, key));
    this.#opening = opened.catch(() => {});
    return opened;
  }

  async #open(given: TicketDraft, key: string): Promise<Opened> {
    const { records, now } = this.#parts;
    const draft = await this.#checked(given);
    const { requester, question } = draft;
    const id = keyId(key, 'open', requester.person);
    const added = keyId(key, 'same question', requester.person);
    const opened = await changing<Opened>(records, async () => {
      const at = now();
      const known = (await records.get(ticketKeys, id)) ?? (await records.get(ticketKeys, added));
      const before = known && (await this.#get(known.value.ticket));
      if (before) return { result: { outcome: 'already', ticket: before } };

      const theirs = await records.find(tickets, 'person', requester.person);
      const since = (ms: number) => new Date(at.getTime() - ms).toISOString();
      const wanted = normalised(question);
      const same = theirs.find(
        ({ value }) => isActive(value) && value.openedAt > since(sameQuestion) && normalised(value.question) === wanted,
      );
      if (same) return this.#addSame(same, draft, added);
      const recent = theirs.map(({ value }) => value.openedAt).filter((one) => one > since(hour));
      const oldest = recent.sort().at(-mostPerHour);
      if (oldest) {
        return { result: { outcome: 'too-many', until: new Date(Date.parse(oldest) + hour).toISOString() } };
      }
      const change = new Change();
      const ticket = await this.#create(change, draft, { by: { person: requester.person } });
      this.#remember(change, id, ticket.value.number, 'opened');
      return { change, result: { outcome: 'opened', ticket } };
    });
    if ('ticket' in opened && opened.outcome !== 'already') this.#tell(opened.ticket);
    return opened;
  }

  /** What was said in the form, added to the ticket that is there. */
  async #addSame(seen: Stored<Ticket>, { question, facts = [], requester }: TicketDraft, key: string) {
    const change = new Change();
    const at = this.#at(seen.value, true);
    const known = new Set(seen.value.facts.map(({ label, value }) => `${label}\n${value}`));
    const news = facts.filter(({ label, value }) => !known.has(`${label}\n${value}`));
    const next: Ticket = {
      ...seen.value,
      state: after(seen.value.state, 'user-wrote') ?? seen.value.state,
      // Where the answer can go when they are gone: whoever gave none before may have given one now.
      requester: { ...requester, ...seen.value.requester },
      facts: [...seen.value.facts, ...news].slice(0, ticketLimits.facts),
      changedAt: at,
      ...userWrote(seen.value, at),
    };
    change.update(tickets, seen, next);
    await this.#event(change, next, { kind: 'user-wrote', by: { person: requester.person }, text: question }, at);
    this.#remember(change, key, next.number, 'added');
    const ticket = { ...seen, version: seen.version + 1, value: next };
    return { change, result: { outcome: 'added' as const, ticket } };
  }

  async #create(
    change: Change,
    draft: TicketDraft,
    { by, follows }: { by: TicketEvent['by']; follows?: number },
  ): Promise<Stored<Ticket>> {
    const { records, now } = this.#parts;
    const { urgency = 'normal', facts = [], ...asked } = draft;
    const number = await takeNumber(records, change);
    const at = now().toISOString();
    const value: Ticket = {
      ...asked,
      number,
      state: 'open',
      urgency,
      facts,
      holds: false,
      ...(follows && { follows }),
      openedAt: at,
      changedAt: at,
      waitingSince: at,
      reopened: 0,
    };
    const id = ticketId(number);
    change.create(tickets, id, value);
    await this.#event(change, value, { kind: 'opened', by, ...(follows && { from: String(follows) }) }, at);
    await queueTicketMail(change, value, { template: 'ticketOpened', data: { ticket: number } }, this.#parts);
    return { id, version: 1, value };
  }

  async holding(conversation: string): Promise<Stored<Ticket> | undefined> {
    const found = await this.#parts.records.find(tickets, 'conversation', conversation);
    const staffWrote = ({ value }: Stored<Ticket>) => value.staffWroteAt ?? '';
    // Of two, the one that staff wrote in last.
    return found
      .filter(({ value }) => value.holds)
      .sort((a, b) => (staffWrote(a) < staffWrote(b) ? -1 : staffWrote(a) > staffWrote(b) ? 1 : a.id < b.id ? -1 : 1))
      .at(-1);
  }

  /** The text is a line of the conversation, and is read there. */
  async userWrote({ value: { number, requester } }: Stored<Ticket>, _text: string, key: string): Promise<void> {
    await this.#change<DoneForUser>(number, ['user-wrote', key], ({ value }) => {
      const state = after(value.state, 'user-wrote');
      if (!state) return { other: 'not-now' };
      const at = this.#at(value, true);
      const ticket = { ...value, state, changedAt: at, ...userWrote(value, at) };
      return { step: { ticket, event: { kind: 'user-wrote', by: { person: requester.person } } } };
    });
  }

  async leave(conversation: string, person: string, key: string): Promise<DoneForUser> {
    const held = await this.holding(conversation);
    if (!held || held.value.requester.person !== person) return { outcome: 'unknown' };
    return this.#ofUser(held.value.number, person, 'user-left', key, (ticket) => ({
      ticket: { ...ticket, holds: false },
      event: { kind: 'user-left', by: { person } },
    }));
  }

  async ofPerson(person: string): Promise<readonly Stored<Ticket>[]> {
    return this.#parts.records.page(tickets, 'person', person, mostOfPerson, undefined, 'down');
  }

  async add(number: number, person: string, given: string, key: string): Promise<DoneForUser> {
    const seen = await this.#get(number);
    if (seen?.value.requester.person !== person) return { outcome: 'unknown' };
    const text = await this.#redacted(checkText(given), seen.value.conversation);
    return this.#ofUser(number, person, 'user-wrote', key, (ticket) => {
      const at = this.#at(ticket, true);
      return {
        ticket: { ...ticket, changedAt: at, ...userWrote(ticket, at) },
        event: { kind: 'user-wrote', by: { person }, text },
      };
    });
  }

  withdraw(number: number, person: string, key: string): Promise<DoneForUser> {
    return this.#ofUser(number, person, 'withdraw', key, (ticket) => ({
      ticket: { ...ticket, holds: false },
      event: { kind: 'withdrawn', by: { person } },
    }));
  }

  async takeBack({ person, conversation, said, key }: DeletedMessage): Promise<void> {
    for (const { value } of await this.#parts.records.find(tickets, 'person', person)) {
      if (value.conversation !== conversation || value.openedAt < said.at) continue;
      await this.#change<DoneForUser>(value.number, ['taken-back', key], ({ value: ticket }) => {
        const question = withoutPart(ticket.question, said.text);
        if (question === ticket.question) return { other: 'done' };
        return { step: { ticket: { ...ticket, question }, event: { kind: 'taken-back', by: { person } } } };
      });
    }
  }

  reopen(
    number: number,
    person: string,
    key: string,
    where?: Pick<TicketDraft, 'conversation' | 'since'>,
  ): Promise<DoneForUser> {
    // It may open another, and wants a number then.
    const reopened = this.#opening.then(() => this.#reopen(number, person, key, where));
    this.#opening = reopened.catch(() => {});
    return reopened;
  }

  async #reopen(
    number: number,
    person: string,
    key: string,
    where?: Pick<TicketDraft, 'conversation' | 'since'>,
  ): Promise<DoneForUser> {
    const { records, now } = this.#parts;
    const seen = await this.#get(number);
    if (!seen || seen.value.requester.person !== person) return { outcome: 'unknown' };
    if (!seen.value.resolvedAt || now().getTime() - Date.parse(seen.value.resolvedAt) <= reopensFor) {
      return this.#ofUser(number, person, 'reopen', key, (ticket) => {
        const at = this.#at(ticket, true);
        return {
          // In the same conversation it goes on where it began.
          ticket: {
            ...reopenedTicket(ticket, at),
            ...(where?.conversation !== ticket.conversation && where),
            userWroteAt: at,
          },
          event: { kind: 'reopened', by: { person } },
        };
      });
    }
    const id = keyId(key, 'reopen', number);
    const done = await changing<DoneForUser & { isNew?: boolean }>(records, async () => {
      const known = await records.get(ticketKeys, id);
      const later = await records.find(tickets, 'follows', String(number));
      const same = later.find(({ value }) => value.number === known?.value.ticket || isActive(value));
      if (same) return { result: { outcome: 'done', ticket: same } };
      if (!after(seen.value.state, 'reopen')) return { result: { outcome: 'not-now', ticket: seen } };
      const { question, requester, conversation, locale, topic, facts, urgency } = seen.value;
      const since = await this.#parts.history.latest(conversation);
      const change = new Change().unchanged(tickets, seen);
      const draft = {
        question,
        requester,
        conversation,
        since,
        ...where,
        ...(locale && { locale }),
        ...(topic && { topic }),
        facts,
        urgency,
      };
      const ticket = await this.#create(change, draft, { by: { person }, follows: number });
      this.#remember(change, id, ticket.value.number, 'opened');
      return { change, result: { outcome: 'done', ticket, isNew: true } };
    });
    if (done.outcome === 'done' && done.isNew) this.#tell(done.ticket);
    return done.outcome === 'done' ? { outcome: 'done', ticket: done.ticket } : done;
  }

  async claim(number: number, by: StaffPerson, key: string): Promise<Done> {
    return this.#ofStaff(number, by, ['claim', key], ({ value }) => {
      if (value.assignee?.id === by.id) return { other: 'done' };
      const next = this.#taken(value, 'claim', by);
      if (!next) return {};
      const ticket = this.#looked(next);
      return {
        step: { ticket, event: { kind: 'claimed', by: { staff: by } }, also: this.#telling(ticket, by, 'claimed') },
      };
    });
  }

  async assign(number: number, to: StaffPerson | undefined, by: StaffPerson, key: string): Promise<Done> {
    if (to) this.#onRoster(to);
    return this.#ofStaff(number, by, ['assign', to?.id ?? '', key], ({ value }) => {
      const had = value.assignee;
      if (had?.id === to?.id) return { other: 'done' };
      if (!this.#mayEnd(value, by)) return {};
      const from = had && { from: had.name };
      if (!to) {
        const state = after(value.state, 'release');
        if (!state) return { other: 'not-now' };
        const { assignee: _, ...released } = this.#looked(value);
        return {
          step: {
            ticket: { ...released, state, holds: false },
            event: { kind: 'released', by: { staff: by }, ...from },
            ...(value.holds && { also: this.#telling(value, had ?? by, 'released') }),
          },
        };
      }
      const state = after(value.state, 'assign');
      if (!state) return { other: 'not-now' };
      const { seenAt: _, alertedAt: __, ...unseen } = value;
      // Nobody has looked at it who now is to.
      const next = to.id === by.id ? this.#looked(value) : unseen;
      const ticket = { ...next, state, assignee: plain(to), holds: had ? value.holds : true };
      return {
        step: {
          ticket,
          event: { kind: 'assigned', by: { staff: by }, ...from, to: to.name },
          ...(ticket.holds && { also: this.#telling(value, to, 'claimed') }),
        },
      };
    });
  }

  async reply(number: number, given: string, by: StaffPerson, key: string, goesOn = false): Promise<Done> {
    const text = await this.#redactedFor(number, given);
    return this.#ofStaff(number, by, ['reply', key], ({ value }) => {
      const state = after(value.state, goesOn ? 'reply-on' : 'reply');
      if (!state) return { other: 'not-now' };
      if (value.assignee && value.assignee.id !== by.id) return {};
      const at = this.#at(value);
      const ticket: Ticket = {
        ...this.#looked(value),
        state,
        assignee: plain(by),
        holds: true,
        changedAt: at,
        staffWroteAt: at,
        waitingSince: goesOn ? at : undefined,
        firstResponseAt: value.firstResponseAt ?? at,
      };
      const also = this.#telling(value, by, undefined, text);
      return { step: { ticket, event: { kind: 'replied', by: { staff: by }, text }, also } };
    });
  }

  /** Adds what the user is to be told in the conversation: a reply, or what happened. */
  #telling({ number, conversation, requester }: Ticket, by: StaffPerson, notice?: RelayNotice, text = '') {
    const at = this.#parts.now().toISOString();
    return (change: Change, event: string) => {
      const relay: Relay = {
        ticket: number,
        event,
        conversation,
        person: requester.person,
        from: plain(by),
        text,
        ...(notice && { notice }),
        at,
        state: 'waiting',
        attempts: 0,
        next: at,
      };
      change.create(relays, event, relay);
    };
  }

  async note(number: number, given: string, by: StaffPerson, key: string): Promise<Done> {
    const text = await this.#redactedFor(number, given);
    return this.#ofStaff(number, by, ['note', key], ({ value }) => {
      return { step: { ticket: value, event: { kind: 'noted', by: { staff: by }, text } } };
    });
  }

  async resolve(number: number, by: StaffPerson, key: string): Promise<Done> {
    return this.#ofStaff(number, by, ['resolve', key], ({ value }) => {
      const state = after(value.state, 'resolve');
      if (!state) return { other: 'not-now' };
      if (!this.#mayEnd(value, by)) return {};
      const ticket = { ...this.#looked(value), state, holds: false, resolvedAt: this.#at(value) };
      const tell = this.#telling(value, by, 'resolved');
      const also = (change: Change, event: string) => {
        tell(change, event);
        return queueTicketMail(change, value, { template: 'ticketResolved', data: { ticket: number } }, this.#parts);
      };
      return { step: { ticket, event: { kind: 'resolved', by: { staff: by } }, also } };
    });
  }

  async reopenForStaff(number: number, by: StaffPerson, key: string): Promise<Done> {
    return this.#ofStaff(number, by, ['reopen', key], ({ value }) => {
      if (!after(value.state, 'reopen')) return { other: 'not-now' };
      return {
        step: {
          ticket: this.#looked(reopenedTicket(value, this.#at(value))),
          event: { kind: 'reopened', by: { staff: by } },
        },
      };
    });
  }

  async setUrgency(number: number, urgency: Urgency, by: StaffPerson, key: string): Promise<Done> {
    return this.#ofStaff(number, by, ['urgency', key], ({ value }) => {
      if (!after(value.state, 'urgency')) return { other: 'not-now' };
      if (value.urgency === urgency) return { other: 'done' };
      const event = { kind: 'urgency', by: { staff: by }, from: value.urgency, to: urgency } as const;
      return { step: { ticket: { ...value, urgency }, event } };
    });
  }

  async setTopic(number: number, given: string, by: StaffPerson, key: string): Promise<Done> {
    const topic = checkText(given, ticketLimits.topic);
    return this.#ofStaff(number, by, ['topic', key], ({ value }) => {
      if (!after(value.state, 'topic')) return { other: 'not-now' };
      if (value.topic === topic) return { other: 'done' };
      const event = { kind: 'topic', by: { staff: by }, ...(value.topic && { from: value.topic }), to: topic } as const;
      return { step: { ticket: { ...value, topic }, event } };
    });
  }

  async seen(number: number, by: StaffPerson): Promise<void> {
    this.#onRoster(by);
    const { records } = this.#parts;
    const seen = await changing(records, async () => {
      const ticket = await this.#get(number);
      if (!ticket) return { result: undefined };
      const { value } = ticket;
      const isTheirs = !value.assignee || value.assignee.id === by.id;
      if (!isTheirs || (!isUnread(value) && !value.alertedAt)) return { result: undefined };
      return { change: new Change().update(tickets, ticket, this.#looked(value)), result: ticket };
    });
    if (seen) this.#tell(seen);
  }

  async sendAgain(number: number, event: string, by: StaffPerson): Promise<Done> {
    this.#onRoster(by);
    const { records, now } = this.#parts;
    const ticket = await this.#get(number);
    if (!ticket) return { outcome: 'unknown' };
    const isSent = await changing(records, async () => {
      const relay = await records.get(relays, event);
      // One that waits for another try is tried now; one that is on its way for the first time is left alone.
      const { state, answer } = relay?.value ?? {};
      const isDelayed = state === 'waiting' && answer !== undefined;
      if (relay?.value.ticket !== number || !(state === 'failed' || isDelayed)) return { result: false };
      const { answer: _, ...again } = relay.value;
      const next = { ...again, state: 'waiting' as const, attempts: 0, next: now().toISOString() };
      return { change: new Change().update(relays, relay, next), result: true };
    });
    if (isSent) this.#tell(ticket);
    return { outcome: isSent ? 'done' : 'not-now', ticket };
  }

  list(list: TicketList, of: StaffPerson, before?: string) {
    return this.#lists.list(list, of, before);
  }

  search(text: string) {
    return this.#lists.search(text);
  }

  view(number: number) {
    return this.#lists.view(number);
  }

  counts(of: StaffPerson) {
    return this.#lists.counts(of);
  }

  watch(listener: (number: number) => void): () => void {
    return this.#parts.news.watch(listener);
  }

  /** What a user does with a ticket of their own; the table says whether and what state that leads to. */
  async #ofUser(
    number: number,
    person: string,
    event: TransitionEvent,
    key: string,
    decide: (ticket: Ticket) => Step,
  ): Promise<DoneForUser> {
    const done = await this.#change<DoneForUser>(number, [event, key], ({ value }) => {
      if (value.requester.person !== person) return { other: 'unknown' };
      const state = after(value.state, event);
      if (!state) return { other: 'not-now' };
      const step = decide(value);
      return { step: { ...step, ticket: { ...step.ticket, state } } };
    });
    // A key that was used by somebody else for theirs tells nothing of it.
    return 'ticket' in done && done.ticket.value.requester.person !== person ? { outcome: 'unknown' } : done;
  }

  /** What staff do. A decision without anything in it: somebody else has the ticket, or it is not the time. */
  #ofStaff(
    number: number,
    by: StaffPerson,
    key: readonly string[],
    decide: (ticket: Stored<Ticket>) => { step?: Step; other?: 'done' | 'not-now' },
  ): Promise<Done> {
    this.#onRoster(by);
    return this.#change<Done>(number, key, (ticket) => {
      const { step, other } = decide(ticket);
      if (step) return { step: { ...step, event: { ...step.event, by: { staff: plain(by) } } } };
      if (other) return { other };
      const { assignee } = ticket.value;
      return isActive(ticket.value) && assignee && assignee.id !== by.id
        ? { other: 'taken', by: assignee }
        : { other: 'not-now' };
    });
  }

  async #change<Result extends Done | DoneForUser>(
    number: number,
    key: readonly string[],
    decide: (ticket: Stored<Ticket>) => Decision,
  ): Promise<Result> {
    const { records } = this.#parts;
    const id = keyId(key.at(-1) ?? '', ...key.slice(0, -1), number);
    let changed: Stored<Ticket> | undefined;
    const outcome = await changing<Outcome>(records, async () => {
      const ticket = await this.#get(number);
      if (!ticket) return { result: { outcome: 'unknown' } };
      changed = undefined;
      if (await records.get(ticketKeys, id)) return { result: { outcome: 'done', ticket } };
      const decided = decide(ticket);
      if ('other' in decided) {
        const { other, ...more } = decided;
        return { result: { outcome: other, ...(other !== 'unknown' && { ticket }), ...more } };
      }
      const { step } = decided;
      const change = new Change();
      const at = step.ticket.changedAt > ticket.value.changedAt ? step.ticket.changedAt : this.#at(ticket.value);
      const value = { ...step.ticket, changedAt: at };
      change.update(tickets, ticket, value);
      const event = await this.#event(change, value, step.event, at);
      await step.also?.(change, event);
      this.#remember(change, id, number, step.event.kind);
      changed = { id: ticket.id, version: ticket.version + 1, value };
      return { change, result: { outcome: 'done', ticket: changed } };
    });
    if (changed) this.#tell(changed);
    return outcome as Result;
  }

  /** Adds the event; rows of a ticket are numbered, and their ids sort. @returns its id */
  async #event(
    change: Change,
    { number }: Ticket,
    event: Omit<TicketEvent, 'ticket' | 'at'>,
    at: string,
  ): Promise<string> {
    const before = await this.#parts.records.count(ticketEvents, 'ticket', String(number));
    const id = `${ticketId(number)}-${String(before + 1).padStart(6, '0')}`;
    change.create(ticketEvents, id, { ticket: number, at, ...event });
    return id;
  }

  #remember(change: Change, id: string, ticket: number, outcome: string): void {
    change.create(ticketKeys, id, { ticket, outcome, at: this.#parts.now().toISOString() });
  }

  #get(number: number): Promise<Stored<Ticket> | undefined> {
    return this.#parts.records.get(tickets, ticketId(number));
  }

  #tell({ value }: Stored<Ticket>): void {
    this.#parts.news.tell(value.number);
  }

  /** A clock that is put back does not change the order. What the user writes comes after the last look at it. */
  #at({ changedAt, seenAt = '' }: Ticket, isUnseen = false): string {
    const now = this.#parts.now().toISOString();
    const at = now > changedAt ? now : changedAt;
    return isUnseen && at <= seenAt ? new Date(Date.parse(seenAt) + 1).toISOString() : at;
  }

  /** As looked at by somebody of staff. */
  #looked({ alertedAt: _, ...ticket }: Ticket): Ticket {
    return { ...ticket, seenAt: this.#at(ticket) };
  }

  #taken(ticket: Ticket, event: TransitionEvent, by: StaffPerson): Ticket | undefined {
    const state = after(ticket.state, event);
    return state && { ...ticket, state, assignee: plain(by), holds: true };
  }

  /** Who has it, anybody while nobody has, and leads. */
  #mayEnd({ assignee }: Ticket, by: StaffPerson): boolean {
    return !assignee || assignee.id === by.id || this.#parts.roster.roleOf(by.id) === 'lead';
  }

  #onRoster({ id }: StaffPerson): void {
    if (this.#parts.roster.roleOf(id)) return;
    throw new AccessDeskError('ERR_NOT_STAFF', 'This person is not on the roster (STAFF_ACCOUNTS) any more.');
  }

  async #checked(draft: TicketDraft): Promise<TicketDraft> {
    const { question, topic, requester, facts = [], conversation } = draft;
    checkText(question);
    if (topic !== undefined) checkText(topic, ticketLimits.topic);
    const { name, address } = requester;
    if (name !== undefined) checkText(name, ticketLimits.name);
    const read = address === undefined ? undefined : readEmailAddress(address);
    if (read?.problem) throw new AccessDeskError('ERR_TICKET_TEXT', 'The address of a ticket is no e-mail address.');
    for (const { label, value } of facts) {
      checkText(label, ticketLimits.topic);
      checkText(value, ticketLimits.fact);
    }
    if (facts.length > ticketLimits.facts) throw new AccessDeskError('ERR_TICKET_TEXT', 'A ticket has too many facts.');
    return {
      ...draft,
      requester: { ...requester, ...(read && { address: read.ok.canonical }) },
      question: await this.#redacted(question, conversation),
    };
  }

  async #redactedFor(number: number, given: string): Promise<string> {
    const text = checkText(given);
    const ticket = await this.#get(number);
    return ticket ? this.#redacted(text, ticket.value.conversation) : text;
  }

  /** Numbers are left alone in conversations without a code: a customer's number looks the same. */
  async #redacted(text: string, conversation: string): Promise<string> {
    const { history } = this.#parts;
    const changed = withoutCodes(text);
    if (changed === text) return text;
    const latest = await history.latest(conversation);
    const lines = await history.read(conversation, Math.max(0, latest - linesBefore));
    return lines.some((line) => line.text.includes(CODE)) ? changed : text;
  }
}

/** As `open` again; what was is in its history. */
function reopenedTicket({ assignee: _, resolvedAt: __, ...ticket }: Ticket, at: string): Ticket {
  return { ...ticket, state: 'reopened', holds: false, waitingSince: at, reopened: ticket.reopened + 1 };
}

/** Whoever writes again while nobody answered has waited since the first time. */
function userWrote({ waitingSince = '', state }: Ticket, at: string): Pick<Ticket, 'userWroteAt' | 'waitingSince'> {
  return { userWroteAt: at, waitingSince: state === 'waiting' || waitingSince === '' ? at : waitingSince };
}

/** What a ticket keeps of somebody of staff, whatever else the caller knows. */
function plain({ id, name }: StaffPerson): StaffPerson {
  return { id, name };
}

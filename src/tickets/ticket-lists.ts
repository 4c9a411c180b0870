/** Reads tickets for the inbox: lists page by page, the search, one ticket with everything on it. */
import { outbox } from '../mail/outbox.ts';
import { Pace } from '../pace.ts';
import type { Records, Stored } from '../records/records.ts';
import type { TicketList, TicketPage, TicketView } from './desk.ts';
import {
  queueBegin,
  queuePlace,
  relays,
  type StaffPerson,
  type Ticket,
  type TicketQueue,
  ticketEvents,
  ticketId,
  tickets,
} from './ticket.ts';
import { folded, hasWord, keyOf, wordsOf } from './ticket-words.ts';

const pageSize = 25;
const mostFound = 50;
const lists: readonly TicketList[] = ['unassigned', 'mine', 'waiting', 'all', 'resolved'];
/** Beyond, it matters no more how many more there are. */
export const mostCounted = 1000;
/** Of a word that more are filed under nothing depends on how many. */
const common = 10_000;

/** What is to be worked off, in the order of `queuePlace`. */
export function isQueue(list: TicketList): list is TicketQueue {
  return list === 'unassigned' || list === 'mine' || list === 'waiting';
}

export class TicketLists {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  /** Queues in their order, the others newest first. */
  async list(list: TicketList, of: StaffPerson, after?: string): Promise<TicketPage> {
    const found = isQueue(list)
      ? await this.#queue(queueBegin(list, of.id), after)
      : await this.#records.page(tickets, 'list', list, pageSize + 1, after, 'down');
    const page = found.slice(0, pageSize);
    const last = found.length > pageSize ? page.at(-1) : undefined;
    return { tickets: page, ...(last && { next: isQueue(list) ? queuePlace(last.value) : last.id }) };
  }

  #queue(begin: string, after?: string): Promise<readonly Stored<Ticket>[]> {
    return this.#records.sorted(tickets, 'queue', begin, pageSize + 1, after && begin + after);
  }

  async counts(of: StaffPerson) {
    const count = (key: string) => this.#records.count(tickets, 'list', key, mostCounted);
    const counted = await Promise.all(
      lists.map(async (list) => {
        const key = keyOfList(list, of);
        return [list, { all: await count(key), unread: await count(`unread ${key}`) }] as const;
      }),
    );
    return Object.fromEntries(counted) as Record<TicketList, { all: number; unread: number }>;
  }

  async view(number: number): Promise<TicketView | undefined> {
    const records = this.#records;
    const ticket = await records.get(tickets, ticketId(number));
    if (!ticket) return undefined;
    const events = await records.find(ticketEvents, 'ticket', String(number));
    const delivery = new Map<string, { state: string; answer?: string; next?: string }>();
    for (const { value } of await records.find(relays, 'ticket', String(number))) {
      const { event, state, answer, next, mail } = value;
      const row = mail === undefined ? undefined : (await records.get(outbox, mail))?.value;
      const isLost = row?.state === 'failed';
      const why = isLost ? row.answer : answer;
      delivery.set(event, {
        state: isLost ? 'failed' : state,
        ...(why && { answer: why }),
        ...(state === 'waiting' && { next }),
      });
    }
    return { ticket, events: [...events].sort((a, b) => (a.id < b.id ? -1 : 1)), delivery };
  }

  /** Tickets that have every word of the text, in whatever was written; a number finds its ticket first. */
  async search(text: string): Promise<readonly Stored<Ticket>[]> {
    const terms = wordsOf(text.slice(0, 200));
    if (terms.length === 0) return [];
    const number = /^\s*#?(\d{1,10})\s*$/.exec(text)?.[1];
    const numbered = number ? await this.#records.get(tickets, ticketId(Number(number))) : undefined;
    const found = numbered ? [numbered] : [];
    const pace = new Pace();
    for await (const id of this.#filedUnder(await this.#rarest(terms))) {
      if (found.length === mostFound) break;
      const ticket = id === numbered?.id ? undefined : await this.#records.get(tickets, id);
      if (ticket && (await this.#hasAll(ticket.value, terms))) found.push(ticket);
      if (pace.isDue) await pace.rest();
    }
    return found;
  }

  /** Of the terms' keys, the one that fewest are filed under. */
  async #rarest(terms: readonly string[]): Promise<string> {
    let rarest = { key: '', count: Number.POSITIVE_INFINITY };
    for (const key of new Set(terms.map(keyOf))) {
      const asked = await this.#records.count(tickets, 'word', key, common);
      const count = asked + (await this.#records.count(ticketEvents, 'word', key, common));
      if (count < rarest.count) rarest = { key, count };
    }
    return rarest.key;
  }

  /** Ids of tickets that are filed under the key, themselves or an event of theirs, newest first. */
  async *#filedUnder(key: string): AsyncIterable<string> {
    let before: string | undefined;
    // Most searches end with the first page; one that does not is done in a few.
    for (let limit = 100; ; limit *= 4) {
      const asked = (await this.#records.page(tickets, 'word', key, limit, before, 'down')).map(({ id }) => id);
      const events = await this.#records.page(ticketEvents, 'word', key, limit, before, 'down');
      const written = events.map(({ value }) => ticketId(value.ticket));
      const [low = '', other = ''] = [asked, written].map((ids) => (ids.length < limit ? '' : ids.at(-1)));
      // Below the higher of the two, the other page may leave some out.
      before = low > other ? low : other;
      const end = before;
      yield* [...new Set([...asked, ...written])]
        .filter((id) => id >= end)
        .sort()
        .reverse();
      if (end === '') return;
    }
  }

  async #hasAll({ number, question, requester }: Ticket, terms: readonly string[]): Promise<boolean> {
    const { name = '', address = '' } = requester;
    const asked = folded(`${question}\n${name}\n${address}`);
    const left = terms.filter((term) => !hasWord(asked, term));
    if (left.length === 0) return true;
    const events = await this.#records.find(ticketEvents, 'ticket', String(number));
    const written = folded(events.map(({ value: { text = '' } }) => text).join('\n'));
    return left.every((term) => hasWord(written, term));
  }
}

function keyOfList(list: TicketList, of: StaffPerson): string {
  return list === 'mine' ? `mine ${of.id}` : list;
}

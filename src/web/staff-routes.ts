/** The inbox: lists, search, a ticket, and everything staff do with one. Works as forms; `staff.js` makes it live. */
import type { Request, Response } from 'restify';
import { AccessDeskError } from '../errors.ts';
import type { Knowledge } from '../faq/knowledge.ts';
import type { HistoryStore } from '../history/history.ts';
import type { Stored } from '../records/records.ts';
import type { Desk, Done, TicketList, TicketView } from '../tickets/desk.ts';
import type { StaffMember } from '../tickets/roster.ts';
import { isUnread, shownNumber, type Ticket } from '../tickets/ticket.ts';
import { isQueue } from '../tickets/ticket-lists.ts';
import type { WordKey, Words } from '../words/words.ts';
import { CannedReplies } from './pages/staff-canned.tsx';
import { StaffColumn, type StaffNotice } from './pages/staff-frame.tsx';
import { Inbox } from './pages/staff-inbox.tsx';
import { longestText, type TicketOnPage } from './pages/staff-ticket.tsx';
import { oneLine, type TicketsOnPage } from './pages/staff-tickets.tsx';
import { redirect } from './sign-in/visitors.ts';
import type { StaffForm, StaffGate, StaffVisitor } from './staff-gate.ts';
import type { StaffPages } from './staff-pages.ts';
import { isLookedAt, numberOf, queryOf, searchText, textIn } from './staff-request.ts';
import { threadOf } from './staff-thread.ts';

export interface StaffRouteParts {
  readonly gate: StaffGate;
  readonly pages: StaffPages;
  readonly desk: Desk;
  /** Everybody whom a ticket may be given to. */
  readonly roster: { people(): Promise<readonly StaffMember[]> };
  readonly history: Pick<HistoryStore, 'read' | 'latest'>;
  readonly knowledge: () => Knowledge;
  /** The profiles of whoever asked, as far as that was proven. */
  readonly profilesOf: (ticket: Ticket) => Promise<TicketOnPage['profiles']>;
  /** Whether the user sees the conversation now; undefined where nobody can know. */
  readonly isPresent?: (conversation: string) => boolean | Promise<boolean>;
  readonly isOffice?: () => boolean;
  readonly words: Words;
  readonly newNonce: () => string;
  readonly now: () => Date;
}

const lists: readonly TicketList[] = ['mine', 'unassigned', 'waiting', 'all', 'resolved'];
/** Of a list, and of what a search found. */
const pageSize = 25;
/** Lines that were said before the user asked for a person, and of all of them. */
const linesBefore = 20;
const mostLines = 300;
const longestSearch = 200;

/** What a page says beside the ticket, and what was typed and not sent. */
interface Beside {
  readonly status?: number;
  readonly notice?: StaffNotice;
  readonly draft?: string;
  readonly asNote?: boolean;
}

export function addStaffRoutes(parts: StaffRouteParts): void {
  const { gate, pages, desk, roster, history, knowledge, words, newNonce, now } = parts;

  gate.page('/staff', async (request, response, visitor) => {
    const place = placeOf(request);
    const [list, head] = await Promise.all([
      listOf(place, visitor),
      pages.head(visitor, { ...headOf(place), title: titleOf(place), shows: 'list' }),
    ]);
    pages.send(response, 200, head, Inbox({ head, list }));
  });

  gate.page('/staff/tickets/:number', async (request, response, visitor) => {
    const query = queryOf(request);
    const draft = knowledge().entry(query.get('insert') ?? '')?.plain;
    await sendTicket(request, response, visitor, placeOf(request), draft ? { draft } : {});
  });

  gate.page('/staff/tickets/:number/canned', async (request, response, visitor) => {
    const view = await desk.view(numberOf(request));
    if (!view) return pages.sendUnknown(response, visitor);
    const ticket = view.ticket.value;
    const text = searchText(request);
    const { search, base } = knowledge();
    const hits = search(text === '' ? ticket.question : text).hits.filter((hit) => 'plain' in hit);
    const found = text === '' && hits.length === 0 ? base.entries.slice(0, pageSize) : hits;
    const replies = found.map(({ id, question, plain }) => ({ id, question, plain }));
    const title = words.say('staff.canned.title');
    const head = await pages.head(visitor, { title, place: 'none', shows: 'work' });
    const content = CannedReplies({ words, shown: { number: ticket.number, text, replies } });
    pages.send(response, 200, head, StaffColumn({ title, head, children: content }));
  });

  /** Does it, and answers with the ticket as it is then, or with why not and what was typed. */
  function verb(
    name: string,
    act: (number: number, visitor: StaffVisitor, form: StaffForm) => Promise<Done>,
    kept: { readonly asNote?: boolean } = {},
  ): void {
    gate.form(`/staff/tickets/:number/${name}`, async (request, response, visitor, form) => {
      const number = numberOf(request);
      const place = placeFrom(new URLSearchParams(form.fields.get('back') ?? ''));
      const draft = textIn(form);
      const asNote = kept.asNote ?? form.fields.get('as') === 'note';
      const done = await act(number, visitor, form).catch((error: unknown) => troubleOf(error));
      if (done instanceof Trouble) {
        const { notice, status } = done;
        return sendTicket(request, response, visitor, place, {
          status,
          notice,
          draft: draft.slice(0, 2 * longestText),
          asNote,
        });
      }
      if (done.outcome === 'unknown') return sendUnknown(request, response, visitor);
      if (done.outcome !== 'done') {
        const notice = noticeOf(done, draft !== '');
        return sendTicket(request, response, visitor, place, { status: 409, notice, draft, asNote });
      }
      // What was typed beside a button that does something else is not lost with it.
      if (draft !== '' && name !== 'write') return sendTicket(request, response, visitor, place, { draft });
      const query = addressOf(place);
      redirect(response, `/staff/tickets/${number}${query && `?${query}`}#_end`);
    });
  }

  verb('claim', (number, { person }, { key }) => desk.claim(number, person, key));
  verb('take', (number, { person }, { key }) => desk.assign(number, person, person, key));
  verb('assign', async (number, { person }, { fields, key }) => {
    const id = fields.get('to') ?? '';
    const to = (await roster.people()).find((one) => one.id === id);
    if (id !== '' && !to)
      throw new Trouble(400, {
        kind: 'wrong',
        fact: words.say('staff.said.notStaff'),
        text: words.say('staff.said.nothing'),
      });
    return desk.assign(number, to, person, key);
  });
  verb('write', async (number, { person }, form) => {
    const { fields, key } = form;
    const text = textIn(form);
    if (text.trim() === '')
      throw new Trouble(400, {
        kind: 'wrong',
        fact: words.say('staff.said.empty'),
        text: words.say('staff.said.emptyText'),
      });
    if (text.length > longestText)
      throw new Trouble(400, {
        kind: 'wrong',
        fact: words.say('staff.said.long', { limit: longestText }),
        text: words.say('staff.said.longText'),
      });
    if (fields.get('as') === 'note') return desk.note(number, text, person, key);
    const replied = await desk.reply(number, text, person, key, fields.get('after') === 'go-on');
    return replied.outcome === 'done' && fields.get('after') === 'resolve'
      ? desk.resolve(number, person, key)
      : replied;
  });
  verb('resolve', (number, { person }, { key }) => desk.resolve(number, person, key));
  verb('reopen', (number, { person }, { key }) => desk.reopenForStaff(number, person, key));
  verb('urgency', (number, { person }, { fields, key }) =>
    desk.setUrgency(number, fields.get('to') === 'urgent' ? 'urgent' : 'normal', person, key),
  );
  verb('topic', (number, { person }, { fields, key }) =>
    desk.setTopic(number, oneLine(fields.get('topic') ?? '').slice(0, 100), person, key),
  );
  verb('send-again', (number, { person }, { fields }) => desk.sendAgain(number, fields.get('event') ?? '', person));

  async function sendTicket(
    request: Request,
    response: Response,
    visitor: StaffVisitor,
    place: Place,
    { status = 200, notice, draft = '', asNote = false }: Beside,
  ): Promise<void> {
    const number = numberOf(request);
    let view = await desk.view(number);
    if (!view) return sendUnknown(request, response, visitor);
    const { person } = visitor;
    if (isLookedAt(request) && isUnread(view.ticket.value)) {
      await desk.seen(number, person);
      view = (await desk.view(number)) ?? view;
    }
    const [{ value: ticket } = view.ticket] = await named([view.ticket]);
    const title = `${shownNumber(ticket)} ${oneLine(ticket.question).slice(0, 80)}`;
    const query = addressOf(place);
    const [list, head, said, people, others, profiles] = await Promise.all([
      listOf(place, visitor, number),
      pages.head(visitor, { ...headOf(place), title, shows: 'work' }),
      linesOf(view, request),
      roster.people(),
      desk.ofPerson(ticket.requester.person),
      parts.profilesOf(ticket),
    ]);
    const { base } = knowledge();
    const shown: TicketOnPage = {
      ticket,
      thread: said.thread,
      ...(said.earlier && {
        earlier: `/staff/tickets/${number}?${new URLSearchParams([...new URLSearchParams(query), ['from', said.earlier]])}`,
      }),
      roster: people,
      person,
      isLead: visitor.role === 'lead',
      query,
      csrf: visitor.csrf,
      nonce: newNonce(),
      draft,
      asNote,
      notice,
      others: others.filter(({ value }) => value.number !== number),
      profiles,
      isPresent: await parts.isPresent?.(ticket.conversation),
      isOffice: parts.isOffice?.(),
      topics: [...base.entries, ...base.actions].map(({ id, question }) => ({ id, title: question })),
      canTeach: true,
      now: now(),
    };
    pages.send(response, status, head, Inbox({ head, list, ticket: shown }));
  }

  /** The conversation from a little before the request on; the address shows more of it. */
  async function linesOf(
    view: TicketView,
    request: Request,
  ): Promise<{ thread: TicketOnPage['thread']; earlier?: string }> {
    const { conversation, since } = view.ticket.value;
    const asked = queryOf(request).get('from') ?? '';
    const latest = await history.latest(conversation);
    const from = /^\d{1,9}$/.test(asked) ? Number(asked) : Math.max(since - linesBefore, latest - mostLines);
    const first = Math.max(0, from);
    const lines = await history.read(conversation, first, mostLines);
    return { thread: threadOf(view, lines), ...(first > 0 && { earlier: String(Math.max(0, first - mostLines)) }) };
  }

  /** With the names that people have now: who is given a ticket may sign in for the first time later. */
  async function named(tickets: readonly Stored<Ticket>[]): Promise<readonly Stored<Ticket>[]> {
    const known = (await roster.people()).filter(({ isKnown }) => isKnown);
    const names = new Map(known.map(({ id, name }) => [id, name]));
    return tickets.map((ticket) => {
      const { assignee } = ticket.value;
      const name = assignee && names.get(assignee.id);
      return name ? { ...ticket, value: { ...ticket.value, assignee: { ...assignee, name } } } : ticket;
    });
  }

  async function listOf(place: Place, { person }: StaffVisitor, open?: number): Promise<TicketsOnPage> {
    const shared = { title: titleOf(place), query: addressOf(place), open, now: now() };
    if ('q' in place) {
      const found = await desk.search(place.q);
      const tickets = found.slice(place.from, place.from + pageSize);
      const next = place.from + pageSize;
      const more = `/staff?${new URLSearchParams({ q: place.q, from: String(next) })}`;
      return { ...shared, tickets: await named(tickets), ...(found.length > next && { more }) };
    }
    const { tickets, next } = await desk.list(place.list, person, place.after);
    const order = isQueue(place.list) ? 'queue' : 'newest';
    const more = next && `/staff?${new URLSearchParams({ list: place.list, after: next })}`;
    return { ...shared, order, tickets: await named(tickets), ...(more && { more }) };
  }

  function titleOf(place: Place): string {
    return 'q' in place ? words.say('staff.search.title', { text: place.q }) : words.say(`staff.list.${place.list}`);
  }

  async function sendUnknown(request: Request, response: Response, visitor: StaffVisitor): Promise<void> {
    const place = placeOf(request);
    const title = words.say('staff.unknown');
    const [list, head] = await Promise.all([
      listOf(place, visitor),
      pages.head(visitor, { ...headOf(place), title, shows: 'list' }),
    ]);
    pages.send(
      response,
      404,
      head,
      Inbox({ head, list, nothing: { fact: title, text: words.say('staff.unknownText') } }),
    );
  }

  /** Why nothing was done, to whom it matters. */
  function noticeOf(done: Exclude<Done, { outcome: 'done' | 'unknown' }>, hasDraft: boolean): StaffNotice {
    const ticket = done.ticket.value;
    const number = shownNumber(ticket);
    if (done.outcome === 'taken') {
      const fact = words.say('staff.said.taken', { name: done.by.name, number });
      return { kind: 'wrong', fact, text: words.say(hasDraft ? 'staff.said.takenText' : 'staff.said.takenAlone') };
    }
    const isOver = ticket.state === 'resolved' || ticket.state === 'withdrawn';
    const fact = words.say((isOver ? `staff.said.${ticket.state}` : 'staff.said.notNow') as WordKey, { number });
    return { kind: 'wrong', fact, text: words.say(hasDraft ? 'staff.said.kept' : 'staff.said.nothing') };
  }

  /** What the desk refuses because of what was sent. @throws anything else */
  function troubleOf(error: unknown): Trouble {
    if (error instanceof Trouble) return error;
    if (!(error instanceof AccessDeskError)) throw error;
    const facts: Record<string, WordKey> = {
      ERR_NOT_STAFF: 'staff.said.notStaff',
      ERR_TICKET_TEXT: 'staff.said.empty',
    };
    const fact = facts[error.code];
    if (!fact) throw error;
    return new Trouble(400, { kind: 'wrong', fact: words.say(fact), text: words.say('staff.said.nothing') });
  }
}

/** Something that was sent cannot be done as it is. */
class Trouble extends Error {
  constructor(
    readonly status: number,
    readonly notice: StaffNotice,
  ) {
    super(notice.fact);
  }
}

/** Which tickets stand beside. */
type Place = { readonly list: TicketList; readonly after?: string } | { readonly q: string; readonly from: number };

function placeOf(request: Request): Place {
  return placeFrom(queryOf(request));
}

function placeFrom(query: URLSearchParams): Place {
  const q = query.get('q')?.trim().slice(0, longestSearch) ?? '';
  const from = /^\d{1,3}$/.test(query.get('from') ?? '') ? Number(query.get('from')) : 0;
  if (q !== '') return { q, from };
  const after = query.get('after') ?? undefined;
  return { list: lists.find((list) => list === query.get('list')) ?? 'mine', ...(after && { after }) };
}

function headOf(place: Place) {
  return 'q' in place ? ({ place: 'search', query: place.q } as const) : { place: place.list };
}

function addressOf(place: Place): string {
  return new URLSearchParams('q' in place ? { q: place.q } : { list: place.list }).toString();
}

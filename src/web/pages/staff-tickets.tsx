/** The pane of tickets: a list or what a search found, each ticket as a row of three lines. */
import type { Stored } from '../../records/records.ts';
import { isUnread, shownNumber, type Ticket, waitsSince } from '../../tickets/ticket.ts';
import { inOneLine } from '../../tickets/ticket-text.ts';
import type { WordKey, Words } from '../../words/words.ts';
import { Icon } from './icons.tsx';
import { sentenceWithMoment } from './moment.tsx';
import { Places, StaffBar, type StaffHead } from './staff-frame.tsx';

export interface TicketsOnPage {
  /** The name of the list. */
  readonly title: string;
  /** Undefined for what a search found. */
  readonly order?: 'queue' | 'newest';
  readonly tickets: readonly Stored<Ticket>[];
  /** Of the list, for its links: `list=mine`. */
  readonly query: string;
  /** The address of what follows. */
  readonly more?: string;
  /** The number of the one that is open. */
  readonly open?: number;
  readonly now: Date;
}

export function TicketsPane({ head, shown }: { readonly head: StaffHead; readonly shown: TicketsOnPage }) {
  const { words } = head;
  const { title, order, tickets, query, more, open, now } = shown;
  const isWork = head.shows === 'work';
  const Heading = isWork ? 'h2' : 'h1';
  const Pane = isWork ? 'section' : 'main';
  return (
    <Pane class="tickets" aria-labelledby="_list-title" id={isWork ? undefined : '_work'} tabIndex={-1}>
      <header>
        <details class="menu lists-menu">
          <summary aria-label={words.say('staff.lists')}>
            <Icon name="menu" />
          </summary>
          <nav aria-label={words.say('staff.lists')}>
            <Places {...head} part="lists-menu" />
          </nav>
        </details>
        <div>
          <Heading id="_list-title" class="pane-title">
            <bdi>{title}</bdi>
          </Heading>
          {order && tickets.length > 1 && (
            <span class="order">{words.say(`staff.order.${head.place === 'mine' ? 'mine' : order}`)}</span>
          )}
        </div>
      </header>
      <div data-part="tickets">
        <NotInTeams {...head} />
        {head.place === 'search' && (
          <p class="also">
            <a href={`/staff/people?q=${encodeURIComponent(head.query ?? '')}`}>{words.say('staff.search.people')}</a>
          </p>
        )}
        {tickets.length === 0 ? (
          <Empty head={head} />
        ) : (
          <ol class="rows-of-tickets">
            {tickets.map(({ value }) => (
              <TicketRow
                key={value.number}
                ticket={value}
                query={query}
                isQueue={order === 'queue'}
                isOpen={value.number === open}
                now={now}
                words={words}
              />
            ))}
          </ol>
        )}
        <p class="pane-end">
          {more && (
            <a class="button small" href={more}>
              {words.say(order === 'queue' ? 'staff.next' : 'staff.older')}
            </a>
          )}
          {tickets.length > 0 && (
            <span class="key-hint" hidden>
              <kbd>J</kbd> <kbd>K</kbd> {words.say('staff.hint.move')} <kbd>Enter</kbd> {words.say('staff.hint.opens')}
            </span>
          )}
        </p>
      </div>
    </Pane>
  );
}

/** Staff who work in Teams do not see these tickets, and somebody may have to do something about it. */
function NotInTeams({ trouble, words }: Pick<StaffHead, 'trouble' | 'words'>) {
  if (!trouble) return null;
  const { kind, waiting, reason, since } = trouble;
  return (
    <StaffBar kind="wrong" fact={words.say('staff.notInTeams', { count: waiting })}>
      {sentenceWithMoment(words, `staff.notInTeams.${kind}`, ['moment', since], { reason })}
    </StaffBar>
  );
}

function Empty({ head: { words, place, counts } }: { readonly head: StaffHead }) {
  const waiting = counts.unassigned.all;
  return (
    <div class="empty">
      <p class="empty-fact">
        {words.say(place === 'search' ? 'staff.none.search' : (`staff.none.${place}` as WordKey))}
      </p>
      {place === 'search' ? (
        <p>{words.say('staff.none.searchText')}</p>
      ) : waiting > 0 && place !== 'unassigned' ? (
        <p>
          {words.say('staff.none.unassignedWait', { count: waiting })}{' '}
          <a href="/staff?list=unassigned">{words.say('staff.none.show', { count: waiting })}</a>
        </p>
      ) : (
        <p>{words.say('staff.none.text')}</p>
      )}
    </div>
  );
}

interface TicketRowContent {
  readonly ticket: Ticket;
  readonly query: string;
  /** Shows since when somebody waits, which is what the list is ordered by. */
  readonly isQueue: boolean;
  readonly isOpen: boolean;
  readonly now: Date;
  readonly words: Words;
}

function TicketRow({ ticket, query, isQueue, isOpen, now, words }: TicketRowContent) {
  const { number, question, requester, assignee, state } = ticket;
  const unread = isUnread(ticket) && state !== 'resolved' && state !== 'withdrawn';
  return (
    <li id={`_t-${number}`}>
      <a
        class={unread ? 'ticket unread' : 'ticket'}
        href={`/staff/tickets/${number}${query && `?${query}`}`}
        aria-current={isOpen ? 'page' : undefined}
      >
        <span class="ticket-who">
          {unread && (
            <span class="lamp">
              <span class="spoken">{words.say('staff.unreadOne')}</span>
            </span>
          )}
          <bdi>{nameOf(ticket, words)}</bdi>
          <Age at={isQueue ? waitsSince(ticket) : (ticket.userWroteAt ?? ticket.openedAt)} now={now} words={words} />
        </span>
        <span class="ticket-what">
          <bdi>{oneLine(question)}</bdi>
        </span>
        <span class="ticket-facts">
          <span class="ticket-number">{shownNumber(ticket)}</span>
          <Pills ticket={ticket} words={words} />
          <span>{channelOf(ticket, words)}</span>
          {assignee && !query.includes('mine') && (
            <span class="ticket-assignee">
              <bdi>{assignee.name}</bdi>
            </span>
          )}
          <span class="spoken">{requester.proof === 'none' ? '' : words.say(`staff.proof.${requester.proof}`)}</span>
        </span>
      </a>
    </li>
  );
}

export function Pills({ ticket: { urgency, state }, words }: { readonly ticket: Ticket; readonly words: Words }) {
  return (
    <>
      {urgency === 'urgent' && <span class="pill urgent">{words.say('staff.urgent')}</span>}
      <span class={`pill ${state}`}>{words.say(`staff.state.${state}`)}</span>
    </>
  );
}

/** How long ago, in the shortest words; the script keeps it true. */
export function Age({ at, now, words }: { readonly at: string; readonly now: Date; readonly words: Words }) {
  return (
    <time class="age" dateTime={at}>
      {ageOf(at, now, words)}
    </time>
  );
}

function ageOf(at: string, now: Date, words: Words): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(at)) / 60_000));
  if (minutes < 1) return words.say('staff.age.now');
  if (minutes < 60) return words.say('staff.age.minutes', { count: minutes });
  if (minutes < 24 * 60) return words.say('staff.age.hours', { count: Math.floor(minutes / 60) });
  if (minutes < 7 * 24 * 60) return words.say('staff.age.days', { count: Math.floor(minutes / (24 * 60)) });
  return words.day(new Date(at));
}

/** What somebody who asked is called; names are what was said, and prove nothing. */
export function nameOf({ requester: { name, address } }: Pick<Ticket, 'requester'>, words: Words): string {
  return name ?? address ?? words.say('staff.somebody');
}

/** The same within a sentence. */
export function calledIn({ requester: { name, address } }: Pick<Ticket, 'requester'>, words: Words): string {
  return name ?? address ?? words.say('staff.somebodyIn');
}

/** The channel by the name people know it by. */
export function channelOf({ conversation }: Pick<Ticket, 'conversation'>, words: Words): string {
  const channel = conversation.split('/', 1)[0] ?? '';
  if (channel === 'directline' || channel === 'webchat') return words.say('staff.channel.web');
  return channel === 'msteams' ? words.say('staff.channel.teams') : channel;
}

/** Enough of a text for one line. */
export function oneLine(text: string): string {
  return inOneLine(text, 200);
}

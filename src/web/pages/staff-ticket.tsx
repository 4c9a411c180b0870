/** A ticket: what was said and done, what is known, and what staff can do with it. What users wrote stays text. */
import type { Stored } from '../../records/records.ts';
import {
  isActive,
  isTakenOver,
  type StaffPerson,
  shownNumber,
  type Ticket,
  type TicketEvent,
} from '../../tickets/ticket.ts';
import type { WordKey, Words } from '../../words/words.ts';
import type { ThreadItem } from '../staff-thread.ts';
import { AddressText } from './address-text.tsx';
import { CsrfField } from './csrf-field.tsx';
import { Icon, Mark } from './icons.tsx';
import { NoticeBar, type StaffNotice } from './staff-frame.tsx';
import { calledIn, channelOf, nameOf, oneLine, Pills } from './staff-tickets.tsx';

export interface TicketOnPage {
  readonly ticket: Ticket;
  readonly thread: readonly ThreadItem[];
  /** Older lines were left out; the address that shows them. */
  readonly earlier?: string;
  readonly roster: readonly StaffPerson[];
  readonly person: StaffPerson;
  /** May end what somebody else has. */
  readonly isLead: boolean;
  /** Of the list it was opened from: `list=mine`. */
  readonly query: string;
  readonly csrf: string;
  /** For the forms of this page: each sends its own effect once. */
  readonly nonce: string;
  /** What was typed and not sent, or what a canned reply says. */
  readonly draft: string;
  readonly asNote: boolean;
  readonly notice?: StaffNotice;
  /** The requester's other tickets, newest first. */
  readonly others: readonly Stored<Ticket>[];
  readonly profiles: readonly { readonly company: string; readonly portal: string; readonly isLinked: boolean }[];
  /** Undefined where nobody knows. */
  readonly isPresent?: boolean;
  /** Undefined where no hours are known. */
  readonly isOffice?: boolean;
  readonly topics: readonly { readonly id: string; readonly title: string }[];
  readonly canTeach: boolean;
  readonly now: Date;
}

/** Longest text that staff may send, as users' texts: characters. */
export const longestText = 4000;

export function TicketPane({ words, shown }: { readonly words: Words; readonly shown: TicketOnPage }) {
  const { ticket, query, thread, earlier, notice } = shown;
  const { number } = ticket;
  return (
    <>
      <main id="_work" class="work" tabIndex={-1} data-ticket={number}>
        <header data-part="head">
          <a class="pane-back" href={`/staff${query && `?${query}`}`}>
            <Icon name="back" />
            <span class="spoken">{words.say('staff.backToList')}</span>
          </a>
          <h1 class="pane-title">
            <bdi>{oneLine(ticket.question)}</bdi>
          </h1>
          <div class="work-line">
            <div class="work-state">
              <Pills ticket={ticket} words={words} />
              <span class="ticket-number">{shownNumber(ticket)}</span>
              <a class="facts-link" href="#_facts">
                {words.say('staff.facts')}
              </a>
            </div>
            <div class="work-do">
              <AssignForm words={words} shown={shown} />
              {mayResolve(shown) && (
                <Verb shown={shown} verb="resolve" id="_resolve" class="button">
                  {words.say('staff.resolve')}
                </Verb>
              )}
            </div>
          </div>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls by itself has to be reached by keyboard. */}
        <section class="scroll" id="_scroll" tabIndex={0} aria-label={words.say('staff.conversation')}>
          {earlier && (
            <p class="earlier">
              <a href={earlier}>{words.say('staff.earlier')}</a>
            </p>
          )}
          <ol class="thread" data-part="thread">
            {thread.map((item) => (
              <Said key={item.id} item={item} words={words} shown={shown} />
            ))}
          </ol>
          <p id="_end" />
        </section>
        <p class="new-messages" hidden>
          <button type="button" class="button small" data-do="end" />
        </p>
        <div data-part="notice">
          <NoticeBar notice={notice} />
        </div>
        <Composer words={words} shown={shown} />
      </main>
      <Facts words={words} shown={shown} />
    </>
  );
}

/** Who has it, anybody while nobody has, and leads. */
function mayResolve({ ticket, person, isLead }: TicketOnPage): boolean {
  return isActive(ticket) && (isLead || !ticket.assignee || ticket.assignee.id === person.id);
}

interface Shown {
  readonly words: Words;
  readonly shown: TicketOnPage;
}

function Hidden({ shown: { csrf, nonce, query } }: Pick<Shown, 'shown'>) {
  return (
    <>
      <CsrfField token={csrf} />
      <input type="hidden" name="nonce" value={nonce} />
      <input type="hidden" name="back" value={query} />
    </>
  );
}

interface VerbContent {
  readonly shown: TicketOnPage;
  readonly verb: string;
  readonly class: string;
  readonly id?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly children: string;
}

/** One button that does one thing. */
function Verb({ shown, verb, class: kind, id, fields = {}, children }: VerbContent) {
  return (
    <form method="post" action={`/staff/tickets/${shown.ticket.number}/${verb}`} class="verb">
      <Hidden shown={shown} />
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={kind} id={id}>
        {children}
      </button>
    </form>
  );
}

function AssignForm({ words, shown }: Shown) {
  const { ticket, roster, person } = shown;
  const { assignee, number } = ticket;
  if (!isActive(ticket))
    return assignee ? <p class="was-with">{words.say('staff.wasWith', { name: assignee.name })}</p> : null;
  const isGone = assignee && !roster.some(({ id }) => id === assignee.id);
  return (
    <form method="post" action={`/staff/tickets/${number}/assign`} class="verb assign">
      <Hidden shown={shown} />
      <label class="spoken" for="_assign">
        {words.say('staff.assignTo')}
      </label>
      <select name="to" id="_assign">
        <option value="" selected={!assignee}>
          {words.say('staff.nobody')}
        </option>
        {isGone && (
          <option value={assignee.id} selected>
            {assignee.name}
          </option>
        )}
        {roster.map(({ id, name }) => (
          <option key={id} value={id} selected={id === assignee?.id}>
            {id === person.id ? words.say('staff.you', { name }) : name}
          </option>
        ))}
      </select>
      <button type="submit" class="button">
        {words.say('staff.assign')}
      </button>
    </form>
  );
}

/** A text of the conversation, a note, or something that happened. */
function Said({ item, words, shown }: Shown & { readonly item: ThreadItem }) {
  const { ticket, person } = shown;
  if (item.kind === 'event') {
    return (
      <li class="event" id={item.id}>
        <span>
          <Clock at={item.at} words={words} />
          {', '}
          <bdi>{eventText(item.event, ticket, person, words)}</bdi>
        </span>
      </li>
    );
  }
  const { kind, id, at, text, staffId, name = '', facts, delivery } = item;
  const isOwn = staffId !== undefined && staffId === person.id;
  const who =
    kind === 'bot'
      ? words.say('staff.bot')
      : kind === 'user'
        ? nameOf(ticket, words)
        : kind === 'note'
          ? words.say('staff.noteOnly')
          : isOwn
            ? words.say('staff.youAlone')
            : name || words.say('staff.staff');
  return (
    <li class={`said ${kind}`} id={id}>
      <Face kind={kind} name={kind === 'user' ? who : name} words={words} />
      <div>
        <div class="who">
          <strong>
            <bdi>{who}</bdi>
          </strong>
          {kind === 'note' && <bdi>{isOwn ? words.say('staff.youAlone') : name}</bdi>}
          <Clock at={at} words={words} />
          {facts && <span class="pill">{decisionText(facts, words)}</span>}
          {delivery && <Delivery delivery={delivery} event={id.slice(2)} words={words} shown={shown} />}
        </div>
        <p class="bubble" dir="auto">
          {text}
        </p>
      </div>
    </li>
  );
}

function Face({ kind, name, words }: { readonly kind: string; readonly name: string; readonly words: Words }) {
  return (
    <span class={`person ${kind}`} aria-hidden="true">
      {kind === 'bot' ? <Mark size={16} /> : initialsOf(name || words.say('staff.staff'))}
    </span>
  );
}

/** The first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const letters = name.split(/\s+/).flatMap((part) => /[\p{L}\p{N}]/u.exec(part)?.[0] ?? []);
  return (letters.length > 1 ? `${letters[0]}${letters.at(-1)}` : (letters[0] ?? '')).toLocaleUpperCase();
}

interface DeliveryContent extends Shown {
  readonly delivery: { readonly state: string; readonly answer?: string; readonly next?: string };
  readonly event: string;
}

function Delivery({ delivery: { state, answer, next }, event, words, shown }: DeliveryContent) {
  const again = (
    <Verb shown={shown} verb="send-again" class="link" fields={{ event }}>
      {words.say('staff.sendNow')}
    </Verb>
  );
  if (state === 'sent') return <span>{words.say('staff.delivery.sent')}</span>;
  if (state === 'mailed') return <span>{words.say('staff.delivery.mailed')}</span>;
  if (state === 'failed') {
    return (
      <>
        <span class="failed">{words.say('staff.delivery.failed', { reason: answer ?? '' })}</span>
        {again}
      </>
    );
  }
  if (!answer) return <span>{words.say('staff.delivery.waiting')}</span>;
  const seconds = Math.max(0, Math.ceil((Date.parse(next ?? '') - shown.now.getTime()) / 1000)) || 0;
  return (
    <>
      <span class="failed">{words.say('staff.delivery.again', { seconds })}</span>
      {again}
    </>
  );
}

/** The reply box; where nobody has the ticket, or somebody else, the way to it stands in its place. */
function Composer({ words, shown }: Shown) {
  const { ticket, person, draft, asNote } = shown;
  const { number, assignee } = ticket;
  const isMine = isActive(ticket) && assignee?.id === person.id;
  if (!isMine) return <Beside words={words} shown={shown} />;
  const name = calledIn(ticket, words);
  const hint =
    shown.isPresent === undefined
      ? words.say('staff.replyTo', { name })
      : words.say(shown.isPresent ? 'staff.replyToPresent' : 'staff.replyToGone', { name });
  const noteHint = words.say('staff.noteHint');
  return (
    <form method="post" action={`/staff/tickets/${number}/write`} class="composer" data-composer="mine">
      <Hidden shown={shown} />
      <fieldset class="tabs">
        <legend class="spoken">{words.say('staff.writeAs')}</legend>
        <label>
          <input type="radio" name="as" value="reply" checked={!asNote} id="_as-reply" />
          <span>{words.say('staff.reply')}</span>
        </label>
        <label>
          <input type="radio" name="as" value="note" checked={asNote} id="_as-note" />
          <span>{words.say('staff.note')}</span>
        </label>
        <span class="key-hint" hidden>
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> {words.say('staff.hint.sends')}
        </span>
        <a class="button quiet" href={`/staff/tickets/${number}/canned`} data-do="canned">
          {words.say('staff.canned')}
        </a>
      </fieldset>
      <label class="spoken" for="_text">
        {words.say('staff.text')}
      </label>
      <textarea
        id="_text"
        name="text"
        maxLength={longestText}
        placeholder={asNote ? noteHint : hint}
        data-reply={hint}
        data-note={noteHint}
        dir="auto"
      >
        {draft}
      </textarea>
      <div class="composer-end">
        <button type="submit" class="button" name="after" value="resolve" data-for="reply">
          {words.say('staff.sendAndResolve')}
        </button>
        <button type="submit" class="button" name="after" value="go-on" data-for="reply" data-key="Shift">
          {words.say('staff.sendAndGoOn')}
        </button>
        <button type="submit" class="button primary" name="after" value="">
          <span class="for-reply">{words.say('staff.sendAndWait')}</span>
          <span class="for-note">{words.say('staff.addNote')}</span>
        </button>
      </div>
    </form>
  );
}

function Beside({ words, shown }: Shown) {
  const { ticket, draft } = shown;
  const { number, assignee, state } = ticket;
  const kind = !isActive(ticket) ? 'over' : assignee ? 'other' : 'nobody';
  const [fact, action, label] =
    kind === 'over'
      ? ([
          words.say(state === 'withdrawn' ? 'staff.isWithdrawn' : 'staff.isResolved'),
          'reopen',
          words.say('staff.reopen'),
        ] as const)
      : assignee
        ? ([words.say('staff.isWith', { name: assignee.name }), 'take', words.say('staff.takeOver')] as const)
        : ([words.say('staff.isFree'), 'claim', words.say('staff.takeIt')] as const);
  return (
    <form method="post" action={`/staff/tickets/${number}/write`} class="composer beside" data-composer={kind}>
      <Hidden shown={shown} />
      <input type="hidden" name="as" value="note" />
      <div class="composer-end">
        <p>{fact}</p>
        {state !== 'withdrawn' && (
          <button
            type="submit"
            class={kind === 'nobody' ? 'button primary' : 'button'}
            formAction={`/staff/tickets/${number}/${action}`}
            id="_take"
          >
            {label}
          </button>
        )}
      </div>
      <details open={draft !== ''}>
        <summary>{words.say(draft === '' ? 'staff.writeNote' : 'staff.yourDraft')}</summary>
        <label class="spoken" for="_text">
          {words.say('staff.noteOnly')}
        </label>
        <textarea id="_text" name="text" maxLength={longestText} dir="auto">
          {draft}
        </textarea>
        <div class="composer-end">
          <button type="submit" class="button">
            {words.say('staff.addNote')}
          </button>
        </div>
      </details>
    </form>
  );
}

function Facts({ words, shown }: Shown) {
  const { ticket, others, profiles, isPresent, isOffice, topics, canTeach } = shown;
  const { requester, answered, facts, locale, follows, number, question, urgency, topic } = ticket;
  const name = nameOf(ticket, words);
  return (
    <aside class="facts" id="_facts" aria-label={words.say('staff.facts')} data-part="facts">
      <p class="facts-close">
        <a class="button small" href="#_scroll">
          {words.say('staff.close')}
        </a>
      </p>
      <div class="facts-person">
        <span class="person user" aria-hidden="true">
          {initialsOf(name)}
        </span>
        <p>
          <strong>
            <bdi>{name}</bdi>
          </strong>
          {isPresent !== undefined && <span>{words.say(isPresent ? 'staff.present' : 'staff.gone')}</span>}
        </p>
      </div>
      <h2>{words.say('staff.identity')}</h2>
      <dl>
        <Fact name={words.say('staff.proof')}>{words.say(`staff.proof.${requester.proof}`)}</Fact>
        {requester.address && (
          <Fact name={words.say(requester.proof === 'none' ? 'staff.addressSaid' : 'staff.address')}>
            <AddressText address={requester.address} />
          </Fact>
        )}
        <Fact name={words.say('staff.channel')}>{channelOf(ticket, words)}</Fact>
        {locale && (
          <Fact name={words.say('staff.language')}>
            <bdi>{languageOf(locale, words)}</bdi>
          </Fact>
        )}
        <Fact name={words.say('staff.opened')}>
          <Clock at={ticket.openedAt} words={words} />
        </Fact>
        {isOffice !== undefined && (
          <Fact name={words.say('staff.office')}>
            {words.say(isOffice ? 'staff.officeOpen' : 'staff.officeClosed')}
          </Fact>
        )}
      </dl>
      {profiles.length > 0 && (
        <>
          <h2>{words.say('staff.profiles')}</h2>
          <dl>
            {profiles.map(({ company, portal, isLinked }) => (
              <Fact key={company + portal} name={company}>
                {words.say(isLinked ? 'staff.profileLinked' : 'staff.profileNotLinked', { portal })}
              </Fact>
            ))}
          </dl>
        </>
      )}
      <p>
        <a href={`/staff/people?ticket=${number}`}>{words.say('staff.lookUp')}</a>
      </p>
      <h2>{words.say('staff.question')}</h2>
      <p class="verbatim" dir="auto">
        {question}
      </p>
      {answered && (
        <p class="pill-line">
          <span class="pill">{decisionText(answered, words)}</span>{' '}
          {answered.id && <bdi class="entry-id">{answered.id}</bdi>}
        </p>
      )}
      {canTeach && (
        <p>
          <a href={`/staff/tickets/${number}/teach`}>{words.say('staff.teach')}</a>
        </p>
      )}
      {facts.length > 0 && (
        <>
          <h2>{words.say('staff.foundOut')}</h2>
          <dl>
            {facts.map(({ label, value }) => (
              <Fact key={label} name={label}>
                <bdi>{value}</bdi>
              </Fact>
            ))}
          </dl>
        </>
      )}
      <h2>{words.say('staff.handling')}</h2>
      <div class="handling">
        <Verb
          shown={shown}
          verb="urgency"
          class="button small"
          fields={{ to: urgency === 'urgent' ? 'normal' : 'urgent' }}
        >
          {words.say(urgency === 'urgent' ? 'staff.makeNormal' : 'staff.makeUrgent')}
        </Verb>
        <form method="post" action={`/staff/tickets/${number}/topic`} class="topic-form">
          <Hidden shown={shown} />
          <label for="_topic">{words.say('staff.topic')}</label>
          <span>
            <input id="_topic" name="topic" value={topic ?? ''} maxLength={100} list="_topics" autocomplete="off" />
            <button type="submit" class="button small">
              {words.say('staff.setTopic')}
            </button>
          </span>
          <datalist id="_topics">
            {topics.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </datalist>
        </form>
      </div>
      {(others.length > 0 || follows !== undefined) && (
        <>
          <h2>{words.say('staff.earlierTickets')}</h2>
          <ul class="others">
            {follows !== undefined && !others.some(({ value }) => value.number === follows) && (
              <li>
                <a href={`/staff/tickets/${follows}`}>{`#${follows}`}</a>
              </li>
            )}
            {others.map(({ value }) => (
              <li key={value.number}>
                <a href={`/staff/tickets/${value.number}`}>{shownNumber(value)}</a>{' '}
                <bdi>{oneLine(value.question).slice(0, 60)}</bdi>, {words.say(`staff.stateLower.${value.state}`)}
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: unknown }) {
  return (
    <div>
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd>{children as string}</dd>
    </div>
  );
}

/** A time of the day; the script shows it in the reader's zone. */
export function Clock({ at, words }: { readonly at: string; readonly words: Words }) {
  return (
    <time class="clock" dateTime={at}>
      {words.moment(new Date(at))}
    </time>
  );
}

export function decisionText(facts: { readonly decision: string; readonly confidence?: number }, words: Words): string {
  const confidence = Math.round(facts.confidence ?? 0);
  const key = `staff.decision.${facts.decision}` as WordKey;
  return words.say(key, { confidence });
}

function languageOf(locale: string, words: Words): string {
  try {
    return new Intl.DisplayNames([words.locale], { type: 'language' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}

function eventText(event: TicketEvent, ticket: Ticket, person: StaffPerson, words: Words): string {
  const { kind, by, from = '', to = '' } = event;
  const staff = typeof by === 'object' && 'staff' in by ? by.staff : undefined;
  const who = staff
    ? staff.id === person.id
      ? words.say('staff.youAlone')
      : staff.name
    : by === 'system'
      ? words.say('name')
      : nameOf(ticket, words);
  const key = isTakenOver(event) ? 'staff.event.takenOver' : (`staff.event.${kind}` as WordKey);
  return words.say(key, { who, from: shownValue(kind, from, words), to: shownValue(kind, to, words) });
}

function shownValue(kind: TicketEvent['kind'], value: string, words: Words): string {
  if (kind !== 'urgency') return value;
  return words.say(value === 'urgent' ? 'staff.urgencyUrgent' : 'staff.urgencyNormal');
}

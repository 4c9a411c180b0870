/** The frame of staff's pages: the bar with search and live state, the lists beside what is worked on. */
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { ChannelTrouble } from '../../staff-channel/staff-channel.ts';
import type { TicketList } from '../../tickets/desk.ts';
import { mostCounted } from '../../tickets/ticket-lists.ts';
import type { WordKey, Words } from '../../words/words.ts';
import { AccountBox, type AccountOnPage } from './account-menu.tsx';
import { Icon, type IconName, Mark, markAddress } from './icons.tsx';

/** `none`: a page below a ticket. */
export type StaffPlace = TicketList | 'none' | 'search' | 'people' | 'report' | 'audit';

export type TicketCounts = Readonly<Record<TicketList, { readonly all: number; readonly unread: number }>>;

export interface StaffFrame {
  readonly styleAddresses: readonly string[];
  readonly scriptAddress: string;
}

export interface StaffHead {
  readonly frame: StaffFrame;
  readonly words: Words;
  readonly title: string;
  readonly account: AccountOnPage;
  /** Sees the trail too. */
  readonly isLead: boolean;
  readonly place: StaffPlace;
  readonly counts: TicketCounts;
  /** Requests of people that wait for a decision. */
  readonly decisions: number;
  /** What keeps tickets from the channel in Teams now. */
  readonly trouble?: ChannelTrouble;
  /** What was searched for. */
  readonly query?: string;
  /** Which pane a narrow screen shows. */
  readonly shows: 'list' | 'work';
}

const ticketPlaces: readonly (readonly [TicketList, IconName])[] = [
  ['mine', 'inbox'],
  ['unassigned', 'person'],
  ['waiting', 'clock'],
  ['all', 'all'],
  ['resolved', 'done'],
];

const otherPlaces: readonly (readonly [StaffPlace, IconName, string, boolean])[] = [
  ['people', 'people', '/staff/people', false],
  ['report', 'chart', '/staff/report', false],
  ['audit', 'book', '/staff/audit', true],
];

/** What the script says by itself. */
const scriptWords = [
  'live',
  'connecting',
  'offline',
  'signedOut',
  'signIn',
  'sending',
  'newMessage',
  'newMessages',
  'alertOn',
  'alertOff',
  'alertDenied',
  'alertTitle',
  'alertText',
  'alertRequest',
  'keysOn',
  'keysOff',
  'close',
  'notSent',
] as const;

export function renderStaffPage(head: StaffHead, content: VNode): string {
  const { frame, words, title, account, shows, query = '' } = head;
  const name = words.say('name');
  // Left as the catalogue has them where the script fills something in.
  const said = Object.fromEntries(
    scriptWords.map((key) => [key, words.say(`staff.script.${key}`, { count: '#', number: '#' })]),
  );
  return `<!doctype html>${renderToString(
    <html lang={words.locale} dir={words.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} - ${name}`}</title>
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={markAddress} />
        {frame.styleAddresses.map((address) => (
          <link key={address} rel="stylesheet" href={address} />
        ))}
        <script src={frame.scriptAddress} defer />
      </head>
      <body class={`staff-page shows-${shows}`} data-words={JSON.stringify(said)} data-title={title}>
        <a class="skip" href="#_work">
          {words.say('page.skip')}
        </a>
        <header class="staff-bar">
          <a class="name" href="/staff">
            <Mark />
            <span>{name}</span>
          </a>
          <search>
            <form class="staff-search" action="/staff">
              <Icon name="search" />
              <input
                type="search"
                name="q"
                value={query}
                maxLength={200}
                placeholder={words.say('staff.search')}
                aria-label={words.say('staff.search')}
              />
              <span class="key-hint" hidden>
                <kbd>/</kbd>
              </span>
            </form>
          </search>
          <p class="live" role="status" hidden />
          <StaffMenu words={words} account={account} />
        </header>
        <div class="panes">
          <nav class="lists" aria-label={words.say('staff.lists')}>
            <Places {...head} part="lists" />
          </nav>
          {content}
        </div>
        <dialog class="keys" aria-labelledby="_keys-title">
          <h2 id="_keys-title">{words.say('staff.keys')}</h2>
          <dl>
            {keys.map(([shown, key]) => (
              <div key={key}>
                <dt>
                  {shown.map((one) => (
                    <kbd key={one}>{one}</kbd>
                  ))}
                </dt>
                <dd>{words.say(key)}</dd>
              </div>
            ))}
          </dl>
          <form method="dialog">
            <button type="submit" class="button">
              {words.say('staff.close')}
            </button>
          </form>
        </dialog>
      </body>
    </html>,
  )}`;
}

const keys: readonly (readonly [readonly string[], WordKey])[] = [
  [['J', 'K'], 'staff.keys.move'],
  [['Enter'], 'staff.keys.open'],
  [['R'], 'staff.keys.reply'],
  [['N'], 'staff.keys.note'],
  [['A'], 'staff.keys.assign'],
  [['E'], 'staff.keys.resolve'],
  [['/'], 'staff.keys.search'],
  [['Ctrl', 'Enter'], 'staff.keys.send'],
  [['Ctrl', 'Shift', 'Enter'], 'staff.keys.sendOn'],
  [['?'], 'staff.keys.help'],
];

/** The lists with how many each holds; the same again in a menu where there is no room beside. */
export function Places({
  words,
  place,
  counts,
  decisions,
  isLead,
  part,
}: Pick<StaffHead, 'words' | 'place' | 'counts' | 'decisions' | 'isLead'> & { readonly part?: string }) {
  return (
    <div class="places" data-part={part}>
      <ul>
        {ticketPlaces.map(([list, icon]) => (
          <li key={list}>
            <a href={`/staff?list=${list}`} aria-current={list === place ? 'page' : undefined}>
              <Icon name={icon} />
              <span class="place">{words.say(`staff.list.${list}`)}</span>
              {counts[list].unread > 0 && (
                <span class="lamp">
                  <span class="spoken">{words.say('staff.unread', { count: counts[list].unread })}</span>
                </span>
              )}
              {list !== 'resolved' && (
                <span class="count">{counts[list].all > 0 ? shownCount(counts[list].all, words) : ''}</span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <h2>{words.say('staff.more')}</h2>
      <ul>
        {otherPlaces
          .filter(([, , , leadsOnly]) => isLead || !leadsOnly)
          .map(([other, icon, address]) => (
            <li key={other}>
              <a href={address} aria-current={other === place ? 'page' : undefined}>
                <Icon name={icon} />
                <span class="place">{words.say(`staff.list.${other}` as WordKey)}</span>
                {other === 'people' && decisions > 0 && (
                  <span class="count">
                    <span aria-hidden="true">{words.say('staff.count', { count: decisions })}</span>
                    <span class="spoken">{words.say('staff.decisions', { count: decisions })}</span>
                  </span>
                )}
              </a>
            </li>
          ))}
      </ul>
    </div>
  );
}

/** Beyond some it matters no more how many more there are, and nobody counts them. */
function shownCount(count: number, words: Words): string {
  const isMore = count >= mostCounted;
  return words.say(isMore ? 'staff.countMany' : 'staff.count', { count: isMore ? mostCounted - 1 : count });
}

function StaffMenu({ words, account }: { readonly words: Words; readonly account: AccountOnPage }) {
  return (
    <AccountBox words={words} account={account}>
      <button type="button" data-do="alerts" hidden>
        {words.say('staff.script.alertOff')}
      </button>
      <button type="button" data-do="keys" hidden>
        {words.say('staff.script.keysOn')}
      </button>
      <button type="button" data-do="help" hidden>
        {words.say('staff.keys')}
      </button>
    </AccountBox>
  );
}

/** A page of staff's that is not a ticket: one column beside the lists. */
export function StaffColumn({
  title,
  head,
  children,
}: {
  /** Undefined where the content has its own. */
  readonly title?: string;
  readonly head: StaffHead;
  readonly children: ComponentChildren;
}) {
  return (
    <main id="_work" class="staff-column" tabIndex={-1}>
      <details class="menu lists-menu">
        <summary>
          <Icon name="menu" />
          {head.words.say('staff.lists')}
        </summary>
        <nav aria-label={head.words.say('staff.lists')}>
          <Places {...head} />
        </nav>
      </details>
      {title && <h1>{title}</h1>}
      {children}
    </main>
  );
}

/** What came of what somebody has just done, where it is not plain to see. */
export interface StaffNotice {
  readonly kind: 'good' | 'wrong';
  readonly fact: string;
  readonly text?: string;
}

/** Comes with the answer to a form; the page's script moves the focus to it. */
export function NoticeBar({ notice }: { readonly notice: StaffNotice | undefined }) {
  return (
    notice && (
      <StaffBar kind={notice.kind} fact={notice.fact} id="_notice">
        {notice.text}
      </StaffBar>
    )
  );
}

/** A bold fact, then what to do. */
export function StaffBar({ kind, fact, id, children }: StaffBarContent) {
  return (
    <div class={`bar ${kind}`} role={kind === 'wrong' ? 'alert' : 'status'} id={id} tabIndex={-1}>
      <Icon name={kind === 'wrong' ? 'note' : 'done'} />
      <p>
        <strong>{fact}</strong> {children}
      </p>
    </div>
  );
}

interface StaffBarContent {
  readonly kind: StaffNotice['kind'];
  readonly fact: string;
  readonly id?: string;
  readonly children?: ComponentChildren;
}

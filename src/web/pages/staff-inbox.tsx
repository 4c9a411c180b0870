/** The inbox: tickets beside the one that is open, or beside the sentence that none is. */
import type { Words } from '../../words/words.ts';
import type { StaffHead } from './staff-frame.tsx';
import { type TicketOnPage, TicketPane } from './staff-ticket.tsx';
import { type TicketsOnPage, TicketsPane } from './staff-tickets.tsx';

export interface InboxContent {
  readonly head: StaffHead;
  readonly list: TicketsOnPage;
  readonly ticket?: TicketOnPage;
  /** What to say where none is open. */
  readonly nothing?: { readonly fact: string; readonly text: string };
}

export function Inbox({ head, list, ticket, nothing }: InboxContent) {
  return (
    <>
      <TicketsPane head={head} shown={list} />
      {ticket ? <TicketPane words={head.words} shown={ticket} /> : <NothingOpen words={head.words} said={nothing} />}
    </>
  );
}

function NothingOpen({ words, said }: { readonly words: Words; readonly said?: InboxContent['nothing'] }) {
  return (
    <section
      class={said ? 'work nothing unknown' : 'work nothing'}
      aria-label={said?.fact ?? words.say('staff.none.open')}
    >
      <div class="empty">
        <p class="empty-fact">{said?.fact ?? words.say('staff.none.open')}</p>
        <p>{said?.text ?? words.say('staff.none.openText')}</p>
      </div>
    </section>
  );
}

/**
 * What staff wait for in the inbox, over HTTP: `npm run bench:inbox`. 10,000 tickets; each page in full, session, lists
 * with their counts and markup included, p50 and p95 of 60 requests one after the other.
 */
import { Change } from '../src/records/records.ts';
import { type Ticket, type TicketState, ticketEvents, ticketId, tickets } from '../src/tickets/ticket.ts';
import { openStaffRoom } from '../test/support/staff-room.ts';
import { ana, ben } from '../test/support/ticket-room.ts';

const TICKETS = 10_000;
const REQUESTS = 60;
/** ms that a list may take at the server. */
const LIST_LIMIT = 100;

const room = await openStaffRoom();
const states: readonly TicketState[] = ['open', 'assigned', 'waiting', 'resolved', 'resolved', 'withdrawn'];
const subjects = 'invitation profile portal link company address colleague administrator licence invoice'.split(' ');
for (let begin = 0; begin < TICKETS; begin += 1000) {
  const change = new Change();
  for (let n = begin; n < begin + 1000; n++) {
    const number = 1001 + n;
    const state = states[n % states.length] ?? 'open';
    const at = new Date(room.clock.now().getTime() - (TICKETS - n) * 600_000).toISOString();
    const ticket: Ticket = {
      number,
      state,
      urgency: n % 9 === 0 ? 'urgent' : 'normal',
      question: `The ${subjects[n % 10]} of our ${subjects[(n >> 3) % 10]} does not work as it should, part ${n}`,
      requester: { person: `webchat/user-${n}`, name: `User Number ${n}`, proof: 'none' },
      conversation: `webchat/old-${n}`,
      since: 0,
      facts: [],
      ...(state !== 'open' && { assignee: n % 2 ? ana : ben }),
      holds: false,
      openedAt: at,
      changedAt: at,
      ...(n % 3 !== 0 && { seenAt: at }),
      reopened: 0,
    };
    change.create(tickets, ticketId(number), ticket);
    const opened = { ticket: number, at, kind: 'opened', by: { person: ticket.requester.person } } as const;
    change.create(ticketEvents, `${ticketId(number)}-000001`, opened);
  }
  await room.records.commit(change);
}

const visitor = await room.signedIn('ana');
let isGood = true;
console.log(`${TICKETS} tickets, ms over HTTP: p50 / p95, kB`);
await timed('list mine', '/staff?list=mine');
await timed('list unassigned', '/staff?list=unassigned');
await timed('list all', '/staff?list=all');
await timed('list all, in the middle', `/staff?list=all&after=${ticketId(6000)}`);
await timed('list resolved', '/staff?list=resolved');
await timed('one ticket', '/staff/tickets/6000?list=all');
await timed('search, two words', `/staff?q=${encodeURIComponent('invoice company')}`, Number.POSITIVE_INFINITY);
await room.close();
process.exit(isGood ? 0 : 1);

async function timed(what: string, path: string, limit = LIST_LIMIT): Promise<void> {
  const times: number[] = [];
  let bytes = 0;
  for (let n = -5; n < REQUESTS; n++) {
    const began = performance.now();
    const { status, text } = await visitor.get(path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
    bytes = text.length;
    if (n >= 0) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  isGood &&= at(0.95) < limit;
  console.log(`${what.padEnd(32)}${at(0.5).toFixed(1)} / ${at(0.95).toFixed(1)}  ${(bytes / 1000).toFixed(0)}`);
}

/**
 * Figures of the support desk over the embedded store: `npm run bench:desk`. 10,000 tickets with their histories: how
 * long the inbox waits for a list, the counts, a search, a ticket. Then 200 conversations handed off at once and
 * answered: whether any reply is lost, comes twice or out of order, and how long one takes through the desk, from
 * pressing "send" to the channel having it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../src/log.ts';
import { recordTypes } from '../src/record-types.ts';
import { Change } from '../src/records/records.ts';
import { WatchedRecords } from '../src/records/watched-records.ts';
import { openEmbeddedStore } from '../src/stores/embedded/embedded-store.ts';
import type { ConversationPort } from '../src/tickets/desk.ts';
import { RelayWorker } from '../src/tickets/relay-worker.ts';
import { relays, type Ticket, type TicketState, ticketEvents, ticketId, tickets } from '../src/tickets/ticket.ts';
import { ticketCounter } from '../src/tickets/ticket-counter.ts';
import { TicketDesk } from '../src/tickets/ticket-desk.ts';
import { medianFirstResponse } from '../src/tickets/ticket-figures.ts';
import { TicketNews } from '../src/tickets/ticket-news.ts';
import { oneOf, randomFrom } from './random.ts';

const TICKETS = 10_000;
const CONVERSATIONS = 200;
const REPLIES = 5;
/** ms that a list of the inbox may take at the server. */
const LIST_LIMIT = 100;

const folder = await mkdtemp(join(tmpdir(), 'accessdesk-bench-desk-'));
const now = () => new Date();
const store = await openEmbeddedStore({ folder, now, recordTypes });
const records = new WatchedRecords(store.records);
const news = new TicketNews();
const mails = { records, now, newId: () => crypto.randomUUID(), addressKey: (address: string) => address };
const desk = new TicketDesk({ ...mails, news, history: store.history, roster: { roleOf: () => 'lead' } });
const agents = Array.from({ length: 10 }, (_, n) => ({ id: `https://login.test|agent-${n}`, name: `Agent ${n}` }));
const [agent = { id: '', name: '' }] = agents;
let isGood = true;

try {
  await fill();
  await benchReads();
  await benchHandOffs();
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = isGood ? 0 : 1;

/** Tickets of every state, with three events and about two hundred characters each. */
async function fill(): Promise<void> {
  const random = randomFrom(7);
  const words =
    'invitation profile account portal sign link expired company address colleague administrator license invoice error page button change remove access waiting partner customer answer help'.split(
      ' ',
    );
  const text = (length: number) =>
    Array.from(
      { length },
      () => `${words[Math.floor(random() * words.length)]}${Math.floor(random() * 40) || ''}`,
    ).join(' ');
  const syllables = () =>
    Array.from({ length: 3 }, () => oneOf('ka mi lo ru ben to sa ri na del or an fe wi'.split(' '), random)).join('');
  const states: readonly TicketState[] = [
    'open',
    'assigned',
    'waiting',
    'resolved',
    'resolved',
    'resolved',
    'withdrawn',
  ];
  for (let begin = 0; begin < TICKETS; begin += 1000) {
    const change = new Change();
    for (let n = begin; n < begin + 1000; n++) {
      const number = 1001 + n;
      const state = states[n % states.length] ?? 'open';
      const at = new Date(Date.now() - (TICKETS - n) * 600_000).toISOString();
      const assignee = agents[n % agents.length];
      const name = `${syllables()} ${syllables()}`;
      const ticket: Ticket = {
        number,
        state,
        urgency: n % 9 === 0 ? 'urgent' : 'normal',
        question: text(25),
        requester: {
          person: `webchat/user-${n}`,
          name,
          address: `${name.replace(' ', '.')}@company${n % 300}.example`,
          proof: 'none',
        },
        conversation: `webchat/old-${n}`,
        since: 0,
        facts: [],
        ...(state !== 'open' && assignee && { assignee }),
        holds: false,
        openedAt: at,
        changedAt: at,
        ...(state !== 'open' && { firstResponseAt: at }),
        ...(n % 3 !== 0 && { seenAt: at }),
        reopened: 0,
      };
      change.create(tickets, ticketId(number), ticket);
      for (let event = 1; event <= 3; event++) {
        const kind = event === 1 ? 'opened' : event === 2 ? 'noted' : 'replied';
        change.create(ticketEvents, `${ticketId(number)}-00000${event}`, {
          ticket: number,
          at,
          kind,
          by: { staff: agent },
          ...(event > 1 && { text: text(20) }),
        });
      }
    }
    await records.commit(change);
  }
  await records.commit(new Change().create(ticketCounter, 'tickets', { last: 1000 + TICKETS }));
}

async function benchReads(): Promise<void> {
  console.log(`${TICKETS} tickets, ms at the server`);
  const middle = ticketId(1000 + TICKETS / 2);
  await timed('list all, first page', () => desk.list('all', agent), LIST_LIMIT);
  await timed('list all, middle page', () => desk.list('all', agent, middle), LIST_LIMIT);
  await timed('list mine', () => desk.list('mine', agent), LIST_LIMIT);
  const place = (await desk.list('unassigned', agent)).next;
  await timed('list unassigned, next page', () => desk.list('unassigned', agent, place), LIST_LIMIT);
  await timed('list unassigned', () => desk.list('unassigned', agent), LIST_LIMIT);
  await timed('counts of all lists', () => desk.counts(agent), LIST_LIMIT);
  await timed('search, a word of many', () => desk.search('invitation'));
  await timed('search, two words', () => desk.search('invitation invoice7'));
  const { requester } = (await desk.view(5000))?.ticket.value ?? {};
  await timed('search, an address', () => desk.search(requester?.address ?? ''));
  await timed('search, a name', () => desk.search(requester?.name ?? ''));
  await timed('search, nothing found', () => desk.search('invitation zzzz'));
  await timed('one ticket', () => desk.view(5000));
  await timed('median first response', () => medianFirstResponse(records, now()));
}

async function timed(what: string, run: () => Promise<unknown>, limit = Number.POSITIVE_INFINITY): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 60; n++) {
    const start = performance.now();
    await run();
    if (n >= 10) times.push(performance.now() - start);
  }
  const p95 = at(times, 0.95);
  if (p95 > limit) isGood = false;
  console.log(`  ${what.padEnd(26)} p50 ${at(times, 0.5).toFixed(2).padStart(7)}   p95 ${p95.toFixed(2).padStart(7)}`);
}

/** Everybody at once: opened, taken, answered five times with the user writing in between. */
async function benchHandOffs(): Promise<void> {
  const said = new Map<string, string[]>();
  const heardAt = new Map<string, number>();
  const ids = new Set<string>();
  const port: ConversationPort = {
    isPresent: () => true,
    say: async ({ id, conversation, text, notice }) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (ids.has(id)) return;
      ids.add(id);
      // That somebody is there, or that it is resolved, is no reply.
      if (notice) return;
      said.set(conversation, [...(said.get(conversation) ?? []), text]);
      heardAt.set(`${conversation} ${text}`, performance.now());
    },
  };
  const worker = new RelayWorker({
    ...mails,
    port,
    news,
    log: createLog('error'),
    wakeAfter(ms, wake) {
      const timer = setTimeout(wake, ms);
      return () => clearTimeout(timer);
    },
  });
  records.onPut(relays, () => worker.wake());
  worker.wake();
  const waits: number[] = [];
  const sentAt = new Map<string, number>();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CONVERSATIONS }, async (_, n) => {
      const conversation = `webchat/new-${n}`;
      const by = agents[n % agents.length] ?? agent;
      const requester = { person: `webchat/new-user-${n}`, proof: 'none' as const };
      const opened = await desk.open(
        { question: 'Can somebody help me', requester, conversation, since: 0 },
        `open ${n}`,
      );
      if (opened.outcome !== 'opened') throw new Error(opened.outcome);
      const { number } = opened.ticket.value;
      await desk.claim(number, by, `claim ${n}`);
      for (let reply = 0; reply < REPLIES; reply++) {
        sentAt.set(`${conversation} ${reply}`, performance.now());
        await desk.reply(number, String(reply), by, `reply ${n} ${reply}`);
        await desk.userWrote(opened.ticket, 'thanks', `user ${n} ${reply}`);
      }
      await desk.resolve(number, by, `resolve ${n}`);
    }),
  );
  await worker.idle();
  const seconds = (performance.now() - start) / 1000;
  await worker.close();
  for (const [key, at] of sentAt) waits.push((heardAt.get(key) ?? Number.POSITIVE_INFINITY) - at);
  const all = [...said.values()];
  const lost = CONVERSATIONS * REPLIES - all.flat().length;
  const inOrder = all.filter((texts) => texts.join() === Array.from({ length: REPLIES }, (_, n) => n).join()).length;
  if (lost !== 0 || inOrder !== CONVERSATIONS) isGood = false;
  console.log(`${CONVERSATIONS} conversations handed off at once, ${REPLIES} replies each: ${seconds.toFixed(1)} s`);
  console.log(`  lost ${lost}, conversations in order ${inOrder} of ${CONVERSATIONS}`);
  console.log(`  relay, ms from reply to channel: p50 ${at(waits, 0.5).toFixed(1)}, p95 ${at(waits, 0.95).toFixed(1)}`);
}

function at(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/**
 * PostgreSQL beside the embedded store, in one run on a server of its own whose disk is synced: turns, redemptions, the
 * inbox's list and memory. `npm run bench:postgres`, or with names of parts: turns, redeem, inbox, memory.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { recordTypes } from '../src/record-types.ts';
import { Change } from '../src/records/records.ts';
import { openEmbeddedStore } from '../src/stores/embedded/embedded-store.ts';
import { openPostgresStore } from '../src/stores/postgres/postgres-store.ts';
import { queueBegin, queuePlace, type Ticket, ticketId, tickets } from '../src/tickets/ticket.ts';
import { mostCounted } from '../src/tickets/ticket-lists.ts';
import { openAccessRooms } from '../test/support/access-rooms.ts';
import { type PostgresServer, startPostgres } from '../test/support/postgres.ts';
import { median, root, type Server, startServer } from './servers.ts';
import { anew, type Round, turns } from './turn-load.ts';

const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = Number(process.env.SECONDS ?? 4);
const say = (text: string) => process.stdout.write(`${text}\n`);
const by = { actor: 'a person', proof: 'mailbox' } as const;
const number = (value: number) => Math.round(value).toLocaleString('en');

/** Says at SIGUSR2 how many bytes its heap has once what is of no use was taken away. */
const tellsHeap = `process.on('SIGUSR2', () => { gc(); process.stdout.write('heap ' + process.memoryUsage().heapUsed + '\\n'); })`;

const server = await startPostgres(['-c', 'shared_buffers=256MB']);
const parts: Record<string, () => Promise<void>> = { turns: turnsPart, redeem, inbox, memory };
for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts)) await parts[name]?.();
await server.stop();

/** Instances of the built server on one new database. */
async function instances(count: number): Promise<Server[]> {
  const settings = { STORE_URL: await server.newDatabase(), SECRET_KEY: 'x'.repeat(40) };
  return Promise.all(Array.from({ length: count }, () => startServer([join(root, 'dist/index.js')], settings)));
}

async function turnsPart(): Promise<void> {
  const embedded = await startServer([join(root, 'dist/index.js')]);
  const [one] = await instances(1);
  const two = await instances(2);
  if (!one) return;
  const measured = { embedded: [] as Round[], one: [] as Round[], two: [] as Round[] };
  const database: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const alone = await turns(embedded, 16, anew, seconds);
    const before = serverCpu(server);
    const single = await turns(one, 16, anew, seconds);
    const used = serverCpu(server) - before;
    const both = await Promise.all(two.map((each) => turns(each, 16, anew, seconds)));
    if (round < 0) continue; // warm-up
    measured.embedded.push(alone);
    measured.one.push(single);
    database.push(used / (single.perSecond * seconds));
    const perSecond = both.reduce((sum, each) => sum + each.perSecond, 0);
    const cpuPerTurn = median(both.map((each) => each.cpuPerTurn));
    measured.two.push({ perSecond, cpuPerTurn, p50: median(both.map((each) => each.p50)) });
  }
  await Promise.all([embedded, one, ...two].map((each) => each.stop()));
  const of = (name: keyof typeof measured, what: keyof Round) => median(measured[name].map((each) => each[what]));
  say(`turns over /api/messages, new wording, 16 connections an instance; median of ${rounds} rounds of ${seconds} s`);
  for (const name of ['embedded', 'one', 'two'] as const) {
    const cpu = `${of(name, 'cpuPerTurn').toFixed(2)} ms of the instance's processor a turn`;
    say(
      `  ${name.padEnd(9)} ${number(of(name, 'perSecond')).padStart(6)} turns/s, ${cpu}, p50 ${of(name, 'p50').toFixed(1)} ms`,
    );
  }
  say(`  the database used ${median(database).toFixed(2)} ms a turn`);
  const ratio = of('one', 'perSecond') / of('embedded', 'perSecond');
  say(`  one instance on PostgreSQL against the embedded store: ${ratio.toFixed(2)} (to reach: 0.5)`);
  say(
    `  two instances against one: ${(of('two', 'perSecond') / of('one', 'perSecond')).toFixed(2)} (to reach: 1.6, with the cores)`,
  );
}

/** Through `Invitations.redeem`, as a person does: everything read, checked and written. */
async function redeem(): Promise<void> {
  const count = 4000;
  const folder = await mkdtemp(join(tmpdir(), 'accessdesk-bench-'));
  const options = { now: () => new Date('2026-11-22T10:00:00.000Z'), recordTypes };
  const url = await server.newDatabase();
  const stores = {
    PostgreSQL: () => openPostgresStore({ url, ...options }),
    embedded: () => openEmbeddedStore({ folder, ...options }),
  };
  for (const [name, open] of Object.entries(stores)) {
    const store = await open();
    const rooms = await openAccessRooms({ folder, store, now: options.now });
    const links: { token: string; account: string }[] = [];
    await atOnce(count, 32, async (n) => {
      const profile = await rooms.person(`p${n}`, {}, { name: `Company ${n % 500}` }).catch(() => '');
      if (!profile) return;
      await rooms.invitations.ask(profile, { purpose: 'associate', asked: 'without-proof', by, tell: 'nobody' });
      const [issued] = await rooms.invitations.ofProfile(profile);
      const token = issued && (await rooms.invitations.token(issued.id));
      if (token) links.push({ token, account: `https://login.example|${n}` });
    });
    const times: number[] = [];
    let linked = 0;
    const before = serverCpu(server);
    const own = process.cpuUsage();
    const began = performance.now();
    await atOnce(links.length, 32, async (n) => {
      const { token = '', account = '' } = links[n] ?? {};
      const sent = performance.now();
      const redeemed = await rooms.invitations.redeem(token, { key: account, name: 'N', email: 'n@x.example' }, by);
      if (redeemed.outcome === 'linked') linked += 1;
      times.push(performance.now() - sent);
    });
    const passed = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(own);
    times.sort((a, b) => a - b);
    const at = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(1);
    say(
      `redeem, ${name}: ${number(linked / passed)}/s (${linked} of ${links.length}), p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; ` +
        `${((user + system) / 1000 / links.length).toFixed(2)} ms here and ${((serverCpu(server) - before) / links.length).toFixed(2)} ms in the database each`,
    );
    await store.close();
  }
  await rm(folder, { recursive: true });
  say('  (to reach on PostgreSQL: 1,000/s)');
}

async function inbox(): Promise<void> {
  const count = 100_000;
  const url = await server.newDatabase();
  const store = await openPostgresStore({ url, now: () => new Date(), recordTypes: [tickets] });
  for (let from = 0; from < count; from += 10_000) {
    const change = new Change();
    for (let n = from; n < from + 10_000; n++) change.create(tickets, ticketId(n), ticket(n));
    await store.records.commit(change);
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('VACUUM ANALYZE');
  await client.end();
  const { records } = store;
  const middle = queuePlace(ticket(count / 2));
  const begin = queueBegin('unassigned', '');
  const asked: Record<string, () => Promise<unknown>> = {
    'a page of all, newest first': () => records.page(tickets, 'list', 'all', 26, undefined, 'down'),
    'a page of the queue': () => records.sorted(tickets, 'queue', begin, 26),
    'a page in its middle': () => records.sorted(tickets, 'queue', begin, 26, begin + middle),
    'the count, as it is shown': () => records.count(tickets, 'list', 'all', mostCounted),
    'the count of every one': () => records.count(tickets, 'list', 'all'),
  };
  say(`inbox with ${number(count)} tickets, all of them open and in one queue`);
  for (const [what, ask] of Object.entries(asked)) {
    const times: number[] = [];
    for (let n = 0; n < 200; n++) {
      const began = performance.now();
      await ask();
      times.push(performance.now() - began);
    }
    say(`  ${what.padEnd(28)} p50 ${median(times).toFixed(2)} ms, worst ${Math.max(...times).toFixed(1)} ms`);
  }
  say('  (to reach: 20 ms for what the inbox asks)');
  await store.close();
}

function ticket(n: number): Ticket {
  const at = new Date(Date.parse('2026-03-02T09:00:00Z') + n * 1000).toISOString();
  return {
    number: n,
    question: `How do I change my account number ${n}?`,
    requester: { person: `directline/u${n % 1000}`, proof: 'none' },
    conversation: `directline/c${n}`,
    state: 'open',
    urgency: 'normal',
    since: 0,
    facts: [],
    holds: false,
    reopened: 0,
    openedAt: at,
    userWroteAt: at,
    changedAt: at,
  };
}

/** Memory over many turns: the heap after a collection, and what is resident. */
async function memory(): Promise<void> {
  const words = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(tellsHeap)}`];
  const most = Number(process.env.TURNS ?? 100_000);
  const settings = { STORE_URL: await server.newDatabase(), SECRET_KEY: 'x'.repeat(40) };
  for (const [name, more] of Object.entries({ PostgreSQL: settings, embedded: {} })) {
    const one = await startServer([...words, join(root, 'dist/index.js')], more);
    for (let done = 0, next = most / 4; done < most; ) {
      const round = await turns(one, 16, anew, 5);
      done += Math.round(round.perSecond * 5);
      if (done < next) continue;
      next += most / 4;
      say(
        `memory, ${name}, after ${number(done)} turns: heap ${await heapMb(one)} MB after a collection, resident ${residentMb(one)} MB`,
      );
    }
    await one.stop();
  }
}

async function heapMb({ child }: Server): Promise<number> {
  const told = once(child.stdout ?? child, 'data');
  child.kill('SIGUSR2');
  const [, bytes = '0'] = /heap (\d+)/.exec(String(await told)) ?? [];
  return Math.round(Number(bytes) / 1024 / 1024);
}

function residentMb({ child }: Server): number {
  const [, kb = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kb) / 1024);
}

/** Processor time in ms of the database and all its processes that live; Linux only. */
function serverCpu({ pid }: PostgresServer): number {
  let ticks = 0;
  for (const id of [pid, ...childrenOf(pid)]) {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // Ended meanwhile.
    }
  }
  return ticks * 10;
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

async function atOnce(count: number, most: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: most }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

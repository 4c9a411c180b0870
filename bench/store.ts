/**
 * Figures of the embedded store beside plain lowdb's, on 100,000 documents of about 450 bytes:
 * `node --import tsx bench/store.ts`. A write is acknowledged when its promise resolves; for this store that is after
 * the sync, lowdb does not sync at all. Stalls are the gaps of a 1 ms timer.
 */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Low } from 'lowdb';
import { JSONFile } from 'lowdb/node';
import type { CompletedTurn } from '../src/bot/turn-store.ts';
import type { NewLine } from '../src/history/history.ts';
import { type EmbeddedStore, LIMITS, openEmbeddedStore } from '../src/stores/embedded/embedded-store.ts';
import { Engine } from '../src/stores/embedded/engine.ts';
import { disk } from '../src/stores/embedded/file-system.ts';

const DOCUMENTS = 100_000;
const SECONDS = 4;

interface Row {
  readonly what: string;
  readonly writers: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly stall: number;
}

const folders: string[] = [];
const rows: Row[] = [];
try {
  await benchDisk();
  await benchTurns();
  await benchEngine();
  await benchLowdb();
  print();
} finally {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

/** What the disk alone gives one writer at this moment: nothing synced can be faster. */
async function benchDisk(): Promise<void> {
  const file = await disk.open(join(await newFolder(), 'file'), 'w');
  const bytes = Buffer.alloc(700, 'x');
  let position = 0;
  const write = async () => {
    await file.write(bytes, 0, bytes.length, position);
    position += bytes.length;
    await file.datasync();
  };
  rows.push(await measure('disk alone, write and sync', 1, write));
  await file.close();
}

async function benchTurns(): Promise<void> {
  const folder = await newFolder();
  const open = () => openEmbeddedStore({ folder, now: () => new Date() });
  let store = await open();
  // Lines, and per turn of two lines a head and a seen activity: the documents of the store in use.
  await concurrently(200, DOCUMENTS / 4, (number) => store.turns.commit(turn(number, 2)));
  await store.close();
  store = await reopen('100,000 documents', open);
  let next = DOCUMENTS;
  await concurrently(32, 20_000, () => store.turns.commit(smallTurn(next++)));
  await reopenKilled(folder);
  for (const writers of [1, 32]) {
    rows.push(await measure('turn of 1 line', writers, () => store.turns.commit(smallTurn(next++))));
  }
  rows.push(await measure('turn of 2 lines, state', 32, () => store.turns.commit(turn(next++, 2, true))));
  await duringSnapshots(store, () => store.turns.commit(smallTurn(next++)));
  await erasing('a person', () => store.erasure.forget('user-7'));
  await erasing('an e-mail address', () => store.erasure.forget('somebody@contoso.example'));
  await store.close();
}

/** How long turns wait for an erasure, which goes through every document. */
async function erasing(whom: string, erase: () => Promise<unknown>): Promise<void> {
  const stall = watchStalls();
  const started = performance.now();
  await erase();
  console.log(
    `forgetting ${whom}: ${(performance.now() - started).toFixed(0)} ms, longest stall ${stall().toFixed(0)} ms`,
  );
}

/** Opens what a kill at this moment would leave. */
async function reopenKilled(folder: string): Promise<void> {
  const killed = await newFolder();
  await cp(folder, killed, { recursive: true });
  const open = () => openEmbeddedStore({ folder: killed, now: () => new Date() });
  const copy = await reopen('and 20,000 records in the journal', open);
  await copy.close();
}

async function benchEngine(): Promise<void> {
  const folder = await newFolder();
  const open = () =>
    Engine.open({
      folder,
      files: disk,
      limits: LIMITS,
      unique: () => String(process.hrtime.bigint()),
      observe: () => {},
    });
  let engine = await open();
  const put = (id: number) =>
    engine.commit(() => ({ put: [['profiles', `profile-${id}`, JSON.stringify(profile(id))]], result: undefined }));
  await concurrently(1000, DOCUMENTS, put);
  await engine.close();
  engine = await reopen('100,000 documents, engine', open);
  for (const writers of [1, 32]) rows.push(await measure('engine, 1 document', writers, () => put(random(DOCUMENTS))));
  await engine.close();
}

async function benchLowdb(): Promise<void> {
  const path = join(await newFolder(), 'db.json');
  const documents: Record<string, object> = {};
  for (let id = 0; id < DOCUMENTS; id += 1) documents[`profile-${id}`] = profile(id);
  const low = new Low(new JSONFile<typeof documents>(path), documents);
  await low.write();
  const reading = performance.now();
  JSON.parse(await readFile(path, 'utf8'));
  console.log(`reload, plain lowdb: ${(performance.now() - reading).toFixed(0)} ms`);
  for (const writers of [1, 32]) {
    rows.push(
      await measure('plain lowdb, 1 document', writers, () => {
        const id = random(DOCUMENTS);
        low.data[`profile-${id}`] = profile(id);
        return low.write();
      }),
    );
  }
}

/** One after the other for a while, snapshots without a pause meanwhile. */
async function duringSnapshots(store: EmbeddedStore, write: () => Promise<unknown>): Promise<void> {
  let isOver = false;
  let snapshots = 0;
  const snapshotting = (async () => {
    while (!isOver) {
      // Nothing is as old as this: only the snapshot at the end of a prune remains.
      await store.erasure.prune(new Date(0));
      snapshots += 1;
    }
  })();
  const row = await measure('turn of 1 line, snapshots always', 32, write);
  isOver = true;
  await snapshotting;
  rows.push(row);
  console.log(`snapshots during the last run: ${snapshots}`);
}

async function reopen<T>(what: string, open: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const opened = await open();
  console.log(`reload, ${what}: ${(performance.now() - started).toFixed(0)} ms`);
  return opened;
}

async function measure(what: string, writers: number, write: () => Promise<unknown>): Promise<Row> {
  const latencies: number[] = [];
  const end = performance.now() + SECONDS * 1000;
  const started = performance.now();
  const stall = watchStalls();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() < end) {
        const begun = performance.now();
        await write();
        latencies.push(performance.now() - begun);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((one, other) => one - other);
  const at = (part: number) => latencies[Math.floor(latencies.length * part)] ?? 0;
  return { what, writers, perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), stall: stall() };
}

/** Returns what ends it and gives the longest stall in milliseconds. */
function watchStalls(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    longest = Math.max(longest, performance.now() - last - 1);
    last = performance.now();
  };
  const timer = setInterval(look, 1);
  return () => {
    look();
    clearInterval(timer);
    return longest;
  };
}

async function concurrently(
  writers: number,
  count: number,
  write: (number: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (next < count) await write(next++);
    }),
  );
  await setImmediate();
}

function smallTurn(number: number): CompletedTurn {
  return { ...turn(number, 1), activity: undefined };
}

function turn(number: number, lines: number, hasState = false): CompletedTurn {
  const conversation = `webchat/conversation-${number % 20_000}`;
  return {
    activity: `${conversation}/activity-${number}`,
    conversation,
    person: `webchat/user-${number % 20_000}`,
    at: '2026-01-01T00:00:00.000Z',
    lines: Array.from({ length: lines }, (_, index) => line(`${number}-${index}`)),
    state: new Map(
      hasState
        ? [[`webchat/bot/conversations/conversation-${number % 20_000}`, { dialog: 'none', asked: number }]]
        : [],
    ),
    votes: [],
    welcomed: [],
  };
}

function line(id: string): NewLine {
  const text = 'I have forgotten my password and the page does not let me in any more';
  return {
    id,
    from: 'user',
    at: '2026-01-01T00:00:00.000Z',
    text,
    activity: {
      type: 'message',
      id,
      text,
      timestamp: '2026-01-01T00:00:00.000Z',
      channelId: 'webchat',
      from: { id: 'user', name: 'You' },
    },
  };
}

function profile(id: number): Record<string, unknown> {
  return {
    id,
    name: `Person ${id}`,
    email: `person-${id}@contoso.example`,
    changed: random(1e9),
    note: 'x'.repeat(350),
  };
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'accessdesk-bench-'));
  folders.push(folder);
  return folder;
}

function print(): void {
  console.log('');
  console.log('| what | writers | writes/s | p50 ms | p99 ms | longest stall ms | times plain lowdb |');
  console.log('|---|---|---|---|---|---|---|');
  for (const row of rows) {
    const lowdb = rows.find(({ what, writers }) => what.startsWith('plain lowdb') && writers === row.writers);
    const ratio = lowdb ? Math.round(row.perSecond / lowdb.perSecond) : 0;
    const figures = [
      row.writers,
      row.perSecond.toFixed(row.perSecond < 10 ? 1 : 0),
      row.p50.toFixed(2),
      row.p99.toFixed(1),
    ];
    console.log(`| ${[row.what, ...figures, row.stall.toFixed(0), ratio].join(' | ')} |`);
  }
}

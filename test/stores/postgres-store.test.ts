/** The PostgreSQL store keeps the contract, and what only it can promise: several instances, and a database that comes and goes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import pg from 'pg';
import { createLog } from '../../src/log.ts';
import { recordTypes as allTypes } from '../../src/record-types.ts';
import { Change } from '../../src/records/records.ts';
import { type CopyProgress, copyStore } from '../../src/stores/copy-store.ts';
import { openStore } from '../../src/stores/open-store.ts';
import { Database } from '../../src/stores/postgres/database.ts';
import { openPostgresStore, type PostgresStore } from '../../src/stores/postgres/postgres-store.ts';
import type { ForeignPut, Store } from '../../src/stores/store.ts';
import { RelayWorker } from '../../src/tickets/relay-worker.ts';
import { type Relay, relays } from '../../src/tickets/ticket.ts';
import { TicketNews } from '../../src/tickets/ticket-news.ts';
import { openAccessRooms } from '../support/access-rooms.ts';
import { describeWithPostgres, sharedPostgres, startPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import type { OpenedStore } from './opened-store.ts';
import { describeRecordsContract, notes, type OpenedRecords, tickets } from './records-contract.ts';
import { CHAT, codeOf, newLine, turn, vote } from './sample-turn.ts';
import { numberedTurn } from './store-child.ts';
import { describeStoreContract } from './store-contract.ts';

const CHILD = fileURLToPath(new URL('store-child.ts', import.meta.url));
const now = () => new Date('2026-03-02T09:00:00.000Z');
const recordTypes = [tickets, notes];

describeWithPostgres('PostgreSQL store', () => {
  let url: string;
  let opened: PostgresStore[];
  let children: ChildProcess[];

  beforeEach(() => {
    opened = [];
    children = [];
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(opened.map((store) => store.close()));
  });

  async function newDatabase(): Promise<string> {
    url = await (await sharedPostgres()).newDatabase();
    return url;
  }

  /** Another instance on the database. */
  async function instance(at = url): Promise<PostgresStore> {
    const store = await openPostgresStore({ url: at, now, recordTypes, connections: 5 });
    opened.push(store);
    return store;
  }

  async function ask(text: string, at = url): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: at });
    await client.connect();
    const { rows } = await client.query(text);
    await client.end();
    return rows;
  }

  describeStoreContract('PostgreSQL store', async (clock) => openAgain(await newDatabase(), clock));

  describeRecordsContract('PostgreSQL store', async () => openRecords(await newDatabase()));

  it('reads no table as a whole for a turn or a change, however small the tables were when it was first asked', async () => {
    await newDatabase();
    const store = await instance();
    const scans = () =>
      ask(
        "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname IN ('records', 'record_keys', 'lines', 'state')",
      );
    // Indexes were built.
    const before = await scans();
    const change = new Change();
    for (const id of ['a', 'b', 'c', 'd']) change.create(tickets, id, { owner: 'ann', tags: [id] });
    await store.records.commit(change);
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((id) => store.records.get(tickets, id)));
    if (!a || !b || !c) throw new Error('they were put');
    const next = new Change().update(tickets, a, { owner: 'ben', tags: [] }).delete(tickets, b).unchanged(tickets, c);
    expect(await store.records.commit(next.absent(tickets, 'e').create(notes, 'n', { text: 'x' }))).to.equal(true);
    await store.records.find(tickets, 'owner', 'ann');
    await store.records.page(tickets, 'owner', 'ann', 10);
    for (const state of [{ step: 1 }, undefined]) {
      await store.turns.commit(
        turn({ lines: [newLine(`l${state?.step}`)], state: new Map([['bot/users/anna', state]]) }),
      );
    }
    await store.turns.readState(['bot/users/anna']);
    await store.history.read(CHAT);
    // Ended connections have told what they did.
    await store.close();
    opened = [];
    expect(await scans()).to.deep.equal(before);
  });

  describe('several instances', () => {
    beforeEach(newDatabase);

    it('may be opened on an empty database at the same time', async () => {
      const stores = await Promise.all([instance(), instance(), instance()]);
      await Promise.all(stores.map((store) => store.check()));
    });

    it('are told of the lines of each other, in order and without a gap', async () => {
      const [one, other] = await Promise.all([instance(), instance()]);
      const seen = seqsOf(one);
      for (let n = 0; n < 20; n++) {
        await Promise.all([
          one.turns.commit(turn({ lines: [newLine(`one-${n}`), newLine(`one-${n}b`)] })),
          other.turns.commit(turn({ lines: [newLine(`other-${n}`)] })),
        ]);
      }
      await seen.until(60);
      expect(seen.seqs).to.deep.equal(numbers(60));
    });

    it('miss nothing while their connections are cut', async () => {
      const [one, other] = await Promise.all([instance(), instance()]);
      const seen = seqsOf(one);
      for (let n = 0; n < 30; n++) {
        await other.turns.commit(turn({ activity: `a${n}`, lines: [newLine(`l${n}`)] }));
        if (n === 10 || n === 20)
          await ask(
            'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
          );
      }
      await seen.until(30);
      expect(seen.seqs).to.deep.equal(numbers(30));
    });

    it('are told of a conversation from where it goes on, also when it began elsewhere', async () => {
      const other = await instance();
      await other.turns.commit(turn({ lines: [newLine('l1'), newLine('l2')] }));
      const one = await instance();
      const seen = seqsOf(one);
      await one.turns.commit(turn({ lines: [newLine('l3')] }));
      await other.turns.commit(turn({ lines: [newLine('l4')] }));
      await seen.until(2);
      expect(seen.seqs).to.deep.equal([3, 4]);
    });

    it('read no lines of each other that nobody there wants', async () => {
      const [one, other] = await Promise.all([instance(), instance()]);
      const told = new Promise<string>((resolve) => {
        one.history.watch(
          ([line]) => resolve(line?.conversation ?? ''),
          (conversation) => conversation === CHAT,
        );
      });
      for (let n = 0; n < 10; n++) {
        await other.turns.commit(turn({ conversation: 'webchat/unwanted', lines: [newLine(`l${n}`)] }));
      }
      await other.turns.commit(turn({ lines: [newLine('l')] }));
      expect(await told).to.equal(CHAT);
      // Ended connections have told what they did.
      await Promise.all(opened.splice(0).map((store) => store.close()));
      const [read] = await ask(
        "SELECT idx_scan::integer AS times FROM pg_stat_user_indexes WHERE indexrelname = 'lines_pkey'",
      );
      expect(read?.times).to.equal(1);
    });

    it('are told which records the others put', async () => {
      const [one, other] = await Promise.all([instance(), instance()]);
      const told = new Promise<readonly ForeignPut[] | undefined>((resolve) => one.shared.onPut(resolve));
      await one.records.commit(new Change().create(notes, 'own', { text: 'x' }));
      await other.records.commit(new Change().create(notes, 'theirs', { text: 'x' }));
      expect(await told).to.deep.equal([{ kind: 'test-notes', id: 'theirs' }]);
    });

    it('are not told again and again of changes that a dump of another server had', async () => {
      await newDatabase();
      await (await instance()).close();
      await ask("INSERT INTO changes (tx, origin, kinds, ids) VALUES ('9000000000', 'other', '{notes}', '{n}')");
      const store = await openPostgresStore({ url, now, recordTypes, connections: 5, lookEvery: 20 });
      opened = [store];
      const told: (readonly ForeignPut[] | undefined)[] = [];
      store.shared.onPut((puts) => told.push(puts));
      await sleep(200);
      expect(told).to.deep.equal([]);
    });

    it('know who is at the others, until they leave or the instance dies', async () => {
      const [one, other] = await Promise.all([instance(), instance()]);
      const leave = one.shared.presence.arrived(CHAT);
      const leaveToo = other.shared.presence.arrived(CHAT);
      const seen = async (isThere: boolean) => {
        for (;;) {
          const found = await other.shared.presence.at(CHAT);
          if (found.isThere === isThere) return found;
        }
      };
      leaveToo();
      await seen(true);
      leave();
      expect((await seen(false)).leftAt).to.be.closeTo(Date.now(), 60_000);
      one.shared.presence.arrived(CHAT);
      await seen(true);
      // As if it had died more than 30 seconds ago: nobody knows it by this name any more.
      await ask("UPDATE instances SET instance = instance || ' died', until = clock_timestamp() - interval '1 second'");
      await ask("UPDATE presence SET instance = instance || ' died'");
      expect((await seen(false)).leftAt).to.be.closeTo(Date.now(), 60_000);
      expect(await other.shared.presence.at('webchat/nobody')).to.deep.equal({ isThere: false });
    });

    it('are told at once of what is not kept', async () => {
      const [one, other] = await Promise.all([instance(), instance()]);
      const told = new Promise<unknown>((resolve) => one.shared.onTold((...what) => resolve(what)));
      other.shared.tellNow(CHAT, { type: 'typing', text: 'x'.repeat(10_000) });
      other.shared.tellNow(CHAT, { type: 'typing' });
      expect(await told).to.deep.equal([CHAT, { type: 'typing' }]);
    });

    it('say each reply of staff once, in order, however many of them want to', async () => {
      const stores = await Promise.all(
        [url, url, url].map((at) => openPostgresStore({ url: at, now, recordTypes: allTypes })),
      );
      opened.push(...stores);
      const conversations = ['msteams/a', 'msteams/b', 'msteams/c'];
      const change = new Change();
      for (const conversation of conversations) {
        for (let n = 0; n < 5; n++) change.create(relays, `${conversation} ${n}`, relay(conversation, String(n)));
      }
      await stores[0]?.records.commit(change);
      const said = new Map<string, string[]>(conversations.map((each) => [each, []]));
      const workers = stores.map(({ records, shared }) => {
        const worker = new RelayWorker({
          records,
          hold: (...held) => shared.conversations.hold(...held),
          port: {
            isPresent: () => true,
            async say({ conversation, text }) {
              await records.count(relays, 'state', 'sent');
              said.get(conversation)?.push(text);
            },
          },
          news: new TicketNews(),
          now: () => new Date(),
          newId: randomUUID,
          addressKey: (address) => address,
          wakeAfter: (ms, wake) => {
            const timer = setTimeout(wake, ms).unref();
            return () => clearTimeout(timer);
          },
          log: createLog('silent'),
        });
        worker.wake();
        return worker;
      });
      while ((await stores[0]?.records.count(relays, 'state', 'sent')) !== 15);
      await Promise.all(workers.map((worker) => worker.close()));
      for (const texts of said.values()) expect(texts).to.deep.equal(['0', '1', '2', '3', '4']);
    });

    it('have one turn of a conversation at a time among them', async () => {
      const stores = await Promise.all([instance(), instance()]);
      let running = 0;
      let most = 0;
      await Promise.all(
        stores.map(async (store) => {
          for (let n = 0; n < 10; n++) {
            await store.shared.conversations.hold(CHAT, async () => {
              running += 1;
              most = Math.max(most, running);
              await store.turns.commit(turn({ lines: [newLine(`${opened.indexOf(store)}-${n}`)] }));
              running -= 1;
            });
          }
        }),
      );
      expect(most).to.equal(1);
      expect(await stores[0]?.history.latest(CHAT)).to.equal(20);
    });

    it('take over a conversation whose time is over, and whoever had it commits nothing any more', async () => {
      const [slow, other] = await Promise.all([instance(), instance()]);
      const code = await codeOf(
        slow.shared.conversations.hold(CHAT, async () => {
          // As if it had been away for longer than its lease: under another name it is not renewed meanwhile.
          await ask("UPDATE turn_leases SET until = '-infinity', holder = 'away'");
          await other.shared.conversations.hold(CHAT, () => other.turns.commit(turn({ lines: [newLine('theirs')] })));
          await slow.turns.commit(turn({ activity: 'a', lines: [newLine('too late')] }));
        }),
      );
      expect(code).to.equal('ERR_STORE_WRITE');
      expect((await other.history.read(CHAT)).map(({ id }) => id)).to.deep.equal(['theirs']);
      expect(await other.turns.isRepeated('a')).to.equal(false);
    });

    it('let one win of twenty who redeem an invitation at once, for each of twenty', async () => {
      const stores = await Promise.all(
        [url, url].map((at) => openPostgresStore({ url: at, now, recordTypes: allTypes })),
      );
      opened.push(...stores);
      const [one, other] = await Promise.all(
        stores.map((store, n) => openAccessRooms({ folder: '', store, now, mark: `${n}-` })),
      );
      if (!one || !other) throw new Error('there are two');
      const by = { actor: 'somebody', proof: 'sign-in' } as const;
      const winners = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const profile = await one.person(`p${n}`, {}, { name: `Company ${n}` });
          await one.invitations.ask(profile, { purpose: 'associate', asked: 'without-proof', by, tell: 'nobody' });
          const [issued] = await one.invitations.ofProfile(profile);
          const token = (issued && (await one.invitations.token(issued.id))) ?? '';
          const outcomes = await Promise.all(
            Array.from({ length: 20 }, (__, k) =>
              (k % 2 === 0 ? one : other).invitations.redeem(token, { key: `https://id.example|${n}-${k}` }, by),
            ),
          );
          return outcomes.filter(({ outcome }) => outcome === 'linked').length;
        }),
      );
      const mails = (await other.mails()).filter(({ template }) => template === 'associationChanged');
      expect(winners).to.deep.equal(Array.from({ length: 20 }, () => 1));
      expect(mails).to.have.length(20);
    });

    it('keep every acknowledged turn of one that was killed, whole', async () => {
      const acknowledged: number[] = [];
      const child = spawn(process.execPath, ['--import', 'tsx', CHILD, 'load', url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(Number(line));
        if (acknowledged.length === 200) child.kill('SIGKILL');
      }
      const store = await instance();
      for (const number of acknowledged) await expectTurn(store, number);
      const seqs = (await store.history.read('webchat/chat-0')).map(({ seq }) => seq);
      expect(seqs).to.deep.equal(numbers(seqs.length));
    });
  });

  describe('a database that goes away', () => {
    it('loses nothing that was acknowledged, says so to whoever asks meanwhile, and is used again when it is back', async () => {
      const server = await startPostgres();
      url = await server.newDatabase();
      const store = await instance();
      const acknowledged: number[] = [];
      const codes = new Set<unknown>();
      let next = 0;
      let isOver = false;
      const writers = Array.from({ length: 8 }, async () => {
        while (!isOver) {
          const number = next++;
          const code = await codeOf(store.turns.commit(numberedTurn(number)));
          if (code === undefined) acknowledged.push(number);
          else codes.add(code);
        }
      });
      await server.stop();
      expect(await codeOf(store.check())).to.equal('ERR_STORE_WRITE');
      expect(await codeOf(store.turns.isRepeated('a'))).to.equal('ERR_STORE_READ');
      await server.start();
      const before = acknowledged.length;
      while (acknowledged.length < before + 20) await store.check().catch(() => {});
      isOver = true;
      await Promise.all(writers);
      expect([...codes]).to.deep.equal(['ERR_STORE_WRITE']);
      for (const number of acknowledged) await expectTurn(store, number);
      await store.close();
      opened = [];
      await server.stop();
    });

    it('is used again when one that only reads gave place to one that writes', async () => {
      await newDatabase();
      const store = await openPostgresStore({ url, now, connections: 1 });
      opened.push(store);
      const database = new URL(url).pathname.slice(1);
      const setTo = async (how: string) =>
        ask(`ALTER DATABASE ${database} SET default_transaction_read_only = ${how}`, (await sharedPostgres()).url);
      await setTo('on');
      await ask(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      const refused = () => store.check().catch(({ message }) => message);
      await until(async () => String(await refused()).includes('read-only'));
      await setTo('off');
      await refused();
      await store.check();
    });

    it('is left within seconds by who ends while it hangs', async () => {
      const server = await startPostgres();
      url = await server.newDatabase();
      const store = await instance();
      server.pause();
      await store.close();
      opened = [];
      server.resume();
      await server.stop();
    });

    /** A way to the database that can be shut. */
    async function doorTo(at: string) {
      const { hostname, port } = new URL(at);
      const clients = new Set<Socket>();
      let lets = (_client: Socket) => true;
      const door = createServer((client) => {
        client.on('error', () => {});
        if (!lets(client)) return;
        clients.add(client);
        const server = connect(Number(port), hostname);
        server.on('error', () => client.destroy());
        client.on('close', () => server.destroy());
        client.pipe(server).pipe(client);
      });
      await once(door.listen(0, '127.0.0.1'), 'listening');
      return {
        url: at.replace(port, String((door.address() as AddressInfo).port)),
        /** @param isLet - called with each who comes */
        guard(isLet: (client: Socket) => boolean) {
          lets = isLet;
        },
        cut() {
          for (const client of clients) client.destroy();
        },
        close: () => door.close(),
      };
    }

    it('is waited for by those who ask while it restarts', async () => {
      const door = await doorTo(await newDatabase());
      const database = new Database(door.url, 1);
      const one = () => database.query('SELECT 1 AS one');
      await one();
      // It is back once it was asked in vain: a server may take longer to start than anybody waits for it.
      let tries = 0;
      door.guard((client) => {
        const isBack = ++tries > 1;
        if (!isBack) client.destroy();
        return isBack;
      });
      door.cut();
      expect(await one()).to.deep.equal([{ one: 1 }]);
      expect(tries).to.equal(2);
      await database.close();
      door.close();
    });

    it('is tried again at the start when a connection comes to nothing', async () => {
      const door = await doorTo(await newDatabase());
      let connections = 0;
      door.guard(() => ++connections > 1);
      const store = await instance(door.url);
      expect(await store.turns.isRepeated('a')).to.equal(false);
      await store.close();
      opened = [];
      door.close();
    });

    it('is named, without its password, when it cannot be reached at the start', async () => {
      const error = await openPostgresStore({ url: 'postgres://desk:secret@127.0.0.1:9/desk', now }).catch(
        (one) => one,
      );
      expect(error.code).to.equal('ERR_STORE_OPEN');
      expect(error.message).to.include('STORE_URL').and.not.include('secret');
    });
  });

  describe('a copy', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'accessdesk-copy-'));
      await newDatabase();
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    it('has everything, from the embedded store to PostgreSQL and back', async () => {
      const at = (place: { url?: string; folder?: string }) => ({ url: undefined, folder, now, recordTypes, ...place });
      const first = await openStore(at({ folder: join(folder, 'first') }));
      await fill(first);
      await first.close();
      const sums = await copyStore(at({ folder: join(folder, 'first') }), at({ url }), () => {});
      expect(sums.get('lines')?.count).to.equal(3);
      const back = await copyStore(at({ url }), at({ folder: join(folder, 'back') }), () => {});
      expect(back).to.deep.equal(sums);
      for (const place of [{ url }, { folder: join(folder, 'back') }]) {
        const store = await openStore(at(place));
        await expectFilled(store);
        await store.close();
      }
    });

    it('is refused by a store that has something already, which stays as it is', async () => {
      const at = (place: { url?: string; folder?: string }) => ({ url: undefined, folder, now, recordTypes, ...place });
      for (const place of [{ url }, { folder: join(folder, 'taken') }]) {
        const taken = await openStore(at(place));
        await taken.turns.commit(turn({ lines: [newLine('theirs')] }));
        await taken.close();
      }
      const source = await openStore(at({ folder: join(folder, 'source') }));
      await fill(source);
      await source.close();
      const from = at({ folder: join(folder, 'source') });
      expect(await codeOf(copyStore(from, at({ url }), () => {}))).to.equal('ERR_STORE_NOT_EMPTY');
      expect(await codeOf(copyStore(from, at({ folder: join(folder, 'taken') }), () => {}))).to.equal(
        'ERR_STORE_NOT_EMPTY',
      );
      const database = await instance();
      expect(await database.history.latest(CHAT)).to.equal(1);
    });

    it('that was broken off leaves its target empty, to be run again', async () => {
      const at = (place: { url?: string; folder?: string }) => ({ url: undefined, folder, now, recordTypes, ...place });
      const source = await openStore(at({ folder: join(folder, 'source') }));
      await fill(source);
      await source.close();
      const from = at({ folder: join(folder, 'source') });
      const breakOffAt = (at: CopyProgress['step']) => (progress: CopyProgress) => {
        if (progress.step === at) throw new Error('broken off');
      };
      for (const to of [at({ url }), at({ folder: join(folder, 'target') })]) {
        for (const step of ['copied', 'compared'] as const) {
          const error = await copyStore(from, to, breakOffAt(step)).catch((one) => one);
          expect(error.message).to.include('broken off');
        }
        expect((await copyStore(from, to, () => {})).get('lines')?.count).to.equal(3);
      }
    });
  });
});

function relay(conversation: string, text: string): Relay {
  const at = '2026-03-02T09:00:00.000Z';
  const from = { id: 'ana', name: 'Ana' };
  const event = text;
  return {
    ticket: 1001,
    event,
    conversation,
    person: 'msteams/u',
    from,
    text,
    at,
    state: 'waiting',
    attempts: 0,
    next: at,
  };
}

async function fill(store: Store): Promise<void> {
  await store.turns.commit(
    turn({
      activity: 'a1',
      lines: [
        newLine('l1', { text: 'odd: \u0000 \ud83d 🙈' }),
        newLine('l2', { from: 'bot' }),
        newLine('x'.repeat(900)),
      ],
      state: new Map([['bot/users/anna', { step: 1 }]]),
      votes: [vote('l2')],
      welcomed: ['webchat/anna-7f3a'],
    }),
  );
  const change = new Change();
  for (let n = 0; n < 1500; n++) change.create(tickets, `t${n}`, { owner: 'ann', tags: [`tag-${n}`, '🚪'] });
  await store.records.commit(change.create(notes, '\u0000', { text: 'odd' }));
  const seen = await store.records.get(tickets, 't0');
  if (seen) await store.records.commit(new Change().update(tickets, seen, { owner: 'ben', tags: [] }));
}

async function expectFilled(store: Store): Promise<void> {
  expect(await store.turns.isRepeated('a1')).to.equal(true);
  expect(await store.turns.isWelcomed('webchat/anna-7f3a')).to.equal(true);
  expect(await store.turns.readState(['bot/users/anna'])).to.deep.equal(new Map([['bot/users/anna', { step: 1 }]]));
  expect((await store.history.find(CHAT, 'x'.repeat(900)))?.seq).to.equal(3);
  expect((await store.history.find(CHAT, 'l1'))?.text).to.equal('odd: \u0000 \ud83d 🙈');
  expect(await store.votes.list()).to.deep.equal([vote('l2')]);
  expect(await store.records.get(tickets, 't0')).to.deep.equal({
    id: 't0',
    version: 2,
    value: { owner: 'ben', tags: [] },
  });
  expect((await store.records.get(notes, '\u0000'))?.value).to.deep.equal({ text: 'odd' });
  const found = await store.records.find(tickets, 'tag', '🚪');
  expect(found.map(({ id }) => id)).to.deep.equal(Array.from({ length: 1499 }, (_, n) => `t${n + 1}`));
  await store.turns.commit(turn({ lines: [newLine('l4')] }));
  expect(await store.history.latest(CHAT)).to.equal(4);
}

/** The numbers of the lines that an instance tells of. */
function seqsOf(store: PostgresStore) {
  const seqs: number[] = [];
  let wake = () => {};
  store.history.watch((lines) => {
    seqs.push(...lines.map(({ seq }) => seq));
    wake();
  });
  return {
    seqs,
    async until(count: number): Promise<void> {
      while (seqs.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function expectTurn(store: PostgresStore, number: number): Promise<void> {
  const done = numberedTurn(number);
  const lines = await Promise.all(done.lines.map(({ id }) => store.history.find(done.conversation, id)));
  expect(lines.map((line) => line?.text)).to.deep.equal([`turn ${number}`, `turn ${number}`]);
  expect(lines[1]?.seq).to.equal((lines[0]?.seq ?? 0) + 1);
  expect((await store.turns.readState([`state-${number}`])).size).to.equal(1);
  expect(await store.votes.find(done.conversation, `${number}-bot`)).not.to.equal(undefined);
}

async function openAgain(url: string, clock: () => Date): Promise<OpenedStore> {
  const store = await openPostgresStore({ url, now: clock, connections: 5 });
  return { ...store, reopen: () => store.close().then(() => openAgain(url, clock)) };
}

async function openRecords(url: string): Promise<OpenedRecords> {
  const store = await openPostgresStore({ url, now, recordTypes, connections: 5 });
  return { ...store, reopen: () => store.close().then(() => openRecords(url)) };
}

/** What is hard on PostgreSQL in particular: odd texts, large changes, changes that cross, connections that hang. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { stub } from 'sinon';
import { createLog, type Log } from '../../src/log.ts';
import { Change, type Stored } from '../../src/records/records.ts';
import { fingerprint } from '../../src/stores/fingerprint.ts';
import { Database } from '../../src/stores/postgres/database.ts';
import { openPostgresStore, type PostgresStore } from '../../src/stores/postgres/postgres-store.ts';
import { TurnLeases } from '../../src/stores/postgres/turn-leases.ts';
import { describeWithPostgres, sharedPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { notes, type Ticket, tickets } from './records-contract.ts';
import { CHAT, codeOf, newLine, turn } from './sample-turn.ts';

const now = () => new Date('2026-03-02T09:00:00.000Z');
describeWithPostgres('strain on PostgreSQL', () => {
  let url: string;
  let opened: PostgresStore[];
  let client: pg.Client;
  const gathered: (() => void)[] = [];
  let gatedCount = 0;

  beforeEach(async () => {
    opened = [];
    url = await (await sharedPostgres()).newDatabase();
    client = new pg.Client({ connectionString: url });
    await client.connect();
  });
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await client.end();
  });

  async function instance(at = url): Promise<PostgresStore> {
    const store = await openPostgresStore({ url: at, now, recordTypes: [tickets, notes], connections: 3 });
    opened.push(store);
    return store;
  }
  /** Waits until so many statements wait for a lock. */
  async function waiting(count: number): Promise<void> {
    for (;;) {
      // Within a transaction it would know of no connection that was made since it first looked.
      await client.query('SELECT pg_stat_clear_snapshot()');
      const { rows } = await client.query(
        "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
      );
      if (rows.length >= count) return;
      await sleep(2);
    }
  }

  /** Leases of an instance whose questions wait between `close` and `open`. */
  function gatedLeases() {
    const database = new Database(url, 2);
    let gate = Promise.resolve();
    let open = () => {};
    const writeAgain = async (...of: Parameters<Database['writeAgain']>) => {
      await gate;
      return database.writeAgain(...of);
    };
    const close = () => {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    };
    const leases = new TurnLeases({ writeAgain } as unknown as Database, `${gatedCount++}`);
    return { leases, database, close, open: () => open() };
  }

  /** Resolves when a conversation is held, which it is until `signal`. */
  async function holding(leases: TurnLeases, conversation: string, signal: AbortSignal) {
    let isOver: Promise<void> | undefined;
    await new Promise<void>((resolve) => {
      isOver = leases.hold(conversation, async () => {
        resolve();
        await once(signal, 'abort');
      });
    });
    return { isOver };
  }

  /** Ended connections have told what they did. */
  async function deadlocks(): Promise<number> {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    for (;;) {
      const { rows } = await client.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
      );
      if (rows.length === 0) break;
      await sleep(2);
    }
    const { rows } = await client.query(
      'SELECT deadlocks::integer AS deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0]?.deadlocks;
  }
  /** Resolves for so many at the same moment. */
  function allAtOnce(count: number): Promise<void> {
    return new Promise((resolve) => {
      if (gathered.push(resolve) === count) for (const go of gathered.splice(0)) go();
    });
  }

  async function fill({ records }: PostgresStore, count: number): Promise<Stored<Ticket>[]> {
    const change = new Change();
    for (let n = 0; n < count; n++) change.create(tickets, `${n}`, { owner: 'ann', tags: [] });
    await records.commit(change);
    const found: Stored<Ticket>[] = [];
    for await (const seen of records.all(tickets)) found.push(seen);
    return found;
  }

  it('lets changes cross that each want unchanged what the other changes, and none waits in a circle', async () => {
    const stores = await Promise.all([instance(), instance()]);
    const documents = await fill(stores[0] as PostgresStore, 4);
    const ids = documents.map(({ id }) => id);
    await Promise.all(
      stores.map(async ({ records }, n) => {
        for (let k = 0; k < 50; k++) {
          const seen = await Promise.all(ids.map((id) => records.get(tickets, id)));
          const change = new Change();
          for (const [place, one] of seen.entries()) {
            if (!one) throw new Error('it was put');
            if (place < 2 === (n === 0)) change.update(tickets, one, { owner: `${n}`, tags: [`${k}`] });
            else change.unchanged(tickets, one);
          }
          await records.commit(change);
        }
      }),
    );
    expect(await deadlocks()).to.equal(0);
  });

  it('lets one of two large changes win that come in opposite orders, and none waits in a circle', async () => {
    const stores = await Promise.all([instance(), instance()]);
    const seen = await fill(stores[0] as PostgresStore, 3500);
    const won = await Promise.all(
      stores.map(({ records }, n) => {
        const change = new Change();
        for (const one of n === 0 ? seen : [...seen].reverse()) {
          change.update(tickets, one, { owner: `${n}`, tags: [] });
          change.create(notes, one.id, { text: `${n}` });
        }
        return records.commit(change);
      }),
    );
    expect([...won].sort()).to.deep.equal([false, true]);
    expect(await deadlocks()).to.equal(0);
  });

  it('keeps every turn that ends at the same moment but those that must not be kept', async () => {
    const [store, other] = await Promise.all([instance(), instance()]);
    const { shared, turns, history } = store;
    const talks = Array.from({ length: 20 }, (_, n) => `webchat/chat-${n}`);
    const repeated = 'webchat/chat-3';
    const overtaken = 'webchat/chat-7';
    await turns.commit(turn({ conversation: repeated, lines: [newLine('said')] }));
    const outcomes = await Promise.all(
      talks.map((conversation) =>
        shared.conversations.hold(conversation, async () => {
          if (conversation === overtaken) {
            // Under another name it is not renewed meanwhile.
            await client.query("UPDATE turn_leases SET until = '-infinity', holder = 'away' WHERE conversation = $1", [
              fingerprint(overtaken),
            ]);
            await other.shared.conversations.hold(overtaken, async () => {});
          }
          await allAtOnce(talks.length);
          return turns
            .commit(turn({ conversation, lines: [newLine('said')], state: new Map([[conversation, { n: 1 }]]) }))
            .catch((error) => error.code);
        }),
      ),
    );
    const kept = await Promise.all(talks.map((conversation) => history.read(conversation)));
    const states = await turns.readState(talks);
    expect(outcomes).to.deep.equal(
      talks.map((talk) => ({ [repeated]: 'repeated', [overtaken]: 'ERR_STORE_WRITE' })[talk] ?? 'committed'),
    );
    expect(kept.map(({ length }) => length)).to.deep.equal(talks.map((talk) => (talk === overtaken ? 0 : 1)));
    expect([...states.keys()]).to.have.members(talks.filter((talk) => talk !== repeated && talk !== overtaken));
  });

  it('keeps turns of one conversation, or of one person, that end at the same moment one after the other', async () => {
    const { turns, history } = await instance();
    const wanted = Array.from({ length: 12 }, (_, n) => `line ${n}`);
    await Promise.all(
      wanted.map((id, n) =>
        turns.commit(
          turn({ conversation: `webchat/chat-${n % 3}`, lines: [newLine(id)], state: new Map([['anna', { n }]]) }),
        ),
      ),
    );
    const found = await Promise.all([0, 1, 2].map((n) => history.read(`webchat/chat-${n}`)));
    const { anna } = Object.fromEntries(await turns.readState(['anna']));
    expect(found.map((lines) => lines.map(({ id }) => id))).to.deep.equal(
      [0, 1, 2].map((rest) => wanted.filter((_, n) => n % 3 === rest)),
    );
    expect(anna).to.deep.equal({ n: 11 });
  });

  it('makes every change of one moment but those that must not be made', async () => {
    const { records } = await instance();
    const [first, second, third] = await fill({ records } as PostgresStore, 3);
    if (!first || !second || !third) throw new Error('there are three');
    const to = (owner: string) => ({ owner, tags: [] });
    await records.commit(new Change().update(tickets, first, to('bob')));
    const made = await Promise.all([
      records.commit(new Change().update(tickets, first, to('stale')).create(notes, 'stale', { text: 'x' })),
      records.commit(new Change().update(tickets, second, to('one')).create(notes, 'one', { text: 'x' })),
      records.commit(new Change().update(tickets, second, to('two')).create(notes, 'two', { text: 'x' })),
      records.commit(new Change().create(tickets, third.id, to('there already'))),
      records.commit(new Change().absent(tickets, third.id).create(notes, 'absent', { text: 'x' })),
      records.commit(new Change().absent(tickets, 'nowhere').create(notes, 'three', { text: 'x' })),
      records.commit(new Change().delete(tickets, third)),
    ]);
    const owners = await Promise.all(
      [first, second, third].map(async ({ id }) => (await records.get(tickets, id))?.value.owner),
    );
    const kept: string[] = [];
    for await (const { id } of records.all(notes)) kept.push(id);
    expect(made).to.deep.equal([false, true, false, false, false, true, true]);
    expect(owners).to.deep.equal(['bob', 'one', undefined]);
    expect(kept).to.have.members(['one', 'three']);
    expect((await records.find(tickets, 'owner', 'one')).map(({ id }) => id)).to.deep.equal([second.id]);
    expect(await records.find(tickets, 'owner', 'two')).to.deep.equal([]);
  });

  it('lets a change wait alone for what somebody else has in hand, and not with it those of the same moment', async () => {
    const store = await instance();
    const { records } = store;
    const [held, free] = await fill(store, 2);
    if (!held || !free) throw new Error('there are two');
    await client.query('BEGIN');
    await client.query("SELECT FROM records WHERE id = $1 AND collection = 'test-tickets' FOR UPDATE", [held.id]);
    const waits = records.commit(new Change().update(tickets, held, { owner: 'bob', tags: [] }));
    const others = [
      records.commit(new Change().update(tickets, free, { owner: 'bob', tags: [] })),
      records.commit(new Change().create(notes, 'new', { text: 'x' })),
    ];
    expect(await Promise.all(others)).to.deep.equal([true, true]);
    await waiting(1);
    expect(await records.commit(new Change().create(notes, 'later', { text: 'x' }))).to.equal(true);
    await client.query('COMMIT');
    expect(await waits).to.equal(true);
  });

  it('lets each of two give back a conversation that the other wants, and none waits in a circle', async () => {
    await instance();
    const byPlace = (one: string, other: string) => (fingerprint(one) < fingerprint(other) ? -1 : 1);
    const [x = '', y = '', last = ''] = ['a', 'b', 'c'].sort(byPlace);
    const [one, other] = [gatedLeases(), gatedLeases()];
    await one.leases.hold(last, async () => {});
    await one.leases.close();
    const given = new AbortController();
    const kept = await Promise.all([holding(one.leases, x, given.signal), holding(other.leases, y, given.signal)]);
    // What comes while a question is on its way goes along with the next.
    for (const { close } of [one, other]) close();
    const before = [one.leases.hold('first', async () => {}), other.leases.hold('second', async () => {})];
    given.abort();
    await Promise.all(kept.map(({ isOver }) => isOver));
    const wanted = [y, last].map((talk) => one.leases.hold(talk, async () => {}));
    wanted.push(...[x, last].map((talk) => other.leases.hold(talk, async () => {})));
    await client.query('BEGIN');
    await client.query('SELECT FROM turn_leases WHERE conversation = $1 FOR UPDATE', [fingerprint(last)]);
    for (const { open } of [one, other]) open();
    await Promise.race([waiting(2), Promise.all([wanted[0], wanted[2]])]);
    await client.query('COMMIT');
    await Promise.all([...before, ...wanted]);
    for (const { leases, database } of [one, other]) {
      await leases.close();
      await database.close();
    }
    expect(await deadlocks()).to.equal(0);
  });

  it('renews what is held for as long as a turn runs, but not what another instance took', async () => {
    const { leases, database } = gatedLeases();
    await instance();
    const given = new AbortController();
    const kept = await Promise.all(['own', 'lost'].map((talk) => holding(leases, talk, given.signal)));
    const lost = fingerprint('lost');
    await client.query("UPDATE turn_leases SET holder = 'another' WHERE conversation = $1", [lost]);
    const untils = async () => {
      const { rows } = await client.query('SELECT conversation, until FROM turn_leases');
      return new Map<string, number>(rows.map((row) => [row.conversation, row.until.getTime()]));
    };
    const before = await untils();
    const own = fingerprint('own');
    await until(async () => (await untils()).get(own) !== before.get(own));
    expect((await untils()).get(lost)).to.equal(before.get(lost));
    given.abort();
    await Promise.all(kept.map(({ isOver }) => isOver));
    await leases.close();
    await database.close();
  });

  it('takes a conversation while somebody has the row of another in hand', async () => {
    const { shared } = await instance();
    await shared.conversations.hold('webchat/held', async () => {});
    await until(async () => {
      const { rows } = await client.query("SELECT FROM turn_leases WHERE until = '-infinity'");
      return rows.length === 1;
    });
    await client.query('BEGIN');
    await client.query('SELECT FROM turn_leases FOR UPDATE');
    let isTaken = false;
    const taken = shared.conversations.hold('webchat/held', async () => {
      isTaken = true;
    });
    await shared.conversations.hold('webchat/free', async () => {});
    expect(isTaken).to.equal(false);
    await client.query('COMMIT');
    await taken;
  });

  for (const [what, change] of [
    ['make', new Change().create(notes, 'wanted', { text: 'ours' })],
    ['leave absent', new Change().absent(notes, 'wanted').create(notes, 'beside', { text: 'ours' })],
  ] as const) {
    it(`lets a change wait alone that is to ${what} what somebody else has just made, and not with it those of the same moment`, async () => {
      const { records } = await instance();
      const make = "INSERT INTO records (collection, id, version, value) VALUES ('test-notes', 'wanted', 1, '{}')";
      for (const end of ['ROLLBACK', 'COMMIT']) {
        await client.query('BEGIN');
        await client.query(make);
        const waits = records.commit(change);
        const others = ['one', 'two'].map((id) =>
          records.commit(new Change().create(notes, `${id} ${end}`, { text: 'x' })),
        );
        expect(await Promise.all(others)).to.deep.equal([true, true]);
        await waiting(1);
        expect(await records.commit(new Change().create(notes, `later ${end}`, { text: 'x' }))).to.equal(true);
        await client.query(end);
        expect(await waits).to.equal(end === 'ROLLBACK');
        await client.query("DELETE FROM records WHERE id IN ('wanted', 'beside')");
      }
    });
  }

  it('lets a turn wait alone for state that somebody else has in hand, and not with it those of the same moment', async () => {
    const { turns } = await instance();
    const state = new Map([['anna', { n: 1 }]]);
    await turns.commit(turn({ lines: [newLine('first')], state }));
    await client.query('BEGIN');
    await client.query('SELECT FROM state FOR UPDATE');
    const waits = turns.commit(turn({ conversation: 'webchat/waits', lines: [newLine('l')], state }));
    const others = ['one', 'two'].map((talk) =>
      turns.commit(turn({ conversation: `webchat/${talk}`, lines: [newLine('l')] })),
    );
    expect(await Promise.all(others)).to.deep.equal(['committed', 'committed']);
    await waiting(1);
    await client.query('COMMIT');
    expect(await waits).to.equal('committed');
  });

  it('leaves connections to others however many changes wait for what somebody else has in hand', async () => {
    const store = await instance();
    const held = await fill(store, 10);
    await client.query('BEGIN');
    await client.query("SELECT FROM records WHERE collection = 'test-tickets' FOR UPDATE");
    const wait = held.map((one) => store.records.commit(new Change().update(tickets, one, { owner: 'bob', tags: [] })));
    await until(async () => {
      await client.query('SELECT pg_stat_clear_snapshot()');
      const { rows } = await client.query(
        `SELECT clock_timestamp() - query_start > interval '0.5 seconds' AS long
        FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return rows.length > 0 && rows.every(({ long }) => long);
    });
    expect(await store.turns.commit(turn({ lines: [newLine('l')] }))).to.equal('committed');
    expect(await store.records.get(tickets, '1')).to.have.property('version', 1);
    // Also those that have not come to wait there for long: as if that had been three seconds more.
    const clock = performance.now.bind(performance);
    const ahead = stub(performance, 'now').callsFake(() => clock() + 3200);
    try {
      await client.query('COMMIT');
      expect(await Promise.all(wait)).to.deep.equal(held.map(() => true));
    } finally {
      ahead.restore();
    }
  });

  it('lets turns cross that each delete state which the other puts, and none waits in a circle', async () => {
    const [one, other] = await Promise.all([instance(), instance()]);
    const state = (...entries: [string, { n: number } | undefined][]) => new Map(entries);
    await one.turns.commit(turn({ lines: [newLine('first')], state: state(['a', { n: 1 }], ['b', { n: 1 }]) }));
    await client.query('BEGIN');
    await client.query("SELECT FROM state WHERE key = 'a' FOR UPDATE");
    const puts = state(['a', { n: 2 }], ['b', { n: 2 }]);
    const put = one.turns.commit(turn({ conversation: 'webchat/one', lines: [newLine('l')], state: puts }));
    await waiting(1);
    const crossing = state(['b', undefined], ['a', { n: 3 }]);
    const crossed = other.turns.commit(turn({ conversation: 'webchat/other', lines: [newLine('l')], state: crossing }));
    await waiting(2);
    await client.query('COMMIT');
    expect(await Promise.all([put, crossed])).to.deep.equal(['committed', 'committed']);
    // Who is called back after a moment, and waits anew, may come behind the other.
    expect(await one.turns.readState(['a', 'b'])).to.be.deep.oneOf([state(['a', { n: 3 }]), puts]);
    expect(await deadlocks()).to.equal(0);
  });

  it('lets instances make new documents in any order at one moment, and none waits in a circle', async () => {
    const stores = await Promise.all([instance(), instance()]);
    const ids = Array.from({ length: 20 }, (_, n) => `n${n}`);
    for (let round = 0; round < 40; round++) {
      const made = await Promise.all(
        stores.flatMap(({ records }, n) =>
          (n === 0 ? ids : [...ids].reverse()).map((id) =>
            records.commit(new Change().create(notes, `${round} ${id}`, { text: `${n}` })),
          ),
        ),
      );
      expect(made.filter((isMade) => isMade)).to.have.length(ids.length);
    }
    expect(await deadlocks()).to.equal(0);
  });

  it('makes a change whose key is there already, as after indexes changed', async () => {
    const { records } = await instance();
    await records.commit(new Change().create(tickets, 'other', { owner: 'ann', tags: [] }));
    await client.query("INSERT INTO record_keys SELECT collection, field, key, 'new' FROM record_keys");
    const isMade = await records.commit(new Change().create(tickets, 'new', { owner: 'ann', tags: [] }));
    expect(isMade).to.equal(true);
    expect((await records.find(tickets, 'owner', 'ann')).map(({ id }) => id)).to.have.members(['other', 'new']);
  });

  it('takes as much at once as fits into a notification, and leaves out what does not', async () => {
    const [one, other] = await Promise.all([instance(), instance()]);
    const told: unknown[] = [];
    const heard = new Promise<void>((resolve) =>
      one.shared.onTold((conversation, what) => {
        told.push([conversation, what]);
        resolve();
      }),
    );
    other.shared.tellNow('€'.repeat(3000), { type: 'typing' });
    other.shared.tellNow(CHAT, { type: 'typing' });
    await heard;
    expect(told).to.deep.equal([[CHAT, { type: 'typing' }]]);
  });

  it('tells of a change once, however long somebody leaves a transaction open', async () => {
    const told: string[] = [];
    const store = await openPostgresStore({ url, now, recordTypes: [notes], lookEvery: 20 });
    opened.push(store);
    store.shared.onPut((puts = []) => told.push(...puts.map(({ id = '' }) => id)));
    const heard = (id: string) => until(async () => told.includes(id));
    const open = new pg.Client({ connectionString: url });
    await open.connect();
    await open.query('BEGIN');
    await open.query("INSERT INTO changes (origin, kinds, ids) VALUES ('another', '{test-notes}', '{late}')");
    const ids = ['a', 'b', 'c', 'd'];
    for (const id of ids) {
      // As if the notification had been lost.
      await client.query("INSERT INTO changes (origin, kinds, ids) VALUES ('another', '{test-notes}', ARRAY[$1])", [
        id,
      ]);
      await heard(id);
    }
    await open.query('COMMIT');
    await heard('late');
    await open.end();
    expect(told).to.deep.equal([...ids, 'late']);
  });

  it('gives a connection back that could not begin to read', async () => {
    const database = new Database(url, 1);
    expect(await codeOf(database.session().begin('BEGIN NONSENSE'))).to.equal('ERR_STORE_READ');
    expect(await database.query('SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    await database.close();
  });

  it('sets for a connection what its address asks for beside its own settings', async () => {
    const database = new Database(`${url}?options=-c%20work_mem%3D8MB`, 1);
    const shown = await database.query(
      "SELECT current_setting('work_mem') AS memory, current_setting('enable_seqscan') AS whole",
    );
    expect(shown).to.deep.equal([{ memory: '8MB', whole: 'off' }]);
    await database.close();
  });

  it('lets what takes its time take it, and what belongs together lie idle for a minute at most', async () => {
    const database = new Database(url, 1);
    const limits = "SELECT current_setting('statement_timeout') AS work, current_setting($1) AS idle";
    const idle = ['idle_in_transaction_session_timeout'];
    expect(await database.atLength(limits, idle)).to.deep.equal([{ work: '0', idle: '10s' }]);
    expect(await codeOf(database.atLength('SELECT 1 / 0'))).to.equal('ERR_STORE_WRITE');
    const within = await database.transaction((transaction) => transaction.query(limits, idle));
    expect(within).to.deep.equal([{ work: '0', idle: '1min' }]);
    expect(await database.query(limits, idle)).to.deep.equal([{ work: '6s', idle: '10s' }]);
    await database.close();
  });

  it('refuses a database that does not take every script, and says how to make one', async () => {
    await client.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    const error = await instance(url.replace(/[^/]*$/, 'latin')).catch((one) => one);
    expect(error).to.include({ code: 'ERR_STORE_OPEN' });
    expect(error.message).to.include('LATIN1').and.include("ENCODING 'UTF8'");
  });

  it("tells the log where this machine's clock is not the database's", async () => {
    const warned: number[] = [];
    const log = {
      ...createLog('silent'),
      warn: ({ seconds }: { seconds: number }) => void warned.push(Math.round(seconds / 60)),
    };
    for (const minutes of [0, 3, -3]) {
      const clock = () => new Date(Date.now() + minutes * 60_000);
      opened.push(await openPostgresStore({ url, now: clock, log: log as Log }));
    }
    expect(warned).to.deep.equal([3, 3]);
  });

  it("tells the database's time, whatever this machine's clock says, also when that is set", async () => {
    let apart = 10 * 60_000;
    const store = await openPostgresStore({ url, now: () => new Date(Date.now() + apart) });
    opened.push(store);
    const minutesOff = () => Math.round((store.shared.now().getTime() - Date.now()) / 60_000);
    expect(minutesOff()).to.equal(0);
    apart = -apart;
    expect(minutesOff()).to.equal(0);
  });

  it('tells of lines that could not be read at first when they can, with no further line to bring them', async () => {
    let failed = () => {};
    const unread = new Promise<void>((resolve) => {
      failed = resolve;
    });
    const log = createLog('warn', { write: (line: string) => line.includes('could not be read') && failed() });
    const store = await openPostgresStore({ url, now, log });
    opened.push(store);
    const told = new Promise<readonly string[]>((resolve) => {
      store.history.watch((lines) => resolve(lines.map(({ id }) => id)));
    });
    // As another instance would, with nothing told yet.
    await client.query(
      "INSERT INTO lines (conversation, seq, id, person, at, document) VALUES ($1, 1, 'l1', 'p', now(), $2)",
      [CHAT, JSON.stringify({ conversation: CHAT, id: 'l1' })],
    );
    await client.query('ALTER TABLE lines RENAME TO lines_away');
    await client.query('SELECT pg_notify($1, $2)', [
      'accessdesk_changes',
      JSON.stringify({ o: 'another', l: [[CHAT, 1, 1]] }),
    ]);
    await unread;
    await client.query('ALTER TABLE lines_away RENAME TO lines');
    expect(await told).to.deep.equal(['l1']);
  });

  it('replaces the text of a line and leaves what is changed or erased meanwhile', async () => {
    const store = await instance();
    await store.turns.commit(turn({ lines: [newLine('l1'), newLine('l2')] }));
    await client.query('BEGIN');
    await client.query(
      "UPDATE lines SET document = replace(document::text, 'text of l1', 'erased')::json WHERE id = 'l1'",
    );
    await client.query("UPDATE lines SET document = replace(document::text, 'message', 'gone')::json WHERE id = 'l1'");
    const replaced = store.turns.replaceText(CHAT, 'l1', 'new');
    await waiting(1);
    await client.query('COMMIT');
    await replaced;
    const line = await store.history.find(CHAT, 'l1');
    expect(line?.text).to.equal('new');
    expect(line?.activity).to.deep.equal({ type: 'gone' });
  });
});

/** Keys in PostgreSQL follow the indexes of the version that runs, also while another version runs beside it. */
import { expect } from 'chai';
import pg from 'pg';
import { type SinonStub, stub } from 'sinon';
import { Change, type RecordType } from '../../src/records/records.ts';
import { openPostgresStore, type PostgresStore } from '../../src/stores/postgres/postgres-store.ts';
import { describeWithPostgres, sharedPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

interface Note {
  readonly owner: string;
  readonly place: string;
}
/** One version's kind, and that of the next. */
const former: RecordType<Note> = { name: 'keyed-notes', indexes: { owner: ({ owner }) => [owner] } };
const next: RecordType<Note> = {
  name: 'keyed-notes',
  indexes: { ...former.indexes, place: ({ place }) => [place, `in ${place}`] },
};

describeWithPostgres('keys in PostgreSQL', () => {
  let url: string;
  let opened: PostgresStore[];
  let client: pg.Client;
  const names = new Map<PostgresStore, readonly string[]>();

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

  /** A process of the version that has this kind. */
  async function open(type: RecordType<Note>): Promise<PostgresStore> {
    const before = await instances();
    const store = await openPostgresStore({ url, now: () => new Date(), recordTypes: [type], lookEvery: 20 });
    opened.push(store);
    names.set(
      store,
      (await instances()).filter((name) => !before.includes(name)),
    );
    return store;
  }
  /** Closed, and so long ago that nobody counts it any more. */
  async function end(store: PostgresStore): Promise<void> {
    await store.close();
    opened.splice(opened.indexOf(store), 1);
    await client.query(
      "UPDATE instances SET until = clock_timestamp() - interval '1 second' WHERE instance = ANY ($1)",
      [names.get(store)],
    );
  }
  async function instances(): Promise<string[]> {
    const { rows } = await client.query('SELECT instance FROM instances').catch(() => ({ rows: [] }));
    return rows.map(({ instance }) => instance);
  }
  const idsAt = async ({ records }: PostgresStore, place: string) =>
    (await records.find(next, 'place', place)).map(({ id }) => id);
  const settled = async () =>
    (await client.query('SELECT signature FROM record_indexes ORDER BY 1')).rows.map(({ signature }) => signature);
  async function create({ records }: PostgresStore, type: RecordType<Note>, count: number): Promise<void> {
    const change = new Change();
    for (let n = 0; n < count; n++) change.create(type, `n${n}`, { owner: 'ann', place: n % 2 ? 'attic' : 'cellar' });
    expect(await records.commit(change)).to.equal(true);
  }

  it('are made for an index that a newer version adds, of every document', async () => {
    const old = await open(former);
    // More than one batch.
    await create(old, former, 1201);
    await end(old);
    const store = await open(next);
    expect(await store.records.count(next, 'place', 'attic')).to.equal(600);
    expect(await store.records.count(next, 'place', 'in cellar')).to.equal(601);
    expect(await store.records.count(next, 'owner', 'ann')).to.equal(1201);
    expect(await settled()).to.deep.equal(['1 owner place']);
  });

  it('are made anew for an index that gives others, and go with an index that goes', async () => {
    const old = await open(next);
    await create(old, next, 2);
    await end(old);
    const other = { ...next, indexVersion: 2, indexes: { place: ({ place }: Note) => [`at ${place}`] } };
    const store = await open(other);
    expect(await idsAt(store, 'at attic')).to.deep.equal(['n1']);
    const { rows } = await client.query('SELECT field, key FROM record_keys ORDER BY 1, 2');
    expect(rows).to.deep.equal([
      { field: 'place', key: 'at attic' },
      { field: 'place', key: 'at cellar' },
    ]);
  });

  it('are left to another process that goes through them by one that ends meanwhile', async () => {
    const old = await open(former);
    await create(old, former, 1);
    const store = await open(next);
    await client.query('SELECT pg_advisory_lock(7305118202)');
    await end(old);
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'";
    await until(async () => (await client.query(waiting)).rowCount === 1);
    await end(store);
  });

  it('are left to it also by one that ends while it connects to wait', async () => {
    const old = await open(former);
    await create(old, former, 1);
    const store = await open(next);
    await client.query('SELECT pg_advisory_lock(7305118202)');
    const connect = pg.Client.prototype.connect as unknown as (...given: unknown[]) => Promise<void>;
    let ending: Promise<void> | undefined;
    // The pool's own give a function to call back.
    const connecting = stub(pg.Client.prototype, 'connect') as unknown as SinonStub<unknown[], unknown>;
    connecting.callsFake(async function (this: pg.Client, ...given) {
      await connect.apply(this, given);
      if (given.length === 0) ending ??= end(store);
    });
    try {
      await end(old);
      await until(async () => ending !== undefined);
      await ending;
    } finally {
      connecting.restore();
    }
  });

  it('are right for what a former version still writes beside the new one, as soon as it has ended', async () => {
    const old = await open(former);
    await create(old, former, 3);
    const store = await open(next);
    expect(await idsAt(store, 'cellar')).to.deep.equal(['n0', 'n2']);
    const [moved, gone] = await Promise.all(['n0', 'n2'].map((id) => old.records.get(former, id)));
    if (!moved || !gone) throw new Error('they were put');
    const change = new Change().update(former, moved, { owner: 'ben', place: 'roof' }).delete(former, gone);
    await old.records.commit(change.create(former, 'n9', { owner: 'ann', place: 'roof' }));
    expect(await settled()).not.to.include('1 owner place');
    await end(old);
    await until(async () => (await settled()).includes('1 owner place'));
    expect(await idsAt(store, 'roof')).to.deep.equal(['n0', 'n9']);
    expect(await store.records.count(next, 'place', 'cellar')).to.equal(0);
    expect(await store.records.count(next, 'place', 'attic')).to.equal(1);
  });

  it('are not taken for right while a process writes that does not say by which indexes', async () => {
    await (await openPostgresStore({ url, now: () => new Date() })).close();
    await client.query(
      "INSERT INTO instances (instance, until) VALUES ('former', clock_timestamp() + interval '1 hour')",
    );
    const store = await open(next);
    await create(store, next, 2);
    expect(await settled()).to.deep.equal([]);
    await client.query("INSERT INTO records (collection, id, version, value) VALUES ('keyed-notes', 'n9', 1, $1)", [
      { owner: 'ann', place: 'attic' },
    ]);
    await client.query(
      "UPDATE instances SET until = clock_timestamp() - interval '1 second' WHERE instance = 'former'",
    );
    await until(async () => (await settled()).length > 0);
    expect(await idsAt(store, 'attic')).to.deep.equal(['n1', 'n9']);
  });

  it('of the new version stay where the former one starts again beside it', async () => {
    const store = await open(next);
    await create(store, next, 2);
    const old = await open(former);
    expect(await idsAt(store, 'attic')).to.deep.equal(['n1']);
    await until(async () => (await settled()).length === 0);
    await old.records.commit(new Change().create(former, 'n9', { owner: 'ann', place: 'roof' }));
    await end(old);
    await until(async () => (await settled()).includes('1 owner place'));
    expect(await idsAt(store, 'roof')).to.deep.equal(['n9']);
  });

  it('are made while others write the same documents, and none is lost', async () => {
    const old = await open(former);
    await create(old, former, 601);
    await end(old);
    await client.query('DELETE FROM record_indexes');
    const writer = await openPostgresStore({ url, now: () => new Date() });
    opened.push(writer);
    let isOver = false;
    const writing = (async () => {
      for (let n = 0; !isOver; n++) {
        const seen = await writer.records.get(next, `n${n % 601}`);
        const place = n % 3 ? 'roof' : 'attic';
        if (seen) await writer.records.commit(new Change().update(next, seen, { owner: `o${n}`, place }));
      }
    })();
    const store = await open(next);
    isOver = true;
    await writing;
    const expected = new Map<string, string[]>();
    for await (const { id, value } of store.records.all(next)) {
      expected.set(value.place, [...(expected.get(value.place) ?? []), id]);
    }
    for (const [place, ids] of expected) {
      const found = await idsAt(store, place);
      expect(found.sort()).to.deep.equal(ids.sort());
      expect(await store.records.count(next, 'place', place)).to.equal(ids.length);
    }
  });

  it('are gone through again by the next, where the one that did it was cut off', async () => {
    const old = await open(former);
    await create(old, former, 3);
    await end(old);
    const failing = {
      ...next,
      indexes: { ...next.indexes, place: ({ place }: Note) => [place === 'attic' ? fail() : place] },
    };
    const fault = await open(failing).catch((error) => error);
    expect(fault).to.include({ message: 'cut off' });
    expect(await settled()).to.deep.equal([]);
    await client.query("UPDATE instances SET until = clock_timestamp() - interval '1 second'");
    expect(await idsAt(await open(next), 'attic')).to.deep.equal(['n1']);
    const locks = "SELECT FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory'";
    const { rows } = await client.query(`${locks} AND datname = current_database()`);
    expect(rows).to.have.length(0);
  });
});

function fail(): never {
  throw new Error('cut off');
}

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import pg from 'pg';
import { openPostgresStore } from '../../src/stores/postgres/postgres-store.ts';
import { describeWithPostgres, sharedPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

describeWithPostgres('tables of a newer version', () => {
  it('are left alone by an older one, which says what to do', async () => {
    const url = await (await sharedPostgres()).newDatabase();
    const open = () => openPostgresStore({ url, now: () => new Date() });
    await (await open()).close();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("INSERT INTO migrations (name, run_on) VALUES ('9999_later', now())");
    await client.end();
    const refused = await open().catch((error: unknown) => error);
    expect(refused).to.include({ code: 'ERR_STORE_SCHEMA' });
    expect((refused as Error).message)
      .to.include('9999_later')
      .and.include('Run that version, or restore a backup.');
  });
});

describeWithPostgres('a database', () => {
  const open = (url: string) => openPostgresStore({ url, now: () => new Date(), connections: 2 });

  async function connected(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  }

  it('whose own settings end statements early, and write times otherwise, is used as any', async () => {
    const url = await (await sharedPostgres()).newDatabase();
    const other = await connected(url);
    const name = new URL(url).pathname.slice(1);
    for (const setting of ['statement_timeout = 100', 'lock_timeout = 100', "DateStyle = 'German'"])
      await other.query(`ALTER DATABASE ${name} SET ${setting}`);
    // As an instance does that is at it first.
    await other.query('SELECT pg_advisory_lock(7241865325823964)');
    const opening = open(url);
    await other.query('SET statement_timeout = 0; SELECT pg_sleep(1)');
    await other.end();
    const store = await opening;
    store.shared.presence.arrived('place')();
    const another = await open(url);
    await until(async () => ((await another.shared.presence.at('place')).leftAt ?? 0) > 0);
    await Promise.all([store.close(), another.close()]);
  });

  for (const [query, said, advice] of [
    ['sslmode=verify-full', 'does not support SSL', 'Check sslmode'],
    ['sslmode=verify-full&sslrootcert=/missing.pem', '/missing.pem', 'Check sslmode'],
  ]) {
    it(`that cannot be used with ${query} is refused with what to look at`, async () => {
      const { url } = await sharedPostgres();
      const error = await open(`${url}?${query}`).catch((one) => one);
      expect(error).to.include({ code: 'ERR_STORE_OPEN' });
      expect(error.message).to.include(said).and.include(advice);
    });
  }

  for (const [way, advice] of [
    ['no encryption', 'Check sslmode'],
    ['SSL encryption', 'Check user, password and database'],
  ]) {
    it(`that lets nobody in who comes with ${way} is refused with what to look at`, async () => {
      const said = `no pg_hba.conf entry for host "10.0.0.1", user "desk", database "desk", ${way}`;
      const fields = Buffer.from(`SFATAL\0C28000\0M${said}\0\0`);
      const length = Buffer.alloc(4);
      length.writeInt32BE(fields.length + 4);
      const server = createServer((client) => {
        client.on('error', () => {}).once('data', () => client.end(Buffer.concat([Buffer.from('E'), length, fields])));
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      const error = await open(`postgres://desk@127.0.0.1:${port}/desk`).catch((one) => one);
      expect(error.message).to.include(said).and.include(advice);
      server.close();
    });
  }
});

import { expect } from 'chai';
import pg from 'pg';
import { openPostgresStore } from '../../src/stores/postgres/postgres-store.ts';
import { describeWithPostgres, sharedPostgres } from '../support/postgres.ts';

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

/** What is hard on PostgreSQL in particular: odd texts, large changes, changes that cross, connections that hang. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { openPostgresStore, type PostgresStore } from '../../src/stores/postgres/postgres-store.ts';
import { describeWithPostgres, sharedPostgres } from '../support/postgres.ts';
import { notes, tickets } from './records-contract.ts';
import { CHAT, newLine, turn } from './sample-turn.ts';

const now = () => new Date('2026-03-02T09:00:00.000Z');
describeWithPostgres('strain on PostgreSQL', () => {
  let url: string;
  let opened: PostgresStore[];
  let client: pg.Client;

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
      const { rows } = await client.query(
        "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
      );
      if (rows.length >= count) return;
      await sleep(2);
    }
  }

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

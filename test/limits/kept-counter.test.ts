import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RateLimiterRes } from 'rate-limiter-flexible';
import { clearCounts, KeptCounter, limitCounts } from '../../src/limits/kept-counter.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';

describe('limits that are kept', () => {
  let folder: string;
  let store: EmbeddedStore;
  let at: number;
  const now = () => new Date(at);
  const open = async () => {
    store = await openEmbeddedStore({ folder, now, recordTypes: [limitCounts] });
  };
  const counter = () =>
    new KeptCounter(
      { points: 2, duration: 60, keyPrefix: 'mail' },
      { records: store.records, key: Buffer.alloc(32), now },
    );
  const refusal = (done: Promise<unknown>) => done.then(() => undefined).catch((state: RateLimiterRes) => state);

  beforeEach(async () => {
    at = Date.parse('2026-11-22T10:00:00Z');
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-limits-'));
    await open();
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('go on counting after a restart, and begin anew when their time is over', async () => {
    await counter().consume('192.0.2.1');
    await counter().consume('192.0.2.1');
    await store.close();
    await open();
    at += 59_000;
    expect(await refusal(counter().consume('192.0.2.1'))).to.include({ msBeforeNext: 1000, consumedPoints: 3 });
    at += 1000;
    expect(await refusal(counter().consume('192.0.2.1'))).to.equal(undefined);
  });

  it('count every key by itself, also when many ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 10 }, () => refusal(counter().consume('192.0.2.1'))));
    expect(asked.filter((state) => state === undefined)).to.have.length(2);
    expect(await refusal(counter().consume('192.0.2.2'))).to.equal(undefined);
  });

  it('count each of a hundred that ask at once', async () => {
    const one = counter();
    const asked = await Promise.all(Array.from({ length: 100 }, () => refusal(one.consume('192.0.2.1'))));
    expect(asked.filter((state) => state === undefined)).to.have.length(2);
    expect(await one.get('192.0.2.1')).to.include({ consumedPoints: 100 });
  });

  it('keep no address', async () => {
    await counter().consume('192.0.2.77');
    await store.close();
    expect(await readFile(join(folder, 'db.json'), 'utf8')).not.to.include('192.0.2.77');
    await open();
  });

  it('are cleared away once their time is over', async () => {
    await counter().consume('192.0.2.1');
    at += 60_000;
    await clearCounts(store.records, now);
    expect(await counter().get('192.0.2.1')).to.equal(null);
    let left = 0;
    for await (const _ of store.records.all(limitCounts)) left++;
    expect(left).to.equal(0);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Change } from '../../src/records/records.ts';
import { staffChannelId, staffChannels } from '../../src/staff-channel/staff-channel.ts';
import { clearMissWeeks, type MissesOnCard, missWeeks, WeeklyMisses } from '../../src/staff-channel/weekly-misses.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { group, channelPlace as place } from '../support/teams-staff.ts';

describe('questions without an answer in the channel of staff', () => {
  let folder: string;
  let store: EmbeddedStore;
  let time: number;
  let isOpen: boolean;
  let found: { text: string; count: number }[];
  let posted: MissesOnCard[];
  let refuses: boolean;
  let edits: number;
  /** The card, by somebody in Teams. */
  let isDeleted: boolean;
  let workers: WeeklyMisses[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-misses-'));
    time = Date.parse('2026-11-23T08:00:00.000Z');
    const now = () => new Date(time);
    store = await openEmbeddedStore({ folder, now, recordTypes: [missWeeks, staffChannels] });
    [isOpen, refuses, found, posted] = [true, false, [{ text: 'is there a parrot', count: 3 }], []];
    [edits, isDeleted] = [0, false];
    const work = () =>
      new WeeklyMisses({
        records: store.records,
        port: {
          async post(_, misses) {
            if (refuses) throw new Error('away');
            posted.push(misses);
            return 'card';
          },
          async update() {
            edits++;
            if (isDeleted) throw new Error('refused');
          },
          failure: (error) => ({ reason: 'away', isFinal: (error as Error).message === 'refused' }),
        },
        group,
        topMisses: async () => found,
        isOpen: () => isOpen,
        now,
        wakeAfter: () => () => {},
        log: { warn() {}, error() {} },
      });
    workers = [work(), work(), work()];
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const choose = () => {
    return store.records.commit(
      new Change().create(staffChannels, staffChannelId, { place, group, by: 'lea', at: '' }),
    );
  };
  /** Each instance looks once, at the same moment. */
  const look = async () => {
    for (const worker of workers) worker.wake();
    for (const worker of workers) await worker.idle();
  };

  it('are posted by one of several instances, of the week before', async () => {
    await choose();
    await look();
    expect(posted.map(({ week, from, to }) => [week, from, to])).to.deep.equal([
      ['2026-11-23', '2026-11-16', '2026-11-22'],
    ]);
    time += 6 * 24 * 3600_000;
    await look();
    expect(posted).to.have.length(1);
    time += 24 * 3600_000;
    await look();
    expect(posted.map(({ week }) => week)).to.deep.equal(['2026-11-23', '2026-11-30']);
  });

  it('wait for a channel, and until people work', async () => {
    await look();
    await choose();
    isOpen = false;
    await look();
    expect(posted).to.deep.equal([]);
    isOpen = true;
    await look();
    expect(posted).to.have.length(1);
  });

  it('are not posted where every question had an answer', async () => {
    await choose();
    found = [];
    await look();
    found = [{ text: 'later', count: 1 }];
    await look();
    expect(posted).to.deep.equal([]);
  });

  it('are tried again later when Teams does not take them, also by another instance', async () => {
    await choose();
    refuses = true;
    await look();
    refuses = false;
    await look();
    expect(posted).to.deep.equal([]);
    time += 60_000;
    await look();
    expect(posted).to.have.length(1);
  });

  it('are not edited over and over where somebody deleted the card in Teams', async () => {
    await choose();
    await look();
    isDeleted = true;
    await Promise.all(workers.splice(1).map((worker) => worker.close()));
    await workers[0]?.note('2026-11-23', 'a key', { by: 'Ana', kind: 'answer', entry: 'parrot' });
    await look();
    await look();
    expect(edits).to.equal(1);
  });

  it('are forgotten with their time', async () => {
    await choose();
    await look();
    await clearMissWeeks(store.records, new Date('2026-11-20T00:00:00.000Z'));
    expect(await store.records.get(missWeeks, '2026-11-23')).not.to.equal(undefined);
    await clearMissWeeks(store.records, new Date('2026-11-24T00:00:00.000Z'));
    expect(await store.records.get(missWeeks, '2026-11-23')).to.equal(undefined);
  });
});

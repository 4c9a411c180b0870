import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { createLog } from '../../src/log.ts';
import type { Records } from '../../src/records/records.ts';
import { type StaffChannelPort, StaffChannelWorker } from '../../src/staff-channel/staff-channel-worker.ts';

describe('the channel of staff while the store is away', () => {
  it('is looked at again after a while, and not over and over', async () => {
    let looks = 0;
    const waits: number[] = [];
    const records = {
      get: async () => {
        looks += 1;
        throw new Error('the store is away');
      },
    };
    const worker = new StaffChannelWorker({
      records: records as unknown as Records,
      history: { read: async () => [], latest: async () => 0 },
      port: {} as StaffChannelPort,
      group: '33333333-4444-5555-6666-777777777777',
      isOpen: () => true,
      now: () => new Date(),
      wakeAfter: (ms) => {
        waits.push(ms);
        return () => {};
      },
      log: createLog('silent'),
    });
    worker.wake();
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    await worker.close();
    expect([looks, waits]).to.deep.equal([1, [5000]]);
  });
});

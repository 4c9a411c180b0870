import { expect } from 'chai';
import { every } from '../src/every.ts';

describe('what is done every so often', () => {
  it('keeps nobody from ending while it takes long, and says nothing more of itself then', async () => {
    let breakOff = (_error: Error) => {};
    const failures: unknown[] = [];
    const clearing = every({
      ms: 60_000,
      work: () => new Promise((_done, failed) => (breakOff = failed)),
      failed: (error) => failures.push(error),
    });
    await clearing.close();
    breakOff(new Error('the store is closed'));
    await new Promise(setImmediate);
    expect(failures).to.deep.equal([]);
  });
});

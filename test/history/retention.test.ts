import { expect } from 'chai';
import sinon from 'sinon';
import { keepRetention } from '../../src/history/retention.ts';

const nothing = { conversations: 0, lines: 0, votes: 0, redacted: 0, documents: { removed: 0, redacted: 0 } };
const day = 24 * 3600 * 1000;

describe('retention', () => {
  const begin = new Date('2026-11-22T12:00:00Z').getTime();
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: begin, toFake: ['setInterval', 'clearInterval', 'Date'] });
  });
  afterEach(() => clock.restore());

  const keep = (prune: sinon.SinonStub) => {
    const log = { debug: sinon.fake(), info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
    const kept = keepRetention({ erasure: { prune, forget: sinon.stub() }, days: 30, now: () => new Date(), log });
    return { ...kept, log };
  };

  it('removes what is older than its days, at once and every day', async () => {
    const prune = sinon.stub().resolves(nothing);
    const kept = keep(prune);
    expect(prune.lastCall.args[0]).to.deep.equal(new Date(begin - 30 * day));
    clock.tick(day);
    expect(prune.lastCall.args[0]).to.deep.equal(new Date(begin - 29 * day));
    await kept.close();
    clock.tick(10 * day);
    expect(prune.callCount).to.equal(2);
  });

  it('lets other rooms remove theirs first, so that erasing takes it out of the files', async () => {
    const prune = sinon.stub().resolves(nothing);
    const clear = sinon.stub().resolves();
    const log = { debug: sinon.fake(), info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
    const erasure = { prune, forget: sinon.stub() };
    await keepRetention({ erasure, clear, days: 30, now: () => new Date(), log }).close();
    expect(clear.calledOnceWith(new Date(begin - 30 * day))).to.equal(true);
    expect(prune.calledAfter(clear)).to.equal(true);
  });

  it('tries again the next day after a failure, and says so in the log', async () => {
    const prune = sinon.stub().rejects(new Error('disk full'));
    const kept = keep(prune);
    clock.tick(day);
    await kept.close();
    expect(prune.callCount).to.equal(2);
    expect(kept.log.error.called).to.equal(true);
  });
});

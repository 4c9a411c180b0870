import { expect } from 'chai';
import { Rounds } from '../src/rounds.ts';

describe('rounds of work', () => {
  let done: number;
  let failures: unknown[];
  let timers: { readonly ms: number; readonly wake: () => void }[];
  let duringRound: () => void | Promise<void>;
  let rounds: Rounds;
  beforeEach(() => {
    done = 0;
    failures = [];
    timers = [];
    duringRound = () => {};
    rounds = new (class extends Rounds {
      protected async work() {
        done += 1;
        await duringRound();
        return 1000 * done;
      }
    })({
      failed: (error) => failures.push(error),
      wakeAfter: (ms, wake) => {
        const timer = { ms, wake };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
      afterFailure: 60_000,
    });
  });
  const waits = () => timers.map(({ ms }) => ms);

  it('are one after the other, and one more for all that was asked for during one', async () => {
    duringRound = () => {
      if (done === 1) for (let more = 0; more < 3; more++) rounds.wake();
    };
    rounds.wake();
    await rounds.idle();
    expect(done).to.equal(2);
  });

  it('come again by themselves when the last one said, unless one is asked for before', async () => {
    rounds.wake();
    await rounds.idle();
    expect(waits()).to.deep.equal([1000]);
    rounds.wake();
    await rounds.idle();
    expect(waits()).to.deep.equal([2000]);
    timers[0]?.wake();
    await rounds.idle();
    expect(done).to.equal(3);
  });

  it('go on after one that broke off', async () => {
    const broken = new Error('the store is away');
    duringRound = () => {
      if (done === 1) throw broken;
    };
    rounds.wake();
    await rounds.idle();
    expect([failures, waits()]).to.deep.equal([[broken], [60_000]]);
    timers[0]?.wake();
    await rounds.idle();
    expect([done, failures.length]).to.deep.equal([2, 1]);
  });

  it('end with the one that is under way when they are closed', async () => {
    let end = () => {};
    const began = new Promise<void>((resolve) => {
      duringRound = () =>
        new Promise<void>((ends) => {
          end = ends;
          resolve();
        });
    });
    rounds.wake();
    await began;
    rounds.wake();
    const closed = rounds.close();
    end();
    await closed;
    rounds.wake();
    await rounds.idle();
    expect([done, waits()]).to.deep.equal([1, []]);
  });
});

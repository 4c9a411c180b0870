import { expect } from 'chai';
import { TurnQueue } from '../../src/bot/turn-queue.ts';

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

describe('the turn queue', () => {
  it('runs the turns of one conversation one after the other, in order', async () => {
    const queue = new TurnQueue();
    const steps: string[] = [];
    const turn = (name: string) => async () => {
      steps.push(`${name} begins`);
      await null;
      steps.push(`${name} ends`);
    };
    await Promise.all([queue.run('a', turn('first')), queue.run('a', turn('second'))]);
    expect(steps).to.deep.equal(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('does not let one conversation wait for another', async () => {
    const queue = new TurnQueue();
    const slow = gate();
    const held = queue.run('a', () => slow.passed);
    await queue.run('b', async () => {});
    slow.open();
    await held;
  });

  it('goes on after a turn that failed', async () => {
    const queue = new TurnQueue();
    const failed = queue.run('a', () => Promise.reject(new Error('no')));
    const next = queue.run('a', async () => 'done');
    await failed.catch(() => {});
    expect(await next).to.equal('done');
  });

  it('refuses the fifty-first waiting turn and runs the others', async () => {
    const queue = new TurnQueue();
    const slow = gate();
    let ran = 0;
    const turns = Array.from({ length: 51 }, () =>
      queue.run('a', async () => {
        await slow.passed;
        ran++;
      }),
    );
    const refused = await turns[50]?.catch((error: { code: string }) => error.code);
    expect(refused).to.equal('ERR_TURN_QUEUE_FULL');
    slow.open();
    await queue.idle();
    expect(ran).to.equal(50);
  });
});

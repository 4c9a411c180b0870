import type { TurnContext } from 'botbuilder';
import { expect } from 'chai';
import sinon from 'sinon';
import { showTyping } from '../../src/bot/typing.ts';

describe('the typing indicator', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

  const context = (activity: object, send = sinon.fake.resolves([])) => ({
    send,
    turn: { activity, sendActivities: send } as unknown as TurnContext,
  });

  it('comes after half a second and again every three, until the turn ends', () => {
    const { turn, send } = context({ type: 'message' });
    const stop = showTyping(turn);
    clock.tick(499);
    expect(send.callCount).to.equal(0);
    clock.tick(1);
    expect(send.firstCall.args[0]).to.deep.equal([{ type: 'typing' }]);
    clock.tick(3000);
    expect(send.callCount).to.equal(2);
    stop();
    clock.tick(60_000);
    expect(send.callCount).to.equal(2);
  });

  it('is not shown where replies are collected, nor for what is no message', () => {
    for (const activity of [{ type: 'message', deliveryMode: 'expectReplies' }, { type: 'conversationUpdate' }]) {
      const { turn, send } = context(activity);
      showTyping(turn);
      clock.tick(10_000);
      expect(send.callCount).to.equal(0);
    }
  });

  it('of one turn is not ended by another', () => {
    const slow = context({ type: 'message' });
    showTyping(slow.turn);
    showTyping(context({ type: 'message' }).turn)();
    clock.tick(500);
    expect(slow.send.callCount).to.equal(1);
  });
});

import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { IdleDialogs, type Looked, waitingDialogs } from '../../src/channels/idle-dialogs.ts';
import { createLog } from '../../src/log.ts';
import { type AccessRooms, minute, openAccessRooms } from '../support/access-rooms.ts';

const chat = { conversation: 'webchat/c-1', person: 'webchat/amira' };

describe('dialogs that may have waited long enough', () => {
  let rooms: AccessRooms;
  let looked: Looked[];
  let fails: boolean;
  let hangs: boolean;
  const looking = new EventEmitter();
  let ids = 0;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    looked = [];
    fails = false;
    hangs = false;
  });
  afterEach(() => rooms.close());

  const instance = () =>
    new IdleDialogs({
      records: rooms.records,
      look: async (one) => {
        looked.push(one);
        looking.emit('look');
        if (hangs) await new Promise(() => {});
        if (fails) throw new Error('the channel takes nothing');
      },
      now: rooms.now,
      newId: () => `turn-${++ids}`,
      wakeAfter: () => () => {},
      log: createLog('silent'),
    });
  const look = async (...instances: IdleDialogs[]) => {
    for (const one of instances) one.wake();
    await Promise.all(instances.map((one) => one.idle()));
  };
  const left = async () => (await rooms.records.sorted(waitingDialogs, 'due', '', 100)).length;
  const inMinutes = (count: number) => new Date(rooms.now().getTime() + count * minute);

  it('are looked at when they are due, by one of several instances, once', async () => {
    const [one, other] = [instance(), instance()];
    await one.lookAt(chat, inMinutes(30));
    await look(one, other);
    rooms.pass(30 * minute);
    await look(one, other);
    await look(one, other);
    expect(looked.map(({ conversation, person }) => ({ conversation, person }))).to.deep.equal([chat]);
    expect(await left()).to.equal(0);
  });

  it('are looked at again later where that is asked for meanwhile', async () => {
    const one = instance();
    await one.lookAt(chat, inMinutes(30));
    rooms.pass(20 * minute);
    await one.lookAt(chat, inMinutes(30));
    rooms.pass(10 * minute);
    await look(one);
    expect([looked.length, await left()]).to.deep.equal([0, 1]);
  });

  it('are looked at five times where the channel takes nothing, as the same turn', async () => {
    const one = instance();
    await one.lookAt(chat, inMinutes(0));
    fails = true;
    for (let count = 0; count < 7; count++) {
      await look(one);
      rooms.pass(minute);
    }
    expect(looked).to.have.length(5);
    expect(new Set(looked.map(({ turn }) => turn)).size).to.equal(1);
    expect(await left()).to.equal(0);
  });

  it('are looked at by another turn where a process died with one under way, so that nothing is told twice', async () => {
    const dying = instance();
    await dying.lookAt(chat, inMinutes(0));
    hangs = true;
    const begins = once(looking, 'look');
    dying.wake();
    await begins;
    hangs = false;
    rooms.pass(minute);
    await look(instance());
    expect(new Set(looked.map(({ turn }) => turn)).size).to.equal(2);
    expect(await left()).to.equal(0);
  });

  it('are forgotten with their person', async () => {
    await instance().lookAt(chat, inMinutes(30));
    await rooms.erasure.forget('amira');
    expect(await left()).to.equal(0);
  });
});

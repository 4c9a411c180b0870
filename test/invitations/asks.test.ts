import { expect } from 'chai';
import { Asks, askRecords } from '../../src/invitations/asks.ts';
import { createLog } from '../../src/log.ts';
import type { Change, Records, RecordType, Stored } from '../../src/records/records.ts';
import { RecordsLayer } from '../../src/records/records-layer.ts';
import { type AccessRooms, openAccessRooms } from '../support/access-rooms.ts';

const stranger = { actor: 'nobody', proof: 'none', from: '192.0.2.1' } as const;

describe('asking for invitations by address', () => {
  let rooms: AccessRooms;
  let done: string[];
  let asks: Asks;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    done = [];
    asks = roomOver(watched(rooms.records));
    await rooms.person('p1', { email: 'known@contoso.example' });
    await rooms.person('p2', { email: 'known@contoso.example' }, { name: 'Fabrikam Inc.' });
  });
  afterEach(async () => {
    await asks.idle();
    await rooms.close();
  });

  const roomOver = (records: Records, invitations = rooms.invitations) => {
    let ids = 0;
    return new Asks({
      records,
      directory: rooms.directory,
      invitations,
      mailIsDue: () => {},
      log: createLog('silent'),
      now: rooms.now,
      newId: () => `ask-${ids++}`,
    });
  };
  /** Notes what the room does to the store. */
  const watched = (records: Records): Records => {
    const noted = <T>(what: string, result: T): T => {
      done.push(what);
      return result;
    };
    return {
      get: (type, id) => noted(`get ${type.name}`, records.get(type, id)),
      find: (type, index, key) => noted(`find ${type.name}`, records.find(type, index, key)),
      page: (type, ...of) => noted(`page ${type.name}`, records.page(type, ...of)),
      sorted: (type, ...of) => noted(`sorted ${type.name}`, records.sorted(type, ...of)),
      count: (type, ...of) => noted(`count ${type.name}`, records.count(type, ...of)),
      all: (type) => noted(`all ${type.name}`, records.all(type)),
      lease: (type, ...of) => noted(`lease ${type.name}`, records.lease(type, ...of)),
      commit: (change: Change) =>
        noted(`commit of ${change.puts.map(({ type }) => type.name)}`, records.commit(change)),
    };
  };
  const left = async () => {
    let count = 0;
    for await (const _ of rooms.records.all(askRecords)) count++;
    return count;
  };

  it('does one and the same to the store for a known and an unknown address until it answers', async () => {
    const work: string[][] = [];
    for (const address of ['known@contoso.example', 'other@contoso.example']) {
      done = [];
      await asks.add(address, stranger, `form of ${address}`);
      work.push([...done]);
      await asks.idle();
    }
    expect(work).to.deep.equal(Array(2).fill(['get done-once', 'commit of asks,audit,done-once']));
    expect((await rooms.mails()).map(({ to }) => to)).to.deep.equal(Array(2).fill('known@contoso.example'));
    expect(await left()).to.equal(0);
    const asked = (await rooms.trailRows()).filter(({ action }) => action === 'invitation.asked');
    expect(asked).to.deep.equal(Array(2).fill({ at: asked[0]?.at, action: 'invitation.asked', ...stranger }));
  });

  it('mails once what a crash cut off in the middle', async () => {
    let calls = 0;
    const dying = Object.create(rooms.invitations, {
      ask: {
        value: (...of: Parameters<typeof rooms.invitations.ask>) => {
          calls += 1;
          if (calls === 2) throw new Error('the process ends here');
          return rooms.invitations.ask(...of);
        },
      },
    });
    const first = roomOver(rooms.records, dying);
    await first.add('known@contoso.example', stranger);
    await first.idle();
    expect([(await rooms.mails()).length, await left()]).to.deep.equal([1, 1]);
    rooms.pass(60 * 60_000);
    asks.wake();
    await asks.idle();
    const mails = await rooms.mails();
    expect(mails.map(({ about }) => about).sort()).to.deep.equal(['p1', 'p2']);
    expect(await left()).to.equal(0);
  });

  it('are worked off when the store can be read again', async () => {
    let isAway = true;
    class Away extends RecordsLayer {
      override all<T extends object>(type: RecordType<T>): AsyncIterable<Stored<T>> {
        if (!isAway) return super.all(type);
        throw new Error('the database is away');
      }
    }
    const room = roomOver(new Away(rooms.records));
    await room.add('known@contoso.example', stranger);
    await room.idle();
    expect(await left()).to.equal(1);
    isAway = false;
    room.wake();
    await room.idle();
    expect(await left()).to.equal(0);
  });
});

import { expect } from 'chai';
import type { AddedLine } from '../../src/bot/bot.ts';
import { unaskedLine } from '../../src/channels/unasked-line.ts';
import { AccessDeskError } from '../../src/errors.ts';
import type { Change, Records } from '../../src/records/records.ts';
import { codeOf } from '../stores/sample-turn.ts';
import { type AccessRooms, openAccessRooms } from '../support/access-rooms.ts';

const line: AddedLine = {
  id: 'event-1',
  conversation: 'msteams/c',
  person: 'msteams/amira',
  from: 'staff',
  text: 'It is on its way.',
  activity: {},
};

describe('a line that nobody asked for', () => {
  let rooms: AccessRooms;
  let sent: number;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    sent = 0;
  });
  afterEach(() => rooms.close());

  const instance = (add: (line: AddedLine) => Promise<void>, records: Records = rooms.records) => {
    const reference = { channel: 'msteams', conversation: 'c' } as never;
    return unaskedLine({
      records,
      history: rooms.history,
      references: { find: async () => reference, block: async () => {} },
      proactive: {
        async send() {
          sent++;
          return 'id';
        },
      },
      add,
      now: rooms.now,
    });
  };
  const intoHistory = async ({ id, conversation, person, from, text, activity }: AddedLine) => {
    const at = rooms.now().toISOString();
    const lines = [{ id, from, at, text, activity }];
    await rooms.turns.commit({ conversation, person, at, lines, state: new Map(), votes: [], welcomed: [] });
  };
  const texts = async () => (await rooms.history.read(line.conversation)).map(({ text }) => text);

  it('is sent once, where a process died while it waited for a turn of its conversation', async () => {
    await new Promise<void>((waits) => {
      void instance(() => new Promise(() => waits()))(line);
    });
    await rooms.reopen();
    const another = instance(intoHistory);
    await another(line);
    await another(line);
    expect([sent, await texts()]).to.deep.equal([1, [line.text]]);
  });

  it('is sent once, where the store was away when it was to be noted that it was sent', async () => {
    let isAway = true;
    const away = Object.assign(Object.create(rooms.records) as Records, {
      commit: async (change: Change) => {
        if (isAway) throw new AccessDeskError('ERR_STORE_WRITE', 'away');
        return rooms.records.commit(change);
      },
      get: ((type, id) => rooms.records.get(type, id)) satisfies Records['get'],
    });
    const say = instance(intoHistory, away);
    expect(await codeOf(say(line))).to.equal('ERR_STORE_WRITE');
    isAway = false;
    await say(line);
    await say(line);
    expect([sent, await texts()]).to.deep.equal([1, [line.text]]);
  });
});

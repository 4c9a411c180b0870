import { expect } from 'chai';
import type { AddedLine } from '../../src/bot/bot.ts';
import { unaskedLine } from '../../src/channels/unasked-line.ts';
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

  const instance = (add: (line: AddedLine) => Promise<void>) => {
    const reference = { channel: 'msteams', conversation: 'c' } as never;
    return unaskedLine({
      records: rooms.records,
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
});

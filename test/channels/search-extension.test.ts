import type { Activity, TurnContext } from 'botbuilder';
import { expect } from 'chai';
import { searchExtension } from '../../src/channels/search-extension.ts';
import type { Desk } from '../../src/tickets/desk.ts';
import type { Ticket } from '../../src/tickets/ticket.ts';
import { createWords } from '../../src/words/words.ts';

const at = '2026-11-23T10:00:00.000Z';
const ticket = (number: number) => ({
  id: String(number),
  version: 1,
  value: {
    number,
    state: 'open',
    question: 'q',
    requester: { proof: 'none' },
    facts: [],
    openedAt: at,
  } as never as Ticket,
});

describe('a list of tickets in the search of Teams', () => {
  const pages = 30;
  const receive = searchExtension({
    knowledge: () => expect.fail('no answers were asked for'),
    desk: {
      list: async (_list, _of, after = '0') => {
        const tickets = Array.from({ length: 25 }, (_, index) => ticket(Number(after) * 25 + index));
        return { tickets, ...(Number(after) + 1 < pages && { next: String(Number(after) + 1) }) };
      },
    } as Partial<Desk> as Desk,
    staffOf: async () => ({ id: 'ana', name: 'Ana Silva' }),
    publicUrl: 'https://help.contoso.example',
    words: createWords('en'),
  });
  const titles = async (skip: number) => {
    const value = { commandId: 'tickets', parameters: [], queryOptions: { skip, count: 25 } };
    let body: { composeExtension: { attachments?: { preview: { content: { title: string } } }[] } } | undefined;
    await receive({
      activity: { type: 'invoke', name: 'composeExtension/query', value } as Partial<Activity>,
      sendActivities: async ([sent]: Partial<Activity>[]) => {
        body = (sent?.value as { body: typeof body } | undefined)?.body;
      },
    } as never as TurnContext);
    return (body?.composeExtension.attachments ?? []).map(({ preview }) => preview.content.title.split(' ')[0]);
  };

  it('goes on from page to page and ends after five hundred, however far somebody scrolls', async () => {
    expect((await titles(475)).at(-1)).to.equal('#499');
    for (const skip of [500, 525, 700]) expect(await titles(skip), String(skip)).to.deep.equal([]);
  });
});

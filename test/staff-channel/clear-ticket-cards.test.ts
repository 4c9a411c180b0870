import { expect } from 'chai';
import { Change } from '../../src/records/records.ts';
import { clearTicketCards, type TicketCard, ticketCards } from '../../src/staff-channel/staff-channel.ts';
import { ticketId } from '../../src/tickets/ticket.ts';
import { openTicketRoom } from '../support/ticket-room.ts';

describe('cards of tickets in the channel of staff', () => {
  it('are forgotten when their ticket is gone, and kept while it is there', async () => {
    const room = await openTicketRoom();
    const { number } = await room.open();
    const card = (ticket: number): TicketCard => ({
      ticket,
      activity: `${ticket}`,
      conversation: '19:tickets@thread.tacv2',
      version: 1,
      events: 1,
      lines: 0,
      postedAt: '2026-11-23T10:00:00.000Z',
    });
    const change = new Change();
    for (const one of [number, 4711]) change.create(ticketCards, ticketId(one), card(one));
    await room.records.commit(change);
    await clearTicketCards(room.records);
    expect((await room.records.get(ticketCards, ticketId(number)))?.value.ticket).to.equal(number);
    expect(await room.records.get(ticketCards, ticketId(4711))).to.equal(undefined);
    await room.close();
  });
});

import { expect } from 'chai';
import { ticketFigures } from '../../src/tickets/ticket-figures.ts';
import { createReport } from '../../src/usage/report.ts';
import { ana, minute, openTicketRoom } from '../support/ticket-room.ts';
import { historyOf } from '../usage/asked.ts';

describe('tickets in the report', () => {
  it('are counted with their times and conversations, and no word of them', async () => {
    const room = await openTicketRoom();
    try {
      const { number } = await room.open({ topic: 'invitations', conversation: 'webchat/one' });
      await room.open({ question: 'My link is old', conversation: 'webchat/two' });
      room.clock.advance(12 * minute);
      await room.desk.claim(number, ana, room.key());
      await room.desk.reply(number, 'It is on its way.', ana, room.key());
      room.clock.advance(18 * minute);
      await room.desk.resolve(number, ana, room.key());
      const sources = {
        history: historyOf([]),
        votes: { list: async () => [] },
        tickets: () => ticketFigures(room.records),
      };
      const report = await createReport(sources, {});
      expect(report.handOffs).to.deep.include({
        conversations: 2,
        opened: 2,
        resolved: 1,
        open: 1,
        firstResponse: { count: 1, median: 720, p90: 720 },
        resolution: { count: 1, median: 1800, p90: 1800 },
      });
      for await (const figure of sources.tickets()) expect(JSON.stringify(figure)).not.to.include('invitation has');
    } finally {
      await room.close();
    }
  });
});

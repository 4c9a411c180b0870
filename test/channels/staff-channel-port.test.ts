import type { Activity } from 'botbuilder';
import { expect } from 'chai';
import { proactiveConversation } from '../../src/channels/proactive-conversation.ts';
import { staffChannelPort } from '../../src/channels/staff-channel-port.ts';
import type { Told } from '../../src/staff-channel/staff-channel-worker.ts';
import type { Ticket, TicketEvent } from '../../src/tickets/ticket.ts';
import { createWords } from '../../src/words/words.ts';
import { channelPlace as place } from '../support/teams-staff.ts';

const words = createWords('en');
const lea = { id: 'lea', name: 'Lea *Lind*' };
const typed = 'Two things:\n- one\n- two';

describe('what was typed, in Teams', () => {
  let said: string[];
  beforeEach(() => {
    said = [];
  });
  const tell = async (what: Told) => {
    const send = async (_: unknown, { text = '' }: Partial<Activity>) => String(said.push(text));
    await staffChannelPort({ proactive: { send } as never, words }).tell(place, 'a', what);
  };
  const event = (more: Partial<TicketEvent>) =>
    tell({ event: { ticket: 1, at: '', by: { staff: lea }, kind: 'noted', ...more }, ticket: {} as Ticket });

  it('keeps its lines: of users and of staff in a ticket’s thread, and of staff in the user’s chat', async () => {
    await tell({ user: typed, name: 'Amira' });
    await event({ text: typed });
    const conversation = proactiveConversation({
      sayUnasked: async (_, shown) => void said.push(shown?.text ?? ''),
      words,
      now: () => new Date(0),
    });
    await conversation.say({ id: 'i', conversation: 'c', person: 'p', from: lea, text: typed, ticket: 1 });
    const lines = 'Two things:\n\n\\- one\n\n\\- two';
    expect(said).to.deep.equal([
      `**Amira**: ${lines}`,
      `Note of Lea \\*Lind\\*, staff only: ${lines}`,
      `**Lea \\*Lind\\***\n\n${lines}`,
    ]);
  });

  it('says of whoever gives themselves a ticket of somebody else that they took it over', async () => {
    await event({ kind: 'assigned', from: 'Ben', to: lea.name });
    await event({ kind: 'assigned', from: 'Ben', to: 'Ana' });
    expect(said).to.deep.equal(['Lea \\*Lind\\* took it over.', 'Lea \\*Lind\\* gave it to Ana.']);
  });
});

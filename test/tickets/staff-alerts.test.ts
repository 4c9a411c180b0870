import { expect } from 'chai';
import { OwnPresence } from '../../src/instances/own-presence.ts';
import { inboxPlace } from '../../src/instances/presence.ts';
import { createLog } from '../../src/log.ts';
import { StaffAlerts } from '../../src/tickets/staff-alerts.ts';
import { tickets } from '../../src/tickets/ticket.ts';
import { amira, ana, ben, minute, openTicketRoom, second, type TicketRoom } from '../support/ticket-room.ts';

describe('mail to staff', () => {
  let room: TicketRoom;
  let alerts: StaffAlerts;
  let presence: OwnPresence;
  const start = () => {
    presence = new OwnPresence(room.clock.now);
    alerts = new StaffAlerts({
      ...room.parts(),
      presence,
      staffEmail: 'staff@contoso.example',
      wakeAfter: room.clock.wakeAfter,
      log: createLog('silent'),
    });
    room.records.onPut(tickets, () => alerts.wake());
    alerts.wake();
  };
  beforeEach(async () => {
    room = await openTicketRoom();
    start();
  });
  afterEach(async () => {
    await alerts.close();
    await room.close();
  });
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; ) {
      await alerts.idle();
      const step = Math.min(left, Math.max(1, room.clock.next ?? left));
      room.clock.advance(step);
      left -= step;
    }
    await alerts.idle();
  };
  const told = async () => (await room.mails()).filter(({ template }) => template === 'ticketWaiting');
  const writes = async (conversation: string) => {
    const held = await room.desk.holding(conversation);
    if (held) await room.desk.userWrote(held, 'Hello?', room.key());
  };

  it('tells of a new ticket that nobody looked at for two minutes, once, with nothing of what it says', async () => {
    const { number } = await room.open({ urgency: 'urgent' });
    await pass(2 * minute - second);
    expect(await told()).to.deep.equal([]);
    await pass(second);
    const [mail] = await told();
    expect(mail).to.include({ to: 'staff@contoso.example' });
    expect(mail?.data).to.deep.equal({ ticket: number, urgency: 'urgent', isNew: true });
    await pass(60 * minute);
    expect(await told()).to.have.length(1);
  });

  it('tells of thirty an hour, and of the others later', async () => {
    for (let n = 0; n < 40; n++) {
      await room.open({ requester: { ...amira, person: `webchat/u${n}` }, conversation: `webchat/c${n}` });
    }
    await pass(50 * minute);
    expect(await told()).to.have.length(30);
    await pass(15 * minute);
    expect(await told()).to.have.length(40);
  });

  it('tells of a message that nobody looked at, and again after somebody has looked', async () => {
    const { number, conversation } = await room.open();
    await room.desk.reply(number, 'Which company?', ana, 'a');
    await pass(10 * minute);
    expect(await told()).to.deep.equal([]);
    await writes(conversation);
    await pass(2 * minute);
    await writes(conversation);
    await pass(10 * minute);
    expect((await told()).map(({ data }) => data)).to.deep.equal([{ ticket: number, urgency: 'normal', isNew: false }]);
    await room.desk.seen(number, ana);
    await writes(conversation);
    await pass(2 * minute + second);
    expect(await told()).to.have.length(2);
  });

  it('tells of a ticket that was given to somebody who does not look', async () => {
    const { number } = await room.open();
    await room.desk.assign(number, ben, ana, 'a');
    await pass(2 * minute);
    expect(await told()).to.have.length(1);
  });

  it('tells nothing while somebody has the inbox open, and two minutes after the last one left', async () => {
    const close = presence.arrived(inboxPlace);
    await room.open();
    await pass(10 * minute);
    expect(await told()).to.deep.equal([]);
    close();
    close();
    await pass(2 * minute - second);
    expect(await told()).to.deep.equal([]);
    await pass(minute);
    expect(await told()).to.have.length(1);
  });

  it('tells nothing of what was looked at or withdrawn', async () => {
    const one = await room.open();
    const other = await room.open({ requester: { ...amira, person: 'webchat/b' } });
    await room.desk.seen(one.number, ana);
    await room.desk.withdraw(other.number, 'webchat/b', 'a');
    await pass(10 * minute);
    expect(await told()).to.deep.equal([]);
  });

  it('tells after a restart of what came before it', async () => {
    await room.open();
    await alerts.idle();
    await alerts.close();
    await room.reopen();
    room.clock.advance(2 * minute);
    start();
    await alerts.idle();
    expect(await told()).to.have.length(1);
  });
});

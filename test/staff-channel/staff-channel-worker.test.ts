import { expect } from 'chai';
import { Change } from '../../src/records/records.ts';
import { staffChannelId, staffChannels, ticketCards } from '../../src/staff-channel/staff-channel.ts';
import { StaffChannelWorker } from '../../src/staff-channel/staff-channel-worker.ts';
import { ticketId } from '../../src/tickets/ticket.ts';
import { group, channelPlace as place } from '../support/teams-staff.ts';
import { ana, minute, openTicketRoom, second, type TicketRoom } from '../support/ticket-room.ts';

describe('tickets in the channel of staff', () => {
  let room: TicketRoom;
  let workers: StaffChannelWorker[];
  /** Numbers of the tickets whose cards Teams took. */
  let posted: number[];
  /** What Teams does with a card before it takes it. */
  let taking: () => Promise<void>;
  /** Cards that somebody deleted in Teams, which takes no edit of them. */
  let deleted: string[];
  /** What was told, and in the thread of which card. */
  let told: string[];
  let isOpen: boolean;
  /** Called by each worker that has looked at everything. */
  let rested: () => void;
  beforeEach(async () => {
    room = await openTicketRoom();
    [posted, deleted, told, taking] = [[], [], [], async () => {}];
    [rested, isOpen] = [() => {}, false];
    await room.records.commit(
      new Change().create(staffChannels, staffChannelId, { place, group, by: 'lea', at: '2026-11-23T09:00:00.000Z' }),
    );
    const { now } = room.clock;
    workers = [0, 1, 2].map(
      () =>
        new StaffChannelWorker({
          records: room.records,
          group,
          history: room.store.history,
          port: {
            async post(_, { number }) {
              await taking();
              return `card ${posted.push(number)}`;
            },
            async update(_, activity) {
              if (deleted.includes(activity)) throw new Error('refused');
            },
            async tell(_, activity, what) {
              told.push(`${activity}: ${'event' in what ? what.event.kind : Object.keys(what)[0]}`);
            },
            failure: (error) => ({
              reason: 'away',
              kind: (error as Error).message === 'refused' ? ('refused' as const) : ('away' as const),
            }),
          },
          isOpen: () => isOpen,
          now,
          wakeAfter: () => {
            rested();
            return () => {};
          },
          log: { warn() {}, error() {} },
        }),
    );
  });
  afterEach(async () => {
    for (const worker of workers) await worker.close();
    await room.close();
  });

  /** Each of several instances looks once, at the same moment. */
  const look = () =>
    new Promise<void>((done) => {
      let left = workers.length;
      rested = () => {
        if (--left === 0) done();
      };
      for (const worker of workers) worker.wake();
    });
  const card = async (number: number) => (await room.records.get(ticketCards, ticketId(number)))?.value;

  it('have one card each, though several instances see a new one at the same moment', async () => {
    taking = () => new Promise((next) => setImmediate(next));
    const numbers = [(await room.open()).number, (await room.open({ question: 'Another' })).number];
    await look();
    await look();
    expect(posted.sort()).to.deep.equal(numbers);
    expect(await card(numbers[0] ?? 0))
      .to.include({ activity: 'card 1', version: 1 })
      .and.not.have.property('until');
  });

  it('are posted by whoever looks next where Teams did not take them', async () => {
    let tries = 0;
    taking = async () => {
      if (++tries === 1) throw new Error('away');
    };
    const { number } = await room.open();
    await look();
    room.clock.advance(5 * second);
    await look();
    expect([posted, tries]).to.deep.equal([[number], 2]);
  });

  it('are left to another when who was to post them has died, after a minute', async () => {
    const { number } = await room.open();
    const died = {
      ticket: number,
      conversation: place.conversation,
      version: 0,
      events: 0,
      lines: 0,
      postedAt: room.clock.now().toISOString(),
      until: new Date(room.clock.now().getTime() + 60 * second).toISOString(),
    };
    await room.records.commit(new Change().create(ticketCards, ticketId(number), died));
    room.clock.advance(59 * second);
    await look();
    expect(posted).to.deep.equal([]);
    room.clock.advance(second);
    await look();
    expect(posted).to.deep.equal([number]);
  });

  it('get another card where another channel is chosen', async () => {
    const { number } = await room.open();
    await look();
    const seen = await room.records.get(staffChannels, staffChannelId);
    const moved = { place: { ...place, conversation: '19:other@thread.tacv2' }, by: 'lea', at: '' };
    await room.records.commit(new Change().update(staffChannels, seen ?? expect.fail('no channel'), moved));
    await look();
    expect(posted).to.deep.equal([number, number]);
    expect(await card(number)).to.include({ activity: 'card 2', conversation: '19:other@thread.tacv2' });
  });

  it('get another card where somebody deleted theirs in Teams, and go on in its thread', async () => {
    const [one, over] = [await room.open(), await room.open({ question: 'Another' })];
    await Promise.all(workers.splice(1).map((worker) => worker.close()));
    await look();
    deleted = ['card 1', 'card 2'];
    await room.desk.claim(one.number, ana, 'claim');
    await room.desk.resolve(over.number, ana, 'resolve');
    workers[0]?.wake(over.number);
    await look();
    expect(posted).to.deep.equal([one.number, over.number, one.number]);
    expect(await card(one.number)).to.include({ activity: 'card 3', version: 2 });
    expect(told.sort()).to.deep.equal(['card 2: resolved', 'card 3: claimed']);
    expect(await workers[0]?.status()).to.include({ waiting: 0 });
  });

  it('are reminded of once whenever nobody has had them for a quarter of an hour, while people work', async () => {
    await Promise.all(workers.splice(1).map((worker) => worker.close()));
    const { number } = await room.open();
    const reminders = async (minutes: number) => {
      room.clock.advance(minutes * minute);
      workers[0]?.wake(number);
      await look();
      return told.filter((one) => one.endsWith('reminder')).length;
    };
    expect(await reminders(0), 'posted').to.equal(0);
    expect(await reminders(16), 'at night').to.equal(0);
    isOpen = true;
    expect(await reminders(1), 'in the morning').to.equal(1);
    expect(await reminders(16), 'once').to.equal(1);
    await room.desk.claim(number, ana, 'claim');
    await room.desk.assign(number, undefined, ana, 'release');
    expect(await reminders(1), 'given back a minute ago').to.equal(1);
    expect(await reminders(16), 'given back').to.equal(2);
    await room.desk.resolve(number, ana, 'resolve');
    await room.desk.reopen(number, 'webchat/amira', 'reopen');
    expect(await reminders(1), 'reopened a minute ago').to.equal(2);
    expect(await reminders(16), 'reopened').to.equal(3);
  });
});

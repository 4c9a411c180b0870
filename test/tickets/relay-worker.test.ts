import { expect } from 'chai';
import { createLog } from '../../src/log.ts';
import type { OutboxMail } from '../../src/mail/outbox.ts';
import type { Records } from '../../src/records/records.ts';
import { LineRefused } from '../../src/tickets/desk.ts';
import { RelayWorker } from '../../src/tickets/relay-worker.ts';
import { relays } from '../../src/tickets/ticket.ts';
import { ticketReplies } from '../../src/tickets/ticket-replies.ts';
import { ChannelBook } from '../support/channel-book.ts';
import { amira, ana, day, hour, minute, openTicketRoom, second, type TicketRoom } from '../support/ticket-room.ts';

describe('the relay', () => {
  let room: TicketRoom;
  let book: ChannelBook;
  let worker: RelayWorker;
  const start = () => {
    worker = new RelayWorker({
      ...room.parts(),
      port: book,
      wakeAfter: room.clock.wakeAfter,
      log: createLog('silent'),
    });
    room.records.onPut(relays, () => worker.wake());
    worker.wake();
  };
  beforeEach(async () => {
    room = await openTicketRoom();
    book = new ChannelBook();
    start();
  });
  afterEach(async () => {
    await worker.close();
    await room.close();
  });

  const withAddress = { ...amira, address: 'amira@contoso.example' };
  const reply = (number: number, text: string) => room.desk.reply(number, text, ana, room.key());
  /** Moves the clock as a worker sees it that looks whenever it asked to. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; ) {
      await worker.idle();
      const step = Math.min(left, Math.max(1, room.clock.next ?? left));
      room.clock.advance(step);
      left -= step;
    }
    await worker.idle();
  };
  const states = async (number: number) =>
    [...((await room.desk.view(number))?.delivery.values() ?? [])].map(({ state }) => state);
  const replyMails = async () => (await room.mails()).filter(({ template }) => template === 'ticketReply');

  it('says what staff reply in the order in which they wrote it, each once', async () => {
    const { number, conversation } = await room.open();
    for (const text of ['one', 'two', 'three']) await reply(number, text);
    await worker.idle();
    expect(book.in(conversation)).to.deep.equal(['one', 'two', 'three']);
    expect(book.said[0]?.from).to.equal('Ana Silva');
    expect(await states(number)).to.deep.equal(['sent', 'sent', 'sent']);
    expect(book.calls).to.equal(3);
  });

  it('tries again after 5 seconds, 30 seconds, 2 and 10 minutes, and lets nothing past what waits', async () => {
    const { number, conversation } = await room.open();
    book.broken.set(conversation, new TypeError('amira@contoso.example is away'));
    await reply(number, 'one');
    await reply(number, 'two');
    await worker.idle();
    expect(book.calls).to.equal(1);
    const [first] = (await room.desk.view(number))?.delivery.values() ?? [];
    expect(first).to.deep.equal({ state: 'waiting', answer: 'TypeError', next: '2026-11-23T10:00:05.000Z' });
    for (const [ms, calls] of [
      [5 * second, 2],
      [30 * second, 3],
      [2 * minute, 4],
      [10 * minute - 1, 4],
      [1, 5],
    ] as const) {
      await pass(ms);
      expect(book.calls).to.equal(calls);
    }
    book.broken.clear();
    await pass(30 * minute);
    expect(book.in(conversation)).to.deep.equal(['one', 'two']);
  });

  it('keeps the order when the clock is put back', async () => {
    const { number, conversation } = await room.open();
    book.broken.set(conversation, new Error('away'));
    await reply(number, 'one');
    room.clock.advance(-hour);
    await reply(number, 'two');
    await worker.idle();
    book.broken.clear();
    await pass(2 * hour);
    expect(book.in(conversation)).to.deep.equal(['one', 'two']);
  });

  it('lets no conversation wait for another', async () => {
    const one = await room.open();
    const other = await room.open({ requester: { ...amira, person: 'webchat/b' }, conversation: 'webchat/c-2' });
    book.broken.set(one.conversation, new Error('away'));
    await reply(one.number, 'one');
    await reply(other.number, 'two');
    await worker.idle();
    expect(book.in(other.conversation)).to.deep.equal(['two']);
  });

  it('gives up after a day where there is no address, and sends again when staff want it', async () => {
    const { number, conversation } = await room.open();
    book.broken.set(conversation, new Error('away'));
    await reply(number, 'one');
    await pass(day + hour);
    expect(await states(number)).to.deep.equal(['failed']);
    const event = [...((await room.desk.view(number))?.delivery.keys() ?? [])][0] ?? '';
    book.broken.clear();
    expect((await room.desk.sendAgain(number, event, ana)).outcome).to.equal('done');
    await worker.idle();
    expect(await states(number)).to.deep.equal(['sent']);
    expect(book.in(conversation)).to.deep.equal(['one']);
    expect((await room.desk.sendAgain(number, event, ana)).outcome).to.equal('not-now');
  });

  it('goes on where it was after a restart', async () => {
    const { number, conversation } = await room.open();
    book.broken.set(conversation, new Error('away'));
    await reply(number, 'one');
    await reply(number, 'two');
    await worker.idle();
    await worker.close();
    await room.reopen();
    book.broken.clear();
    room.clock.advance(5 * second);
    start();
    await worker.idle();
    expect(book.in(conversation)).to.deep.equal(['one', 'two']);
  });

  it('says nothing twice when what came of it could not be kept', async () => {
    const { number, conversation } = await room.open();
    await worker.close();
    await reply(number, 'one');
    const broken: Records = {
      get: (...of) => room.records.get(...of),
      find: (...of) => room.records.find(...of),
      page: (...of) => room.records.page(...of),
      sorted: (...of) => room.records.sorted(...of),
      count: (...of) => room.records.count(...of),
      all: (...of) => room.records.all(...of),
      lease: (...of) => room.records.lease(...of),
      commit: () => Promise.reject(new Error('the disk is full')),
    };
    const dying = new RelayWorker({
      ...room.parts(),
      records: broken,
      port: book,
      wakeAfter: room.clock.wakeAfter,
      log: createLog('silent'),
    });
    dying.wake();
    while (book.calls === 0) await new Promise((resolve) => setImmediate(resolve));
    await dying.close();
    start();
    await worker.idle();
    expect(book.calls).to.equal(2);
    expect(book.in(conversation)).to.deep.equal(['one']);
    expect(await states(number)).to.deep.equal(['sent']);
  });

  describe('of a user who has gone', () => {
    it('mails in one what nobody saw for two minutes', async () => {
      const { number } = await room.open({ requester: withAddress });
      await reply(number, 'one');
      await pass(minute);
      await reply(number, 'two');
      await pass(minute - second);
      expect(await replyMails()).to.deep.equal([]);
      await pass(10 * second);
      const [mail, ...others] = (await replyMails()) as OutboxMail<'ticketReply'>[];
      expect(others).to.deep.equal([]);
      expect(mail).to.include({ to: 'amira@contoso.example' });
      expect(await ticketReplies(room.records, mail?.data.events ?? [])).to.deep.equal([
        { from: 'Ana Silva', text: 'one' },
        { from: 'Ana Silva', text: 'two' },
      ]);
      expect(await states(number)).to.deep.equal(['mailed', 'mailed']);
      await pass(hour);
      expect(await replyMails()).to.have.length(1);
    });

    it('mails nothing to one who was there, came back in time or wrote', async () => {
      const { number, conversation } = await room.open({ requester: withAddress });
      book.present.add(conversation);
      await reply(number, 'one');
      await worker.idle();
      book.present.clear();
      await pass(3 * minute);
      await reply(number, 'two');
      await pass(minute);
      book.present.add(conversation);
      await pass(30 * second);
      book.present.clear();
      await pass(3 * minute);
      await reply(number, 'three');
      await pass(minute);
      const held = await room.desk.holding(conversation);
      if (held) await room.desk.userWrote(held, 'thanks', 'a');
      await pass(3 * minute);
      expect(await replyMails()).to.deep.equal([]);
      expect(await states(number)).to.deep.equal(['sent', 'sent', 'sent']);
    });

    it('remembers over a restart that nobody has seen it', async () => {
      const { number } = await room.open({ requester: withAddress });
      await reply(number, 'one');
      await worker.idle();
      await worker.close();
      await room.reopen();
      room.clock.advance(2 * minute);
      start();
      await worker.idle();
      expect(await replyMails()).to.have.length(1);
      expect(await states(number)).to.deep.equal(['mailed']);
    });

    it('mails at once what its channel never takes, and has failed where there is no address', async () => {
      const { number, conversation } = await room.open({ requester: withAddress });
      const other = await room.open({ requester: { ...amira, person: 'webchat/b' }, conversation: 'webchat/c-2' });
      book.broken.set(conversation, new LineRefused('the user has blocked the bot'));
      book.broken.set(other.conversation, new LineRefused('the user has blocked the bot'));
      await reply(number, 'one');
      await reply(other.number, 'two');
      await worker.idle();
      expect(await replyMails()).to.have.length(1);
      expect([...((await room.desk.view(number))?.delivery.values() ?? [])]).to.deep.equal([
        { state: 'mailed', answer: 'the user has blocked the bot' },
      ]);
      expect(await states(other.number)).to.deep.equal(['failed']);
    });

    it('mails after a quarter of an hour what a channel does not take, all that waits at once', async () => {
      const { number, conversation } = await room.open({ requester: withAddress });
      book.broken.set(conversation, new Error('away'));
      await reply(number, 'one');
      await reply(number, 'two');
      await pass(15 * minute);
      expect(await states(number)).to.deep.equal(['mailed', 'mailed']);
      expect(await replyMails()).to.have.length(1);
    });
  });

  it('leaves every reply either said or mailed in the order written, when the user leaves at the same moment', async () => {
    for (let n = 0; n < 10; n++) {
      const person = `webchat/u${n}`;
      const conversation = `webchat/d${n}`;
      const { number } = await room.open({ requester: { ...amira, person }, conversation });
      await room.desk.claim(number, ana, room.key());
      await Promise.all([
        reply(number, 'one'),
        room.desk.leave(conversation, person, room.key()),
        reply(number, 'two'),
      ]);
      await worker.idle();
      expect([...book.in(conversation)].sort()).to.deep.equal(['one', 'two']);
      const written = (await room.desk.view(number))?.events.flatMap(({ value }) =>
        value.kind === 'replied' ? [value.text] : [],
      );
      expect(book.in(conversation)).to.deep.equal(written);
    }
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { outbox } from '../../src/mail/outbox.ts';
import { clearTickets } from '../../src/tickets/clear-tickets.ts';
import { relays, ticketEvents, tickets } from '../../src/tickets/ticket.ts';
import { medianFirstResponse, ticketFigures } from '../../src/tickets/ticket-figures.ts';
import { ticketMailCounts } from '../../src/tickets/ticket-mails.ts';
import { amira, ana, day, minute, openTicketRoom, type TicketRoom } from '../support/ticket-room.ts';

const named = {
  person: 'webchat/user-7f3a',
  name: 'Kim Lee',
  address: 'kim@contoso.example',
  account: 'https://login.test/|subject-77',
  proof: 'sign-in',
} as const;

describe('tickets', () => {
  let room: TicketRoom;
  beforeEach(async () => {
    room = await openTicketRoom();
  });
  afterEach(() => room.close());
  const count = async () => {
    const counts: number[] = [];
    for (const type of [tickets, ticketEvents, relays, outbox]) {
      let all = 0;
      for await (const _ of room.records.all(type as typeof tickets)) all += 1;
      counts.push(all);
    }
    return counts;
  };
  const files = async () => {
    const names = (await readdir(room.folder)).filter((name) => /json/.test(name));
    return (await Promise.all(names.map((name) => readFile(join(room.folder, name), 'utf8')))).join('');
  };

  for (const [what, name] of [
    ['chat user', 'user-7f3a'],
    ['address', 'Kim@contoso.example'],
    ['account', named.account],
  ] as const) {
    it(`of a person go with everything on them when the person is forgotten by ${what}`, async () => {
      const { number } = await room.open({ requester: named, question: 'My secret question' });
      await room.desk.reply(number, 'A secret reply', ana, 'a');
      const other = await room.open({
        question: 'Ask kim@contoso.example',
        requester: { ...amira, person: 'webchat/b' },
      });
      expect(await count()).to.deep.equal([2, 3, 1, 1]);
      await room.store.erasure.forget(name);
      expect(await count()).to.deep.equal([1, 1, 0, 0]);
      expect(await room.desk.view(number)).to.equal(undefined);
      expect(await room.desk.search('secret')).to.deep.equal([]);
      const kept = await room.ticket(other.number);
      expect(kept.question).to.equal(what === 'address' ? 'Ask [erased]' : 'Ask kim@contoso.example');
      const left = await files();
      expect(left).to.not.match(/secret|Kim Lee|user-7f3a|subject-77/);
      expect((await room.open()).number).to.equal(other.number + 1);
    });
  }

  it('end when they were closed longer ago than their time, with everything on them; active ones stay', async () => {
    const closed = await room.open();
    const active = await room.open({ requester: { ...amira, person: 'webchat/b' } });
    await room.desk.reply(closed.number, 'Done', ana, 'a');
    await room.desk.resolve(closed.number, ana, 'b');
    room.clock.advance(30 * day);
    const fresh = await room.open({ requester: { ...amira, person: 'webchat/c' } });
    await room.desk.resolve(fresh.number, ana, 'c');
    const before = new Date(room.clock.now().getTime() - day);
    expect(await clearTickets(room.records, before, room.clock.now())).to.equal(1);
    expect(await room.desk.view(closed.number)).to.equal(undefined);
    expect((await room.desk.list('all', ana)).tickets.map(({ value }) => value.number)).to.deep.equal([
      fresh.number,
      active.number,
    ]);
    expect((await count()).slice(0, 3)).to.deep.equal([2, 3, 1]);
  });

  it('leave no counts of mails of former days', async () => {
    await room.open({ requester: { ...amira, address: 'amira@contoso.example' } });
    const counts = async () => {
      let found = 0;
      for await (const _ of room.records.all(ticketMailCounts)) found += 1;
      return found;
    };
    expect(await counts()).to.equal(1);
    await clearTickets(room.records, new Date(0), room.clock.now());
    expect(await counts()).to.equal(1);
    room.clock.advance(day);
    await clearTickets(room.records, new Date(0), room.clock.now());
    expect(await counts()).to.equal(0);
  });

  it('tell how soon people answered in the last thirty days, and what the report counts', async () => {
    expect(await medianFirstResponse(room.records, room.clock.now())).to.equal(undefined);
    const answered = async (person: string, ms: number) => {
      const { number } = await room.open({
        requester: { ...amira, person: `webchat/${person}` },
        topic: 'invitations',
      });
      room.clock.advance(ms);
      await room.desk.reply(number, 'Hello', ana, room.key());
      return number;
    };
    await answered('old', 90 * minute);
    room.clock.advance(30 * day);
    const first = await answered('a', 2 * minute);
    await answered('b', 4 * minute);
    expect(await medianFirstResponse(room.records, room.clock.now())).to.equal(3 * minute);
    await answered('c', 60 * minute);
    expect(await medianFirstResponse(room.records, room.clock.now())).to.equal(4 * minute);
    const figures = [];
    for await (const one of ticketFigures(room.records)) figures.push(one);
    expect(figures.map(({ number }) => number)).to.deep.equal([1004, 1003, 1002, 1001]);
    expect(figures[2]).to.deep.include({ number: first, state: 'waiting', reopened: 0, topic: 'invitations' });
  });
});

import { expect } from 'chai';
import type { Done } from '../../src/tickets/desk.ts';
import { isUnread } from '../../src/tickets/ticket.ts';
import { newLine, turn } from '../stores/sample-turn.ts';
import { amira, ana, ben, day, hour, lea, minute, openTicketRoom, type TicketRoom } from '../support/ticket-room.ts';

describe('the desk', () => {
  let room: TicketRoom;
  beforeEach(async () => {
    room = await openTicketRoom();
  });
  afterEach(() => room.close());

  describe('opening a ticket', () => {
    it('numbers tickets from 1001 on, without gaps, however many come at once and over a restart', async () => {
      const opened = await Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          room.open({ requester: { ...amira, person: `webchat/u${n}` }, conversation: `webchat/c${n}` }),
        ),
      );
      expect(opened.map(({ number }) => number)).to.deep.equal(Array.from({ length: 30 }, (_, n) => 1001 + n));
      await room.reopen();
      expect((await room.open()).number).to.equal(1031);
    });

    it('opens one for a form that is pressed five times at once, and says the same for the one sent again later', async () => {
      const draft = room.draft();
      const pressed = await Promise.all(Array.from({ length: 5 }, () => room.desk.open(draft, 'form-1')));
      expect(pressed.map(({ outcome }) => outcome)).to.deep.equal(['opened', ...Array(4).fill('already')]);
      room.clock.advance(2 * day);
      await room.reopen();
      expect((await room.desk.open(draft, 'form-1')).outcome).to.equal('already');
      expect((await room.desk.counts(ana)).all.all).to.equal(1);
    });

    it('adds to the one there is when the same is asked again within ten minutes, however it is written', async () => {
      const { number } = await room.open();
      room.clock.advance(9 * minute);
      const again = await room.desk.open(
        room.draft({
          question: 'my  INVITATION has not come!!',
          requester: { ...amira, address: 'amira@contoso.example' },
          facts: [{ label: 'Company', value: 'Contoso' }],
        }),
        'again',
      );
      expect(again.outcome).to.equal('added');
      const ticket = await room.ticket(number);
      expect(ticket.facts).to.deep.equal([{ label: 'Company', value: 'Contoso' }]);
      expect(ticket.requester.address).to.equal('amira@contoso.example');
      expect(await room.events(number)).to.deep.equal(['opened', 'user-wrote']);
      room.clock.advance(2 * minute);
      expect((await room.open()).number).to.equal(number + 1);
    });

    it('opens five in an hour for one person, says when the next may come, and leaves others alone', async () => {
      for (let n = 0; n < 5; n++) {
        await room.open({ question: `Question ${n}` });
        room.clock.advance(minute);
      }
      const sixth = await room.desk.open(room.draft({ question: 'Question 6' }), 'sixth');
      expect(sixth).to.deep.equal({ outcome: 'too-many', until: '2026-11-23T11:00:00.000Z' });
      await room.open({ requester: { ...amira, person: 'webchat/other' } });
      room.clock.advance(56 * minute);
      await room.open({ question: 'Question 6' });
    });

    it('refuses texts that are empty or beyond their limits', async () => {
      const refused = async (given: object) => {
        const error = await room.desk.open(room.draft(given), room.key()).catch((error) => error);
        expect(error).to.have.property('code', 'ERR_TICKET_TEXT');
      };
      await refused({ question: ' ' });
      await refused({ question: 'a'.repeat(4001) });
      await refused({ topic: 'a'.repeat(201) });
      await refused({ requester: { ...amira, name: 'a'.repeat(101) } });
      await refused({ requester: { ...amira, address: 'a@b.example\r\nBcc: c@d.example' } });
      await room.open({ question: '🚪'.repeat(4000) });
    });

    it('sends a receipt with the number to an address that was given, and none of what was typed', async () => {
      await room.open({ requester: { ...amira, address: 'Amira@Contoso.example' } });
      const [mail, ...others] = await room.mails();
      expect(others).to.deep.equal([]);
      expect(mail).to.include({ template: 'ticketOpened', to: 'amira@contoso.example' });
      expect(mail?.data).to.deep.equal({ ticket: 1001 });
    });

    it('sends one address no more than twenty mails a day, whoever asks', async () => {
      for (let n = 0; n < 25; n++) {
        await room.open({ requester: { ...amira, person: `webchat/u${n}`, address: 'victim@contoso.example' } });
      }
      expect(await room.mails()).to.have.length(20);
      room.clock.advance(day);
      await room.open({ requester: { ...amira, address: 'victim@contoso.example' } });
      expect(await room.mails()).to.have.length(21);
    });
  });

  it('mails who proved an address, however often others typed it', async () => {
    const address = 'victim@contoso.example';
    for (let n = 0; n < 25; n++) await room.open({ requester: { ...amira, person: `webchat/u${n}`, address } });
    const { number } = await room.open({ requester: { person: 'webchat/victim', proof: 'mailbox', address } });
    const mails = await room.mails();
    expect(mails.filter(({ data }) => (data as { ticket: number }).ticket === number)).to.have.length(1);
  });

  describe('staff', () => {
    it('take a ticket once: of two at once the other is told who has it', async () => {
      for (let n = 0; n < 20; n++) {
        const { number } = await room.open({
          requester: { ...amira, person: `webchat/u${n}` },
          conversation: `webchat/c${n}`,
        });
        const done = await Promise.all([
          room.desk.claim(number, ana, room.key()),
          room.desk.claim(number, ben, room.key()),
        ]);
        const { assignee } = await room.ticket(number);
        expect(done.map(({ outcome }) => outcome).sort()).to.deep.equal(['done', 'taken']);
        const loser = done.find(({ outcome }) => outcome === 'taken') as Done & { outcome: 'taken' };
        expect(loser.by).to.deep.equal(assignee);
        expect(await room.events(number)).to.deep.equal(['opened', 'claimed']);
      }
    });

    it('do nothing twice with the same key, and have it done once more with another', async () => {
      const { number } = await room.open();
      const sent = await Promise.all(Array.from({ length: 5 }, () => room.desk.reply(number, 'Hello', ana, 'nonce')));
      expect(sent.map(({ outcome }) => outcome)).to.deep.equal(Array(5).fill('done'));
      expect(await room.events(number)).to.deep.equal(['opened', 'replied']);
      await room.desk.reply(number, 'Hello', ana, 'another');
      expect(await room.events(number)).to.deep.equal(['opened', 'replied', 'replied']);
    });

    it('take a ticket by replying, and cannot reply where somebody else has it', async () => {
      const { number } = await room.open();
      room.clock.advance(minute);
      expect((await room.desk.reply(number, 'Which company?', ana, 'a')).outcome).to.equal('done');
      const ticket = await room.ticket(number);
      expect(ticket).to.include({ state: 'waiting', holds: true, firstResponseAt: '2026-11-23T10:01:00.000Z' });
      expect(ticket.assignee).to.deep.equal(ana);
      const other = await room.desk.reply(number, 'Hello', lea, 'b');
      expect(other).to.deep.include({ outcome: 'taken', by: ana });
      await room.desk.assign(number, lea, lea, 'c');
      expect((await room.desk.reply(number, 'Hello', lea, 'd')).outcome).to.equal('done');
    });

    it('end or give away what they have; what another has is for leads', async () => {
      const { number } = await room.open();
      await room.desk.claim(number, ana, 'a');
      expect((await room.desk.resolve(number, ben, 'b')).outcome).to.equal('taken');
      expect((await room.desk.assign(number, ben, ben, 'c')).outcome).to.equal('taken');
      expect((await room.desk.assign(number, ben, lea, 'd')).outcome).to.equal('done');
      expect(await room.ticket(number)).to.deep.include({ assignee: ben, state: 'assigned' });
      expect((await room.desk.assign(number, undefined, ben, 'e')).outcome).to.equal('done');
      expect(await room.ticket(number))
        .to.include({ state: 'open', holds: false })
        .and.not.to.have.property('assignee');
      expect((await room.desk.resolve(number, ben, 'f')).outcome).to.equal('done');
      expect((await room.desk.claim(number, ben, 'g')).outcome).to.equal('not-now');
    });

    it('who were taken off the roster can do nothing, and are given nothing', async () => {
      const { number } = await room.open();
      room.roles.delete(ben.id);
      const { desk } = room;
      for (const act of [
        () => desk.claim(number, ben, 'k'),
        () => desk.reply(number, 'Hello', ben, 'k'),
        () => desk.note(number, 'Hello', ben, 'k'),
        () => desk.resolve(number, ben, 'k'),
        () => desk.assign(number, ben, ana, 'k'),
        () => desk.setUrgency(number, 'urgent', ben, 'k'),
        () => desk.setTopic(number, 'x', ben, 'k'),
        () => desk.seen(number, ben),
        () => desk.sendAgain(number, 'x', ben),
        () => desk.reopenForStaff(number, ben, 'k'),
      ]) {
        const refused = await act().then(
          () => 'done',
          ({ code }) => code,
        );
        expect(refused).to.equal('ERR_NOT_STAFF');
      }
      expect(await room.events(number)).to.deep.equal(['opened']);
    });

    it('keep notes, urgency and topic with who set them', async () => {
      const { number } = await room.open();
      await room.desk.note(number, 'Known customer', ben, 'a');
      await room.desk.setUrgency(number, 'urgent', ana, 'b');
      await room.desk.setUrgency(number, 'urgent', ben, 'c');
      await room.desk.setTopic(number, 'invitations', ana, 'd');
      expect(await room.ticket(number)).to.include({ urgency: 'urgent', topic: 'invitations', state: 'open' });
      const events = (await room.desk.view(number))?.events.map(({ value }) => value) ?? [];
      expect(events.slice(1).map(({ at: _, ticket: __, ...event }) => event)).to.deep.equal([
        { kind: 'noted', by: { staff: ben }, text: 'Known customer' },
        { kind: 'urgency', by: { staff: ana }, from: 'normal', to: 'urgent' },
        { kind: 'topic', by: { staff: ana }, to: 'invitations' },
      ]);
    });
  });

  describe('users', () => {
    it('make a ticket unread and wake it by writing while a person has the conversation', async () => {
      const { number, conversation } = await room.open();
      expect(await room.desk.holding(conversation)).to.equal(undefined);
      await room.desk.reply(number, 'Which company?', ana, 'a');
      const held = await room.desk.holding(conversation);
      expect(held?.value.number).to.equal(number);
      if (held) await Promise.all([1, 2].map(() => room.desk.userWrote(held, 'Contoso', 'activity-1')));
      const ticket = await room.ticket(number);
      expect([ticket.state, isUnread(ticket)]).to.deep.equal(['assigned', true]);
      expect(await room.events(number)).to.deep.equal(['opened', 'replied', 'user-wrote']);
      await room.desk.seen(number, ben);
      expect(isUnread(await room.ticket(number))).to.equal(true);
      await room.desk.seen(number, ana);
      expect(isUnread(await room.ticket(number))).to.equal(false);
    });

    it('let the bot speak again by leaving, until staff write once more', async () => {
      const { number, conversation } = await room.open();
      await room.desk.claim(number, ana, 'a');
      expect((await room.desk.leave(conversation, 'webchat/other', 'b')).outcome).to.equal('unknown');
      expect((await room.desk.leave(conversation, amira.person, 'c')).outcome).to.equal('done');
      expect(await room.desk.holding(conversation)).to.equal(undefined);
      expect((await room.ticket(number)).state).to.equal('assigned');
      await room.desk.reply(number, 'Still there?', ana, 'd');
      expect((await room.desk.holding(conversation))?.value.number).to.equal(number);
    });

    it('do not reopen a resolved ticket by writing', async () => {
      const { number, conversation } = await room.open();
      await room.desk.claim(number, ana, 'a');
      const held = await room.desk.holding(conversation);
      await room.desk.resolve(number, ana, 'b');
      expect(await room.desk.holding(conversation)).to.equal(undefined);
      if (held) await room.desk.userWrote(held, 'thanks', 'c');
      expect((await room.ticket(number)).state).to.equal('resolved');
    });

    it('add to, withdraw and reopen their own while its state allows it', async () => {
      const { number } = await room.open();
      const own = amira.person;
      expect((await room.desk.add(number, own, 'It is urgent', 'a')).outcome).to.equal('done');
      expect((await room.desk.withdraw(number, own, 'b')).outcome).to.equal('done');
      expect((await room.desk.add(number, own, 'More', 'c')).outcome).to.equal('not-now');
      expect((await room.desk.withdraw(number, own, 'd')).outcome).to.equal('not-now');
      expect((await room.desk.reopen(number, own, 'e')).outcome).to.equal('not-now');
      expect(await room.events(number)).to.deep.equal(['opened', 'user-wrote', 'withdrawn']);
    });

    it('get the same answer for the number of somebody else as for one that does not exist', async () => {
      const { number } = await room.open();
      await room.desk.withdraw(number, amira.person, 'used');
      const other = 'webchat/other';
      for (const one of [number, 9999]) {
        expect(await room.desk.add(one, other, 'x', 'a')).to.deep.equal({ outcome: 'unknown' });
        expect(await room.desk.withdraw(one, other, 'used')).to.deep.equal({ outcome: 'unknown' });
        expect(await room.desk.reopen(one, other, 'c')).to.deep.equal({ outcome: 'unknown' });
      }
    });

    it('reopen the same ticket for seven days, and then a new one that follows it, once', async () => {
      const { number } = await room.open();
      await room.desk.claim(number, ana, 'a');
      await room.desk.resolve(number, ana, 'b');
      room.clock.advance(7 * day);
      expect((await room.desk.reopen(number, amira.person, 'c')).outcome).to.equal('done');
      const reopened = await room.ticket(number);
      expect(reopened).to.include({ state: 'reopened', reopened: 1, holds: false });
      expect(reopened).not.to.have.any.keys('assignee', 'resolvedAt');
      await room.desk.resolve(number, ana, 'd');
      room.clock.advance(7 * day + 1);
      const reopening = () =>
        room.desk.reopen(number, amira.person, room.key(), { conversation: 'webchat/c-2', since: 4 });
      const [first, second] = await Promise.all([reopening(), reopening()]);
      expect(first).to.have.nested.property('ticket.value.follows', number);
      expect(first).to.have.nested.property('ticket.value.conversation', 'webchat/c-2');
      expect(second).to.have.nested.property('ticket.value.number', number + 1);
      expect((await room.ticket(number)).state).to.equal('resolved');
    });

    it('see their own requests, newest first', async () => {
      await room.open({ question: 'One' });
      await room.open({ question: 'Two', requester: { ...amira, person: 'webchat/other' } });
      await room.open({ question: 'Three' });
      const own = await room.desk.ofPerson(amira.person);
      expect(own.map(({ value }) => value.question)).to.deep.equal(['Three', 'One']);
    });
  });

  it('leaves a resolved ticket resolved, whether a reply was before or after', async () => {
    for (let n = 0; n < 10; n++) {
      const { number } = await room.open({ requester: { ...amira, person: `webchat/u${n}` } });
      await room.desk.claim(number, ana, room.key());
      const [replied, resolved] = await Promise.all([
        room.desk.reply(number, 'One more thing', ana, room.key()),
        room.desk.resolve(number, ana, room.key()),
      ]);
      expect(resolved.outcome).to.equal('done');
      const kinds = await room.events(number);
      expect(kinds.at(-1)).to.equal('resolved');
      expect(kinds.includes('replied')).to.equal(replied.outcome === 'done');
      expect((await room.ticket(number)).state).to.equal('resolved');
    }
  });

  it('replaces codes in conversations where one was typed, and leaves numbers alone elsewhere', async () => {
    const line = (conversation: string, text: string) =>
      room.store.turns.commit(turn({ conversation, person: amira.person, lines: [newLine(text, { text })] }));
    await line('webchat/c-1', '[code]');
    await line('webchat/c-2', 'hello');
    const question = 'Code 1234 5678 and 123456 fail, call +49 30 12345678 or see 2026-11-22, order A12345678';
    const one = await room.open({ question });
    expect(one.question).to.equal('Code [code] and [code] fail, call +49 30 [code] or see 2026-11-22, order A12345678');
    await room.desk.note(one.number, '87654321', ana, 'a');
    expect((await room.desk.view(one.number))?.events.at(-1)?.value.text).to.equal('[code]');
    const two = await room.open({
      question,
      conversation: 'webchat/c-2',
      requester: { ...amira, person: 'webchat/b' },
    });
    expect(two.question).to.equal(question);
  });

  describe('lists', () => {
    it('hold what their names say, 25 to a page, newest first, and those to be worked off as they came', async () => {
      for (let n = 0; n < 30; n++) {
        await room.open({ requester: { ...amira, person: `webchat/u${n}` }, question: `Question ${n}` });
      }
      await room.desk.claim(1003, ana, 'a');
      await room.desk.reply(1004, 'Hello', ana, 'b');
      await room.desk.resolve(1005, ana, 'c');
      const numbers = async (
        list: 'all' | 'mine' | 'unassigned' | 'waiting' | 'resolved',
        of = ana,
        after?: string,
      ) => {
        const { tickets, next } = await room.desk.list(list, of, after);
        return { numbers: tickets.map(({ value }) => value.number), next };
      };
      const first = await numbers('all');
      expect(first.numbers).to.deep.equal(Array.from({ length: 25 }, (_, n) => 1030 - n));
      expect(await numbers('all', ana, first.next)).to.deep.equal({
        numbers: [1005, 1004, 1003, 1002, 1001],
        next: undefined,
      });
      expect((await numbers('mine')).numbers).to.deep.equal([1003, 1004]);
      expect((await numbers('mine', ben)).numbers).to.deep.equal([]);
      const queue = await numbers('unassigned');
      expect(queue.numbers).to.deep.equal([1001, 1002, ...Array.from({ length: 23 }, (_, n) => 1006 + n)]);
      expect((await numbers('unassigned', ana, queue.next)).numbers).to.deep.equal([1029, 1030]);
      expect((await numbers('waiting')).numbers).to.deep.equal([1004]);
      expect((await numbers('resolved')).numbers).to.deep.equal([1005]);
      const counts = await room.desk.counts(ana);
      expect(counts).to.deep.equal({
        unassigned: { all: 27, unread: 27 },
        mine: { all: 2, unread: 0 },
        waiting: { all: 1, unread: 0 },
        all: { all: 30, unread: 27 },
        resolved: { all: 1, unread: 0 },
      });
    });

    it('put the urgent first, then who has waited longest, and what waits for the user last', async () => {
      const each = [];
      for (let n = 0; n < 5; n++) {
        each.push(
          (await room.open({ requester: { ...amira, person: `webchat/u${n}` }, conversation: `webchat/q${n}` })).number,
        );
        room.clock.advance(minute);
      }
      const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = each;
      const queue = async (list: 'unassigned' | 'mine' | 'waiting') =>
        (await room.desk.list(list, ana)).tickets.map(({ value }) => value.number);
      await room.desk.setUrgency(fourth, 'urgent', ben, room.key());
      await room.desk.setUrgency(third, 'urgent', ben, room.key());
      expect(await queue('unassigned')).to.deep.equal([third, fourth, first, second, fifth]);
      for (const number of each) await room.desk.claim(number, ana, room.key());
      const answer = (number: number) => room.desk.reply(number, 'Which one?', ana, room.key());
      await answer(third);
      room.clock.advance(minute);
      await answer(first);
      expect(await queue('mine')).to.deep.equal([fourth, second, fifth, third, first]);
      expect(await queue('waiting')).to.deep.equal([third, first]);
      // Whoever writes twice has waited since the first time.
      for (const number of [first, second, first]) {
        room.clock.advance(minute);
        await room.desk.add(number, `webchat/u${each.indexOf(number)}`, 'Hello?', room.key());
      }
      expect(await queue('mine')).to.deep.equal([fourth, second, fifth, first, third]);
      await room.desk.resolve(fifth, ana, room.key());
      room.clock.advance(minute);
      await room.desk.reopenForStaff(fifth, ana, room.key());
      await room.desk.claim(fifth, ana, room.key());
      expect(await queue('mine')).to.deep.equal([fourth, second, first, fifth, third]);
    });

    it('find by number, and by the beginnings of words in question, requester, notes and replies', async () => {
      const named = { ...amira, name: 'Amira Malík', address: 'amira@contoso.example' };
      const { number } = await room.open({ requester: named });
      const other = await room.open({ question: 'Something about 1001', requester: { ...amira, person: 'webchat/b' } });
      await room.desk.note(number, 'Proseware partner', ben, 'a');
      await room.desk.reply(other.number, 'Wait for the invoice', ana, 'b');
      const found = async (text: string) => (await room.desk.search(text)).map(({ value }) => value.number);
      expect(await found('#1001')).to.deep.equal([number, other.number]);
      expect(await found('INVIT')).to.deep.equal([number]);
      expect(await found('malik')).to.deep.equal([number]);
      expect(await found('amira@contoso.example')).to.deep.equal([number]);
      expect(await found('partn invitation')).to.deep.equal([number]);
      expect(await found('partn invoice')).to.deep.equal([]);
      expect(await found('invo')).to.deep.equal([other.number]);
      expect(await found('')).to.deep.equal([]);
    });
  });

  it('tells whoever watches of each ticket that changed, until they stop', async () => {
    const told: number[] = [];
    const stop = room.desk.watch((number) => told.push(number));
    const { number } = await room.open();
    await room.desk.claim(number, ana, 'a');
    await room.desk.claim(number, ben, 'b');
    stop();
    await room.desk.resolve(number, ana, 'c');
    expect(told).to.deep.equal([number, number]);
  });

  it('keeps the order of what happened when the clock is put back', async () => {
    const { number } = await room.open();
    room.clock.advance(-hour);
    await room.desk.claim(number, ana, 'a');
    const times = (await room.desk.view(number))?.events.map(({ value }) => value.at) ?? [];
    expect([...times].sort()).to.deep.equal(times);
  });
});

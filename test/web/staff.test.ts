import { expect } from 'chai';
import { Change } from '../../src/records/records.ts';
import { relays } from '../../src/tickets/ticket.ts';
import { openStaffRoom, type StaffRoom } from '../support/staff-room.ts';
import { ana, ben, minute } from '../support/ticket-room.ts';
import { type Answer, csrfOf, nonceOf, type WebVisitor } from '../support/web-visitor.ts';

/** Whatever somebody may try to have run, drawn or filled in. */
const hostile =
  '<img src=x onerror="alert(1)"> **bold** [a](javascript:alert(1)) {{7*7}} <%= 7*7 %> {"type":"AdaptiveCard"}';
const escaped = hostile.replaceAll('<', '&lt;').replaceAll('"', '&quot;');

describe("staff's inbox", () => {
  let room: StaffRoom;
  let visitor: WebVisitor;
  beforeEach(async () => {
    room = await openStaffRoom();
    visitor = await room.signedIn('ana');
    // Names are learned at the first visit.
    for (const who of ['ben', 'lea']) await (await room.signedIn(who)).get('/staff');
  });
  afterEach(() => room.close());

  /** Sends a form of the ticket's page. */
  async function act(number: number, verb: string, fields: Record<string, string> = {}, by = visitor): Promise<Answer> {
    const page = await by.get(`/staff/tickets/${number}`);
    return by.post(`/staff/tickets/${number}/${verb}`, { csrf: csrfOf(page), nonce: nonceOf(page), ...fields });
  }
  const write = (number: number, text: string, more: Record<string, string> = {}) =>
    act(number, 'write', { text, as: 'reply', ...more });
  const kinds = (number: number) => room.events(number);
  const rowsOf = ({ text }: Answer) => [...text.matchAll(/id="_t-(\d+)"/g)].map(([, number]) => Number(number));

  describe('lets in', () => {
    it('staff only, and sends everybody else to the sign-in and back', async () => {
      const { number } = await room.open();
      const user = await room.signedIn('amira', 'user');
      for (const path of ['/staff', `/staff/tickets/${number}`, `/staff/tickets/${number}/canned`]) {
        expect((await visitor.get(path)).status).to.equal(200);
        const refused = await user.get(path);
        expect([refused.status, refused.location]).to.deep.equal([303, `/sign-in?return=${encodeURIComponent(path)}`]);
      }
      const posted = await user.post(`/staff/tickets/${number}/resolve`, {});
      expect(posted.location).to.equal(`/sign-in?return=${encodeURIComponent(`/staff/tickets/${number}`)}`);
      expect((await user.get('/staff/events', { accept: 'text/event-stream' })).status).to.equal(401);
      expect(await kinds(number)).to.deep.equal(['opened']);
    });

    it('nobody who was taken off the roster a minute ago, neither to a page nor with a form that is open', async () => {
      const { number } = await room.open();
      const page = await visitor.get(`/staff/tickets/${number}`);
      room.roles.delete(ana.id);
      const fields = { csrf: csrfOf(page), nonce: nonceOf(page) };
      expect((await visitor.post(`/staff/tickets/${number}/claim`, fields)).status).to.equal(303);
      expect((await visitor.get('/staff')).status).to.equal(303);
      expect(await kinds(number)).to.deep.equal(['opened']);
    });

    it('no form of another page', async () => {
      const { number } = await room.open();
      for (const csrf of ['', 'x'.repeat(43)]) {
        expect((await visitor.post(`/staff/tickets/${number}/claim`, { csrf, nonce: '1' })).status).to.equal(403);
      }
      const foreign = await act(number, 'claim');
      expect(foreign.status).to.equal(303);
      const page = await visitor.get(`/staff/tickets/${number}`);
      const fields = { csrf: csrfOf(page), nonce: nonceOf(page), text: 'hello', as: 'note' };
      const answer = await visitor.post(`/staff/tickets/${number}/write`, fields, { 'sec-fetch-site': 'cross-site' });
      expect(answer.status).to.equal(403);
      expect(await kinds(number)).to.deep.equal(['opened', 'claimed']);
    });
  });

  describe('lists', () => {
    it('what is mine, unassigned, waiting, resolved and all, with how many and which are unread', async () => {
      const [first, second, third] = [
        await room.open(),
        await room.open({ question: 'Second' }),
        await room.open({ question: 'Third' }),
      ];
      await act(first.number, 'claim');
      await act(second.number, 'claim');
      await write(second.number, 'Which page?');
      const lists = {
        mine: [first, second],
        unassigned: [third],
        waiting: [second],
        all: [third, second, first],
        resolved: [],
      };
      for (const [list, tickets] of Object.entries(lists)) {
        const page = await visitor.get(`/staff?list=${list}`);
        expect(rowsOf(page), list).to.deep.equal(tickets.map(({ number }) => number));
      }
      const page = await visitor.get('/staff?list=all');
      expect(page.text.match(/class="ticket unread"/g)).to.have.length(1);
      expect(page.text).to.match(
        /Unassigned<\/span><span class="lamp"><span class="spoken">1 unread<\/span><\/span><span class="count">1</,
      );
      await visitor.get(`/staff/tickets/${third.number}`);
      expect((await visitor.get('/staff?list=all')).text).not.to.include('class="ticket unread"');
    });

    it('25 at a time, and the older ones behind', async () => {
      for (let n = 0; n < 30; n++)
        await room.open({ question: `Question ${n}`, requester: { person: `webchat/p${n}`, proof: 'none' } });
      const first = await visitor.get('/staff?list=all');
      expect(rowsOf(first)).to.have.length(25);
      const older = /href="(\/staff\?list=all&amp;after=[^"]+)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      expect(rowsOf(await visitor.get(older))).to.deep.equal([1005, 1004, 1003, 1002, 1001]);
    });

    it('finds by number and by words, and keeps what was searched for inert', async () => {
      const found = await room.open({ question: 'The printer in the lobby' });
      await room.open({ question: 'Something else' });
      for (const text of ['printer', `#${found.number}`, 'lobby printer'])
        expect(rowsOf(await visitor.get(`/staff?q=${encodeURIComponent(text)}`)), text).to.deep.equal([found.number]);
      const nothing = await visitor.get(`/staff?q=${encodeURIComponent(hostile)}`);
      expect(rowsOf(nothing)).to.deep.equal([]);
      expect(nothing.text).to.include('No ticket has that').and.not.include('<img src=x');
    });

    it('says what to do where nothing is listed', async () => {
      await room.open();
      const { text } = await visitor.get('/staff');
      expect(text).to.include('Nothing waits for you').and.include('One ticket is unassigned.');
    });
  });

  describe('a ticket', () => {
    it('shows question, name, conversation, replies, notes and facts as text, whatever is in them', async () => {
      await room.say('user', hostile);
      const { number } = await room.open({
        question: hostile,
        requester: { person: 'webchat/amira', name: hostile.slice(0, 90), proof: 'none' },
        facts: [{ label: hostile.slice(0, 90), value: hostile }],
      });
      await act(number, 'claim');
      await write(number, hostile);
      await write(number, hostile, { as: 'note' });
      const { text, headers } = await visitor.get(`/staff/tickets/${number}`);
      expect(text).not.to.match(/<img src=x|<b>|<strong>bold|href="javascript:|alert\(1\)">\s*\*\*bold\*\* <a/);
      expect(text.split(escaped)).to.have.length.greaterThan(5);
      expect(headers.get('content-security-policy')).to.include("script-src 'self'");
      expect(headers.get('cache-control')).to.equal('private, no-store');
    });

    it('has what was said before, each text once, the bot with its decision, and what happened in between', async () => {
      await room.say('user', 'none of the 3 links works');
      await room.say('bot', '**Is it one of these?** \\<i\\>', { facts: { decision: 'suggest', confidence: 38.4 } });
      const { number } = await room.open({
        since: 2,
        answered: { decision: 'suggest', confidence: 38.4, id: 'multiple-emails' },
      });
      await act(number, 'claim');
      await write(number, 'Open only the newest e-mail.');
      room.clock.advance(minute);
      const view = await room.desk.view(number);
      const reply = view?.events.find(({ value }) => value.kind === 'replied');
      // As the relay says it.
      await room.say('staff', 'Open only the newest e-mail.', { id: reply?.id ?? '' });
      await room.say('user', 'That was it');
      await room.desk.userWrote(view?.ticket ?? expect.fail(), 'That was it', 'u-1');
      const { text } = await visitor.get(`/staff/tickets/${number}`);
      const thread = /<ol class="thread"[\s\S]*?<\/ol>/.exec(text)?.[0] ?? '';
      const order = [
        'none of the 3 links works',
        'Suggested, 38 of 100',
        '>Is it one of these? &lt;i',
        'asked for a person',
        'You took it',
        'Open only the newest e-mail.',
        'That was it',
      ];
      expect(order.map((part) => thread.split(part).length - 1)).to.deep.equal(order.map(() => 1));
      expect(order.map((part) => thread.indexOf(part))).to.deep.equal(
        order.map((part) => thread.indexOf(part)).sort((a, b) => a - b),
      );
    });

    it('tells how a reply fares, and sends one again that failed', async () => {
      const { number } = await room.open();
      await act(number, 'claim');
      await write(number, 'Hello');
      const page = () => visitor.get(`/staff/tickets/${number}`);
      expect((await page()).text).to.include('>Sending<');
      const relay = (await room.records.find(relays, 'ticket', String(number))).find(({ value }) => !value.notice);
      if (!relay) return expect.fail('no relay');
      const { event } = relay.value;
      for (const [state, told] of [
        ['failed', 'Not sent: no &lt;b>line&lt;/b>'],
        ['waiting', 'Not sent. Trying again in 20 s'],
      ] as const) {
        const seen = (await room.records.get(relays, event)) ?? expect.fail('no relay');
        const next = new Date(room.clock.now().getTime() + 20_000).toISOString();
        const broken = { ...seen.value, state, next, attempts: 1, answer: 'no <b>line</b>' };
        await room.records.commit(new Change().update(relays, seen, broken));
        expect((await page()).text)
          .to.include(told)
          .and.include('Send now');
        expect((await act(number, 'send-again', { event })).status).to.equal(303);
        expect((await page()).text)
          .to.include('>Sending<')
          .and.not.include('Not sent');
        expect((await room.records.get(relays, event))?.value.next).to.equal(room.clock.now().toISOString());
      }
      // On its way already: nothing to send again.
      expect((await act(number, 'send-again', { event })).status).to.equal(409);
    });

    it('that is not there is not found, whatever the number looks like', async () => {
      for (const number of ['9999', '0', 'abc', '1e3', '-1', '99999999999', '%3Cscript%3E']) {
        const answer = await visitor.get(`/staff/tickets/${number}`);
        expect([answer.status, answer.text.includes('There is no ticket with this number')], number).to.deep.equal([
          404,
          true,
        ]);
      }
      expect((await act(9999, 'claim')).status).to.equal(404);
    });
  });

  describe('what staff do', () => {
    it('is one effect each, and leads back to the ticket', async () => {
      const { number } = await room.open();
      const back = { back: 'list=all' };
      const steps: [string, Record<string, string>, string][] = [
        ['claim', {}, 'claimed'],
        ['write', { text: 'A note', as: 'note' }, 'noted'],
        ['write', { text: 'A reply', as: 'reply' }, 'replied'],
        ['urgency', { to: 'urgent' }, 'urgency'],
        ['topic', { topic: 'multiple-emails' }, 'topic'],
        ['assign', { to: '' }, 'released'],
        ['take', {}, 'assigned'],
        ['resolve', {}, 'resolved'],
        ['reopen', {}, 'reopened'],
        ['assign', { to: ben.id }, 'assigned'],
      ];
      for (const [verb, fields, kind] of steps) {
        const answer = await act(number, verb, { ...fields, ...back });
        expect([answer.status, answer.location], verb).to.deep.equal([303, `/staff/tickets/${number}?list=all#_end`]);
        expect((await kinds(number)).at(-1)).to.equal(kind);
      }
      expect((await visitor.get(`/staff/tickets/${number}`)).text)
        .to.include('You took it over')
        .and.include('You gave it to Ben Okafor');
      const { assignee, urgency, topic, state } = await room.ticket(number);
      expect([assignee?.name, urgency, topic, state]).to.deep.equal([
        'Ben Okafor',
        'urgent',
        'multiple-emails',
        'assigned',
      ]);
    });

    it('happens once, however often the same form is sent', async () => {
      const { number } = await room.open();
      await act(number, 'claim');
      const page = await visitor.get(`/staff/tickets/${number}`);
      const fields = { csrf: csrfOf(page), nonce: nonceOf(page), text: 'Hello', as: 'reply' };
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => visitor.post(`/staff/tickets/${number}/write`, fields)),
      );
      expect(answers.map(({ status }) => status)).to.deep.equal([303, 303, 303, 303, 303]);
      expect(await kinds(number)).to.deep.equal(['opened', 'claimed', 'replied']);
      // Nor where another button of it is pressed as well.
      await visitor.post(`/staff/tickets/${number}/write`, { ...fields, after: 'go-on' });
      expect(await kinds(number)).to.deep.equal(['opened', 'claimed', 'replied']);
      await visitor.post(`/staff/tickets/${number}/write`, { ...fields, text: 'Something else' });
      expect(await kinds(number)).to.deep.equal(['opened', 'claimed', 'replied', 'replied']);
    });

    it('speaks of whoever asked by name, and of somebody without a name as this person', async () => {
      for (const [name, called] of [
        ['Jin Nakamura', 'Jin Nakamura'],
        [undefined, 'this person'],
      ]) {
        const { number } = await room.open({
          requester: { person: `webchat/${called}`, proof: 'none', ...(name && { name }) },
        });
        await act(number, 'claim');
        expect((await visitor.get(`/staff/tickets/${number}`)).text).to.include(`Reply to ${called}`);
      }
    });

    it('can answer and leave it to the user, or go on, in one', async () => {
      const { number } = await room.open();
      await act(number, 'claim');
      await write(number, 'I am looking.', { after: 'go-on' });
      const { state, waitingSince } = await room.ticket(number);
      expect([state, waitingSince]).to.deep.equal(['assigned', room.clock.now().toISOString()]);
      await write(number, 'Which page?');
      expect(await room.ticket(number))
        .to.deep.include({ state: 'waiting' })
        .and.not.have.property('waitingSince');
    });

    it('can answer and resolve in one', async () => {
      const { number } = await room.open();
      await act(number, 'claim');
      await write(number, 'Done.', { after: 'resolve' });
      expect(await kinds(number)).to.deep.equal(['opened', 'claimed', 'replied', 'resolved']);
    });

    it('is refused for a text that is empty or too long, which is kept', async () => {
      const { number } = await room.open();
      await act(number, 'claim');
      for (const text of ['', ' \r\n\t']) {
        const answer = await write(number, text);
        expect([answer.status, answer.text.includes('There is no text.')]).to.deep.equal([400, true]);
      }
      const long = await write(number, 'é'.repeat(4001));
      expect(long.status).to.equal(400);
      expect(long.text).to.include('longer than 4,000 characters').and.include('é'.repeat(4001));
      expect((await write(number, `${'é'.repeat(3999)}\r\n`)).status).to.equal(303);
      expect((await write(number, 'x'.repeat(70_000))).status).to.equal(413);
      expect(await kinds(number)).to.deep.equal(['opened', 'claimed', 'replied']);
    });

    it('of two who take it at once is done by one; the other is told by whom, and keeps the draft', async () => {
      const other = await room.signedIn('ben');
      const { number } = await room.open();
      const answers = await Promise.all([visitor, other].map((by) => act(number, 'claim', { text: 'My draft' }, by)));
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
      const { assignee } = await room.ticket(number);
      const lost = answers.find(({ status }) => status === 409)?.text ?? '';
      expect(lost).to.include(`${assignee?.name} took #${number} a moment ago.`).and.include('Your draft is kept.');
      expect(answers.every(({ text }) => text.includes('>My draft</textarea>'))).to.equal(true);
      expect(await kinds(number)).to.deep.equal(['opened', 'claimed']);
    });

    it('does not go through with the form of a ticket that is over', async () => {
      const { number } = await room.open();
      await act(number, 'claim');
      const page = await visitor.get(`/staff/tickets/${number}`);
      await act(number, 'resolve');
      const fields = { csrf: csrfOf(page), nonce: nonceOf(page), text: 'Too late', as: 'reply' };
      const answer = await visitor.post(`/staff/tickets/${number}/write`, fields);
      expect(answer.status).to.equal(409);
      expect(answer.text).to.include(`#${number} was resolved meanwhile.`).and.include('Too late</textarea>');
      expect(await kinds(number)).to.deep.equal(['opened', 'claimed', 'resolved']);
    });

    it('calls nobody by an id: who never signed in has a name of their own, and theirs once they do', async () => {
      const zoe = 'https://login.test|zoe';
      room.roles.set(zoe, 'agent');
      const { number } = await room.open();
      await act(number, 'assign', { to: zoe });
      for (const path of ['/staff?list=all', `/staff/tickets/${number}`]) {
        const { text } = await visitor.get(path);
        expect(text.replaceAll(`value="${zoe}"`, ''))
          .to.include('Somebody of staff, |zoe')
          .and.not.include(zoe);
      }
      await (await room.signedIn('zoe')).get('/staff');
      const { text } = await visitor.get('/staff?list=all');
      expect(text).to.include('<bdi>zoe</bdi>').and.not.include('Somebody of staff, |zoe');
    });

    it('gives a ticket to nobody who is not on the roster', async () => {
      const { number } = await room.open();
      const page = await visitor.get(`/staff/tickets/${number}`);
      expect(page.text).to.include('Lea Lind').and.include('Ben Okafor');
      room.roles.delete(ben.id);
      const answer = await act(number, 'assign', { to: ben.id });
      expect([answer.status, (await room.ticket(number)).assignee]).to.deep.equal([400, undefined]);
      expect(answer.text).to.include('This person is not on the roster.');
    });

    it('has answers of the knowledge base at hand', async () => {
      const { number } = await room.open();
      await act(number, 'claim');
      const canned = await visitor.get(`/staff/tickets/${number}/canned?q=password`);
      expect(canned.text).to.include('How do I reset a forgotten password?');
      const link = /href="([^"]*insert=forgot-password)"/.exec(canned.text)?.[1] ?? '';
      expect((await visitor.get(link)).text).to.match(
        /Choose (?:"|&quot;)Forgot password(?:"|&quot;) at the sign-in\.<\/textarea>/,
      );
    });
  });

  describe('news', () => {
    /** Reads events of a stream one by one. */
    async function stream(by: WebVisitor) {
      const cookie = Array.from(by.cookies, (pair) => pair.join('=')).join('; ');
      const stop = new AbortController();
      const response = await fetch(`${room.url}/staff/events`, { headers: { cookie }, signal: stop.signal });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let kept = '';
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        close: () => stop.abort(),
        /** The next event; undefined when the stream has ended. */
        async next(): Promise<
          { tickets: number[]; counts: Record<string, { all: number; unread: number }>; requests: number } | undefined
        > {
          for (;;) {
            const found = /data: (.*)\n\n/.exec(kept);
            if (found) {
              kept = kept.slice(found.index + found[0].length);
              return JSON.parse(found[1] ?? '');
            }
            const part = await reader?.read();
            if (!part || part.done) return undefined;
            kept += part.value;
          }
        },
      };
    }

    it('of tickets reach whoever has the inbox open, with counts and without a word of them', async () => {
      const events = await stream(visitor);
      expect(events.type).to.equal('text/event-stream');
      expect((await events.next())?.counts.unassigned).to.deep.equal({ all: 0, unread: 0 });
      const { number } = await room.open({ question: hostile });
      const news = await events.next();
      expect(news?.tickets).to.deep.equal([number]);
      expect(news?.counts.unassigned).to.deep.equal({ all: 1, unread: 1 });
      expect(JSON.stringify(news)).not.to.include('img');
      events.close();
    });

    it('of requests that wait for a decision come the same way', async () => {
      const events = await stream(visitor);
      expect((await events.next())?.requests).to.equal(0);
      await room.access.person('p1');
      await room.access.link('p1', { key: 'https://issuer.example|amira' });
      const reader = room.access.asker('reader', { level: 'mailbox', address: 'p1@contoso.example' } as never);
      await room.access.reassociations.request('p1', reader);
      expect(await events.next()).to.deep.include({ tickets: [], requests: 1 });
      await room.access.reassociations.cancel('p1', reader);
      expect(await events.next()).to.deep.include({ tickets: [], requests: 0 });
      events.close();
    });

    it('end with the session, and with the place on the roster', async () => {
      const [events, others] = [await stream(visitor), await stream(await room.signedIn('ben'))];
      await Promise.all([events.next(), others.next()]);
      await visitor.get('/end');
      room.roles.delete(ben.id);
      await room.open();
      expect(await events.next()).to.equal(undefined);
      expect(await others.next()).to.equal(undefined);
    });

    it('are told over four streams of a session at most', async () => {
      const open = await Promise.all(Array.from({ length: 5 }, () => stream(visitor)));
      expect(open.map(({ status }) => status).sort()).to.deep.equal([200, 200, 200, 200, 204]);
      for (const { close } of open) close();
    });

    it('keep nobody signed in', async () => {
      const { number } = await room.open();
      for (let minutes = 0; minutes < 16; minutes += 4) {
        room.clock.advance(4 * minute);
        await visitor.get(`/staff/tickets/${number}`, { 'x-by-itself': '1' });
      }
      expect((await visitor.get('/staff')).status).to.equal(303);
    });

    it('do not make a ticket read while nobody looks', async () => {
      const { number } = await room.open();
      await visitor.get(`/staff/tickets/${number}`, { 'x-by-itself': '1' });
      expect((await room.ticket(number)).seenAt).to.equal(undefined);
      await visitor.get(`/staff/tickets/${number}`, { 'x-by-itself': '1', 'x-seen': '1' });
      expect((await room.ticket(number)).seenAt).to.be.a('string');
    });
  });
});

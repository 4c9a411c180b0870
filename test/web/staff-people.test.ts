import { expect } from 'chai';
import { auditEntries, type TrailAction, trailActions } from '../../src/audit/audit.ts';
import { addressChanges as addressChangeRecords } from '../../src/changes/address-change.ts';
import { type OutboxMail, outbox } from '../../src/mail/outbox.ts';
import { Change } from '../../src/records/records.ts';
import { openStaffRoom, type StaffRoom } from '../support/staff-room.ts';
import { ana, day, minute } from '../support/ticket-room.ts';
import { type Answer, csrfOf, nonceOf, type WebVisitor } from '../support/web-visitor.ts';

const account = { key: 'https://issuer.example|amira', email: 'amira@outlook.example' };
const reason = 'She called, and we checked her contract <b>twice</b>.';

describe("staff's person view", () => {
  let room: StaffRoom;
  let visitor: WebVisitor;
  beforeEach(async () => {
    room = await openStaffRoom();
    visitor = await room.signedIn('ana');
    await room.access.person('p1', { name: 'Amira Malik' });
    await room.access.person('p2', { name: 'Amira Malik', email: 'p1@contoso.example' }, { name: 'Fabrikam Inc.' });
  });
  afterEach(() => room.close());

  const look = (text: string, by = visitor) => by.get(`/staff/people?q=${encodeURIComponent(text)}`);
  async function act(what: string, fields: Record<string, string> = {}, profile = 'p1'): Promise<Answer> {
    const page = await look('p1@contoso.example');
    const form = { csrf: csrfOf(page), nonce: nonceOf(page), reason, ...fields };
    return visitor.post(`/staff/people/${profile}/${what}`, form);
  }
  const mails = async () => (await room.access.mails()).map((mail) => mail as OutboxMail);
  const trail = async () => {
    const found = [];
    for await (const { value } of room.records.all(auditEntries)) found.push(value);
    return found;
  };
  const invite = (profile = 'p1') =>
    room.access.invitations.ask(profile, {
      purpose: 'associate',
      asked: 'proven',
      by: { actor: 'nobody', proof: 'none' },
      tell: 'nobody',
    });
  const mailReader = () => room.access.asker('reader', { level: 'mailbox', address: 'p1@contoso.example' } as never);

  it('finds by address, name, company, and the ids of a profile and an invitation', async () => {
    await invite('p2');
    const [invitation] = await room.access.invitations.ofProfile('p2');
    const found: Record<string, string[]> = {
      'P1@Contoso.example': ['Contoso Ltd.', 'Fabrikam Inc.'],
      'amira mal': ['Contoso Ltd.', 'Fabrikam Inc.'],
      fabrikam: ['Fabrikam Inc.'],
      'abri lik': [],
      p1: ['Contoso Ltd.'],
      [invitation?.id ?? '']: ['Fabrikam Inc.'],
      'nobody@contoso.example': [],
      '<script>': [],
    };
    for (const [text, companies] of Object.entries(found)) {
      const page = await look(text);
      const shown = [...page.text.matchAll(/<bdi>([^<]+)<\/bdi> - CustomerSource/g)].map(([, company]) => company);
      expect(shown.sort(), text).to.deep.equal(companies);
    }
  });

  it('shows the linked account masked, each invitation with its state, and what became of the mail', async () => {
    await room.access.link('p1', account);
    await invite('p2');
    const [about] = await room.records.find(outbox, 'about', 'p2');
    if (!about) return expect.fail('no mail');
    const failed = { ...about.value, state: 'failed', answer: '550 the mailbox does not exist' } as const;
    await room.records.commit(new Change().update(outbox, about, failed));
    const { text } = await look('p1@contoso.example');
    expect(text).to.include('a...@outlook.example').and.not.include('amira@outlook.example');
    expect(text).to.include('Can be used').and.include('Failed').and.include('550 the mailbox does not exist');
  });

  it('is reached from a ticket, and says when its address was only typed', async () => {
    const requester = { person: 'webchat/eve', proof: 'none', address: 'p1@contoso.example' } as const;
    const { number } = await room.open({ requester });
    const page = await visitor.get(`/staff/people?ticket=${number}`);
    expect(page.text).to.include('This address was only typed.').and.include('Contoso Ltd.').and.include(`#${number}`);
    const proven = await room.open({ requester: { ...requester, person: 'webchat/amira', proof: 'mailbox' } });
    const certain = await visitor.get(`/staff/people?ticket=${proven.number}`);
    expect(certain.text).to.include('Contoso Ltd.').and.not.include('only typed');
  });

  it('shows the person again where the address of what was done is loaded once more', async () => {
    const done = await act('resend');
    expect(done.text).to.include('An invitation is on its way.');
    const again = await visitor.get('/staff/people/p1/resend');
    expect([again.status, again.location]).to.deep.equal([303, '/staff/people?q=p1']);
    const taught = await visitor.get('/staff/tickets/1001/teach/phrasing');
    expect(taught.location).to.equal('/staff/tickets/1001/teach');
  });

  it('sends an invitation, withdraws it and ends a link, each told by mail and in the trail with its reason', async () => {
    const steps: [string, string, string][] = [
      ['resend', 'invitation', 'invitation.issued'],
      ['revoke', 'byStaff', 'invitation.revoked'],
      ['end', 'byStaff', 'association.ended'],
    ];
    for (const [what, template, action] of steps) {
      if (what === 'end') await room.access.link('p1', account);
      const before = (await mails()).length;
      const answer = await act(what);
      expect(answer.status, what).to.equal(200);
      const told = (await mails()).slice(before);
      expect(told.map((mail) => [mail.template, mail.to])).to.deep.equal([[template, 'p1@contoso.example']]);
      const row = (await trail()).findLast((entry) => entry.action === action);
      expect(row).to.include({ actor: `staff:${ana.id}`, proof: 'staff', profile: 'p1', from: '192.0.2.7' });
      expect(row?.details).to.include({ reason });
      expect(told[0]?.data).to.include(template === 'byStaff' ? { reason } : { staffReason: reason });
      // A mailbox takes nothing back that a person decided.
      expect(told[0]?.data).to.not.have.property('undo');
    }
    expect(await room.access.accounts.association('p1')).to.equal(undefined);
  });

  it('writes down also what it could only explain: a profile that is linked already, or that has no access', async () => {
    await room.access.link('p1', account);
    await room.access.person('p3', { endedAt: '2026-01-01T00:00:00.000Z' });
    for (const [profile, template, why] of [
      ['p1', 'alreadyLinked', 'already-linked'],
      ['p3', 'noAccess', 'no-access'],
    ] as const) {
      expect((await act('resend', {}, profile)).status).to.equal(200);
      const told = (await mails()).at(-1);
      expect([told?.template, told?.data]).to.deep.equal([template, { ...told?.data, staffReason: reason }]);
      const row = (await trail()).at(-1);
      expect([row?.action, row?.details]).to.deep.equal(['invitation.declined', { reason, why }]);
    }
  });

  it('withdraws a move with its invitation, and says that the move is what ended', async () => {
    await room.access.link('p1', account);
    const owner = room.access.asker('owner', { level: 'sign-in', account: account.key } as never);
    expect((await room.access.reassociations.request('p1', owner)).outcome).to.equal('invited');
    expect((await act('revoke')).status).to.equal(200);
    expect((await mails()).at(-1)?.data).to.include({ what: 'moveRevoked', reason });
    expect((await trail()).map(({ action }) => action)).to.include.members(['move.cancelled', 'invitation.revoked']);
    expect((await room.access.accounts.association('p1'))?.value.account.key).to.equal(account.key);
  });

  it('approves and refuses what somebody asked for, told by mail and in the trail with its reason', async () => {
    await room.access.link('p1', account);
    for (const [decision, state] of [
      ['refuse', 'refused'],
      ['approve', 'invited'],
    ] as const) {
      await room.access.reassociations.request('p1', mailReader());
      const waits = await visitor.get('/staff/people');
      expect(waits.text).to.include('Asks to be linked to another Microsoft Account');
      expect((await room.access.reassociations.latestOf('p1'))?.value.seenAt).to.be.a('string');
      expect((await visitor.get('/staff')).text).to.include('1 waits for a decision');
      const page = await look('p1');
      const request = /name="request" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const old = await act(decision, { kind: 'move', request: 'another' });
      expect(old.status).to.equal(409);
      expect((await act(decision, { kind: 'move', request })).status).to.equal(200);
      expect((await visitor.get('/staff')).text).not.to.include('for a decision');
      expect((await room.access.reassociations.latestOf('p1'))?.value.state).to.equal(state);
      const row = (await trail()).findLast(
        ({ action }) => action === `move.${decision === 'approve' ? 'approved' : 'refused'}`,
      );
      expect([row?.actor, row?.details]).to.deep.equal([`staff:${ana.id}`, { reason }]);
      expect((await mails()).findLast(({ template }) => template === 'decided')?.data).to.include({ reason });
    }
  });

  it('approves and refuses another address, which is in force or not; a decision of a moment ago stays', async () => {
    const { addressChanges } = room.access;
    await room.access.link('p1', account);
    for (const [decision, state, address] of [
      ['refuse', 'refused', 'p1@contoso.example'],
      ['approve', 'done', 'new@contoso.example'],
    ] as const) {
      room.clock.advance(2 * minute);
      await addressChanges.propose('p1', 'new@contoso.example', mailReader());
      await addressChanges.confirm('p1', await room.access.code(), mailReader());
      const waits = await visitor.get('/staff/people');
      expect(waits.text).to.include('Asks for another e-mail address');
      const page = await look('p1');
      const request = /name="request" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      expect((await act(decision, { kind: 'move', request })).status).to.equal(409);
      const [one, other] = await Promise.all(
        [reason, `${reason} Again.`].map((why) => act(decision, { kind: 'address', request, reason: why })),
      );
      expect([one?.status, other?.status].sort()).to.deep.equal([200, 409]);
      expect((await addressChanges.latestOf('p1'))?.value.state).to.equal(state);
      const member = await room.access.directory.member('p1');
      expect(member?.profile.value.email).to.equal(address);
      const row = (await trail()).findLast(
        ({ action }) => action.startsWith('address.') && !action.endsWith('changed'),
      );
      expect(row?.actor).to.equal(`staff:${ana.id}`);
      expect(row?.details?.reason).to.include(reason);
      const decided = (await mails()).findLast(({ template }) => template === 'decided');
      expect(decided?.data).to.include({ what: 'address', reason: row?.details?.reason });
    }
    expect(await room.records.count(addressChangeRecords, 'state', 'awaiting-approval')).to.equal(0);
  });

  it('does nothing without a reason, with one that is too long, twice, or for a profile that is not there', async () => {
    const before = (await mails()).length;
    for (const bad of ['', ' \n ', 'x'.repeat(301)])
      expect((await act('resend', { reason: bad })).status).to.equal(400);
    expect((await act('resend', {}, 'nobody')).status).to.equal(404);
    expect((await act('revoke')).status).to.equal(409);
    expect((await act('end')).status).to.equal(409);
    expect((await mails()).length).to.equal(before);
    const page = await look('p1');
    const form = { csrf: csrfOf(page), nonce: nonceOf(page), reason };
    const answers = await Promise.all(Array.from({ length: 5 }, () => visitor.post('/staff/people/p1/resend', form)));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 200]);
    expect((await mails()).length).to.equal(before + 1);
  });

  it('is closed to users, and to staff of a minute ago', async () => {
    const user = await room.signedIn('amira', 'user');
    for (const path of ['/staff/people', '/staff/audit', '/staff/report'])
      expect((await user.get(path)).status).to.equal(303);
    const page = await look('p1');
    room.roles.delete(ana.id);
    const form = { csrf: csrfOf(page), nonce: nonceOf(page), reason };
    expect((await visitor.post('/staff/people/p1/resend', form)).status).to.equal(303);
    expect(await mails()).to.deep.equal([]);
  });

  describe('the trail', () => {
    it('is for leads, newest first, page by page, by profile, by who, and by day', async () => {
      const refused = await visitor.get('/staff/audit');
      expect(refused.status).to.equal(403);
      expect(refused.text).to.include('The audit trail is for leads').and.include('href="/staff?list=mine"');
      const lead = await room.signedIn('lea');
      for (let n = 0; n < 60; n++) {
        const entry = {
          at: `2026-11-${n < 30 ? '21' : '22'}T10:00:00.000Z`,
          action: `test.n${n}` as string as TrailAction,
          actor: 'system',
          proof: 'system',
          profile: n % 2 ? 'p1' : 'p2',
        } as const;
        await room.records.commit(new Change().create(auditEntries, `t-${String(n).padStart(3, '0')}`, entry));
      }
      const actions = ({ text }: Answer) => [...text.matchAll(/<code>test\.n(\d+)<\/code>/g)].map(([, n]) => Number(n));
      const first = await lead.get('/staff/audit');
      expect(actions(first)).to.deep.equal(Array.from({ length: 50 }, (_, n) => 59 - n));
      const older = /href="(\/staff\/audit\?[^"]+)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      expect(actions(await lead.get(older))).to.deep.equal(Array.from({ length: 10 }, (_, n) => 9 - n));
      expect(actions(await lead.get('/staff/audit?profile=p1&day=2026-11-21')).at(0)).to.equal(29);
      expect(actions(await lead.get('/staff/audit?profile=p1'))).to.have.length(30);
      await act('resend');
      const named = await lead.get(`/staff/audit?actor=${encodeURIComponent(`staff:${ana.id}`)}`);
      expect(named.text).to.include('<bdi>Ana Silva</bdi>').and.include(`<bdi>staff:${ana.id}</bdi>`);
      expect(actions(await lead.get('/staff/audit?actor=nobody&day=%3Cscript%3E'))).to.deep.equal([]);
      expect((await lead.get('/staff/audit?before=nonsense&day=2026-13-99')).status).to.equal(200);
    });

    it('calls who did something by their name where staff know one, and has their id beside it', async () => {
      await room.access.link('p1', account);
      const requester = { person: 'msteams/jin', name: 'Jin Nakamura', proof: 'teams' } as const;
      await room.open({ requester });
      const known = { at: '2026-11-22T10:00:00.000Z', action: 'profile.shown', proof: 'none', profile: 'p8' } as const;
      const actors = [`account:${account.key}`, `chat:${requester.person}`, 'account:x|y', 'chat:a/b', 'system'];
      for (const [n, actor] of actors.entries())
        await room.records.commit(new Change().create(auditEntries, `w-${n}`, { ...known, actor }));
      const { text } = await (await room.signedIn('lea')).get('/staff/audit?profile=p8');
      const who = [...text.matchAll(/<td><bdi>([^<]*)<\/bdi><span class="second">(?:<bdi>([^<]*)<\/bdi>)?/g)];
      expect(who.map(([, first, second]) => [first, second])).to.deep.equal([
        ['system', undefined],
        ['chat:a/b', undefined],
        ['account:x|y', undefined],
        [requester.name, actors[1]],
        ['Amira Malik', actors[0]],
      ]);
    });

    it('says what was done in a sentence, with its code, and of what a newer version did that it was done', async () => {
      const known = { at: '2026-11-22T10:00:00.000Z', actor: 'system', proof: 'system', profile: 'p9' } as const;
      const all = [...trailActions, 'test.newer' as string as TrailAction];
      const lead = await room.signedIn('lea');
      for (const [n, action] of all.entries())
        await room.records.commit(new Change().create(auditEntries, `s-${n}`, { ...known, action }));
      const { text } = await lead.get('/staff/audit?profile=p9');
      const said = [...text.matchAll(/<td>([^<]+)<span class="second"><code>([^<]+)<\/code>/g)];
      expect(said.map(([, , code]) => code)).to.have.members(all);
      expect(
        said.filter(([, sentence]) => sentence === 'Something was changed').map(([, , code]) => code),
      ).to.deep.equal(['test.newer']);
      expect(said.map(([, sentence]) => sentence))
        .to.include('An invitation was used')
        .and.include('A profile was shown');
    });
  });

  describe('teaching the bot', () => {
    it('begins with how the user asked, and leaves out what was added to it', async () => {
      const { number } = await room.open({ question: 'cant get in since\ntoday\n\nMy company is Contoso.' });
      const { text } = await visitor.get(`/staff/tickets/${number}/teach`);
      expect(text).to.include('value="cant get in since today"').and.not.include('Contoso.');
    });

    it('adds a phrasing and an answer, once, in the name of who did it; what is refused says why and is kept', async () => {
      const { number } = await room.open({ question: 'I forgot my pass word' });
      const address = `/staff/tickets/${number}/teach`;
      const page = await visitor.get(`${address}?q=password`);
      expect(page.text).to.include('value="I forgot my pass word"').and.include('How do I reset a forgotten password?');
      const form = { csrf: csrfOf(page), nonce: nonceOf(page) };
      const phrasing = { ...form, id: 'forgot-password', phrasing: 'I forgot my pass word' };
      const twice = await Promise.all([1, 2].map(() => visitor.post(`${address}/phrasing`, phrasing)));
      expect(twice.map(({ status, text }) => [status, text.includes('access.md, line 12')])).to.deep.equal([
        [200, true],
        [200, true],
      ]);
      const answer = { ...form, question: 'Where is the door?', answer: 'On the *left*.', topic: 'access' };
      expect((await visitor.post(`${address}/answer`, answer)).status).to.equal(200);
      const refused = await visitor.post(`${address}/phrasing`, { ...phrasing, phrasing: 'ask amira@contoso.example' });
      expect(refused.status).to.equal(400);
      expect(refused.text).to.include('Take the e-mail address out.').and.include('value="ask amira@contoso.example"');
      expect(room.taught).to.deep.equal([
        `staff:${ana.id} forgot-password: I forgot my pass word`,
        `staff:${ana.id} access: Where is the door? On the *left*.`,
      ]);
    });
  });

  it('has the report beside it', async () => {
    await room.open();
    const { status, text } = await visitor.get('/staff/report');
    expect([status, text.includes('Last 30 days')]).to.deep.equal([200, true]);
    room.clock.advance(day);
    expect((await visitor.get('/staff/report?from=nonsense&to=%3Cscript%3E')).status).to.equal(303);
  });
});

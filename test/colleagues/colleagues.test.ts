import { expect } from 'chai';
import type { Account } from '../../src/accounts/association.ts';
import type { Colleague, ColleaguePage, InvitedRow } from '../../src/colleagues/colleague.ts';
import type { Administrator } from '../../src/colleagues/colleagues.ts';
import { type Profile, profiles } from '../../src/directory/directory.ts';
import { outbox } from '../../src/mail/outbox.ts';
import { Change } from '../../src/records/records.ts';
import { type AccessRooms, day, minute, openAccessRooms } from '../support/access-rooms.ts';

const accountOf = (name: string): Account => ({ key: `https://issuer.example|${name}` });

describe('colleagues', () => {
  let rooms: AccessRooms;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    await rooms.person('admin', { role: 'administrator', name: 'Ada Admin' });
    await rooms.link('admin', accountOf('admin'));
    await rooms.person('kim', { name: 'Kim Lee' });
    await rooms.person('foreign', { role: 'administrator' }, { name: 'Fabrikam Inc.' });
    await rooms.link('foreign', accountOf('foreign'));
  });
  afterEach(() => rooms.close());

  const as = (profile: string, account = profile): Administrator => ({
    profile,
    asker: rooms.asker(account, { level: 'sign-in', account: accountOf(account).key }),
  });
  const by = () => as('admin');
  async function list(of: { limit?: number; search?: string; after?: string } = {}): Promise<ColleaguePage> {
    const page = await rooms.colleagues.list(by(), { limit: 50, ...of });
    if ('outcome' in page) throw new Error(page.outcome);
    return page;
  }
  const colleague = async (profile: string): Promise<Colleague> => {
    const found = (await list()).people.find((one) => one.profile === profile);
    if (!found) throw new Error(`${profile} is not listed`);
    return found;
  };
  async function invite(...rows: [string, string][]): Promise<readonly InvitedRow[]> {
    const invited = await rooms.colleagues.invite(
      by(),
      rows.map(([name, email]) => ({ name, email })),
    );
    if ('outcome' in invited) throw new Error(invited.outcome);
    return invited;
  }
  const profile = async (id: string) => (await rooms.directory.member(id))?.profile.value;
  const notices = async () =>
    (await rooms.mails()).flatMap(({ template, data, to }) =>
      template === 'accessChanged' ? [`${data.what} ${to} by ${data.changedBy}`] : [],
    );
  async function change(id: string, changed: Partial<Profile>): Promise<void> {
    const seen = await rooms.records.get(profiles, id);
    if (!seen) throw new Error(`${id} is missing`);
    await rooms.records.commit(new Change().update(profiles, seen, { ...seen.value, ...changed }));
  }

  const verbs: Record<string, (who: Administrator, id: string) => Promise<object>> = {
    list: (who) => rooms.colleagues.list(who, { limit: 10 }),
    invite: (who) => rooms.colleagues.invite(who, [{ name: 'New', email: 'new@contoso.example' }]),
    resend: (who, id) => rooms.colleagues.resend(who, id),
    revoke: (who, id) => rooms.colleagues.revoke(who, id),
    changeRole: (who, id) => rooms.colleagues.changeRole(who, id, 'administrator'),
    endAccess: (who, id) => rooms.colleagues.endAccess(who, id),
    restore: (who, id) => rooms.colleagues.restore(who, id),
  };
  for (const [name, verb] of Object.entries(verbs)) {
    it(`lets nobody ${name} who is no administrator at this moment`, async () => {
      const refused = { outcome: 'not-allowed' };
      await rooms.link('kim', accountOf('kim'));
      expect(await verb(as('kim'), 'kim')).to.deep.equal(refused);
      expect(await verb(as('admin', 'kim'), 'kim')).to.deep.equal(refused);
      const mailbox = rooms.asker('admin', { level: 'mailbox', address: 'admin@contoso.example' });
      expect(await verb({ profile: 'admin', asker: mailbox }, 'kim')).to.deep.equal(refused);
      const stale = by();
      rooms.pass(15 * minute);
      expect(await verb(stale, 'kim')).to.deep.equal(refused);
      expect(await verb(as('__proto__'), 'kim')).to.deep.equal(refused);
      await change('admin', { role: 'member' });
      expect(await verb(by(), 'kim')).to.deep.equal(refused);
      await change('admin', { role: 'administrator', endedAt: rooms.now().toISOString() });
      expect(await verb(by(), 'kim')).to.deep.equal(refused);
      expect(await rooms.mails()).to.have.length(3); // of the links above
    });

    if (!['list', 'invite'].includes(name)) {
      it(`lets nobody ${name} in another organisation`, async () => {
        for (const id of ['foreign', 'nobody', '', '__proto__'])
          expect(await verb(by(), id)).to.deep.equal({ outcome: 'unknown' });
        expect((await profile('foreign'))?.role).to.equal('administrator');
      });
    }
  }

  it('lists its own people only, by name, with what became of invitations', async () => {
    await rooms.person('zoe', { name: 'zoe' });
    await rooms.person('bob', { name: 'Bob' });
    await rooms.person('emile', { name: 'Émile' });
    await invite(['Kim Lee', 'kim@contoso.example']);
    const { people, count, next } = await list();
    expect(people.map(({ name }) => name)).to.deep.equal(['Ada Admin', 'Bob', 'Émile', 'Kim Lee', 'zoe']);
    expect([count, next]).to.deep.equal([5, undefined]);
    expect((await list({ search: 'EMÍLE' })).people.map((one) => one.profile)).to.deep.equal(['emile']);
    expect(people[0]).to.include({ isYou: true, isLinked: true, role: 'administrator' });
    expect(people[1]).to.deep.equal({
      profile: 'bob',
      name: 'Bob',
      email: 'bob@contoso.example',
      role: 'member',
      isYou: false,
      isLinked: false,
    });
    expect(people[3]?.invitation).to.deep.equal({
      state: 'valid',
      issuedAt: '2026-11-22T10:00:00.000Z',
      expiresAt: '2026-11-29T10:00:00.000Z',
    });
  });

  it('shows whether the newest invitation arrived', async () => {
    await invite(['Kim Lee', 'kim@contoso.example']);
    const delivery = async () => (await colleague('kim')).delivery;
    const set = async (value: object) => {
      const mails = await rooms.records.find(outbox, 'about', 'kim');
      const mail = mails.find((one) => one.value.template === 'invitation');
      if (mail) await rooms.records.commit(new Change().update(outbox, mail, { ...mail.value, ...value }));
    };
    const at = '2026-11-22T10:00:00.000Z';
    const later = '2026-11-22T10:01:00.000Z';
    expect(await delivery()).to.deep.equal({ state: 'waiting', at });
    await set({ attempts: 1, next: later });
    expect(await delivery()).to.deep.equal({ state: 'retrying', at: later });
    for (const state of ['sent', 'failed', 'dropped'] as const) {
      await set({ state, doneAt: later });
      expect(await delivery()).to.deep.equal({ state, at: later });
    }
    rooms.pass(5 * minute);
    await rooms.colleagues.resend(by(), 'kim');
    expect((await delivery())?.state).to.equal('waiting');
  });

  it('lists ten thousand page by page, each person once, and finds one of them', async () => {
    const adding = new Change();
    for (let n = 0; n < 10_000; n++) {
      const name = `Person ${String((n * 7919) % 10_000).padStart(5, '0')}`;
      const email = `n${n}@contoso.example`;
      adding.create(profiles, `n${n}`, { organisation: 'Contoso Ltd.', name, email, address: email, role: 'member' });
    }
    await rooms.records.commit(adding);
    const names: string[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const page = await list({ limit: 200, ...(after && { after }) });
      expect(page.count).to.equal(10_002);
      names.push(...page.people.map(({ name }) => name));
      after = page.next;
      pages += 1;
    } while (after);
    expect(pages).to.equal(51);
    expect(names).to.deep.equal([...new Set(names)].sort());
    const found = await list({ search: 'N4242@' });
    expect([found.count, found.people[0]?.profile]).to.deep.equal([1, 'n4242']);
    expect((await list({ search: 'person 0000', limit: 3 })).count).to.equal(10);
    expect((await list({ search: '[(*\u0000'.repeat(50_000) })).count).to.equal(0);
  });

  it('are invited from a list, each row for itself', async () => {
    await rooms.person('linked');
    await rooms.link('linked', accountOf('linked'));
    await rooms.person('ada');
    await rooms.person('ended', { endedAt: '2026-11-20T10:00:00.000Z' });
    const rows = await invite(
      ['New Person', 'New@Contoso.example'],
      ['Kim Lee', 'kim@contoso.example'],
      ['Linked', 'LINKED@contoso.example'],
      ['Ended', 'ended@contoso.example'],
      ['Somebody', 'not an address'],
      ['New Person', 'new@contoso.example'],
      ['', 'noname@contoso.example'],
      ['', 'ada@contoso.example'],
      ['<b>'.repeat(100), 'long@contoso.example'],
      ['Evil\u202e', 'evil@contoso.example'],
      ['Foreign', 'foreign@contoso.example'],
    );
    expect(rows.map(({ outcome, problem }) => [outcome, problem].filter(Boolean).join(' '))).to.deep.equal([
      'invited',
      'invited-again',
      'already-there',
      'ended',
      'wrong-address notAlone',
      'same-twice',
      'wrong-name missing',
      'invited-again',
      'wrong-name tooLong',
      'wrong-name invisible',
      'invited',
    ]);
    const added = await profile(rows[0]?.profile ?? '');
    expect(added).to.deep.equal({
      organisation: 'Contoso Ltd.',
      name: 'New Person',
      email: 'New@Contoso.example',
      address: 'new@contoso.example',
      role: 'member',
    });
    const mail = (await rooms.mails()).find(({ to }) => to === 'New@Contoso.example');
    expect(mail?.data).to.include({ invitedBy: 'Ada Admin', purpose: 'associate' });
    expect(mail?.tell).to.deep.equal({ account: accountOf('admin').key });
    expect((await profile('foreign'))?.organisation).to.equal('Fabrikam Inc.');
    expect(await rooms.trail()).to.include.members(['profile.added', 'invitation.issued']);
  });

  it('are invited at most twenty at once, a hundred a day, over restarts', async () => {
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, n): [string, string] => [`P ${from + n}`, `p${from + n}@contoso.example`]);
    const tooMany = rows(0, 21).map(([name, email]) => ({ name, email }));
    expect(await rooms.colleagues.invite(by(), tooMany)).to.deep.equal({ outcome: 'too-long' });
    for (let n = 0; n < 100; n += 20) await invite(...rows(n, 20));
    await rooms.reopen();
    rooms.pass(minute);
    const [over] = await invite(['Late', 'late@contoso.example']);
    expect(over).to.include({ outcome: 'limit', retryAfter: 24 * 3600 - 60 });
    expect(await rooms.colleagues.resend(by(), 'kim')).to.include({ outcome: 'limit' });
    expect(await rooms.directory.membersByAddress('late@contoso.example')).to.deep.equal([]);
    const [there] = await invite(['Ada Admin', 'admin@contoso.example']);
    expect(there?.outcome).to.equal('already-there');
    rooms.pass(day);
    expect((await invite(['Late', 'late@contoso.example']))[0]?.outcome).to.equal('invited');
  });

  it('invited by two administrators at once have one profile and one invitation', async () => {
    await rooms.person('second', { role: 'administrator' });
    await rooms.link('second', accountOf('second'));
    const row = [{ name: 'New', email: 'new@contoso.example' }];
    const both = await Promise.all([rooms.colleagues.invite(by(), row), rooms.colleagues.invite(as('second'), row)]);
    expect(both.flatMap((rows) => ('outcome' in rows ? [] : rows.map(({ outcome }) => outcome))).sort()).to.deep.equal([
      'invited',
      'too-soon',
    ]);
    expect(await rooms.directory.membersByAddress('new@contoso.example')).to.have.length(1);
  });

  it('get a new link, and lose it when it is withdrawn', async () => {
    expect(await rooms.colleagues.resend(by(), 'kim')).to.deep.equal({ outcome: 'invited' });
    expect(await rooms.colleagues.resend(by(), 'kim')).to.deep.equal({ outcome: 'too-soon' });
    expect((await colleague('kim')).invitation?.state).to.equal('valid');
    expect(await rooms.colleagues.revoke(by(), 'kim')).to.deep.equal({ outcome: 'revoked' });
    expect(await rooms.colleagues.revoke(by(), 'kim')).to.deep.equal({ outcome: 'nothing' });
    expect((await colleague('kim')).invitation?.state).to.equal('withdrawn');
    expect(await rooms.colleagues.resend(by(), 'admin')).to.deep.equal({ outcome: 'already-there' });
  });

  it('become administrators and users again, and are told', async () => {
    const set = async (id: string, role: Profile['role'], who = by()) =>
      (await rooms.colleagues.changeRole(who, id, role)) as { outcome: string };
    expect(await set('kim', 'administrator')).to.deep.equal({ outcome: 'changed' });
    expect(await set('kim', 'administrator')).to.deep.equal({ outcome: 'same' });
    expect(await set('admin', 'member')).to.deep.equal({ outcome: 'changed' });
    expect(await set('kim', 'member')).to.deep.equal({ outcome: 'not-allowed' });
    await rooms.link('kim', accountOf('kim'));
    expect(await set('kim', 'member', as('kim'))).to.deep.equal({ outcome: 'last-administrator' });
    expect(await notices()).to.deep.equal([
      'administrator kim@contoso.example by Ada Admin',
      'member admin@contoso.example by Ada Admin',
    ]);
    expect((await rooms.trail()).filter((action) => action === 'role.changed')).to.have.length(2);
  });

  it('who take the role from each other at once leave an administrator', async () => {
    await rooms.person('second', { role: 'administrator' });
    await rooms.link('second', accountOf('second'));
    const outcomes = await Promise.all([
      rooms.colleagues.changeRole(by(), 'second', 'member'),
      rooms.colleagues.changeRole(as('second'), 'admin', 'member'),
      rooms.colleagues.changeRole(by(), 'admin', 'member'),
      rooms.colleagues.endAccess(as('second'), 'admin'),
    ]);
    expect(outcomes.some((one) => one.outcome === 'changed' || one.outcome === 'ended')).to.equal(true);
    const left = await Promise.all(['admin', 'second'].map(profile));
    expect(left.filter((one) => one?.role === 'administrator' && one.endedAt === undefined)).to.have.length(1);
  });

  it('links again what was linked when access is given back, however slowly it was ended', async () => {
    await rooms.link('kim', accountOf('kim'));
    rooms.tick();
    await rooms.colleagues.endAccess(by(), 'kim');
    await rooms.colleagues.restore(by(), 'kim');
    expect((await rooms.accounts.association('kim'))?.value.account).to.deep.equal(accountOf('kim'));
  });

  it('lists on request only those whose newest invitation waits to be used', async () => {
    await rooms.person('linked');
    await rooms.link('linked', accountOf('linked'));
    await invite(['Lea', 'lea@contoso.example'], ['Tom', 'tom@contoso.example'], ['Max', 'max@contoso.example']);
    const idOf = async (name: string) => (await list({ search: name })).people[0]?.profile ?? '';
    await rooms.colleagues.revoke(by(), await idOf('tom'));
    await rooms.colleagues.endAccess(by(), await idOf('max'));
    const pending = async () => {
      const page = await rooms.colleagues.list(by(), { limit: 50, isPending: true });
      return 'people' in page && [page.count, ...page.people.map(({ name }) => name)];
    };
    expect(await pending()).to.deep.equal([1, 'Lea']);
    rooms.pass(7 * day);
    expect(await pending()).to.deep.equal([0]);
  });

  it('lose access with their link, invitations and requests, and get it back within seven days', async () => {
    await rooms.link('kim', accountOf('kim'));
    const kim = () => rooms.asker('kim', { level: 'sign-in', account: accountOf('kim').key });
    await rooms.reassociations.request('kim', kim());
    await rooms.addressChanges.propose('kim', 'kim@new.example', kim());
    expect(await rooms.colleagues.endAccess(by(), 'kim')).to.deep.equal({ outcome: 'ended' });
    expect(await rooms.colleagues.endAccess(by(), 'kim')).to.deep.equal({ outcome: 'ended-before' });
    expect(await rooms.accounts.association('kim')).to.equal(undefined);
    expect(await rooms.reassociations.pendingOf('kim')).to.equal(undefined);
    expect(await rooms.addressChanges.pendingOf('kim')).to.equal(undefined);
    expect((await rooms.invitations.ofProfile('kim')).filter(({ value }) => !value.ended)).to.deep.equal([]);
    expect(await colleague('kim')).to.deep.include({
      isLinked: false,
      ended: { at: '2026-11-22T10:00:00.000Z', restorableUntil: '2026-11-29T10:00:00.000Z' },
    });
    expect((await invite(['Kim', 'kim@contoso.example']))[0]?.outcome).to.equal('ended');
    expect(await rooms.colleagues.resend(by(), 'kim')).to.deep.equal({ outcome: 'ended' });
    expect(await rooms.colleagues.changeRole(by(), 'kim', 'administrator')).to.deep.equal({ outcome: 'ended' });

    rooms.pass(7 * day - 1);
    expect(await rooms.colleagues.restore(by(), 'kim')).to.deep.equal({ outcome: 'restored' });
    expect(await rooms.colleagues.restore(by(), 'kim')).to.deep.equal({ outcome: 'not-ended' });
    expect((await rooms.accounts.association('kim'))?.value.account).to.deep.equal(accountOf('kim'));
    expect((await profile('kim'))?.endedAt).to.equal(undefined);
    expect(await notices()).to.deep.equal([
      'ended kim@contoso.example by Ada Admin',
      'restored kim@contoso.example by Ada Admin',
    ]);
    await rooms.colleagues.endAccess(by(), 'kim');
    rooms.pass(7 * day);
    expect(await rooms.colleagues.restore(by(), 'kim')).to.deep.equal({ outcome: 'too-late' });
    expect((await colleague('kim')).ended).not.to.have.property('restorableUntil');
  });

  it('cannot end their own access', async () => {
    expect(await rooms.colleagues.endAccess(by(), 'admin')).to.deep.equal({ outcome: 'yourself' });
  });

  it('whose access ends while they confirm an invitation are not linked', async () => {
    await invite(['Kim', 'kim@contoso.example']);
    const [one] = await rooms.invitations.ofProfile('kim');
    const token = (await rooms.invitations.token(one?.id ?? '')) ?? '';
    const account = accountOf('kim');
    await Promise.all([
      rooms.colleagues.endAccess(by(), 'kim'),
      rooms.invitations.redeem(token, account, { actor: `account:${account.key}`, proof: 'sign-in' }),
    ]);
    expect(await rooms.accounts.association('kim')).to.equal(undefined);
  });
});

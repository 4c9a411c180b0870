import { expect } from 'chai';
import type { Account } from '../../src/accounts/association.ts';
import { associations, shownAccount } from '../../src/accounts/association.ts';
import { undos } from '../../src/accounts/undo.ts';
import { Change } from '../../src/records/records.ts';
import { type AccessRooms, day, openAccessRooms } from '../support/access-rooms.ts';

const amira: Account = { key: 'https://issuer.example|amira', email: 'amira@outlook.example' };
const ben: Account = { key: 'https://issuer.example|ben', name: 'Ben' };
const by = { actor: `account:${amira.key}`, proof: 'sign-in' } as const;
const reader = { actor: 'nobody', proof: 'mailbox' } as const;

describe('accounts', () => {
  let rooms: AccessRooms;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    await rooms.person('p1');
  });
  afterEach(() => rooms.close());

  async function link(account: Account): Promise<void> {
    const member = await rooms.directory.member('p1');
    if (!member) throw new Error('p1 is missing');
    const change = rooms.accounts.link(new Change(), member, account, await rooms.accounts.association('p1'), by);
    expect(await rooms.records.commit(change)).to.equal(true);
  }
  /** The token in the newest notice that can undo something. */
  async function undoToken(): Promise<string> {
    const notices = (await rooms.mails()).flatMap(({ template, data }) =>
      template === 'associationChanged' ? [data] : [],
    );
    const id = notices
      .map(({ undo }) => undo)
      .filter((undo) => undo !== undefined)
      .at(-1);
    return (await rooms.undos.token(id ?? '')) ?? '';
  }
  const linked = async () => (await rooms.accounts.association('p1'))?.value.account.key;

  it('tell the profile of every change, at the address on the profile and nowhere else', async () => {
    await link(amira);
    await link(ben);
    await rooms.accounts.end('p1', by);
    const mails = await rooms.mails();
    expect(mails.map(({ to }) => to)).to.deep.equal(Array(3).fill('p1@contoso.example'));
    expect(mails.map(({ data }) => (data as { what: string }).what)).to.deep.equal(['linked', 'moved', 'ended']);
  });

  it('go back to what they were when the reader of a notice says that it was not them', async () => {
    await link(amira);
    await link(ben);
    const token = await undoToken();
    expect((await rooms.undos.find(token)).state).to.equal('open');
    expect(await linked()).to.equal(ben.key);
    expect(await rooms.undos.undo(token, reader)).to.equal('undone');
    expect(await linked()).to.equal(amira.key);
    expect(await rooms.undos.undo(token, reader)).to.equal('used');
    expect(await rooms.trail()).to.deep.equal(['association.created', 'association.moved', 'association.undone']);
  });

  it('undo a first link to no link, and an end to the link that was', async () => {
    await link(amira);
    await rooms.undos.undo(await undoToken(), reader);
    expect(await linked()).to.equal(undefined);
    await link(amira);
    await rooms.accounts.end('p1', by);
    await rooms.undos.undo(await undoToken(), reader);
    expect(await linked()).to.equal(amira.key);
  });

  it('undo nothing after seven days', async () => {
    await link(amira);
    const late = await undoToken();
    rooms.pass(7 * day);
    expect(await rooms.undos.undo(late, reader)).to.equal('expired');
    expect(await rooms.undos.undo('nonsense', reader)).to.equal('unknown');
    expect(await linked()).to.equal(amira.key);
  });

  it('undo a change that was changed again, so that nobody gets rid of an undo by a second change', async () => {
    await link(amira);
    await link(ben);
    const early = await undoToken();
    await rooms.accounts.end('p1', by);
    await link(ben);
    expect(await rooms.undos.undo(early, reader)).to.equal('undone');
    expect(await linked()).to.equal(amira.key);
  });

  it('undo nothing twice, by the links of two notices', async () => {
    await link(amira);
    const first = await undoToken();
    await link(ben);
    expect(await rooms.undos.undo(await undoToken(), reader)).to.equal('undone');
    expect(await rooms.undos.undo(first, reader)).to.equal('undone');
    expect(await linked()).to.equal(undefined);
    await link(ben);
    await rooms.undos.undo(await undoToken(), reader);
    expect(await rooms.undos.undo(first, reader)).to.equal('used');
  });

  it('undo once when pressed ten times at once', async () => {
    await link(amira);
    const token = await undoToken();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => rooms.undos.undo(token, reader)));
    expect(outcomes.filter((one) => one === 'undone')).to.have.length(1);
  });

  it('keep the hash of an undo only', async () => {
    await link(amira);
    const token = await undoToken();
    for await (const { value } of rooms.records.all(undos)) expect(JSON.stringify(value)).not.to.include(token);
  });

  it('end once', async () => {
    await link(amira);
    const ended = await Promise.all([rooms.accounts.end('p1', by), rooms.accounts.end('p1', by)]);
    expect(ended.sort()).to.deep.equal([false, true]);
  });

  it('are told of failed mail at a profile of theirs: of the same organisation first, not ended, not where it failed', async () => {
    await rooms.person('p2', {}, { name: 'Fabrikam Inc.' });
    await rooms.person('p3', {}, { name: 'Fabrikam Inc.' });
    await rooms.person('p4', { endedAt: '2026-01-01T00:00:00.000Z' }, { name: 'Adatum' });
    for (const profile of ['p1', 'p2', 'p4'])
      await rooms.records.commit(
        new Change().create(associations, profile, { profile, account: amira, since: rooms.now().toISOString() }),
      );
    const told = (to: string, about?: string) => rooms.accounts.addressOf(amira.key, { to, ...(about && { about }) });
    expect(await told('x@x.test')).to.equal('p1@contoso.example');
    expect(await told('p3@contoso.example', 'p3')).to.equal('p2@contoso.example');
    expect(await told('P2@Contoso.example', 'p2')).to.equal('p1@contoso.example');
    expect(await rooms.accounts.addressOf(ben.key, { to: 'x@x.test' })).to.equal(undefined);
  });

  it('are shown so that their owner knows them and nobody else learns them', () => {
    expect(shownAccount(amira)).to.equal('a...@outlook.example');
    expect(shownAccount(ben)).to.equal('Ben');
    expect(shownAccount({ key: 'k' })).to.equal('');
  });
});

import { expect } from 'chai';
import type { Account } from '../../src/accounts/association.ts';
import { addressChangeState, addressChanges } from '../../src/changes/address-change.ts';
import { profiles } from '../../src/directory/directory.ts';
import { Change } from '../../src/records/records.ts';
import { type AccessRooms, day, minute, openAccessRooms } from '../support/access-rooms.ts';

const amira: Account = { key: 'https://issuer.example|amira', email: 'amira@outlook.example' };
const ben: Account = { key: 'https://issuer.example|ben' };
const staff = { actor: 'staff:https://issuer.example|sam', proof: 'staff' } as const;
const reader = { actor: 'nobody', proof: 'mailbox' } as const;
const old = 'p1@contoso.example';
const another = 'Amira@new.example';

describe('changing the address of a profile', () => {
  let rooms: AccessRooms;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    await rooms.person('p1');
    await rooms.link('p1', amira);
  });
  afterEach(() => rooms.close());

  const owner = () => rooms.asker('amira', { level: 'sign-in', account: amira.key });
  const mailReader = () => rooms.asker('reader', { level: 'mailbox', address: old });
  const stranger = () => rooms.asker('eve', { level: 'sign-in', account: 'https://issuer.example|eve' });
  const propose = async (asker = owner(), to = another) =>
    (await rooms.addressChanges.propose('p1', to, asker)).outcome;
  const confirm = async (typed: string, asker = owner()) =>
    (await rooms.addressChanges.confirm('p1', typed, asker)).outcome;
  const email = async () => (await rooms.directory.member('p1'))?.profile.value.email;
  const latest = async () => (await rooms.addressChanges.latestOf('p1'))?.value;
  const told = async () =>
    (await rooms.mails()).flatMap(({ template, data, to }) =>
      template === 'addressChanged' ? [`${data.what} ${to} ${data.undo ? 'can be undone' : ''}`.trim()] : [],
    );
  const change = async (to = another, asker = owner) => {
    await propose(asker(), to);
    return confirm(await rooms.code(), asker());
  };

  it('takes the code that came to the new one, and tells the old one, which can undo it', async () => {
    expect(await propose()).to.equal('code-sent');
    expect((await rooms.addressChanges.pendingOf('p1'))?.value).to.include({ state: 'code-sent', newEmail: another });
    const code = await rooms.code();
    expect((await rooms.mails()).at(-1)).to.deep.include({ template: 'code', to: another });
    expect(await email()).to.equal(old);
    expect(await confirm(code)).to.equal('changed');
    expect(
      (await rooms.directory.membersByAddress('amira@new.example')).map(({ profile }) => profile.id),
    ).to.deep.equal(['p1']);
    expect(await told()).to.deep.equal([`changed ${old} can be undone`, `changed ${another}`]);
    expect(await rooms.addressChanges.pendingOf('p1')).to.equal(undefined);
    expect(await confirm(code)).to.equal('none');
    expect(await rooms.undos.undo(await rooms.undoToken(), reader)).to.equal('undone');
    expect(await email()).to.equal(old);
    expect((await latest())?.state).to.equal('undone');
    expect((await told()).slice(2)).to.deep.equal([`undone ${old}`, `undone ${another}`]);
    expect(await rooms.trail()).to.include.members(['address.proposed', 'address.changed', 'address.undone']);
  });

  it('leaves a Teams identity with the profiles that keep their address, and takes along what is on no other', async () => {
    const teams = { tenant: 'a', objectId: 'b' };
    const { records, directory } = rooms;
    const give = async (id: string) => {
      const seen = await records.get(profiles, id);
      if (seen) await records.commit(new Change().update(profiles, seen, { ...seen.value, teams }));
    };
    await give('p1');
    expect(await change('first@new.example')).to.equal('changed');
    expect((await directory.member('p1'))?.profile.value.teams).to.deep.equal(teams);
    await rooms.person('p2', { email: 'first@new.example', teams }, { name: 'Fabrikam Inc.' });
    rooms.pass(day);
    expect(await change()).to.equal('changed');
    expect((await directory.membersByTeams(teams)).map(({ profile }) => profile.id)).to.deep.equal(['p2']);
    expect((await rooms.trail()).filter((action) => action === 'teams.changed')).to.have.length(1);
  });

  it('by a reader of the old mailbox waits for staff', async () => {
    await propose(mailReader());
    expect(await confirm(await rooms.code(), mailReader())).to.equal('awaiting-approval');
    expect(await email()).to.equal(old);
    expect(await told()).to.deep.equal([`requested ${old} can be undone`]);
    expect(await propose(owner())).to.equal('pending');
    const [waiting] = await rooms.addressChanges.awaitingApproval();
    expect(waiting?.request).to.include({ oldEmail: old, newEmail: another });
    const approve = (reason: string) =>
      rooms.addressChanges.approve('p1', waiting?.request.request ?? '', staff, reason);
    expect(await approve('We called.')).to.equal('done');
    const mails = (await rooms.mails()).length;
    expect(await approve('We called.')).to.equal('done');
    expect(await approve('Another reason.')).to.equal('gone');
    expect((await rooms.mails()).length).to.equal(mails);
    expect(await email()).to.equal(another);
    expect((await rooms.mails()).at(-1)).to.include({ template: 'decided' });
    expect((await told()).slice(1)).to.deep.equal([`changed ${old} can be undone`, `changed ${another}`]);
  });

  it('that staff refuses, or the reader of the notice cancels, changes nothing', async () => {
    await propose(mailReader());
    await confirm(await rooms.code(), mailReader());
    expect(await rooms.addressChanges.refuse('p1', (await latest())?.request ?? '', staff, 'No.')).to.equal('done');
    expect((await latest())?.state).to.equal('refused');
    rooms.pass(minute);
    await propose(mailReader());
    await confirm(await rooms.code(), mailReader());
    const undo = await rooms.undoToken();
    expect(await rooms.undos.find(undo)).to.include({ state: 'open', kind: 'address-request' });
    expect(await rooms.undos.undo(undo, reader)).to.equal('undone');
    expect((await latest())?.state).to.equal('cancelled');
    expect(await email()).to.equal(old);
  });

  it('is for those whose proof reaches the profile', async () => {
    expect(await propose(stranger())).to.equal('not-allowed');
    await propose();
    const code = await rooms.code();
    expect(await confirm(code, stranger())).to.equal('not-allowed');
    expect(await confirm(code, mailReader())).to.equal('none');
    expect(await rooms.addressChanges.cancel('p1', stranger())).to.equal('not-allowed');
    const late = owner();
    rooms.pass(15 * minute);
    expect(await confirm(code, late)).to.equal('not-allowed');
    expect(await email()).to.equal(old);
  });

  it('says what is wrong with what was typed, and nothing of who has an address', async () => {
    await rooms.person('p2');
    expect(await rooms.addressChanges.propose('p1', 'a@b@c', owner())).to.deep.equal({
      outcome: 'wrong-address',
      problem: 'notAlone',
    });
    expect(await propose(owner(), old)).to.equal('same');
    expect(await propose(owner(), 'p2@contoso.example')).to.equal('code-sent');
    expect(await confirm(await rooms.code())).to.equal('taken');
    expect(await email()).to.equal(old);
  });

  it('counts five tries and ten minutes', async () => {
    await propose();
    const code = await rooms.code();
    const wrong = code === '00000000' ? '00000001' : '00000000';
    for (let n = 0; n < 5; n++) expect(await confirm(wrong)).to.equal('wrong');
    expect(await confirm(code)).to.equal('locked');
    rooms.pass(minute);
    await propose();
    const late = await rooms.code();
    rooms.pass(10 * minute);
    expect(await confirm(late)).to.equal('expired');
    expect(await rooms.addressChanges.pendingOf('p1')).to.equal(undefined);
  });

  it('takes only the newest of two proposals', async () => {
    await propose();
    const first = await rooms.code();
    await propose(owner(), 'amira@third.example');
    const second = await rooms.code();
    expect(await confirm(first)).to.equal('wrong');
    expect(await confirm(second)).to.equal('changed');
    expect(await email()).to.equal('amira@third.example');
  });

  it('gives no address to two people of one organisation who confirm at once', async () => {
    await rooms.person('p2');
    await rooms.link('p2', ben);
    const other = () => rooms.asker('ben', { level: 'sign-in', account: ben.key });
    await propose(owner(), 'info@new.example');
    const first = await rooms.code();
    rooms.pass(minute);
    await rooms.addressChanges.propose('p2', 'info@new.example', other());
    const second = await rooms.code();
    const outcomes = await Promise.all([
      confirm(first),
      rooms.addressChanges.confirm('p2', second, other()).then(({ outcome }) => outcome),
    ]);
    expect(outcomes.sort()).to.deep.equal(['changed', 'taken']);
    expect(await rooms.directory.membersByAddress('info@new.example')).to.have.length(1);
  });

  it('ends links to the old one, and sends the invitation of a move that is under way to the new one', async () => {
    await rooms.reassociations.request('p1', owner());
    const [early] = await rooms.invitations.ofProfile('p1');
    const link = (await rooms.invitations.token(early?.id ?? '')) ?? '';
    expect(await change()).to.equal('changed');
    expect((await rooms.invitations.find(link))?.state).to.equal('replaced');
    const mail = (await rooms.mails()).filter(({ template }) => template === 'invitation').at(-1);
    expect(mail?.to).to.equal(another);
    const newest = (await rooms.invitations.ofProfile('p1')).at(-1);
    const redeemed = await rooms.invitations.redeem((await rooms.invitations.token(newest?.id ?? '')) ?? '', ben, {
      actor: `account:${ben.key}`,
      proof: 'sign-in',
    });
    expect(redeemed.outcome).to.equal('linked');
    const moved = (await rooms.mails()).filter(({ data }) => (data as { what?: string }).what === 'moved');
    expect(moved.map(({ to }) => to).sort()).to.deep.equal([another, old].sort());
  });

  it('that comes between the look at a profile and its invitation sends that to the new one', async () => {
    const by = { actor: `account:${amira.key}`, proof: 'sign-in' } as const;
    await propose();
    const code = await rooms.code();
    const { directory } = rooms;
    const member = directory.member.bind(directory);
    directory.member = async (id) => {
      directory.member = member;
      const seen = await member(id);
      expect(await confirm(code)).to.equal('changed');
      return seen;
    };
    await rooms.invitations.ask('p1', { purpose: 'reassociate', asked: 'proven', by, tell: 'staff' });
    const invited = (await rooms.mails()).filter(({ template }) => template === 'invitation');
    expect(invited.map(({ to }) => to)).to.deep.equal([another]);
  });

  it('tells the one before of a move that follows within seven days, who can take it back', async () => {
    await change();
    await rooms.reassociations.request('p1', owner());
    const requested = (await rooms.mails()).filter(({ data, template }) => {
      return template === 'associationChanged' && data.what === 'requested';
    });
    expect(requested.map(({ to }) => to).sort()).to.deep.equal([another, old].sort());
    expect(await rooms.undos.undo(await rooms.undoToken(), reader)).to.equal('undone');
    rooms.pass(7 * day);
    await rooms.reassociations.request('p1', owner());
    expect((await rooms.mails()).at(-2)?.to).to.equal(another);
  });

  it('is undone also when it was changed again, and for seven days', async () => {
    await change();
    const early = await rooms.undoToken();
    rooms.pass(minute);
    await change('amira@third.example');
    expect(await rooms.undos.undo(early, reader)).to.equal('undone');
    expect(await email()).to.equal(old);
    rooms.pass(minute);
    await change('amira@third.example');
    const late = await rooms.undoToken();
    rooms.pass(7 * day);
    expect(await rooms.undos.undo(late, reader)).to.equal('expired');
    expect(await email()).to.equal('amira@third.example');
  });

  it('is undone also while the next one is under way, which that ends', async () => {
    await change();
    const undo = await rooms.undoToken();
    rooms.pass(minute);
    await propose(owner(), 'amira@third.example');
    const code = await rooms.code();
    expect(await rooms.undos.undo(undo, reader)).to.equal('undone');
    expect(await email()).to.equal(old);
    expect(await confirm(code)).to.equal('none');
    expect(await email()).to.equal(old);
  });

  it('is not undone into an address that somebody else of the organisation has by now', async () => {
    await change();
    await rooms.person('p2', { email: old });
    const undo = await rooms.undoToken();
    expect(await rooms.undos.undo(undo, reader)).to.equal('overtaken');
    expect(await email()).to.equal(another);
  });

  it('approved and cancelled at once becomes one of them', async () => {
    for (let round = 0; round < 4; round++) {
      rooms.pass(day);
      const asker = () => rooms.asker(`reader-${round}`, { level: 'mailbox', address: old });
      await propose(asker(), `amira@n${round}.example`);
      await confirm(await rooms.code(), asker());
      const { request = '' } = (await latest()) ?? {};
      const [approved, cancelled] = await Promise.all([
        rooms.addressChanges.approve('p1', request, staff, 'yes'),
        rooms.addressChanges.cancel('p1', { staff }),
      ]);
      expect([approved, cancelled]).to.be.deep.oneOf([
        ['done', 'gone'],
        ['gone', 'cancelled'],
      ]);
      expect((await email()) === old).to.equal(cancelled === 'cancelled');
      if (cancelled === 'gone') await rooms.undos.undo(await rooms.undoToken(), reader);
    }
  });

  it('waits seven days for staff', async () => {
    await propose(mailReader());
    await confirm(await rooms.code(), mailReader());
    const { request = '' } = (await latest()) ?? {};
    rooms.pass(7 * day);
    const one = await latest();
    expect(one && addressChangeState(one, rooms.now())).to.equal('expired');
    expect(await rooms.addressChanges.approve('p1', request, staff, 'late')).to.equal('gone');
    expect(await propose(mailReader(), 'amira@third.example')).to.equal('code-sent');
  });

  for (const person of ['amira@new.example', old, 'p1']) {
    it(`is forgotten with ${person}`, async () => {
      await propose();
      await rooms.code();
      await rooms.erasure.forget(person);
      for await (const _ of rooms.records.all(addressChanges)) expect.fail('a change is left');
    });
  }
});

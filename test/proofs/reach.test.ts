import { expect } from 'chai';
import type { Proof } from '../../src/proofs/proof.ts';
import { teamsLinks } from '../../src/proofs/reach.ts';
import { Change } from '../../src/records/records.ts';
import { type AccessRooms, holderOf, minute, openAccessRooms } from '../support/access-rooms.ts';

const amira = { key: 'https://issuer.example|amira' };
const tenant = '00000000-0000-0000-0000-000000000001';
const objectId = '00000000-0000-0000-0000-00000000000a';

describe('what a proof reaches', () => {
  let rooms: AccessRooms;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    await rooms.person('p1', { email: 'amira@contoso.example' });
    await rooms.person('p2', { email: 'amira@contoso.example' }, { name: 'Fabrikam Inc.' });
    await rooms.person('p3', { teams: { tenant, objectId } });
    await rooms.link('p1', amira);
  });
  afterEach(() => rooms.close());

  const reached = async (proof: Proof) =>
    (await rooms.reach.profiles(proof)).map(({ member }) => member.profile.id).sort();
  const at = () => rooms.now().toISOString();
  const signIn = (account = amira.key) => ({ level: 'sign-in', account, verifiedAt: at() }) as const;
  const inTeams = (id = objectId) => ({ level: 'teams', teams: { tenant, objectId: id }, verifiedAt: at() }) as const;

  it('is the profiles of the mailbox, of the account, of the Teams identity, and no others', async () => {
    const mailbox = { level: 'mailbox', address: 'amira@contoso.example', verifiedAt: at() } as const;
    expect(await reached(mailbox)).to.deep.equal(['p1', 'p2']);
    expect(await reached(signIn())).to.deep.equal(['p1']);
    expect(await reached(signIn('https://issuer.example|eve'))).to.deep.equal([]);
    expect(await reached(inTeams())).to.deep.equal(['p3']);
    expect(await reached(inTeams('f'))).to.deep.equal([]);
    expect(await rooms.reach.judge('move-association', mailbox, 'p1')).to.equal('needs-approval');
    expect(await rooms.reach.judge('move-association', signIn(), 'p1')).to.equal('enough');
    expect(await rooms.reach.judge('move-association', signIn(), 'p2')).to.equal('not-enough');
    expect(await rooms.reach.judge('list-profiles', mailbox, 'p3')).to.equal('not-enough');
  });

  it('is nothing once the proof has run out', async () => {
    const proof = signIn();
    rooms.pass(15 * minute);
    expect(await reached(proof)).to.deep.equal([]);
    expect(await rooms.reach.judge('list-profiles', proof, 'p1')).to.equal('not-enough');
  });

  it('of a Teams identity that a sign-in tied is what the account reaches too; it is tied once', async () => {
    expect(await rooms.reach.tieTeams({ tenant, objectId }, signIn())).to.equal(true);
    expect(await rooms.reach.tieTeams({ tenant, objectId }, signIn())).to.equal(true);
    expect(await rooms.reach.tieTeams({ tenant, objectId }, signIn('https://issuer.example|eve'))).to.equal(false);
    expect(await reached(inTeams(objectId.toUpperCase()))).to.deep.equal(['p1', 'p3']);
    expect(await rooms.trail()).to.include('teams.tied');
  });

  it('is tied by one of two accounts at once', async () => {
    const tied = await Promise.all(
      ['a', 'b', 'c'].map((who) => rooms.reach.tieTeams({ tenant, objectId: who }, signIn(`https://i|${who}`))),
    );
    expect(tied).to.deep.equal([true, true, true]);
    const same = await Promise.all(
      ['d', 'e'].map((who) => rooms.reach.tieTeams({ tenant, objectId: 'z' }, signIn(who))),
    );
    expect(same.sort()).to.deep.equal([false, true]);
  });

  it('is not tied by a sign-in that has run out', async () => {
    const proof = signIn();
    rooms.pass(15 * minute);
    expect(await rooms.reach.tieTeams({ tenant, objectId }, proof)).to.equal(false);
  });

  it('is the strongest of a holder, and ends with the session that lent it', async () => {
    const holder = holderOf('amira');
    await rooms.proofs.keep(holder, { level: 'sign-in', account: amira.key, session: 's1' });
    rooms.pass(minute);
    await rooms.proofs.keep(holder, { level: 'mailbox', address: 'amira@contoso.example' });
    expect((await rooms.proofs.all(holder)).map(({ level }) => level)).to.deep.equal(['sign-in', 'mailbox']);
    const endOf = async (session: string) => {
      const change = new Change();
      await rooms.proofs.addEndOfSession(change, session);
      await rooms.records.commit(change);
    };
    await endOf('s2');
    expect(await rooms.proofs.of(holder)).to.include({ level: 'sign-in' });
    await endOf('s1');
    expect(await rooms.proofs.of(holder)).to.include({ level: 'mailbox' });
    await rooms.proofs.end(holder);
    expect(await rooms.proofs.of(holder)).to.equal(undefined);
  });

  it('keeps Teams identities, and is proven for who has the same', async () => {
    const holder = holderOf('teams-user');
    const proof = await rooms.proofs.keep(holder, { level: 'teams', teams: { tenant, objectId } });
    expect(await rooms.proofs.of(holder)).to.deep.equal(proof);
    expect(await reached(proof)).to.deep.equal(['p3']);
  });

  for (const person of [amira.key, 'p3', objectId]) {
    it(`by Teams is forgotten with ${person}`, async () => {
      await rooms.reach.tieTeams({ tenant, objectId }, signIn());
      await rooms.erasure.forget(person);
      for await (const _ of rooms.records.all(teamsLinks)) expect.fail('a tie is left');
    });
  }
});

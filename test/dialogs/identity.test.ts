import { expect } from 'chai';
import { Identity } from '../../src/dialogs/identity.ts';
import type { Talk } from '../../src/dialogs/talk.ts';
import type { Proof } from '../../src/proofs/proof.ts';
import { type AccessRooms, openAccessRooms } from '../support/access-rooms.ts';

const teams = { tenant: '5a3b1e00-0000-4000-8000-000000000000', objectId: '5a3b1e00-0000-4000-8000-000000000009' };

describe('who is in a conversation', () => {
  let rooms: AccessRooms;
  let identity: Identity;
  const now = () => rooms.now().toISOString();
  beforeEach(async () => {
    rooms = await openAccessRooms();
    await rooms.person('amira');
    await rooms.link('amira', { key: 'https://login.test|amira' });
    const { proofs, reach } = rooms;
    const known = async ({ teams: identity }: Talk): Promise<readonly Proof[]> =>
      identity ? [{ level: 'teams', teams: identity, verifiedAt: now() }] : [];
    identity = new Identity({ proofs, isThroughOther: async () => false, reach, known, now: rooms.now });
  });
  afterEach(() => rooms.close());

  const talk = (more: Partial<Talk> = {}) =>
    ({ conversation: 'msteams/c', person: 'msteams/u', channel: 'msteams', teams, ...more }) as Talk;
  const profiles = async (of: Talk) =>
    (await identity.profiles(of, 'move-association')).map(({ member }) => member.profile.id);
  const signedIn = (): Proof => ({ level: 'sign-in', account: 'https://login.test|amira', verifiedAt: now() });

  it('is known in Teams from one sign-in there on, in every chat of that person and of nobody else', async () => {
    expect(await profiles(talk())).to.deep.equal([]);
    await identity.remember(talk(), signedIn());
    expect(await profiles(talk({ conversation: 'msteams/another' }))).to.deep.equal(['amira']);
    expect(await profiles(talk({ teams: { ...teams, objectId: teams.tenant } }))).to.deep.equal([]);
  });

  it('is nobody yet where Teams vouches for somebody whom no profile knows, though staff are told of Teams', async () => {
    expect(await identity.proofs(talk())).to.deep.equal([]);
    expect(await identity.askerFor(talk(), 'move-association')).to.equal(undefined);
    expect((await identity.requester(talk())).proof).to.equal('teams');
    const holder = identity.holderOf(talk());
    await rooms.proofs.keep(holder, { level: 'mailbox', address: 'amira@contoso.example' });
    expect(await identity.requester(talk())).to.include({ proof: 'mailbox', address: 'amira@contoso.example' });
  });

  it('is not raised by a code from a mailbox, and not remembered elsewhere', async () => {
    await identity.remember(talk(), { level: 'mailbox', address: 'amira@contoso.example', verifiedAt: now() });
    await identity.remember(talk({ teams: undefined }), signedIn());
    expect(await profiles(talk())).to.deep.equal([]);
  });
});

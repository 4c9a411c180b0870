import { expect } from 'chai';
import { chatSignIns } from '../../src/proofs/chat-sign-ins.ts';
import { type AccessRooms, holderOf, minute, openAccessRooms } from '../support/access-rooms.ts';

const amira = holderOf('amira');
const attacker = holderOf('attacker');
const account = 'https://issuer.example|amira';

describe('signing in for a chat', () => {
  let rooms: AccessRooms;
  beforeEach(async () => {
    rooms = await openAccessRooms();
  });
  afterEach(() => rooms.close());

  async function request(holder = amira): Promise<string> {
    const requested = await rooms.chatSignIns.request(holder, 'move-association');
    if (requested.outcome !== 'requested') throw new Error(requested.outcome);
    return requested.id;
  }
  async function offer(id: string, by = account): Promise<string> {
    const offered = await rooms.chatSignIns.offer(id, by);
    return offered.outcome === 'offered' ? offered.number : offered.outcome;
  }
  const verify = async (typed: string, holder = amira) => (await rooms.chatSignIns.verify(holder, typed)).outcome;
  const wrong = (number: string) => String((Number(number) + 1) % 1e6).padStart(6, '0');

  it('proves the account once its number is given in the chat that asked', async () => {
    const id = await request();
    expect(await rooms.chatSignIns.find(id)).to.deep.equal({
      person: 'chat:webchat/amira',
      action: 'move-association',
      state: 'open',
      until: '2026-11-22T10:10:00.000Z',
    });
    expect(await verify('123456')).to.equal('not-offered');
    const number = await offer(id);
    expect(number).to.match(/^\d{6}$/);
    expect(await rooms.proofs.of(amira)).to.equal(undefined);
    expect(await verify(number)).to.equal('verified');
    expect(await rooms.proofs.of(amira)).to.deep.include({ level: 'sign-in', account });
    expect(await verify(number)).to.equal('none');
    expect(await offer(id)).to.equal('over');
    expect(await rooms.chatSignIns.find(id)).to.equal(undefined);
  });

  it('stands in the trail from the link to the number', async () => {
    const number = await offer(await request());
    await verify(number);
    const second = await offer(await request());
    for (let n = 0; n < 5; n++) await verify(wrong(second));
    const row = { at: '2026-11-22T10:00:00.000Z', proof: 'none', actor: amira.person, from: amira.from } as const;
    const details = { action: 'move-association' };
    const signedIn = { at: row.at, actor: `account:${account}`, proof: 'sign-in', details: { in: amira.person } };
    const offered = { ...signedIn, action: 'sign-in.offered', details: { ...details, in: amira.person } };
    const trail = (await rooms.trailRows()).map((entry) => ({ ...entry }));
    expect(trail).to.deep.equal([
      { ...row, action: 'sign-in.asked', details },
      offered,
      { ...signedIn, action: 'proof.verified', from: amira.from },
      { ...row, action: 'sign-in.asked', details },
      offered,
      { ...row, action: 'sign-in.locked' },
    ]);
  });

  it('by a link that was passed on proves nothing to who passed it', async () => {
    const id = await request(attacker);
    const number = await offer(id);
    expect(await verify(wrong(number), attacker)).to.equal('wrong');
    expect(await verify(number, amira)).to.equal('none');
    expect(await rooms.proofs.of(attacker)).to.equal(undefined);
  });

  it('shows the same number again to the same account, another to another, and goes on counting', async () => {
    const id = await request();
    const number = await offer(id);
    expect(await offer(id)).to.equal(number);
    for (let n = 0; n < 4; n++) await verify(wrong(number));
    const second = await offer(id, 'https://issuer.example|ben');
    expect(second).not.to.equal(number);
    expect(await verify(number)).to.equal('wrong');
    expect(await verify(second)).to.equal('locked');
    expect(await offer(id)).to.equal('over');
  });

  it('counts tries at once before it compares', async () => {
    const number = await offer(await request());
    const outcomes = await Promise.all(Array.from({ length: 7 }, () => verify(wrong(number))));
    expect(outcomes.filter((one) => one === 'wrong')).to.have.length(5);
    expect(await verify(number)).to.equal('locked');
  });

  it('is over after ten minutes, and with the next link of the same chat', async () => {
    const first = await request();
    const late = await offer(first);
    rooms.pass(10 * minute);
    expect(await verify(late)).to.equal('expired');
    const id = await request();
    expect(await offer(first)).to.equal('over');
    rooms.pass(10 * minute);
    expect(await offer(id)).to.equal('over');
  });

  it('holds over a restart', async () => {
    const number = await offer(await request());
    await rooms.reopen();
    expect(await verify(number)).to.equal('verified');
  });

  it('is begun twenty times an hour by one person', async () => {
    for (let n = 0; n < 20; n++) await request();
    expect(await rooms.chatSignIns.request(amira, 'list-profiles')).to.include({ outcome: 'too-many' });
  });

  for (const nonsense of ['', 'x', '__proto__', 'a'.repeat(100_000)]) {
    it(`knows no link ${nonsense.slice(0, 10)}`, async () => {
      await request();
      expect(await rooms.chatSignIns.find(nonsense)).to.equal(undefined);
      expect(await offer(nonsense)).to.equal('over');
    });
  }

  it('is forgotten with the account, and with the chat user', async () => {
    for (const person of [account, 'amira']) {
      await offer(await request());
      await rooms.erasure.forget(person);
      for await (const _ of rooms.records.all(chatSignIns)) expect.fail('a sign-in is left');
    }
  });
});

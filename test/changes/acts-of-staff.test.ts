import { expect } from 'chai';
import { type Act, ActsOfStaff } from '../../src/changes/acts-of-staff.ts';
import { clearDone } from '../../src/records/done-once.ts';
import { type AccessRooms, day, openAccessRooms } from '../support/access-rooms.ts';

describe('what staff do for a person', () => {
  let room: AccessRooms;
  let ids = 0;
  beforeEach(async () => {
    room = await openAccessRooms();
    await room.person('p1');
  });
  afterEach(() => room.close());
  const acts = () => new ActsOfStaff({ ...room, newId: () => `act-${++ids}` });
  const act = (key: string): Act => ({ by: { actor: 'staff:ana', proof: 'staff' }, reason: 'She called.', key });
  const link = () => room.link('p1', { key: 'https://issuer.example|amira' });
  const verbs = ['resend', 'revoke', 'end'] as const;

  it('is done once for a form, over a restart and in several instances, with the same answer', async () => {
    for (const verb of verbs) {
      if (verb === 'end') await link();
      const [before, written] = [(await room.mails()).length, (await room.trail()).length];
      const both = await Promise.all([acts()[verb]('p1', act(verb)), acts()[verb]('p1', act(verb))]);
      await room.reopen();
      const later = await acts()[verb]('p1', act(verb));
      expect(new Set([...both, later]), verb).to.deep.equal(new Set([verb === 'resend' ? 'invited' : 'done']));
      expect((await room.mails()).length, verb).to.equal(before + 1);
      expect((await room.trail()).length, verb).to.equal(written + 1);
    }
  });

  it('is done again for another form, and where nothing was done before', async () => {
    expect(await acts().end('p1', act('a'))).to.equal('nothing');
    await link();
    expect(await acts().end('p1', act('a'))).to.equal('done');
    expect(await acts().resend('p1', act('b'))).to.equal('invited');
    expect(await acts().resend('p1', act('c'))).to.equal('invited');
    expect(await acts().resend('nobody', act('d'))).to.equal('unknown');
  });

  it('is remembered for thirty days', async () => {
    await acts().resend('p1', act('a'));
    room.pass(29 * day);
    await clearDone(room.records, room.now());
    const before = (await room.mails()).length;
    await acts().resend('p1', act('a'));
    expect((await room.mails()).length).to.equal(before);
    room.pass(2 * day);
    await clearDone(room.records, room.now());
    await acts().resend('p1', act('a'));
    expect((await room.mails()).length).to.equal(before + 1);
  });

  it('tells of an end at the former address too, where it changed of late, and gives neither a way to undo it', async () => {
    await link();
    const owner = room.asker('owner', { level: 'sign-in', account: 'https://issuer.example|amira' } as never);
    await room.addressChanges.propose('p1', 'new@contoso.example', owner);
    expect((await room.addressChanges.confirm('p1', await room.code(), owner)).outcome).to.equal('changed');
    const before = (await room.mails()).length;
    await acts().end('p1', act('a'));
    const told = (await room.mails()).slice(before);
    expect(told.map(({ to }) => to).sort()).to.deep.equal(['new@contoso.example', 'p1@contoso.example']);
    for (const { template, data } of told) {
      expect(template).to.equal('byStaff');
      expect(data).to.include({ what: 'ended', reason: 'She called.' }).and.not.have.property('undo');
    }
  });
});

import { expect } from 'chai';
import { staffAccounts } from '../../src/sessions/staff-accounts.ts';
import { Roster } from '../../src/tickets/roster.ts';
import { ana, ben, lea, openTicketRoom, type TicketRoom } from '../support/ticket-room.ts';

const nameless = (id: string) => `Before all, ${id.slice(-4)}`;

describe('the roster', () => {
  let room: TicketRoom;
  beforeEach(async () => {
    room = await openTicketRoom();
  });
  afterEach(() => room.close());

  it('has everybody whom STAFF_ACCOUNTS names, with the name they last signed in with', async () => {
    const roster = new Roster(room.records, staffAccounts([ben.id, ana.id, `${lea.id}:lead`]).listed, nameless);
    await roster.learn({ id: ana.id, name: 'Ana' });
    await roster.learn(ana);
    await roster.learn(lea);
    await roster.learn({ id: 'https://login.test|eve', name: 'Eve' });
    expect(await roster.people()).to.deep.equal([
      { ...ana, role: 'agent', isKnown: true },
      { id: ben.id, name: 'Before all, |ben', role: 'agent', isKnown: false },
      { ...lea, role: 'lead', isKnown: true },
    ]);
  });

  it('admits nobody who was taken out', async () => {
    const before = new Roster(room.records, [{ id: ana.id, role: 'agent' }], nameless);
    await before.learn(ana);
    expect(await before.admit(ana.id)).to.include({ name: ana.name, role: 'agent' });
    const after = new Roster(room.records, [], nameless);
    const refused = await after.admit(ana.id).catch(({ code }) => code);
    expect(refused).to.equal('ERR_NOT_STAFF');
    expect(await after.people()).to.deep.equal([]);
    expect(await after.nameOf(ana.id)).to.equal(ana.name);
  });

  it('knows somebody by the id they are listed by, object id or subject', () => {
    const object = '9188040d-6c67-4c5b-b112-36a304b66dad/00000000-0000-4000-8000-000000000001';
    const staff = staffAccounts([object.toUpperCase(), `${ana.id}:lead`]);
    const [tenant = '', objectId = ''] = object.split('/');
    const byObject = { issuer: 'https://login.test', subject: 'x', tenant, objectId };
    const bySubject = { issuer: 'https://login.test', subject: 'ana', tenant, objectId: 'other' };
    expect(staff.idOf(byObject)).to.equal(object);
    expect(staff.idOf(bySubject)).to.equal(ana.id);
    expect(staff.roleOf(bySubject)).to.equal('lead');
    expect(staff.idOf({ issuer: 'https://login.test', subject: 'eve' })).to.equal(undefined);
  });
});

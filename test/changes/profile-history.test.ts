import { expect } from 'chai';
import { historyActions, historyOf } from '../../src/changes/profile-history.ts';
import { type AccessRooms, minute, openAccessRooms } from '../support/access-rooms.ts';

const amira = { key: 'https://issuer.example|amira' };
const ada = { key: 'https://issuer.example|ada' };
const staff = { actor: 'staff:https://issuer.example|sam', proof: 'staff' } as const;

describe('the history of a profile', () => {
  let rooms: AccessRooms;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    await rooms.person('p1');
    await rooms.link('p1', amira);
    await rooms.person('ada', { role: 'administrator' });
    await rooms.link('ada', ada);
  });
  afterEach(() => rooms.close());

  it('says what was done by whom, newest first, page by page', async () => {
    const mailbox = () => rooms.asker('reader', { level: 'mailbox', address: 'p1@contoso.example' });
    const administrator = () => ({
      profile: 'ada',
      asker: rooms.asker('ada', { level: 'sign-in', account: ada.key }),
    });
    const { holder } = mailbox();
    // Looking changes nothing, so it is not part of it.
    const p1 = 'p1@contoso.example';
    await rooms.codes.ask(holder, { written: p1, canonical: p1, envelope: p1 });
    await rooms.codes.verify(holder, p1, await rooms.code());
    await rooms.reassociations.request('p1', mailbox());
    const { request = '' } = (await rooms.reassociations.latestOf('p1'))?.value ?? {};
    await rooms.reassociations.refuse('p1', request, staff, 'no');
    await rooms.colleagues.changeRole(administrator(), 'p1', 'administrator');
    await rooms.colleagues.endAccess(administrator(), 'p1');
    rooms.pass(minute);
    await rooms.invitations.ask('p1', {
      purpose: 'associate',
      asked: 'without-proof',
      by: { actor: 'nobody', proof: 'none' },
      tell: 'nobody',
    });
    await rooms.colleagues.restore(administrator(), 'p1');

    const history = await historyOf(rooms.records, 'p1', { viewer: amira.key, limit: 100 });
    expect(history.map(({ action, actor }) => `${action} ${actor}`)).to.deep.equal([
      'access.restored administrator',
      'association.restored administrator',
      'access.ended administrator',
      'association.ended administrator',
      'role.changed administrator',
      'move.refused staff',
      'move.requested mailbox',
      'association.created you',
    ]);
    expect(history[0]).to.include({ at: '2026-11-22T10:01:00.000Z', proof: 'sign-in' });
    for (const { action } of history) expect(historyActions as readonly string[]).to.include(action);
    const [newest] = await historyOf(rooms.records, 'p1', { viewer: ada.key, limit: 1 });
    expect(newest?.actor).to.equal('you');
    const rest = await historyOf(rooms.records, 'p1', { viewer: amira.key, limit: 2, before: history[5]?.id ?? '' });
    expect(rest.map(({ action }) => action)).to.deep.equal(['move.requested', 'association.created']);
  });
});

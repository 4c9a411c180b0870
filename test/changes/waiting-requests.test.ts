import { expect } from 'chai';
import { WaitingRequests } from '../../src/changes/waiting-requests.ts';
import { OwnPresence } from '../../src/instances/own-presence.ts';
import { inboxPlace } from '../../src/instances/presence.ts';
import { createLog } from '../../src/log.ts';
import { StaffAlerts } from '../../src/tickets/staff-alerts.ts';
import { type AccessRooms, day, minute, openAccessRooms } from '../support/access-rooms.ts';

describe('mail to staff of requests that wait for a decision', () => {
  let room: AccessRooms;
  let requests: WaitingRequests;
  let presence: OwnPresence;
  let alerts: StaffAlerts;
  beforeEach(async () => {
    room = await openAccessRooms();
    presence = new OwnPresence(room.now);
    let ids = 0;
    const parts = { ...room, staffEmail: 'staff@contoso.example', newId: () => `alert-${++ids}` };
    requests = new WaitingRequests(parts);
    const [wakeAfter, log] = [() => () => {}, createLog('silent')];
    alerts = new StaffAlerts({ ...parts, others: () => requests.unseen(), presence, wakeAfter, log });
  });
  afterEach(async () => {
    await alerts.close();
    await room.close();
  });
  const by = { actor: 'staff:ana', proof: 'staff' } as const;
  const reader = (id: string) =>
    room.asker(`reader-${id}`, { level: 'mailbox', address: `${id}@contoso.example` } as never);
  /** Asks to be moved, by mailbox alone. @returns the request */
  async function move(id: string): Promise<string> {
    await room.person(id);
    await room.link(id, { key: `https://issuer.example|${id}` });
    const asked = await room.reassociations.request(id, reader(id));
    return 'reassociation' in asked ? asked.reassociation.request : expect.fail(asked.outcome);
  }
  const told = async () => {
    alerts.wake();
    await alerts.idle();
    const mails = (await room.mails()).filter(({ template }) => template === 'requestWaiting');
    return mails.map(({ to, data }) => [to, data]);
  };

  it('tells of each once, two minutes later, naming nobody', async () => {
    await move('p1');
    await room.addressChanges.propose('p1', 'new@contoso.example', reader('p1'));
    const code = await room.code();
    expect((await room.addressChanges.confirm('p1', code, reader('p1'))).outcome).to.equal('awaiting-approval');
    room.pass(2 * minute - 1);
    expect(await told()).to.deep.equal([]);
    room.pass(1);
    const each = (await told()).sort();
    expect(each).to.deep.equal([
      ['staff@contoso.example', { what: 'move' }],
      ['staff@contoso.example', { what: 'address' }],
    ]);
    room.pass(day);
    expect(await told()).to.have.length(2);
    expect(await requests.count()).to.equal(2);
  });

  it('tells nothing while somebody has the inbox open, and of nothing that was seen, decided or is over', async () => {
    const close = presence.arrived(inboxPlace);
    const [refused, approved] = [await move('p1'), await move('p2')];
    await move('p3');
    room.pass(10 * minute);
    expect(await told()).to.deep.equal([]);
    await room.reassociations.refuse('p1', refused, by, 'No.');
    await requests.seen(['p2', 'nobody']);
    // Having looked at it changes nothing that was asked for.
    expect(await room.reassociations.approve('p2', approved, by, 'Yes.')).to.equal('done');
    await requests.seen(['p3']);
    close();
    room.pass(2 * minute);
    expect(await told()).to.deep.equal([]);
    await move('p4');
    expect(await requests.count()).to.equal(2);
    room.pass(7 * day);
    expect(await requests.count()).to.equal(0);
    expect(await told()).to.deep.equal([]);
  });
});

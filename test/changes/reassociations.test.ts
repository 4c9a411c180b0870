import { expect } from 'chai';
import type { Account } from '../../src/accounts/association.ts';
import { reassociationState, reassociations } from '../../src/changes/reassociation.ts';
import type { Asking } from '../../src/invitations/invitations.ts';
import { type AccessRooms, day, openAccessRooms } from '../support/access-rooms.ts';

const amira: Account = { key: 'https://issuer.example|amira', email: 'amira@outlook.example' };
const ben: Account = { key: 'https://issuer.example|ben', name: 'Ben' };
const staff = { actor: 'staff:https://issuer.example|sam', proof: 'staff' } as const;
const reader = { actor: 'nobody', proof: 'mailbox' } as const;
const byBen = { actor: `account:${ben.key}`, proof: 'sign-in' } as const;

describe('moving a profile to another account', () => {
  let rooms: AccessRooms;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    await rooms.person('p1');
    await rooms.link('p1', amira);
  });
  afterEach(() => rooms.close());

  const owner = () => rooms.asker('amira', { level: 'sign-in', account: amira.key });
  const mailReader = () => rooms.asker('reader', { level: 'mailbox', address: 'p1@contoso.example' });
  const stranger = () => rooms.asker('eve', { level: 'sign-in', account: 'https://issuer.example|eve' });
  const request = async (asker = owner()) => (await rooms.reassociations.request('p1', asker)).outcome;
  const latest = async () => (await rooms.reassociations.latestOf('p1'))?.value;
  const state = async () => {
    const one = await latest();
    return one && reassociationState(one, rooms.now());
  };
  const linked = async () => (await rooms.accounts.association('p1'))?.value.account.key;
  const token = async () => {
    const newest = (await rooms.invitations.ofProfile('p1')).at(-1);
    return (await rooms.invitations.token(newest?.id ?? '')) ?? '';
  };
  const redeem = async (link: string) => (await rooms.invitations.redeem(link, ben, byBen)).outcome;
  const told = async () =>
    (await rooms.mails()).flatMap(({ template, data }) => {
      const { what, decision } = data as { what?: string; decision?: string };
      return [[template, what, decision].filter(Boolean).join(' ')];
    });

  it('by its account invites at once; the link that is there stays until the other account confirms', async () => {
    expect(await request()).to.equal('invited');
    expect(await linked()).to.equal(amira.key);
    expect(await told()).to.deep.equal(['associationChanged linked', 'associationChanged requested', 'invitation']);
    expect(await redeem(await token())).to.equal('linked');
    expect(await linked()).to.equal(ben.key);
    expect(await state()).to.equal('completed');
    expect(await rooms.reassociations.pendingOf('p1')).to.equal(undefined);
    expect(await told()).to.include('associationChanged moved');
    expect(await rooms.trail()).to.include.members(['move.requested', 'invitation.issued', 'move.completed']);
  });

  it('by a reader of its mail waits for staff, who say why', async () => {
    expect(await request(mailReader())).to.equal('awaiting-approval');
    expect(await rooms.invitations.ofProfile('p1')).to.deep.equal([]);
    const [waiting] = await rooms.reassociations.awaitingApproval();
    expect(waiting?.member.profile.id).to.equal('p1');
    const approve = (reason: string) =>
      rooms.reassociations.approve('p1', waiting?.request.request ?? '', staff, reason);
    expect(await approve('You answered our call.')).to.equal('done');
    const mails = (await rooms.mails()).length;
    // The same form again is told the same; whoever decides anew is told that it was.
    expect(await approve('You answered our call.')).to.equal('done');
    expect(await approve('Another reason.')).to.equal('gone');
    expect((await rooms.mails()).length).to.equal(mails);
    expect(await rooms.reassociations.awaitingApproval()).to.deep.equal([]);
    expect(await latest()).to.deep.include({
      state: 'invited',
      decision: { by: staff.actor, reason: 'You answered our call.' },
    });
    expect((await rooms.mails()).at(-1)).to.deep.include({ template: 'decided', to: 'p1@contoso.example' });
    expect(await redeem(await token())).to.equal('linked');
  });

  it('that staff refuses invites nobody, and can be asked for again', async () => {
    await request(mailReader());
    const { request: id = '' } = (await latest()) ?? {};
    expect(await rooms.reassociations.refuse('p1', id, staff, 'We could not reach you.')).to.equal('done');
    expect(await state()).to.equal('refused');
    expect(await rooms.invitations.ofProfile('p1')).to.deep.equal([]);
    expect(await request(mailReader())).to.equal('awaiting-approval');
    expect(await rooms.reassociations.approve('p1', id, staff, 'The one before')).to.equal('gone');
  });

  it('is for those whose proof reaches the profile, and while that lasts', async () => {
    expect(await request(stranger())).to.equal('not-allowed');
    const early = owner();
    rooms.pass(15 * 60_000);
    expect(await request(early)).to.equal('not-allowed');
    expect((await rooms.reassociations.request('p9', owner())).outcome).to.equal('not-allowed');
    expect(await latest()).to.equal(undefined);
  });

  it('is under way once, also when it is asked for ten times at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => request()));
    expect(outcomes.filter((one) => one === 'invited')).to.have.length(1);
    expect((await told()).filter((one) => one === 'invitation')).to.have.length(1);
    expect(await request()).to.equal('pending');
  });

  it('is nothing to ask for where nothing is linked, or no access is given', async () => {
    await rooms.person('p2', { email: 'p1@contoso.example' }, { name: 'Fabrikam Inc.' });
    expect((await rooms.reassociations.request('p2', mailReader())).outcome).to.equal('not-linked');
    await rooms.person('p3', {}, { name: 'Late Ltd.', planUntil: '2026-11-01' });
    await rooms.link('p3', amira);
    expect((await rooms.reassociations.request('p3', owner())).outcome).to.equal('no-access');
  });

  it('goes out although a stranger asked for as many invitations as there may be', async () => {
    const byAddress: Asking = {
      purpose: 'associate',
      asked: 'without-proof',
      by: { actor: 'nobody', proof: 'none' },
      tell: 'nobody',
    };
    for (let n = 0; n < 5; n++) {
      await rooms.invitations.ask('p1', byAddress);
      rooms.pass(5 * 60_000);
    }
    expect(await rooms.invitations.ask('p1', byAddress)).to.equal('too-many');
    expect(await request()).to.equal('invited');
    expect(await redeem(await token())).to.equal('linked');
  });

  it('can be asked for ten times a day', async () => {
    for (let n = 0; n < 10; n++) {
      expect(await request()).to.equal('invited');
      await rooms.reassociations.cancel('p1', owner());
    }
    expect(await request()).to.equal('too-many');
  });

  it('that is cancelled has no link any more', async () => {
    await request();
    const link = await token();
    expect(await rooms.reassociations.cancel('p1', stranger())).to.equal('not-allowed');
    expect(await rooms.reassociations.cancel('p1', mailReader())).to.equal('cancelled');
    expect(await rooms.reassociations.cancel('p1', { staff })).to.equal('gone');
    expect(await state()).to.equal('cancelled');
    expect(await rooms.invitations.redeem(link, ben, byBen)).to.deep.equal({
      outcome: 'not-valid',
      state: 'withdrawn',
    });
    expect(await linked()).to.equal(amira.key);
  });

  it('is cancelled by the reader of its notice, once', async () => {
    await request();
    const link = await token();
    const undo = await rooms.undoToken();
    expect(await rooms.undos.find(undo)).to.include({ state: 'open', kind: 'move-request' });
    expect(await state()).to.equal('invited');
    expect(await rooms.undos.undo(undo, reader)).to.equal('undone');
    expect(await state()).to.equal('cancelled');
    expect(await redeem(link)).to.equal('not-valid');
    expect(await rooms.undos.undo(undo, reader)).to.equal('used');
    expect(await rooms.trail()).to.include('move.cancelled');
  });

  it('is not cancelled by the notice of an earlier one', async () => {
    await request();
    const early = await rooms.undoToken();
    await rooms.reassociations.cancel('p1', owner());
    await request();
    expect(await rooms.undos.undo(early, reader)).to.equal('overtaken');
    expect(await state()).to.equal('invited');
  });

  it('that was completed is taken back by the notice of that', async () => {
    await request();
    await redeem(await token());
    expect(await rooms.undos.undo(await rooms.undoToken(), reader)).to.equal('undone');
    expect(await linked()).to.equal(amira.key);
  });

  it('approved, refused and cancelled at once becomes one of these', async () => {
    for (let round = 0; round < 5; round++) {
      await request(mailReader());
      const { request: id = '' } = (await latest()) ?? {};
      const outcomes = await Promise.all([
        rooms.reassociations.approve('p1', id, staff, 'yes'),
        rooms.reassociations.refuse('p1', id, staff, 'no'),
        rooms.reassociations.cancel('p1', mailReader()),
      ]);
      const decided = outcomes.slice(0, 2).filter((one) => one === 'done');
      expect(decided.length).to.be.at.most(1);
      const now = await state();
      expect(now).to.be.oneOf(['refused', 'cancelled', 'invited']);
      if (now === 'cancelled') {
        const live = (await rooms.invitations.ofProfile('p1')).filter(({ value }) => value.ended === undefined);
        expect(live).to.deep.equal([]);
      } else expect(decided).to.have.length(1);
      await rooms.reassociations.cancel('p1', { staff });
    }
  });

  it('confirmed and cancelled at once is one of them, and both agree', async () => {
    await request();
    const [redeemed, cancelled] = await Promise.all([
      redeem(await token()),
      rooms.reassociations.cancel('p1', owner()),
    ]);
    const isMoved = (await linked()) === ben.key;
    expect([redeemed, cancelled, await state()]).to.deep.equal(
      isMoved ? ['linked', 'gone', 'completed'] : ['not-valid', 'cancelled', 'cancelled'],
    );
  });

  it('is over after seven days, seven more once it is approved', async () => {
    await request(mailReader());
    rooms.pass(6 * day);
    const { request: id = '' } = (await latest()) ?? {};
    await rooms.reassociations.approve('p1', id, staff, 'yes');
    rooms.pass(7 * day - 1);
    expect(await state()).to.equal('invited');
    const link = await token();
    rooms.pass(1);
    expect(await state()).to.equal('expired');
    expect(await rooms.reassociations.pendingOf('p1')).to.equal(undefined);
    expect(await redeem(link)).to.equal('not-valid');
    await request(mailReader());
    const { request: second = '' } = (await latest()) ?? {};
    rooms.pass(7 * day);
    expect(await rooms.reassociations.awaitingApproval()).to.deep.equal([]);
    expect(await rooms.reassociations.approve('p1', second, staff, 'late')).to.equal('gone');
  });

  it('can have its e-mail sent again while it is under way', async () => {
    await request();
    const first = await token();
    expect(await rooms.reassociations.resend('p1', owner())).to.equal('too-soon');
    rooms.pass(5 * 60_000);
    expect(await rooms.reassociations.resend('p1', stranger())).to.equal('not-allowed');
    expect(await rooms.reassociations.resend('p1', owner())).to.equal('invited');
    expect(await redeem(first)).to.equal('not-valid');
    expect(await redeem(await token())).to.equal('linked');
    expect(
      await rooms.reassociations.resend('p1', rooms.asker('ben', { level: 'sign-in', account: ben.key })),
    ).to.equal('gone');
  });

  it('holds over a restart', async () => {
    await request(mailReader());
    await rooms.reopen();
    expect(await rooms.reassociations.awaitingApproval()).to.have.length(1);
  });

  it('stays when who decided is forgotten', async () => {
    await request(mailReader());
    await rooms.reassociations.refuse('p1', (await latest())?.request ?? '', staff, 'no');
    await rooms.erasure.forget('https://issuer.example|sam');
    expect(await latest()).to.include({ state: 'refused' });
    expect(JSON.stringify(await latest())).not.to.include('|sam');
  });

  it('is forgotten with the profile', async () => {
    await request();
    await rooms.erasure.forget('p1@contoso.example');
    for await (const _ of rooms.records.all(reassociations)) expect.fail('a request is left');
  });
});

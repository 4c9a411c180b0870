import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Account } from '../../src/accounts/association.ts';
import { invitationLimits } from '../../src/invitations/invitation.ts';
import type { Asking } from '../../src/invitations/invitations.ts';
import { type AccessRooms, day, minute, openAccessRooms } from '../support/access-rooms.ts';

const amira: Account = { key: 'https://issuer.example|amira', name: 'Amira', email: 'amira@outlook.example' };
const ben: Account = { key: 'https://issuer.example|ben' };
const stranger = { actor: 'nobody', proof: 'none' } as const;
const byAmira = { actor: `account:${amira.key}`, proof: 'sign-in' } as const;
const byAddress: Asking = { purpose: 'associate', asked: 'without-proof', by: stranger, tell: 'nobody' };
const proven: Asking = { purpose: 'associate', asked: 'proven', by: byAmira, tell: 'staff' };
const move: Asking = { ...proven, purpose: 'reassociate' };

describe('invitations', () => {
  let rooms: AccessRooms;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    await rooms.person('p1');
  });
  afterEach(() => rooms.close());

  const ask = (asking: Asking = byAddress, profile = 'p1') => rooms.invitations.ask(profile, asking);
  /** The token of the newest invitation. */
  const token = async (profile = 'p1') => {
    const newest = (await rooms.invitations.ofProfile(profile)).at(-1);
    return (await rooms.invitations.token(newest?.id ?? '')) ?? '';
  };
  const redeem = (text: string, account = amira) => rooms.invitations.redeem(text, account, byAmira);
  const outcome = async (text: string, account = amira) => (await redeem(text, account)).outcome;
  const templates = async () => (await rooms.mails()).map(({ template }) => template);
  const later = () => rooms.pass(invitationLimits.pause);

  it('go out by mail, and the link works once for who signs in', async () => {
    expect(await ask()).to.equal('invited');
    const [mail] = await rooms.mails();
    expect(mail).to.deep.include({
      template: 'invitation',
      to: 'p1@contoso.example',
      tell: 'nobody',
      state: 'waiting',
    });
    const link = await token();
    expect(await outcome(link)).to.equal('linked');
    expect((await rooms.accounts.association('p1'))?.value.account).to.deep.equal(amira);
    expect(await redeem(link, ben)).to.deep.equal({ outcome: 'not-valid', state: 'used' });
    expect(await outcome(link)).to.equal('already-yours');
    expect(await rooms.trail()).to.deep.equal(['invitation.issued', 'invitation.redeemed', 'association.created']);
    expect(await templates()).to.deep.equal(['invitation', 'associationChanged']);
  });

  it('that are to move a profile stay good when its present account confirms them', async () => {
    await ask();
    await redeem(await token());
    later();
    await ask({ ...proven, purpose: 'reassociate' });
    const link = await token();
    expect(await outcome(link)).to.equal('same-account');
    expect((await rooms.invitations.find(link))?.state).to.equal('valid');
    expect(await outcome(link, ben)).to.equal('linked');
    expect(await outcome(link, ben)).to.equal('already-yours');
  });

  it('change nothing when their link is only looked at', async () => {
    await ask();
    const link = await token();
    for (let n = 0; n < 3; n++) expect((await rooms.invitations.find(link))?.state).to.equal('valid');
    expect(await outcome(link)).to.equal('linked');
  });

  it('end after seven days', async () => {
    await ask();
    const link = await token();
    rooms.pass(7 * day - 1);
    expect((await rooms.invitations.find(link))?.state).to.equal('valid');
    rooms.pass(1);
    expect(await redeem(link)).to.deep.equal({ outcome: 'not-valid', state: 'expired' });
    expect(await rooms.accounts.association('p1')).to.equal(undefined);
  });

  it('that a stranger asks for end no earlier link; the first that is redeemed ends the others', async () => {
    await ask();
    const first = await token();
    later();
    await ask();
    const second = await token();
    expect(second).not.to.equal(first);
    expect((await rooms.invitations.find(first))?.state).to.equal('valid');
    expect(await outcome(first)).to.equal('linked');
    expect((await rooms.invitations.find(second))?.state).to.equal('replaced');
  });

  it('that a stranger asks for live three at a time; then the newest is mailed again', async () => {
    for (let n = 0; n < 3; n++) {
      expect(await ask()).to.equal('invited');
      later();
    }
    const newest = await token();
    expect(await ask()).to.equal('mailed-again');
    expect(await rooms.invitations.ofProfile('p1')).to.have.length(3);
    expect(await token()).to.equal(newest);
    expect(await templates()).to.have.length(4);
  });

  it('that a proven owner asks for end all earlier links at once', async () => {
    await ask();
    const first = await token();
    later();
    await ask(proven);
    expect((await rooms.invitations.find(first))?.state).to.equal('replaced');
    expect(await outcome(await token())).to.equal('linked');
  });

  it('are mailed once in five minutes and five times a day, silently', async () => {
    expect(await ask()).to.equal('invited');
    rooms.pass(5 * minute - 1);
    expect(await ask()).to.equal('too-soon');
    rooms.pass(1);
    for (let n = 0; n < 4; n++) {
      expect(await ask()).to.be.oneOf(['invited', 'mailed-again']);
      later();
    }
    expect(await ask()).to.equal('too-many');
    expect(await templates()).to.have.length(5);
    rooms.pass(day);
    expect(await ask()).to.be.oneOf(['invited', 'mailed-again']);
  });

  it('that strangers ask for use up nothing of what is for who has proof', async () => {
    for (let n = 0; n < 5; n++) {
      await ask();
      later();
    }
    rooms.pass(-minute);
    expect(await ask()).to.equal('too-many');
    expect(await ask({ ...move, purpose: 'associate' })).to.equal('invited');
    expect(await ask(proven)).to.equal('too-soon');
    for (let n = 0; n < 4; n++) {
      later();
      expect(await ask(proven)).to.equal('invited');
    }
    later();
    expect(await ask(proven)).to.equal('too-many');
  });

  it('twenty of them, each redeemed twenty times at once by twenty people, have twenty winners', async () => {
    const people = Array.from({ length: 20 }, (_, n) => ({ key: `https://issuer.example|person-${n}` }));
    const links: string[] = [];
    for (let n = 0; n < 20; n++) {
      await rooms.person(`q${n}`);
      await ask(byAddress, `q${n}`);
      links.push(await token(`q${n}`));
    }
    const outcomes = await Promise.all(links.flatMap((link) => people.map((person) => redeem(link, person))));
    const winners = outcomes.flatMap((one) => (one.outcome === 'linked' ? [one.member.profile.id] : []));
    expect(winners.sort()).to.deep.equal(people.map((_, n) => `q${n}`).sort());
    const losers = outcomes.filter(({ outcome }) => outcome !== 'linked');
    expect(new Set(losers.map(({ outcome }) => outcome))).to.deep.equal(new Set(['not-valid']));
    const notices = (await rooms.mails()).filter(({ template }) => template === 'associationChanged');
    expect(notices).to.have.length(20);
  });

  it('worked off again after a crash are not mailed again', async () => {
    const asking = { ...byAddress, mail: 'ask-1 p1' };
    expect(await ask(asking)).to.equal('invited');
    rooms.pass(day);
    expect(await ask(asking)).to.equal('done-before');
    expect(await templates()).to.have.length(1);
  });

  it('asked for twenty times at once are one mail', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(asked.filter((one) => one === 'invited')).to.have.length(1);
    expect(await templates()).to.have.length(1);
  });

  it('confirmed by two people at once have one winner', async () => {
    await ask();
    const link = await token();
    const outcomes = await Promise.all([
      outcome(link, amira),
      outcome(link, ben),
      outcome(link, amira),
      outcome(link, ben),
    ]);
    expect(outcomes.filter((one) => one === 'linked')).to.have.length(1);
    expect((await templates()).filter((template) => template === 'associationChanged')).to.have.length(1);
  });

  it('two of them, confirmed at once by two people, link the profile once', async () => {
    await ask();
    const first = await token();
    later();
    await ask();
    const outcomes = await Promise.all([outcome(first, amira), outcome(await token(), ben)]);
    expect(outcomes.filter((one) => one === 'linked')).to.have.length(1);
  });

  it('of a linked profile are a mail that says so, without a link', async () => {
    await ask();
    await redeem(await token());
    later();
    expect(await ask()).to.equal('already-linked');
    const mail = (await rooms.mails()).at(-1);
    expect(mail).to.deep.include({ template: 'alreadyLinked' });
    expect(mail?.data).to.deep.include({ account: 'a...@outlook.example' });
    expect(await rooms.invitations.ofProfile('p1')).to.have.length(1);
  });

  it('to link cannot move a profile; those to move can, and the old link stays until then', async () => {
    await ask();
    const stale = await token();
    later();
    await ask();
    const linking = await token();
    await redeem(linking);
    expect(await redeem(stale, ben)).to.deep.equal({ outcome: 'not-valid', state: 'replaced' });
    later();
    expect(await ask(move)).to.equal('invited');
    expect((await rooms.accounts.association('p1'))?.value.account.key).to.equal(amira.key);
    expect(await outcome(await token(), ben)).to.equal('linked');
    expect((await rooms.accounts.association('p1'))?.value.account.key).to.equal(ben.key);
    expect((await rooms.mails()).at(-1)?.data).to.include({ what: 'moved' });
  });

  it('that were withdrawn say so', async () => {
    await ask();
    const link = await token();
    expect(await rooms.invitations.revoke('p1', byAmira)).to.equal(1);
    expect(await redeem(link)).to.deep.equal({ outcome: 'not-valid', state: 'withdrawn' });
    expect(await rooms.invitations.revoke('p1', byAmira)).to.equal(0);
  });

  it('of a plan that has ended are a mail that says why; a link from before links nothing then', async () => {
    await rooms.person('p2', {}, { name: 'Late Ltd.', planUntil: '2026-11-22' });
    await ask(byAddress, 'p2');
    const link = await token('p2');
    rooms.pass(2 * day);
    expect(await outcome(link)).to.equal('no-access');
    expect(await ask(byAddress, 'p2')).to.equal('no-access');
    expect((await rooms.mails()).at(-1)).to.deep.include({ template: 'noAccess' });
  });

  it('of one profile never touch another, with the same address or not', async () => {
    await rooms.person('p2', { email: 'p1@contoso.example' }, { name: 'Fabrikam Inc.' });
    await ask();
    await ask(byAddress, 'p2');
    await redeem(await token('p1'));
    expect(await rooms.accounts.association('p2')).to.equal(undefined);
    expect((await rooms.invitations.find(await token('p2')))?.state).to.equal('valid');
    expect(await outcome(await token('p2'))).to.equal('linked');
    expect((await rooms.accounts.linkedTo(amira.key)).map(({ member }) => member.profile.id).sort()).to.deep.equal([
      'p1',
      'p2',
    ]);
  });

  for (const wrong of ['', 'x', '__proto__', 'a'.repeat(43), 'a'.repeat(100_000), '../../etc', '\u0000'.repeat(43)]) {
    it(`know no token ${JSON.stringify(wrong.slice(0, 12))}`, async () => {
      await ask();
      expect(await rooms.invitations.find(wrong)).to.equal(undefined);
      expect(await redeem(wrong)).to.deep.equal({ outcome: 'not-valid', state: 'unknown' });
    });
  }

  it('keep no token in any file', async () => {
    await ask();
    const link = await token();
    await redeem(link);
    let stored = '';
    for (const name of await readdir(rooms.folder))
      stored += await readFile(`${rooms.folder}/${name}`, 'utf8').catch(() => '');
    expect(stored).to.include('tokenHash').and.not.include(link);
  });
});

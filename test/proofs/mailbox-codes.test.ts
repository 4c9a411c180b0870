import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { readEmailAddress } from '../../src/mail/email-address.ts';
import { removeProofsThatAreOver } from '../../src/proofs/clear-proofs.ts';
import { mailboxCodes } from '../../src/proofs/mailbox-codes.ts';
import { proofRecords } from '../../src/proofs/proof.ts';
import { type AccessRooms, day, holderOf, minute, openAccessRooms } from '../support/access-rooms.ts';

const amira = holderOf('amira');
const other = holderOf('other');
const known = 'p1@contoso.example';
const unknown = 'nobody@contoso.example';

function address(text: string) {
  const { ok } = readEmailAddress(text);
  if (!ok) throw new Error(`${text} is no address`);
  return ok;
}
const wrong = (code: string) => String((Number(code) + 1) % 1e8).padStart(8, '0');

describe('codes that prove a mailbox', () => {
  let rooms: AccessRooms;
  beforeEach(async () => {
    rooms = await openAccessRooms();
    await rooms.person('p1');
  });
  afterEach(() => rooms.close());

  const ask = (holder = amira, to = known) => rooms.codes.ask(holder, address(to));
  const verify = async (typed: string, holder = amira, to = known) =>
    (await rooms.codes.verify(holder, to, typed)).outcome;
  const codesOf = async (to: string) => {
    const found: (string | undefined)[] = [];
    for await (const { value } of rooms.records.all(mailboxCodes))
      if (value.address === to) found.push(await rooms.codes.code(value.id));
    return found;
  };
  const mails = async () => (await rooms.mails()).map(({ template, to }) => `${template} ${to}`);

  it('are mailed to the address on the profile, and prove it for who asked, once', async () => {
    expect(await ask(amira, 'P1@Contoso.example')).to.deep.equal({
      outcome: 'asked',
      until: '2026-11-22T10:10:00.000Z',
    });
    const code = await rooms.code();
    expect(code).to.match(/^\d{8}$/);
    expect(await mails()).to.deep.equal([`code ${known}`]);
    expect(await rooms.proofs.of(amira)).to.equal(undefined);
    expect(await verify(` ${code.slice(0, 4)}-${code.slice(4)} `)).to.equal('verified');
    expect(await rooms.proofs.of(amira)).to.deep.include({ level: 'mailbox', address: known });
    expect(await verify(code)).to.equal('none');
  });

  it('prove nothing to another holder, nor another address', async () => {
    await rooms.person('p2');
    await ask();
    const code = await rooms.code();
    expect(await verify(code, other)).to.equal('none');
    expect(await verify(code, amira, 'p2@contoso.example')).to.equal('none');
    expect(await rooms.proofs.of(other)).to.equal(undefined);
    await verify(code);
    expect(await rooms.proofs.of(other)).to.equal(undefined);
  });

  it('can be tried five times, whichever of the tries was right', async () => {
    await ask();
    const code = await rooms.code();
    for (let left = 4; left >= 0; left--)
      expect(await rooms.codes.verify(amira, known, wrong(code))).to.deep.equal({ outcome: 'wrong', triesLeft: left });
    expect(await verify(code)).to.equal('locked');
  });

  it('tried eight times at once are tried five times', async () => {
    await ask();
    const code = await rooms.code();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => verify(wrong(code))));
    expect(outcomes.sort()).to.deep.equal([...Array(3).fill('locked'), ...Array(5).fill('wrong')]);
    expect(await verify(code)).to.equal('locked');
  });

  it('given five times at once prove once', async () => {
    await ask();
    const code = await rooms.code();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => verify(code)));
    expect(outcomes.filter((one) => one === 'verified')).to.have.length(1);
    expect(await rooms.proofs.all(amira)).to.have.length(1);
  });

  it('count a try that a crash followed', async () => {
    await ask();
    const code = await rooms.code();
    for (let n = 0; n < 3; n++) await verify(wrong(code));
    await rooms.reopen();
    for (let n = 0; n < 2; n++) expect(await verify(wrong(code))).to.equal('wrong');
    expect(await verify(code)).to.equal('locked');
  });

  it('are not used up by what is no number of eight digits', async () => {
    await ask();
    const code = await rooms.code();
    for (const typed of ['', 'help', '1234', '١٢٣٤٥٦٧٨', '9'.repeat(100_000), `${code}1`, '__proto__'])
      expect(await rooms.codes.verify(amira, known, typed)).to.deep.equal({ outcome: 'wrong', triesLeft: 5 });
    expect(await verify(code)).to.equal('verified');
  });

  it('last ten minutes, and what they prove fifteen', async () => {
    await ask();
    const late = await rooms.code();
    rooms.pass(10 * minute);
    expect(await verify(late)).to.equal('expired');
    await ask();
    await verify(await rooms.code());
    rooms.pass(15 * minute - 1);
    expect(await rooms.proofs.of(amira)).to.include({ level: 'mailbox' });
    rooms.pass(1);
    expect(await rooms.proofs.of(amira)).to.equal(undefined);
  });

  it('end with a newer one, whose mail then carries the newer code', async () => {
    await ask();
    const first = await rooms.code();
    rooms.pass(minute);
    await ask();
    const second = await rooms.code();
    expect(second).not.to.equal(first);
    expect(await verify(first)).to.equal('wrong');
    expect(await verify(second)).to.equal('verified');
    const [older] = await rooms.mails();
    expect(older?.template === 'code' && (await rooms.codes.code(older.data.proof))).to.equal(undefined);
  });

  it('are asked for in the same way for an address that nobody has, and no mail goes out', async () => {
    const answers = [await ask(amira, known), await ask(other, unknown)];
    expect(answers[1]).to.deep.equal(answers[0]);
    await rooms.codes.idle();
    expect(await mails()).to.deep.equal([`code ${known}`]);
    const kept: string[][] = [];
    for await (const { value } of rooms.records.all(mailboxCodes)) kept.push(Object.keys(value));
    expect(kept[1]).to.deep.equal(kept[0]);
    for (let left = 4; left >= 0; left--)
      expect(await rooms.codes.verify(other, unknown, '12345678')).to.deep.equal({ outcome: 'wrong', triesLeft: left });
    expect(await verify('12345678', other, unknown)).to.equal('locked');
  });

  it('stand in the trail with who asked, alike for every address and without it, and with the profile once one is', async () => {
    await ask(amira, known);
    await ask(other, unknown);
    await rooms.codes.idle();
    const [code = ''] = await codesOf(known);
    for (let n = 0; n < 5; n++) await verify('12345678', other, unknown);
    expect(await verify(code)).to.equal('verified');
    const { person: actor, from } = amira;
    const by = { at: '2026-11-22T10:00:00.000Z', proof: 'none', actor } as const;
    const about = { profile: 'p1', organisation: 'Contoso Ltd.' };
    expect(await rooms.trailRows()).to.have.deep.members([
      { ...by, from, action: 'code.asked' },
      { ...by, from, action: 'code.asked', actor: other.person },
      { ...by, action: 'code.sent', ...about },
      { ...by, from, action: 'code.locked', actor: other.person, details: { purpose: 'identity' } },
      { ...by, from, action: 'proof.verified', proof: 'mailbox', ...about },
    ]);
    expect(JSON.stringify(await rooms.trailRows())).not.to.match(/nobody|@/);
  });

  it('of an address that nobody has are wrong even when they are guessed', async () => {
    await ask(other, unknown);
    await rooms.codes.idle();
    for await (const { value } of rooms.records.all(mailboxCodes)) {
      const code = (await rooms.codes.code(value.id)) ?? '';
      expect(code).to.match(/^\d{8}$/);
      expect(await verify(code, other, unknown)).to.equal('wrong');
    }
  });

  it('reach one mailbox once a minute, three times an hour, five times a day, silently, over restarts', async () => {
    const names = Array.from({ length: 40 }, (_, n) => ({ ...holderOf(`asker-${n}`), from: `192.0.2.${n}` }));
    const asks = async () => {
      const holder = names.pop();
      return holder && (await ask(holder)).outcome;
    };
    const count = async () => {
      await rooms.codes.idle();
      return (await rooms.mails()).length;
    };
    expect([await asks(), await asks()]).to.deep.equal(['asked', 'asked']);
    expect(await count()).to.equal(1);
    for (let n = 0; n < 4; n++) {
      rooms.pass(minute);
      expect(await asks()).to.equal('asked');
    }
    expect(await count()).to.equal(3);
    await rooms.reopen();
    for (let hour = 0; hour < 5; hour++) {
      rooms.pass(60 * minute);
      expect(await asks()).to.equal('asked');
    }
    expect(await count()).to.equal(5);
    rooms.pass(day);
    await asks();
    expect(await count()).to.equal(6);
  });

  it('that were withheld, since the address had enough, are wrong even when they are guessed', async () => {
    await ask();
    await ask(other);
    await rooms.codes.idle();
    expect(await mails()).to.have.length(1);
    for await (const { value } of rooms.records.all(mailboxCodes)) {
      if (value.mail !== 'withheld') continue;
      const code = (await rooms.codes.code(value.id)) ?? '';
      expect(code).to.match(/^\d{8}$/);
      expect(await verify(code, other)).to.equal('wrong');
    }
    expect(await rooms.proofs.of(other)).to.equal(undefined);
  });

  it('that an address got before somebody bombs it still work', async () => {
    await ask();
    const code = await rooms.code();
    await ask();
    for (let n = 0; n < 10; n++) await ask({ ...holderOf(`bomber-${n}`), from: `192.0.2.${n}` });
    await rooms.codes.idle();
    expect(await mails()).to.deep.equal([`code ${known}`]);
    expect(await verify(code)).to.equal('verified');
  });

  it('are asked for five times an hour by one person, who is told when to ask again', async () => {
    for (let n = 0; n < 5; n++) expect((await ask(amira, `a${n}@contoso.example`)).outcome).to.equal('asked');
    rooms.pass(minute);
    await rooms.reopen();
    expect(await ask(amira, 'a6@contoso.example')).to.deep.equal({ outcome: 'too-many', retryAfter: 59 * 60 });
    expect((await ask(other, 'a6@contoso.example')).outcome).to.equal('asked');
  });

  it('are asked for twenty times an hour from one network', async () => {
    for (let n = 0; n < 20; n++)
      expect((await ask(holderOf(`n${n}`), `a${n}@contoso.example`)).outcome).to.equal('asked');
    expect((await ask(holderOf('late'), 'late@contoso.example')).outcome).to.equal('too-many');
  });

  it('that were asked for before a crash are mailed after it', async () => {
    await ask();
    await rooms.reopen();
    rooms.codes.wake();
    await rooms.codes.idle();
    expect(await mails()).to.deep.equal([`code ${known}`]);
  });

  it('stand in no file', async () => {
    await ask();
    const code = await rooms.code();
    await verify(code);
    let stored = '';
    for (const name of await readdir(rooms.folder))
      stored += await readFile(`${rooms.folder}/${name}`, 'utf8').catch(() => '');
    expect(stored).to.include('mailbox-codes').and.not.include(code).and.not.include(amira.id);
  });

  it('and what they proved go when they are over', async () => {
    await ask();
    await verify(await rooms.code());
    expect(await removeProofsThatAreOver(rooms.records, rooms.now())).to.equal(0);
    rooms.pass(15 * minute);
    expect(await removeProofsThatAreOver(rooms.records, rooms.now())).to.equal(2);
  });

  for (const person of ['amira', known]) {
    it(`are forgotten with ${person}`, async () => {
      await ask();
      await verify(await rooms.code());
      await rooms.erasure.forget(person);
      for await (const _ of rooms.records.all(mailboxCodes)) expect.fail('a code is left');
      for await (const _ of rooms.records.all(proofRecords)) expect.fail('a proof is left');
    });
  }
});

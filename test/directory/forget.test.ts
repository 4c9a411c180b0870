import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { auditEntries, recordInAudit } from '../../src/audit/audit.ts';
import { profiles } from '../../src/directory/directory.ts';
import { outbox, queueMail } from '../../src/mail/outbox.ts';
import { Change } from '../../src/records/records.ts';
import { DirectoryStore, header } from './directory-store.ts';

const at = '2026-03-02T09:00:00.000Z';
const account = 'https://login.test/|subject-77';

describe('forgetting a person of the directory', () => {
  let directory: DirectoryStore;
  beforeEach(async () => {
    directory = await DirectoryStore.open();
    const row = (company: string, email: string, id: string) =>
      `CustomerSource,${company},support,,Kim,${email},member,${id}\n`;
    await directory.import(
      `${header},id\n${row('Wide-World', 'Kim.Lee@bücher-x.test', 'kim-1')}${row('Adatum', 'kim.lee@xn--bcher-x-n2a.test', 'kim-2')}${row('Adatum', 'user@x.test', 'other-1')}`,
    );
    const data = { company: 'Adatum', portal: 'CustomerSource', reason: 'ended' };
    const mail = (to: string, about: string) => ({
      template: 'noAccess' as const,
      data,
      to,
      at,
      about,
      tell: { account },
    });
    const change = new Change();
    queueMail(change, 'mail-1', mail('Kim.Lee@xn--bcher-x-n2a.test', 'kim-1'));
    queueMail(change, 'mail-2', mail('user@x.test', 'other-1'));
    const entry = { at, action: 'profile.added' as const, proof: 'sign-in' as const };
    recordInAudit(change, 'a1', {
      ...entry,
      actor: `account:${account}`,
      profile: 'kim-1',
      details: { before: 'K...@old.test', after: 'mailed kim.lee@bücher-x.test' },
    });
    recordInAudit(change, 'a2', {
      ...entry,
      actor: 'chat:webchat/user',
      profile: 'other-1',
      details: { by: 'u...@x.test', in: 'chat:webchat/user' },
    });
    await directory.store.records.commit(change);
  });
  afterEach(() => directory.close());
  const left = async () => ({
    profiles: (await directory.all(profiles)).map(({ id }) => id),
    mails: (await directory.all(outbox)).map(({ id }) => id),
    trail: (await directory.all(auditEntries)).map(({ value }) => value),
  });
  const files = async () => {
    const folder = join(directory.folder, 'data');
    const names = (await readdir(folder)).filter((name) => /json/.test(name));
    return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('');
  };

  for (const person of ['kim.LEE@Bücher-X.test', 'kim.lee@xn--bcher-x-n2a.test', 'kim-1', 'kim-2']) {
    it(`by ${person} takes their profiles and mail, and leaves the trail with an opaque id`, async () => {
      const erased = await directory.store.erasure.forget(person);
      expect(erased.documents).to.deep.equal({ removed: 3, redacted: 1 });
      const after = await left();
      expect(after.profiles).to.deep.equal(['other-1']);
      expect(after.mails).to.deep.equal(['mail-2']);
      const [first, second] = after.trail;
      expect(first?.profile).to.match(/^erased-[\da-f]{12}$/);
      expect(first).to.include({ actor: `account:${account}`, action: 'profile.added', at });
      expect(first?.details).to.deep.equal({ before: '[erased]', after: `mailed ${first?.profile}` });
      expect(second).to.deep.include({
        profile: 'other-1',
        details: { by: 'u...@x.test', in: 'chat:webchat/user' },
      });
      expect(await files()).not.to.match(/kim-|kim\.lee|K\.\.\.@/i);
    });
  }

  it('by account takes what is theirs and replaces it elsewhere', async () => {
    expect((await directory.store.erasure.forget(account)).documents).to.deep.equal({ removed: 0, redacted: 3 });
    const { trail, mails } = await left();
    expect(trail[0]?.actor).to.match(/^account:erased-[\da-f]{12}$/);
    expect(mails).to.deep.equal(['mail-1', 'mail-2']);
    expect(await files()).not.to.include('subject-77');
  });

  it('by chat user id finds them behind a channel, and takes no role or template for them', async () => {
    for (const person of ['user', 'member', 'support', 'noAccess', 'sign-in', 'waiting']) {
      const { documents } = await directory.store.erasure.forget(person);
      expect(documents, person).to.deep.equal({ removed: 0, redacted: person === 'user' ? 1 : 0 });
    }
    const { profiles: people, trail } = await left();
    expect(people).to.deep.equal(['kim-1', 'kim-2', 'other-1']);
    expect(trail[1]?.actor).to.match(/^chat:webchat\/erased-/);
    expect(trail[1]?.details?.in).to.equal(trail[1]?.actor);
  });

  it('tells whoever changes a document at this moment that it is another now', async () => {
    const { records, erasure } = directory.store;
    const seen = await records.get(outbox, 'mail-2');
    await erasure.forget(account);
    if (!seen) throw new Error('mail-2 is missing');
    expect(await records.commit(new Change().update(outbox, seen, seen.value))).to.equal(false);
  });
});

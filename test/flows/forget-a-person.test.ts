/** Erasing somebody who asked, was invited, linked and moved an account, signed in and got mail: nothing names them afterwards. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { associations, pastAssociations } from '../../src/accounts/association.ts';
import { undos } from '../../src/accounts/undo.ts';
import { auditEntries, recordInAudit } from '../../src/audit/audit.ts';
import { askServer } from '../../src/control/ask-server.ts';
import { profiles } from '../../src/directory/directory.ts';
import { askRecords } from '../../src/invitations/asks.ts';
import { invitationHeads, invitations } from '../../src/invitations/invitation.ts';
import { recordTypes } from '../../src/record-types.ts';
import { Change, type RecordType } from '../../src/records/records.ts';
import { sessionRecords } from '../../src/sessions/session.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { askFor, capturedFor, confirm, importInto, linkIn, mailed, storedIn } from '../support/invitation-way.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

const header = 'portal,organisation,plan,plan_until,name,email,role,id';
const mine = 'quentin@first.test';
const other = 'other@x.test';

describe('forgetting a person who used an invitation', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await startTestApp();
    await importInto(
      app,
      [
        header,
        `CustomerSource,First,support,,Quentin Ash,${mine},member,quentin-1`,
        `PartnerSource,Second,partner,,Quentin Ash,${mine},member,quentin-2`,
        `CustomerSource,First,support,,Other Person,${other},member,other-1`,
        '',
      ].join('\n'),
    );
    for (const [address, subject] of [
      [mine, 'amira-new'],
      [other, 'jin'],
    ] as const) {
      const visitor = new WebVisitor(app.url);
      await askFor(visitor, address);
      await visitor.signInAs(subject);
      for (const mail of await capturedFor(app, address, address === mine ? 2 : 1)) {
        await visitor.get(linkIn(mail));
        expect((await confirm(visitor)).status).to.equal(200);
      }
    }
    // One of the two is taken back, so that there is a past one.
    const undo = (await capturedFor(app, mine, 4)).map(linkIn).find((link) => link.startsWith('/undo/')) ?? '';
    const reader = new WebVisitor(app.url);
    expect((await reader.post(undo, { csrf: csrfOf(await reader.get(undo)) })).status).to.equal(200);
    await mailed(app);
    await app.stop();
    // One that a crash left behind.
    const store = await openEmbeddedStore({ folder: app.folder, now: () => new Date(), recordTypes });
    const at = new Date().toISOString();
    const ask = (address: string) => ({ address, at, by: { actor: 'nobody', proof: 'none' } as const });
    await store.records.commit(new Change().create(askRecords, 'ask-1', ask('quentin@first.test')));
    // What staff write down of somebody names them, and the trail keeps what happened.
    const change = new Change();
    for (const [profile, reason] of [
      ['quentin-1', 'Quentin Ash called'],
      ['other-1', 'They sent a letter'],
    ] as const) {
      const by = { actor: 'staff:sam', proof: 'staff', details: { reason } } as const;
      recordInAudit(change, `row-${profile.slice(0, 5)}`, { at, action: 'association.ended', profile, ...by });
    }
    await store.records.commit(change);
    await store.close();
  });
  afterEach(() => app.close());

  /** Everything in the store's folder, names of files too, but for its key and its socket. */
  async function files(folder = app.folder): Promise<string> {
    let text = '';
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) text += await files(path);
      else if (entry.isFile()) text += `${entry.name}\n${await readFile(path, 'utf8')}\n`;
    }
    return text;
  }
  const counts = async () => {
    const found: Record<string, number> = {};
    for (const type of [associations, pastAssociations, undos, invitations, invitationHeads, sessionRecords] as const)
      found[type.name] = (await storedIn(app, type as RecordType<object>)).length;
    return found;
  };

  for (const [what, person] of [
    ['their address', () => mine.toUpperCase()],
    ['the id of one of their profiles', () => 'quentin-2'],
    ['their account', () => `${app.url}/sample-sign-in|amira-new`],
  ] as const) {
    it(`by ${what} leaves nothing of theirs in any file, captured mail included, and everything of others`, async () => {
      expect(await files())
        .to.match(/quentin/)
        .and.match(/sample-sign-in\|amira-new/);
      const before = await counts();
      await app.start();
      await askServer(app.folder, 'forget', person());
      expect((await capturedFor(app, other, 2)).length).to.equal(2);
      await app.stop();
      const left = await files();
      expect(left).not.to.match(/quentin/i);
      expect(left).not.to.match(/sample-sign-in\|amira-new|amira\.malik|a\.\.\.@/);
      expect(left).to.include(other).and.to.include('other-1');
      const after = await counts();
      // What is left is the other person's and, linked from the start, the administrator's.
      expect(after).to.deep.equal({
        associations: 2,
        'past-associations': 0,
        undos: 1,
        invitations: 1,
        'invitation-heads': 1,
        sessions: 1,
      });
      expect(before).to.include({ associations: 3, 'past-associations': 1, invitations: 3, sessions: 2 });
      const trail = (await storedIn(app, auditEntries)).map(({ value }) => value);
      const theirs = trail.filter(({ profile }) => profile?.startsWith('erased-'));
      expect(trail.filter(({ actor }) => actor === 'staff:sam').map(({ details }) => details?.reason)).to.have.members([
        '[erased]',
        'They sent a letter',
      ]);
      expect(theirs.map(({ action }) => action)).to.include.members([
        'invitation.issued',
        'invitation.redeemed',
        'association.created',
        'association.undone',
      ]);
      expect((await storedIn(app, profiles)).map(({ id }) => id)).to.include('other-1');
    });
  }
});

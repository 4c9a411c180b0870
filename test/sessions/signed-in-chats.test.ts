import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Session, sessionRecords } from '../../src/sessions/session.ts';
import { Sessions } from '../../src/sessions/sessions.ts';
import { SignedInChats, signedInChats } from '../../src/sessions/signed-in-chats.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';

const minute = 60_000;
const person = 'directline/dl_1';

describe('chats of people who are signed in', () => {
  let folder: string;
  let store: EmbeddedStore;
  let time: number;
  let sessions: Sessions;
  let chats: SignedInChats;
  const now = () => new Date(time);
  const signIn = async (subject: string, replaces?: Session) => {
    const signedIn = { issuer: 'https://idp.example', subject, name: 'Amira' };
    return (await sessions.begin({ kind: 'user', signedIn, through: 'idp', staysSignedIn: true, replaces })).session;
  };

  beforeEach(async () => {
    time = Date.parse('2026-11-22T12:00:00Z');
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-chats-'));
    store = await openEmbeddedStore({ folder, now, recordTypes: [sessionRecords, signedInChats] });
    sessions = new Sessions({ records: store.records, now });
    chats = new SignedInChats({ records: store.records, now, through: 'idp' });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('know the account that opened them, and nobody in any other chat', async () => {
    const session = await signIn('amira');
    await chats.bind(person, session);
    expect(await chats.accountOf(person)).to.deep.equal({
      account: 'https://idp.example|amira',
      session: session.id,
      name: 'Amira',
      authenticatedAt: now(),
    });
    expect(await chats.accountOf('directline/dl_2')).to.equal(undefined);
  });

  it('know it for a quarter of an hour after the sign-in, however long the session lasts', async () => {
    await chats.bind(person, await signIn('amira'));
    time += 15 * minute - 1;
    expect(await chats.accountOf(person)).not.to.equal(undefined);
    time += 1;
    expect(await chats.accountOf(person)).to.equal(undefined);
  });

  it('do not know it any more once it signed out, here or everywhere', async () => {
    for (const end of [
      (one: Session) => sessions.end(one.id, one.account),
      (one: Session) => sessions.endAll(one.account),
    ]) {
      const session = await signIn('amira');
      const chat = `directline/${session.id}`;
      await chats.bind(chat, session);
      await end(session);
      expect(await chats.accountOf(chat)).to.equal(undefined);
      expect(await chats.mayGoOn(chat, undefined)).to.equal(false);
      expect(await chats.mayGoOn(chat, await signIn('amira'))).to.equal(false);
    }
  });

  it('go on with the same account after it signs in again, and not with another', async () => {
    const first = await signIn('amira');
    await chats.bind(person, first);
    time += 20 * minute;
    expect(await chats.mayGoOn(person, undefined)).to.equal(true);
    const again = await signIn('amira', first);
    expect(await chats.mayGoOn(person, again)).to.equal(true);
    await chats.bind(person, again);
    expect((await chats.accountOf(person))?.authenticatedAt).to.deep.equal(now());
    const other = await signIn('jin');
    expect(await chats.mayGoOn(person, other)).to.equal(false);
    await chats.bind(person, other);
    expect((await chats.accountOf(person))?.account).to.equal('https://idp.example|amira');
  });

  it('know nobody who signed in with a provider that is no longer the one in force', async () => {
    const session = await signIn('amira');
    await chats.bind(person, session);
    const after = new SignedInChats({ records: store.records, now, through: 'another' });
    expect(await after.accountOf(person)).to.equal(undefined);
    expect(await after.liveSession(session.id)).to.equal(undefined);
    expect([await after.isThroughOther(session.id), await chats.isThroughOther(session.id)]).to.deep.equal([
      true,
      false,
    ]);
  });

  it('are not bound to a session that has ended meanwhile', async () => {
    const session = await signIn('amira');
    await sessions.end(session.id, session.account);
    await chats.bind(person, session);
    expect(await chats.accountOf(person)).to.equal(undefined);
  });

  it('that were begun without a sign-in never get one', async () => {
    expect(await chats.mayGoOn(person, undefined)).to.equal(true);
    expect(await chats.mayGoOn(person, await signIn('amira'))).to.equal(false);
  });

  it('are forgotten when no token reaches them any more', async () => {
    await chats.bind(person, await signIn('amira'));
    expect(await chats.removeOver()).to.equal(0);
    time += 31 * 24 * 60 * minute;
    expect(await chats.removeOver()).to.equal(1);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Change, type Records } from '../../src/records/records.ts';
import { sessionRecords } from '../../src/sessions/session.ts';
import { isFresh, sessionTimes } from '../../src/sessions/session-times.ts';
import { type NewSession, Sessions } from '../../src/sessions/sessions.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';

const start = Date.parse('2026-11-22T12:00:00Z');

describe('sessions', () => {
  let folder: string;
  let store: EmbeddedStore;
  let time: number;
  let writes: number;
  let sessions: Sessions;
  const now = () => new Date(time);
  const amira: NewSession = {
    kind: 'user',
    signedIn: { issuer: 'https://idp.example', subject: 'amira', name: 'Amira Malik' },
    through: 'idp',
    staysSignedIn: false,
  };
  const account = 'https://idp.example|amira';

  beforeEach(async () => {
    time = start;
    writes = 0;
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-sessions-'));
    store = await openEmbeddedStore({ folder, now, recordTypes: [sessionRecords] });
    const records: Records = {
      get: (...of) => store.records.get(...of),
      find: (...of) => store.records.find(...of),
      page: (...of) => store.records.page(...of),
      sorted: (...of) => store.records.sorted(...of),
      count: (...of) => store.records.count(...of),
      all: (...of) => store.records.all(...of),
      lease: (...of) => store.records.lease(...of),
      commit: (change) => {
        writes++;
        return store.records.commit(change);
      },
    };
    sessions = new Sessions({ records, now });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('write down that they are used at most once a minute', async () => {
    const { secret } = await sessions.begin(amira);
    writes = 0;
    for (let second = 0; second < 120; second++) {
      time = start + second * 1000;
      await sessions.read(secret);
    }
    expect(writes).to.equal(1);
  });

  it('are read by many requests at once', async () => {
    const { secret } = await sessions.begin(amira);
    time += sessionTimes.seenEvery;
    const read = await Promise.all(Array.from({ length: 20 }, () => sessions.read(secret)));
    expect(read.every((session) => session?.account === account)).to.equal(true);
  });

  it('stay ended when a request was under way', async () => {
    const { secret, session } = await sessions.begin(amira);
    time += sessionTimes.seenEvery;
    await Promise.all([sessions.end(session.id, account), sessions.read(secret)]);
    expect(await sessions.read(secret)).to.equal(undefined);
  });

  it('are listed for their account, last used first, those that are over left out', async () => {
    const first = await sessions.begin(amira);
    time += 10 * 60_000;
    const second = await sessions.begin(amira);
    await sessions.begin({ ...amira, signedIn: { ...amira.signedIn, subject: 'jin' } });
    expect((await sessions.list(account)).map(({ id }) => id)).to.deep.equal([second.session.id, first.session.id]);
    time += 6 * 60_000;
    expect((await sessions.list(account)).map(({ id }) => id)).to.deep.equal([second.session.id]);
  });

  it('are ended by their own account only', async () => {
    const { secret, session } = await sessions.begin(amira);
    await sessions.end(session.id, 'https://idp.example|jin');
    expect(await sessions.read(secret)).not.to.equal(undefined);
    await sessions.end(session.id, account);
    expect(await sessions.read(secret)).to.equal(undefined);
  });

  it('of one account are twenty at most: the one unused longest makes room', async () => {
    const secrets: string[] = [];
    for (let n = 0; n < 25; n++) {
      time += 1000;
      secrets.push((await sessions.begin(amira)).secret);
    }
    const alive = await Promise.all(secrets.map((secret) => sessions.read(secret)));
    expect(alive.map(Boolean)).to.deep.equal([...Array(5).fill(false), ...Array(20).fill(true)]);
  });

  it('keep the chosen profile when the same account signs in again, and not for another', async () => {
    const first = await sessions.begin(amira);
    expect(await sessions.chooseProfile(first.session, 'profile-1')).to.equal(true);
    const replaces = await sessions.read(first.secret);
    const again = await sessions.begin({ ...amira, replaces });
    expect((await sessions.read(again.secret))?.profile).to.equal('profile-1');
    const jin = { ...amira, signedIn: { ...amira.signedIn, subject: 'jin' } };
    const other = await sessions.begin({ ...jin, replaces: await sessions.read(again.secret) });
    expect((await sessions.read(other.secret))?.profile).to.equal(undefined);
    expect(await sessions.chooseProfile(first.session, 'profile-2')).to.equal(false);
  });

  it('are fresh for 15 minutes after the person proved who they are, not after the session began', async () => {
    const { session } = await sessions.begin({ ...amira, authenticatedAt: new Date(start - 14 * 60_000) });
    expect(isFresh(session, now())).to.equal(true);
    time += 60_000;
    expect(isFresh(session, now())).to.equal(false);
  });

  it('are removed from the store when they are over', async () => {
    for (let n = 0; n < 3; n++) await sessions.begin({ ...amira, signedIn: { ...amira.signedIn, subject: `s${n}` } });
    const stays = await sessions.begin({ ...amira, staysSignedIn: true });
    time += sessionTimes.idle;
    expect(await sessions.removeOver()).to.equal(3);
    expect(await sessions.removeOver()).to.equal(0);
    expect((await sessions.read(stays.secret))?.account).to.equal(account);
    expect(await store.records.find(sessionRecords, 'account', 'https://idp.example|s0')).to.deep.equal([]);
  });

  it('are over when what is kept of them cannot be read', async () => {
    const { secret, session } = await sessions.begin(amira);
    const stored = await store.records.get(sessionRecords, session.id);
    if (!stored) throw new Error('not kept');

    await store.records.commit(new Change().update(sessionRecords, stored, { ...stored.value, seenAt: 'yesterday' }));
    expect(await sessions.read(secret)).to.equal(undefined);
  });
});

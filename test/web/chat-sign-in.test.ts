import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createKeys } from '../../src/keys.ts';
import { ChatSignIns } from '../../src/proofs/chat-sign-ins.ts';
import { DerivedDigits } from '../../src/proofs/derived-digits.ts';
import type { Holder } from '../../src/proofs/proof.ts';
import { Proofs } from '../../src/proofs/proofs.ts';
import { withStore } from '../support/linked-visitor.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

const minute = 60_000;
const holder: Holder = { id: 'directline/c1/dl_1', person: 'chat:directline/dl_1' };

describe('/sign-in/chat/:id', () => {
  let app: TestApp;
  let passed: number;
  beforeEach(async () => {
    passed = 0;
    app = await startTestApp({}, { now: () => new Date(Date.now() + passed) });
  });
  afterEach(() => app.close());

  /** What a chat does, as long as the app is stopped. */
  const inChat = <T>(does: (signIns: ChatSignIns) => Promise<T>) =>
    withStore(app, async (store) => {
      const shared = { records: store.records, now: () => new Date(Date.now() + passed), newId: randomUUID };
      return does(
        new ChatSignIns({
          ...shared,
          proofs: new Proofs(shared),
          limits: { takeAll: async () => undefined },
          digits: new DerivedDigits(createKeys([await store.secretKey()]), 'chat sign-in', 6),
          newNonce: () => randomBytes(16).toString('base64url'),
        }),
      );
    });
  const asked = async () => {
    const requested = await inChat((signIns) => signIns.request(holder, 'move-association'));
    return `/sign-in/chat/${requested.outcome === 'requested' ? requested.id : ''}`;
  };
  const numberOn = ({ text }: { text: string }) => /<output[^>]*>(\d{6})</.exec(text)?.[1] ?? '';

  it('names the chat and what for, leads through the sign-in and shows a number that proves the account', async () => {
    const path = await asked();
    const visitor = new WebVisitor(app.url);
    const before = await visitor.get(path);
    expect(before.text).to.include('A chat on our pages').and.include('move your profile to another Microsoft Account');
    expect(before.text).to.include(`/sign-in?return=${encodeURIComponent(path)}`);
    expect((await visitor.signInAs('amira', path)).location).to.equal(path);
    const page = await visitor.get(path);
    expect(numberOn(page)).to.equal('');
    const csrf = csrfOf(page);
    const number = numberOn(await visitor.post(path, { csrf }));
    expect(number).to.match(/^\d{6}$/);
    expect(numberOn(await visitor.post(path, { csrf }))).to.equal(number);
    const checked = await inChat((signIns) => signIns.verify(holder, number));
    expect(checked).to.include({ outcome: 'verified' });
    const proof = checked.outcome === 'verified' && checked.result;
    expect(proof).to.include({ level: 'sign-in', account: `${app.url}/sample-sign-in|amira` });
  });

  it('shows the number to nobody who only looks, and changes nothing then', async () => {
    const path = await asked();
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('amira');
    for (let n = 0; n < 3; n++) expect(numberOn(await visitor.get(path))).to.equal('');
    await fetch(app.url + path, { method: 'HEAD' });
    expect(await inChat((signIns) => signIns.verify(holder, '000000'))).to.deep.equal({ outcome: 'not-offered' });
  });

  it('says of a link that is over or never was that it no longer works', async () => {
    const path = await asked();
    passed = 11 * minute;
    const visitor = new WebVisitor(app.url);
    for (const over of [path, '/sign-in/chat/nope', '/sign-in/chat/__proto__']) {
      const page = await visitor.get(over);
      expect([page.status, page.text.includes('This link no longer works')], over).to.deep.equal([404, true]);
    }
    await visitor.signInAs('amira');
    const csrf = csrfOf(await visitor.get('/sign-out'));
    expect((await visitor.post(path, { csrf })).status).to.equal(409);
  });

  it('wants a sign-in of the last quarter of an hour, and a form of its own', async () => {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('amira', '/', { stay: '1' });
    passed = 16 * minute;
    const path = await asked();
    const csrf = csrfOf(await visitor.get(path));
    expect((await visitor.post(path, { csrf })).location).to.equal(
      `/sign-in?again=1&return=${encodeURIComponent(path)}`,
    );
    expect((await visitor.post(path, { csrf: 'x' })).status).to.equal(403);
    expect((await visitor.post(path, { csrf }, { 'sec-fetch-site': 'cross-site' })).status).to.equal(403);
  });
});

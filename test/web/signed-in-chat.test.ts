import { expect } from 'chai';
import { signedInChats } from '../../src/sessions/signed-in-chats.ts';
import { changeStore } from '../support/linked-visitor.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

interface Opened {
  readonly token: string;
  readonly userId: string;
  readonly conversationId?: string;
}

describe('POST /chat/token by somebody who is signed in', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await startTestApp();
  });
  afterEach(() => app.close());

  const own = { 'sec-fetch-site': 'same-origin' };
  async function open(
    visitor: WebVisitor,
    body: { token?: string; opens?: boolean } = {},
    headers: Record<string, string> = own,
  ): Promise<Opened> {
    const cookie = Array.from(visitor.cookies, (pair) => pair.join('=')).join('; ');
    const response = await fetch(`${app.url}/chat/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, ...headers },
      body: JSON.stringify({ opens: true, ...body }),
    });
    expect(response.status).to.equal(200);
    return (await response.json()) as Opened;
  }
  /** Accounts by the chat users that are bound to one. */
  async function bound(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    await changeStore(app, async (_change, records) => {
      for await (const { id, value } of records.all(signedInChats))
        if (!value.isSignedOut) found.set(id, value.account.split('|')[1] ?? '');
    });
    return found;
  }
  const signedIn = async (subject: string) => {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs(subject);
    return visitor;
  };
  const signOut = async (visitor: WebVisitor) =>
    visitor.post('/sign-out', { csrf: csrfOf(await visitor.get('/sign-out')) });

  it('binds the chat user to the session, when a page of ours asks', async () => {
    const amira = await signedIn('amira');
    const stranger = await open(new WebVisitor(app.url));
    const chats = [await open(amira), await open(amira, {}, { origin: app.url })];
    expect([...(await bound())].sort()).to.deep.equal(
      chats.map(({ userId }) => [`directline/${userId}`, 'amira']).sort(),
    );
    expect(stranger.conversationId).to.equal(undefined);
  });

  it('binds nothing for whatever comes from another origin, or does not say', async () => {
    const amira = await signedIn('amira');
    const attackers = await open(new WebVisitor(app.url));
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site', origin: 'https://neighbour.contoso.example' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      {},
    ] as Record<string, string>[])
      await open(amira, { token: attackers.token }, headers);
    expect(await bound()).to.deep.equal(new Map());
  });

  it('takes a form of another page for no request at all', async () => {
    const amira = await signedIn('amira');
    const answer = await amira.post('/chat/token', { token: 'x' }, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).to.equal(415);
  });

  it('goes on with the conversation while the same account is signed in', async () => {
    const amira = await signedIn('amira');
    const first = await open(amira);
    const next = await open(amira, { token: first.token });
    expect(next.userId).to.equal(first.userId);
    await amira.signInAs('amira', '/', { again: '1' });
    expect((await open(amira, { token: first.token })).userId).to.equal(first.userId);
    expect(await bound()).to.deep.equal(new Map([[`directline/${first.userId}`, 'amira']]));
  });

  it('begins another conversation after a sign-out, and for somebody else who signs in', async () => {
    const browser = await signedIn('amira');
    const first = await open(browser);
    const other = await signedIn('jin');
    const jins = await open(other, { token: first.token });
    expect(jins.userId).not.to.equal(first.userId);
    await signOut(browser);
    const strangers = await open(browser, { token: first.token });
    expect(strangers.userId).not.to.equal(first.userId);
    expect(await bound()).to.deep.equal(new Map([[`directline/${jins.userId}`, 'jin']]));
  });

  it('begins another conversation for who signs in after it, since others may hold its token', async () => {
    const before = await open(new WebVisitor(app.url));
    const amira = await signedIn('amira');
    const hers = await open(amira, { token: before.token });
    expect(hers.userId).not.to.equal(before.userId);
    expect(await bound()).to.deep.equal(new Map([[`directline/${hers.userId}`, 'amira']]));
  });

  it('leaves a chat that only renews its token as it is', async () => {
    const before = await open(new WebVisitor(app.url));
    const amira = await signedIn('amira');
    const renewed = await open(amira, { token: before.token, opens: false });
    expect(renewed.userId).to.equal(before.userId);
    expect(await bound()).to.deep.equal(new Map());
  });

  it('binds no chat to a session of staff', async () => {
    const sam = new WebVisitor(app.url);
    await sam.signInAs('sam', '/staff');
    await open(sam);
    expect(await bound()).to.deep.equal(new Map());
  });
});

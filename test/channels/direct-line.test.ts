import { once } from 'node:events';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import type { WebSocket } from 'ws';
import { DirectLineClient, refusedStream } from '../support/direct-line-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('Direct Line', () => {
  let app: TestApp;
  const clients: DirectLineClient[] = [];
  const open = async (previous?: string) => {
    const client = new DirectLineClient(app.url);
    clients.push(client);
    return client.open(previous);
  };
  before(async () => {
    app = await startTestApp();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  after(() => app.close());

  it('welcomes on arrival and answers over the stream', async () => {
    const client = await open();
    await client.shown(({ text }) => text?.startsWith('Hello. I answer questions') ?? false);
    expect((await client.say('forgot pasword')).status).to.equal(200);
    expect((await client.replyTo('forgot pasword')).text).to.include('account.live.com/password/reset');
  });

  it("echoes the user's activity with the client's own id", async () => {
    const client = await open();
    const sent = await client.send({ type: 'message', text: 'hello', channelData: { clientActivityID: 'abc123' } });
    const echo = await client.shown(({ from }) => from.role === 'user');
    expect(echo.id).to.equal((sent.body as { id: string }).id);
    expect(echo.channelData).to.deep.equal({ clientActivityID: 'abc123' });
  });

  it("shows the user's text as it was typed, not as Markdown", async () => {
    const client = await open();
    const text = 'price 5*3*2 <b>bold</b> ![x](https://evil.example/p.png)';
    await client.say(text);
    expect(await client.shown(({ from }) => from.role === 'user')).to.include({ text, textFormat: 'plain' });
  });

  it('takes up a conversation whose token comes in pieces', async () => {
    const client = await open();
    const pieces = async function* () {
      yield Buffer.from('{"token":"');
      yield Buffer.from(`${client.token}"}`);
    };
    const response = await fetch(`${app.url}/chat/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: pieces() as unknown as BodyInit,
      duplex: 'half',
    } as RequestInit);
    expect(await response.json()).to.include({ conversationId: client.conversationId });
  });

  it('answers once what a client sends again under its own id', async () => {
    const client = await open();
    const message = { type: 'message', text: 'forgot password', channelData: { clientActivityID: 'again' } };
    const first = await client.send(message);
    expect(await client.send(message)).to.deep.equal(first);
    await client.replyTo('forgot password');
    await client.say('bye');
    await client.replyTo('bye');
    expect(client.activities.filter(({ text }) => text === 'forgot password')).to.have.length(1);
  });

  it('takes the sender from the token, whatever the activity says', async () => {
    const client = await open();
    await client.send({ type: 'message', text: 'hello', from: { id: 'somebody-else', role: 'bot' } });
    const echo = await client.shown(({ text }) => text === 'hello');
    expect(echo.from).to.deep.equal({ id: client.userId, role: 'user' });
  });

  it('goes on with a conversation, its history first', async () => {
    const first = await open();
    await first.say('forgot password');
    await first.replyTo('forgot password');
    first.close();
    const second = await open(first.token);
    expect(second.conversationId).to.equal(first.conversationId);
    expect(second.userId).to.equal(first.userId);
    await second.replyTo('forgot password');
    expect(second.activities.map(({ id }) => id)).to.deep.equal(first.activities.map(({ id }) => id));
  });

  it('keeps history and conversation over a restart of the server', async () => {
    const client = await open();
    await client.say('forgot password');
    await client.replyTo('forgot password');
    const closed = once(client.socket as WebSocket, 'close');
    await app.restart();
    await closed;
    const again = await client.fetch(
      'GET',
      `/v3/directline/conversations/${client.conversationId}?watermark=${client.watermark}`,
    );
    expect(again.status).to.equal(200);
    const shown = client.activities.length;
    await client.stream((again.body as { streamUrl: string }).streamUrl);
    await client.say('thanks');
    await client.replyTo('thanks');
    expect(client.activities).to.have.length(shown + 2);
  });

  it('shows two clients of one conversation the same', async () => {
    const first = await open();
    const second = await open(first.token);
    await first.say('forgot password');
    await Promise.all([first.replyTo('forgot password'), second.replyTo('forgot password')]);
  });

  it('gives what was said after a watermark to who polls', async () => {
    const client = await open();
    await client.say('forgot password');
    const path = `/v3/directline/conversations/${client.conversationId}/activities`;
    const all = (await client.fetch('GET', path)).body as { activities: unknown[]; watermark: string };
    expect(all.activities).to.have.length(3);
    const none = (await client.fetch('GET', `${path}?watermark=${all.watermark}`)).body as { activities: unknown[] };
    expect(none.activities).to.deep.equal([]);
  });

  it('lets a token be renewed', async () => {
    const client = await open();
    const renewed = (await client.fetch('POST', '/v3/directline/tokens/refresh')).body as { token: string };
    const path = `/v3/directline/conversations/${client.conversationId}/activities`;
    expect((await client.fetch('GET', path, undefined, renewed.token)).status).to.equal(200);
  });

  it('refuses a file with a sentence', async () => {
    const client = await open();
    const refused = await client.fetch('POST', `/v3/directline/conversations/${client.conversationId}/upload`, {});
    expect(refused.status).to.equal(415);
    expect(JSON.stringify(refused.body)).to.include('files cannot be sent');
  });

  const strangers: [string, (client: DirectLineClient) => Promise<string> | string, number][] = [
    ['another conversation', async () => (await open()).token, 403],
    ['nobody', () => '', 401],
    [
      'a forger',
      () =>
        new SignJWT({ conv: 'x' })
          .setProtectedHeader({ alg: 'HS256' })
          .setSubject('y')
          .setIssuedAt()
          .sign(Buffer.alloc(32)),
      403,
    ],
    ['a stream address', (client) => new URL(client.socket?.url ?? '').searchParams.get('t') ?? '', 403],
  ];
  for (const [whose, token, status] of strangers) {
    it(`refuses the token of ${whose} with ${status}`, async () => {
      const client = await open();
      const path = `/v3/directline/conversations/${client.conversationId}/activities`;
      const stolen = await token(client);
      expect((await client.fetch('GET', path, undefined, stolen)).status).to.equal(status);
      expect((await client.fetch('POST', path, { type: 'message', text: 'x' }, stolen)).status).to.equal(status);
    });
  }

  it('refuses a stream of another conversation', async () => {
    const [mine, theirs] = [await open(), await open()];
    const address = (mine.socket?.url ?? '').replace(mine.conversationId, theirs.conversationId);
    expect((await refusedStream(address)).statusCode).to.equal(403);
  });

  for (const body of [{ type: 'conversationUpdate' }, { type: 'message', text: 5 }, { text: 'no type' }, [], null]) {
    it(`refuses ${JSON.stringify(body)} with 400`, async () => {
      const client = await open();
      expect((await client.send(body as never)).status).to.equal(400);
    });
  }

  it('takes up a conversation with a token that has expired, for thirty days', async () => {
    let at = new Date();
    const later = await startTestApp({}, { now: () => at });
    try {
      const client = await new DirectLineClient(later.url).open();
      const day = 24 * 3600 * 1000;
      at = new Date(Date.now() + day);
      const path = `/v3/directline/conversations/${client.conversationId}/activities`;
      expect((await client.fetch('GET', path)).status).to.equal(403);
      const next = await client.fetch('POST', '/chat/token', { token: client.token });
      expect(next.body).to.include({ conversationId: client.conversationId });
      at = new Date(Date.now() + 40 * day);
      const anew = await client.fetch('POST', '/chat/token', { token: client.token });
      expect(anew.body).not.to.have.property('conversationId');
      client.close();
    } finally {
      await later.close();
    }
  });
});

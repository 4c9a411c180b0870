import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { ChannelClient, messageOfTeams } from '../support/channel-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('POST /api/messages', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.close());

  const post = (body: BodyInit, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(`${app.url}/api/messages`, { method: 'POST', headers, body });

  const activity = (more: Record<string, unknown> = {}) =>
    JSON.stringify({
      type: 'message',
      text: 'hello',
      channelId: 'emulator',
      deliveryMode: 'expectReplies',
      conversation: { id: 'c' },
      from: { id: 'u' },
      ...more,
    });

  const bad: [string, () => Promise<Response>, number][] = [
    ['a body that is not JSON', () => post('{"type":'), 400],
    ['an array', () => post('[]'), 400],
    ['null', () => post('null'), 400],
    ['a missing type', () => post(activity({ type: undefined })), 400],
    ['a type that is a number', () => post(activity({ type: 5 })), 400],
    ['a text that is an object', () => post(activity({ text: { a: 1 } })), 400],
    ['no conversation', () => post(activity({ conversation: undefined })), 400],
    ['no sender', () => post(activity({ from: undefined })), 400],
    ['no body', () => post(''), 400],
    ['a form', () => post('type=message&text=hi', { 'content-type': 'application/x-www-form-urlencoded' }), 415],
    ['plain text', () => post(activity(), { 'content-type': 'text/plain' }), 415],
    ['a body over 256 KiB', () => post(activity({ text: 'x'.repeat(300_000) })), 413],
    ['a body over 256 KiB that does not say so', () => postStream(400_000), 413],
    [
      'nesting 100,000 deep',
      () => post(activity({ value: 0 }).replace('"value":0', `"value":${'['.repeat(100_000)}${']'.repeat(100_000)}`)),
      400,
    ],
    ['an entity that is null', () => post(activity({ entities: [null] })), 400],
    ['a mention of nobody', () => post(activity({ entities: [{ type: 'mention', text: '<at>x</at>' }] })), 400],
    ["the web chat's own channel", () => post(activity({ channelId: 'directline' })), 403],
    ['a service address elsewhere', () => post(activity({ serviceUrl: 'http://169.254.169.254/' })), 403],
    [
      'a service address with a user in it',
      () => post(activity({ serviceUrl: 'http://localhost@evil.example/' })),
      403,
    ],
  ];
  for (const [what, send, status] of bad) {
    it(`refuses ${what} with ${status}`, async () => {
      const response = await send();
      expect(response.status).to.equal(status);
      const text = await response.text();
      expect(text).not.to.match(/node_modules|\/src\/|at \w+ \(|\.ts:|\.js:/);
    });
  }

  function postStream(size: number): Promise<Response> {
    const parts = async function* () {
      for (let sent = 0; sent < size; sent += 10_000) yield Buffer.alloc(10_000, 'x');
    };
    return fetch(`${app.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: parts() as unknown as BodyInit,
      duplex: 'half',
    } as RequestInit);
  }

  it('refuses a compressed body without inflating it', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, ' '));
    const before = process.memoryUsage().rss;
    const response = await post(new Uint8Array(bomb), {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
    expect(response.status).to.equal(415);
    expect(process.memoryUsage().rss - before).to.be.below(100_000_000);
  });

  for (const text of [
    '\u0000\u0007\u001b[31m',
    '\u202e\u2066abc',
    'a\u0301'.repeat(1000),
    `\ud800 half`,
    '$`'.repeat(500),
    '{{constructor}}',
    // Every sign that one byte can be, in no order.
    Buffer.from(Array.from({ length: 600 }, (_, n) => (n * 97 + 13) % 256)).toString('latin1'),
  ]) {
    it(`replies shortly to ${JSON.stringify(text.slice(0, 12))}`, async () => {
      const response = await post(activity({ text }));
      expect(response.status).to.equal(200);
      const { activities } = (await response.json()) as { activities: unknown[] };
      expect(activities).to.have.length(1);
    });
  }

  it('goes on serving afterwards', async () => {
    expect((await fetch(`${app.url}/healthz`)).status).to.equal(200);
  });

  it('lets more than fifty waiting messages of one conversation be sent again later', async () => {
    const user = new ChannelClient(app.url);
    const statuses = await Promise.all(
      Array.from({ length: 120 }, async () => (await user.post({ text: 'forgot password' })).status),
    );
    expect(new Set(statuses)).to.deep.equal(new Set([200, 429]));
  });
});

describe('POST /api/messages with an app id', () => {
  const appId = '11111111-2222-3333-4444-555555555555';
  const env = { MicrosoftAppId: appId, MicrosoftAppPassword: 'not-a-secret' };
  let app: TestApp;
  before(async () => {
    app = await startTestApp(env);
  });
  after(() => app.close());

  const send = (authorization?: string) =>
    fetch(`${app.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(messageOfTeams),
    });

  it('answers 401 without a token', async () => {
    expect((await send()).status).to.equal(401);
  });

  it('answers 401 to a token that is none', async () => {
    expect((await send('Bearer garbage')).status).to.equal(401);
  });

  it('answers 401 to a token without a signature', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none', typ: 'JWT' })}.${part({ aud: appId, iss: 'https://api.botframework.com' })}.`;
    expect((await send(`Bearer ${token}`)).status).to.equal(401);
  });
});

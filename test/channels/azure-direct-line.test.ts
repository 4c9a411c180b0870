import { expect } from 'chai';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('POST /chat/token with DIRECT_LINE_SECRET', () => {
  const asked: { url: string; authorization: string; body: unknown }[] = [];
  let answer: (url: string) => Response;
  let app: TestApp;
  const azure = (async (url: string, options: { headers: { authorization: string }; body?: string }) => {
    asked.push({ url, authorization: options.headers.authorization, body: options.body && JSON.parse(options.body) });
    return answer(url);
  }) as unknown as typeof fetch;
  const token = (user: string) => `e30.${Buffer.from(JSON.stringify({ user })).toString('base64url')}.x`;

  before(async () => {
    const env = {
      DIRECT_LINE_SECRET: 'the-secret',
      MicrosoftAppId: '11111111-2222-3333-4444-555555555555',
      MicrosoftAppPassword: 'p',
      CHAT_ORIGINS: 'https://www.contoso.example',
    };
    app = await startTestApp(env, { fetch: azure });
  });
  after(() => app.close());
  beforeEach(() => {
    asked.length = 0;
  });

  const ask = async (body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${app.url}/chat/token`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('generates a token for a user the server chose, bound to the pages that may use it', async () => {
    answer = () => Response.json({ token: 'new', conversationId: 'c', expires_in: 3600 });
    const { body } = await ask({});
    expect(asked[0]?.url).to.equal('https://directline.botframework.com/v3/directline/tokens/generate');
    expect(asked[0]?.authorization).to.equal('Bearer the-secret');
    const { user, trustedOrigins } = asked.map(({ body }) => body)[0] as {
      user: { id: string };
      trustedOrigins: string[];
    };
    expect(trustedOrigins).to.deep.equal([app.url, 'https://www.contoso.example']);
    expect(user.id).to.match(/^dl_/);
    expect(body).to.deep.equal({
      domain: 'https://directline.botframework.com/v3/directline',
      token: 'new',
      userId: user.id,
      expiresIn: 3600,
    });
  });

  it('goes on with the conversation of a token that Azure renews', async () => {
    answer = () => Response.json({ token: token('dl_me'), conversationId: 'c', expires_in: 3600 });
    const { body } = await ask({ token: 'old' });
    expect(asked.map(({ url, authorization }) => [url.split('/').at(-1), authorization])).to.deep.equal([
      ['refresh', 'Bearer old'],
    ]);
    expect(body).to.include({ userId: 'dl_me', conversationId: 'c' });
  });

  it('begins anew where Azure does not renew', async () => {
    answer = (url) =>
      url.endsWith('refresh') ? new Response('', { status: 403 }) : Response.json({ token: 'new', expires_in: 3600 });
    expect((await ask({ token: 'old' })).body)
      .to.include({ token: 'new' })
      .and.not.have.property('conversationId');
  });

  it('answers 502 without the secret when Azure fails', async () => {
    answer = () => new Response('no', { status: 500 });
    const { status, body } = await ask({});
    expect(status).to.equal(502);
    expect(JSON.stringify(body)).not.to.include('the-secret');
    expect(app.log()).not.to.include('the-secret');
  });

  it('lets the frame talk to Azure', async () => {
    const policy = (await fetch(`${app.url}/chat`)).headers.get('content-security-policy');
    expect(policy).to.include('wss://directline.botframework.com');
    expect(policy).to.include("frame-ancestors 'self' https://www.contoso.example");
  });
});

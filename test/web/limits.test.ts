import { expect } from 'chai';
import type { LimitTable } from '../../src/limits/limits.ts';
import { DirectLineClient, refusedStream } from '../support/direct-line-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('too many requests', () => {
  let app: TestApp;
  afterEach(() => app.close());
  const start = async (limits: Partial<LimitTable> = {}, env: Record<string, string> = {}) => {
    app = await startTestApp(env, { limits });
  };
  const few = (points: number, seconds = 60) => ({ points, seconds });
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    fetch(app.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const statuses = async (count: number, send: () => Promise<{ status: number }>) => {
    const all: number[] = [];
    for (let n = 0; n < count; n++) all.push((await send()).status);
    return all;
  };
  const activity = (more: Record<string, unknown> = {}) => ({
    type: 'message',
    text: 'hello',
    channelId: 'emulator',
    deliveryMode: 'expectReplies',
    conversation: { id: 'c' },
    from: { id: 'u' },
    ...more,
  });

  it('are refused with when to try again, and logged once without the address', async () => {
    await start();
    // At once, so that the minute they count in is not over meanwhile.
    const first = await Promise.all(Array.from({ length: 300 }, () => post('/chat/token')));
    expect(new Set(first.map(({ status }) => status))).to.deep.equal(new Set([200]));
    const refused = await post('/chat/token');
    await statuses(20, () => post('/v3/directline/tokens/generate'));
    expect(refused.status).to.equal(429);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).to.be.within(1, 60);
    const { error } = (await refused.json()) as { error: { code: string; message: string } };
    expect(error.code).to.equal('TooManyRequests');
    expect(error.message).to.include(`in ${wait} second`);
    const warnings = app.log().match(/.*a limit begins to refuse.*/g) ?? [];
    expect(warnings).to.have.length(1);
    expect(app.log()).not.to.include('127.0.0.1');
  });

  it('are told to a browser in words', async () => {
    await start({ request: few(2) });
    const html = { accept: 'text/html' };
    await statuses(2, () => fetch(`${app.url}/`, { headers: html }));
    const page = await fetch(`${app.url}/`, { headers: html });
    expect(page.status).to.equal(429);
    expect(page.headers.get('content-security-policy')).to.include("default-src 'none'");
    const text = await page.text();
    expect(text).to.include('<h1>Too many requests</h1>');
    expect(text).to.match(/Too many requests came from your address\. Try again in \d+ seconds?\./);
    expect((await fetch(`${app.url}/`, { method: 'HEAD', headers: html })).status).to.equal(429);
    expect((await fetch(`${app.url}/nope`)).status).to.equal(429);
  });

  it('are told to a browser in minutes when it takes longer', async () => {
    await start({ find: few(1, 3600) });
    const read = () => fetch(`${app.url}/readyz`, { headers: { accept: 'text/html' } });
    await statuses(1, read);
    expect(await (await read()).text()).to.include('Try again in 60 minutes.');
  });

  it('count searches and suggestions, but not the page itself', async () => {
    await start({ search: few(2) });
    const asked = (path: string) => statuses(1, () => fetch(app.url + path));
    expect(await asked('/?q=password')).to.deep.equal([200]);
    expect(await asked('/suggest?q=password')).to.deep.equal([200]);
    expect(await asked('/?q=password')).to.deep.equal([429]);
    expect(await asked('/suggest?q=password')).to.deep.equal([429]);
    expect(await asked('/')).to.deep.equal([200]);
  });

  it('count for each client of a trusted proxy by itself', async () => {
    await start({ find: few(2) }, { TRUSTED_PROXIES: 'loopback' });
    const as = (address: string) => () =>
      fetch(`${app.url}/readyz`, { headers: { 'x-forwarded-for': `9.9.9.9, ${address}` } });
    expect(await statuses(3, as('192.0.2.1'))).to.deep.equal([200, 200, 429]);
    expect(await statuses(2, as('192.0.2.2'))).to.deep.equal([200, 200]);
    expect(await statuses(1, as('2001:db8::1'))).to.deep.equal([200]);
    expect(await statuses(2, as('2001:db8::2'))).to.deep.equal([200, 429]);
  });

  it('are not hidden by what a client says of its own address', async () => {
    await start({ find: few(2) });
    let n = 0;
    const lying = () => fetch(`${app.url}/readyz`, { headers: { 'x-forwarded-for': `192.0.2.${n++}` } });
    expect(await statuses(3, lying)).to.deep.equal([200, 200, 429]);
  });

  it('of reading Direct Line are refused, streams included', async () => {
    await start({ find: few(5) });
    const client = await new DirectLineClient(app.url).open();
    const path = `/v3/directline/conversations/${client.conversationId}`;
    const reads = [path, `${path}/activities`, path, `${path}/activities`];
    const answers = [];
    for (const read of reads) answers.push((await client.fetch('GET', read)).status);
    expect(answers).to.deep.equal([200, 200, 200, 429]);
    const response = await refusedStream(client.socket?.url ?? '');
    expect(response.statusCode).to.equal(429);
    expect(Number(response.headers['retry-after'])).to.be.within(1, 60);
    client.close();
  });

  it('of one address into chats are refused, and so are those of one user', async () => {
    await start({ say: few(5), sayAsUser: few(3) });
    const [first, second] = [await new DirectLineClient(app.url).open(), await new DirectLineClient(app.url).open()];
    expect(await statuses(4, () => first.say('hello'))).to.deep.equal([200, 200, 200, 429]);
    expect(await statuses(2, () => second.say('hello'))).to.deep.equal([200, 429]);
    first.close();
    second.close();
  });

  it('with refused tokens make an address wait, whatever it sends then', async () => {
    await start({ refused: few(6) });
    const client = await new DirectLineClient(app.url).open();
    const path = `/v3/directline/conversations/${client.conversationId}/activities`;
    expect(await statuses(3, () => client.fetch('GET', path, undefined, 'forged'))).to.deep.equal([403, 403, 403]);
    expect(await statuses(1, () => client.fetch('GET', path, undefined, ''))).to.deep.equal([401]);
    const other = path.replace(client.conversationId, 'other');
    expect(await statuses(1, () => client.fetch('GET', other))).to.deep.equal([403]);
    const stream = async (token: string) => {
      const address = `${client.socket?.url}`.replace(/t=.*/, `t=${token}`);
      return { status: (await refusedStream(address)).statusCode ?? 0 };
    };
    expect(await statuses(2, () => stream('forged'))).to.deep.equal([403, 429]);
    expect(await statuses(1, () => client.fetch('GET', path))).to.deep.equal([429]);
    expect(await statuses(1, () => client.say('hello'))).to.deep.equal([429]);
    expect(await statuses(1, () => post('/api/messages', activity()))).to.deep.equal([429]);
    expect(await statuses(1, () => post('/chat/token'))).to.deep.equal([200]);
    client.close();
  });

  it('from Teams are none, since those that are let in never count', async () => {
    await start({ refused: few(2) });
    expect(await statuses(4, () => post('/api/messages', activity()))).to.deep.equal([200, 200, 200, 200]);
    expect(await statuses(3, () => post('/api/messages', { bad: true }))).to.deep.equal([400, 400, 400]);
    expect(await statuses(1, () => post('/api/messages', activity()))).to.deep.equal([200]);
  });

  it('with a bad authentication are refused before anything of them is looked at', async () => {
    const env = { MicrosoftAppId: '11111111-2222-3333-4444-555555555555', MicrosoftAppPassword: 'not-a-secret' };
    await start({}, env);
    const teams = activity({ channelId: 'msteams', serviceUrl: 'https://smba.trafficmanager.net/emea/' });
    const forged = () => post('/api/messages', teams, { authorization: 'Bearer forged' });
    expect(new Set(await statuses(100, forged))).to.deep.equal(new Set([401]));
    expect(await statuses(1, forged)).to.deep.equal([429]);
    expect(await statuses(1, () => post('/api/messages', 'x', { 'content-type': 'text/plain' }))).to.deep.equal([429]);
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ChannelClient } from '../support/channel-client.ts';
import { DirectLineClient } from '../support/direct-line-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

/** A channel's connector that does as it is told and keeps what it was sent. */
class Connector {
  behaviour: 'take' | 'fail' | 'hang' = 'take';
  readonly taken: string[] = [];
  requests = 0;
  #server: Server | undefined;

  async listen(): Promise<string> {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        const { type, text } = JSON.parse(body) as { type: string; text: string };
        // That the bot is typing comes from a slow machine alone.
        if (type === 'typing') return void response.end('{"id":"0"}');
        this.requests++;
        if (this.behaviour === 'hang') return;
        if (this.behaviour === 'take') this.taken.push(text);
        response.writeHead(this.behaviour === 'take' ? 200 : 500, { 'content-type': 'application/json' });
        response.end('{"id":"1"}');
      });
    });
    await new Promise<void>((listening) => this.#server?.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

describe('replies that are sent to a channel', () => {
  let app: TestApp;
  let connector: Connector;
  let serviceUrl: string;
  let user: ChannelClient;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.close());
  beforeEach(async () => {
    connector = new Connector();
    serviceUrl = await connector.listen();
    user = new ChannelClient(app.url);
  });
  afterEach(() => connector.close());
  const send = (id: string, text = 'forgot password') => user.post({ id, text, serviceUrl, deliveryMode: undefined });

  it('arrive once', async () => {
    expect((await send('a')).status).to.equal(200);
    expect(connector.taken).to.have.length(1);
  });

  it('are tried once when the channel fails, and come with the repeated activity', async () => {
    connector.behaviour = 'fail';
    expect((await send('a')).status).to.equal(502);
    expect(connector.requests).to.equal(1);
    connector.behaviour = 'take';
    expect((await send('a')).status).to.equal(200);
    expect(connector.taken).to.have.length(1);
    expect(connector.taken[0]).to.include('password/reset');
  });

  it('are said not to have arrived where nobody listens', async () => {
    connector.close();
    const response = await send('a');
    expect(response.status).to.equal(502);
    expect(await response.text()).to.include('ReplyNotSent');
  });

  it('hold up their conversation no longer than the time a send has', async () => {
    const hurried = await startTestApp({}, { sendTimeout: 500 });
    user = new ChannelClient(hurried.url);
    connector.behaviour = 'hang';
    expect((await send('a')).status).to.equal(502);
    connector.behaviour = 'take';
    // On a slow machine half a second is little: a channel sends again what was refused.
    await until(async () => (await send('b')).status === 200);
    await hurried.close();
  });
});

describe('the web chat beside an app id', () => {
  it('answers', async () => {
    const appId = '11111111-2222-3333-4444-555555555555';
    const app = await startTestApp({ MicrosoftAppId: appId, MicrosoftAppPassword: 'not-a-secret' });
    const client = await new DirectLineClient(app.url).open();
    await client.say('forgot password');
    await client.replyTo('forgot password');
    client.close();
    await app.close();
  });
});

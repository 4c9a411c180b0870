import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { spy } from 'sinon';
import { DirectLineClient } from '../support/direct-line-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

/** Every route goes through here, whoever adds it. */
const router = createRequire(import.meta.url)('restify/lib/router') as { prototype: { mount(): void } };

const mail = `2026-11-22T10-00-00.000Z-${'a'.repeat(32)}`;

describe('HEAD', () => {
  let app: TestApp;
  let client: DirectLineClient;
  let paths: string[];
  before(async () => {
    const mount = spy(router.prototype, 'mount');
    app = await startTestApp();
    const routes = mount.args.map(([route]: unknown[]) => route as { method: string; path: string });
    mount.restore();
    paths = routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
    client = await new DirectLineClient(app.url).open();
    await mkdir(join(app.folder, 'mail'));
    await writeFile(join(app.folder, 'mail', `${mail}.eml`), 'Subject: captured\r\n\r\ntext\r\n');
  });
  after(async () => {
    client.close();
    await app.close();
  });

  /** What stands for the parts of a route that vary. */
  const fill = async (path: string) => {
    const style = /\/assets\/(style-[^"]+)/.exec(await (await fetch(app.url)).text())?.[1] ?? '';
    return path
      .replace('/assets/:name', `/assets/${style}`)
      .replace('/dev/mail/:id', `/dev/mail/${mail}`)
      .replace('/entries/:id', '/entries/forgot-password')
      .replace('/conversations/:id', `/conversations/${client.conversationId}`)
      .replace(/:\w+/g, 'nothing');
  };
  const compare = async (path: string, accept: string) => {
    const headers = { accept, authorization: `Bearer ${client.token}`, 'accept-encoding': 'identity' };
    const [get, head] = await Promise.all(
      ['GET', 'HEAD'].map((method) => fetch(app.url + path, { method, headers, redirect: 'manual' })),
    );
    const names = ['content-length', 'content-type', 'cache-control', 'content-security-policy', 'location'];
    const seen = (response: Response | undefined) => [
      response?.status,
      ...names.map((name) => response?.headers.get(name)),
    ];
    expect(seen(head)).to.deep.equal(seen(get));
    const body = Buffer.from((await get?.arrayBuffer()) ?? new ArrayBuffer());
    expect(head?.headers.get('content-length')).to.equal(String(body.length));
    expect(await head?.text()).to.equal('');
    return get?.status;
  };

  it('answers as GET does at every address that GET has', async () => {
    expect(paths).to.include.members(['/', '/healthz', '/assets/:name', '/v3/directline/conversations/:id']);
    // Where somebody comes back from a provider or chooses a person, there is nothing for whoever just asks.
    const others: Record<string, number> = {
      '/sign-in/callback': 400,
      '/sample-sign-in/choose/:uid': 400,
      '/sample-sign-in/*': 404,
      '/invitations/:token': 303,
      '/invitations': 404,
      '/undo/:token': 404,
      '/sign-in/chat/:id': 404,
      // A stranger is sent to the sign-in.
      '/accounts': 303,
      '/profile': 303,
      '/profile/:id/address': 303,
      '/profile/:id/history': 303,
      '/colleagues': 303,
      '/colleagues/invite': 303,
      '/staff/events': 401,
      '/staff/here': 401,
    };
    for (const path of paths) {
      expect([path, await compare(await fill(path), '*/*')]).to.deep.equal([
        path,
        others[path] ?? (path.startsWith('/staff') ? 303 : 200),
      ]);
    }
  });

  for (const [path, status] of [
    ['/nope', 404],
    ['/entries/nope', 404],
    ['/chat/token', 405],
  ] as const) {
    it(`answers ${status} at ${path}, to a browser and to a program`, async () => {
      expect(await compare(path, 'text/html')).to.equal(status);
      expect(await compare(path, '*/*')).to.equal(status);
    });
  }

  it('sends no body that the next answer on the connection would begin with', async () => {
    const socket = connect(app.port, '127.0.0.1').setEncoding('utf8');
    const host = `Host: localhost:${app.port}\r\n`;
    socket.write(`HEAD / HTTP/1.1\r\n${host}\r\nGET /healthz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    // A reset after the answers is an end as well.
    await new Promise((ended) => socket.on('error', () => {}).once('close', ended));
    expect(text.match(/HTTP\/1\.1 200 OK/g)).to.have.length(2);
    expect(text)
      .to.match(/\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
      .and.match(/\{"status":"alive"\}$/);
  });
});

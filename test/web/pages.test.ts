import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { expect } from 'chai';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('pages', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.close());
  const html = { accept: 'text/html,application/xhtml+xml' };
  const get = async (path: string, headers: Record<string, string> = html) => {
    const response = await fetch(app.url + path, { headers, redirect: 'manual' });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  /** fetch does not let a client choose its Host. */
  const asHost = (host: string, path = '/') =>
    new Promise<{ status: number; location: string | undefined }>((done, failed) => {
      const options = { host: '127.0.0.1', port: app.port, path, headers: { host, ...html } };
      request(options, (response) => {
        response.resume();
        done({ status: response.statusCode ?? 0, location: response.headers.location });
      })
        .on('error', failed)
        .end();
    });

  for (const path of ['/profile', '/colleagues', '/colleagues/invite', '/accounts', '/profile/x/address']) {
    it(`send a stranger from ${path} to the sign-in and back`, async () => {
      const { status, headers } = await get(path);
      expect([status, headers.get('location')]).to.deep.equal([303, `/sign-in?return=${encodeURIComponent(path)}`]);
    });
  }

  for (const path of ['/', '/entries/forgot-password', '/chat', '/healthz', '/readyz', '/sign-out']) {
    it(`answer HEAD ${path}`, async () => {
      const response = await fetch(app.url + path, { method: 'HEAD' });
      expect(response.status).to.equal(200);
      expect(await response.text()).to.equal('');
    });
  }

  it('may be framed by nobody, but for the chat by its own', async () => {
    expect((await get('/')).headers.get('content-security-policy')).to.include("frame-ancestors 'none'");
    expect((await get('/chat')).headers.get('content-security-policy')).to.include("frame-ancestors 'self'");
  });

  for (const path of [
    '/nope',
    '/entries/nope',
    '/entries/%2e%2e%2f%2e%2e%2fpackage.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/manifest.json',
    '/%ff',
  ]) {
    it(`say of ${path} that nothing is there, to a browser and to a program`, async () => {
      const page = await get(path);
      expect(page.status).to.be.oneOf([400, 404]);
      expect(page.headers.get('content-type')).to.include('text/html');
      expect(page.headers.get('content-security-policy')).to.include("default-src 'none'");
      expect(page.headers.get('cache-control')).to.equal('no-store');
      const data = await get(path, { accept: '*/*' });
      expect(data.headers.get('content-type')).to.include('application/json');
      expect(page.text + data.text).not.to.match(/node_modules|\/src\/|package\.json|at \w+ \(/);
    });
  }

  it('are asked for under one name of this machine', async () => {
    expect(await asHost(`127.0.0.1:${app.port}`, '/entries/forgot-password')).to.deep.equal({
      status: 307,
      location: `${app.url}/entries/forgot-password`,
    });
  });

  it('are refused under a foreign name that leads to this machine', async () => {
    expect((await asHost('evil.example')).status).to.equal(421);
  });

  it('bring the script of the chat compressed and for ever', async () => {
    const address = /href="(\/assets\/webchat-[^"]+)"/.exec((await get('/chat')).text)?.[1] ?? '';
    const { headers } = await get(address, { 'accept-encoding': 'br' });
    expect(headers.get('content-encoding')).to.equal('br');
    expect(headers.get('cache-control')).to.include('immutable');
    expect((await get('/assets/webchat.js.LICENSE.txt')).text).to.include('MIT License');
  });

  it('show a reference that the log has when it was our fault', async () => {
    // Ids that fail when a chat asks for one, but not for the reference of that failure.
    let isOut = false;
    const newId = () => {
      if (!isOut) return randomUUID();
      isOut = false;
      throw new Error('out of ids');
    };
    const broken = await startTestApp({}, { newId });
    isOut = true;
    try {
      const response = await fetch(`${broken.url}/chat/token`, { method: 'POST' });
      expect(response.status).to.equal(500);
      const { error } = (await response.json()) as { error: { message: string } };
      const reference = /reference (\S+)\./.exec(error.message)?.[1] ?? '';
      expect(reference).not.to.equal('');
      expect(broken.log()).to.include(`"reference":"${reference}"`);
      expect(error.message).not.to.include('out of ids');
    } finally {
      await broken.close();
    }
  });

  it('say when everything is ready', async () => {
    const ready = await get('/readyz', {});
    expect(JSON.parse(ready.text)).to.deep.equal({ status: 'ready' });
  });
});

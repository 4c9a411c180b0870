import { expect } from 'chai';
import { openToAll, startTestApp, type TestApp } from '../support/test-app.ts';

describe('security headers', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({}, { limits: { open: { points: 0, seconds: 60 } } });
  });
  after(() => app.close());
  const html = { accept: 'text/html' };

  const answers: [string, string, RequestInit, number][] = [
    ['a page', '/', { headers: html }, 200],
    ['the chat frame', '/chat', { headers: html }, 200],
    ['data', '/healthz', {}, 200],
    ['a file', '/assets/webchat.js.LICENSE.txt', {}, 200],
    ['what is not there', '/nope', { headers: html }, 404],
    ['a wrong method', '/', { method: 'DELETE' }, 405],
    ['a wrong body', '/', { method: 'POST', headers: { 'content-encoding': 'gzip' }, body: 'x' }, 415],
    ['a refusal', '/v3/directline/conversations', { method: 'POST' }, 401],
    ['too many requests', '/chat/token', { method: 'POST' }, 429],
    ['a redirect', `http://127.0.0.1:PORT/`, { headers: html, redirect: 'manual' }, 307],
  ];
  for (const [what, path, init, status] of answers) {
    it(`come with ${what}`, async () => {
      const address = path.startsWith('/') ? app.url + path : path.replace('PORT', String(app.port));
      const { headers, status: got } = await fetch(address, init);
      expect(got).to.equal(status);
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('referrer-policy')).to.equal('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).to.equal('same-origin');
      expect(headers.get('cross-origin-resource-policy')).to.equal('same-origin');
      expect(headers.get('permissions-policy')).to.include('camera=(), ').and.include('microphone=()');
      expect(headers.get('strict-transport-security')).to.equal(null);
    });
  }

  it('ask browsers to stay with https where the address is https, and only there', async () => {
    const open = await startTestApp(openToAll);
    try {
      const { headers } = await fetch(`${open.url}/nope`);
      expect(headers.get('strict-transport-security')).to.equal('max-age=31536000');
    } finally {
      await open.close();
    }
  });
});

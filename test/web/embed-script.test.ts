import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('/embed.js', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.close());

  /** As it goes over the wire: fetch would unpack it. */
  const get = (headers: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((done, failed) => {
      request(`${app.url}/embed.js`, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      })
        .on('error', failed)
        .end();
    });

  it('weighs 4 kB at most, its words included', async () => {
    const { body, headers } = await get({ 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).to.equal('gzip');
    expect(body.length).to.be.at.most(4096);
  });

  it('is the same in every encoding', async () => {
    const plain = (await get()).body.toString();
    expect(gunzipSync((await get({ 'accept-encoding': 'gzip' })).body).toString()).to.equal(plain);
    expect(brotliDecompressSync((await get({ 'accept-encoding': 'gzip, br' })).body).toString()).to.equal(plain);
  });

  it('carries the address of this server and its words', async () => {
    const plain = (await get()).body.toString();
    expect(plain).to.include(`"origin":"${app.url}"`).and.include('"close":"Close chat"');
  });

  it('may be loaded by any page, as a script or a module', async () => {
    const { headers } = await get();
    expect(headers['cross-origin-resource-policy']).to.equal('cross-origin');
    expect(headers['access-control-allow-origin']).to.equal('*');
    expect(headers['content-type']).to.include('text/javascript');
  });

  it('is kept for five minutes and not sent again unless it changed', async () => {
    const { headers } = await get();
    expect(headers['cache-control']).to.include('max-age=300').and.include('stale-while-revalidate');
    const again = await get({ 'if-none-match': String(headers.etag) });
    expect({ status: again.status, length: again.body.length }).to.deep.equal({ status: 304, length: 0 });
    expect(again.headers.etag).to.equal(headers.etag);
    expect((await get({ 'if-none-match': '"another", W/"old"' })).status).to.equal(200);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { outbox, queueMail } from '../../src/mail/outbox.ts';
import { Change } from '../../src/records/records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { sampleMail } from '../mail/mail-bench.ts';
import { SmtpSink } from '../mail/smtp-sink.ts';
import { openToAll, startTestApp, type TestApp } from '../support/test-app.ts';

const hostile = '<script>alert(1)</script><img src=x onerror=alert(1)>';

describe('captured mail on the web', () => {
  let folder: string;
  let app: TestApp | undefined;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'accessdesk-dev-mail-')), 'data');
    const store = await openEmbeddedStore({ folder, now: () => new Date(), recordTypes: [outbox] });
    const at = ['2026-11-22T10:00:00.000Z', '2026-11-22T10:00:01.000Z'];
    const change = new Change();
    queueMail(change, 'row-0', { ...sampleMail, to: 'first@contoso.example', at: at[0] ?? '' });
    queueMail(change, 'row-1', {
      ...sampleMail,
      to: 'second@contoso.example',
      at: at[1] ?? '',
      data: { ...sampleMail.data, company: hostile },
    });
    await store.records.commit(change);
    await store.close();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await rm(join(folder, '..'), { recursive: true });
  });

  const start = async (env: Record<string, string> = {}) => {
    app = await startTestApp({ STORE_URL: `file:${folder}`, ...env });
    return app.url;
  };
  interface Listed {
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly html: string;
    readonly at: string;
  }
  /** What was captured; asked for until both mails that waited at the start are there. */
  const captured = async (url: string): Promise<Listed[]> => {
    for (;;) {
      const list = (await (await fetch(`${url}/dev/mail.json`)).json()) as Listed[];
      if (list.length === 2) return list;
    }
  };
  const page = async (address: string, headers: Record<string, string> = {}) => {
    const response = await fetch(address, { headers: { accept: 'text/html', ...headers } });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it('is sent at start, and given as JSON, newest first, to nobody’s cache', async () => {
    const list = await captured(await start());
    expect(list.map((mail) => Object.keys(mail))).to.deep.equal(Array(2).fill(['to', 'subject', 'text', 'html', 'at']));
    expect(list.map(({ to, at }) => [to, at])).to.deep.equal([
      ['second@contoso.example', '2026-11-22T10:00:01.000Z'],
      ['first@contoso.example', '2026-11-22T10:00:00.000Z'],
    ]);
    expect(list[1]?.text).to.include('Hello Amira Malik,');
    expect((await fetch(`${app?.url}/dev/mail.json`)).headers.get('cache-control')).to.equal('no-store');
  });

  it('is listed on a page, each with a page of its own, markup in names inert', async () => {
    const url = await start();
    await captured(url);
    const list = await page(`${url}/dev/mail`);
    expect(list.text.indexOf('second@contoso.example')).to.be.below(list.text.indexOf('first@contoso.example'));
    const [address = ''] = /\/dev\/mail\/[^"]+/.exec(list.text) ?? [];
    const mail = await page(url + address);
    for (const { text, headers } of [list, mail]) {
      expect(text)
        .to.include('&lt;script>alert(1)')
        .and.not.match(/<script>alert|<img src=x/);
      expect(headers.get('content-security-policy')).to.include("default-src 'none'").and.include("script-src 'self'");
      expect(headers.get('cache-control')).to.equal('no-store');
    }
    expect(mail.text).to.match(/<iframe[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  });

  it('shows the HTML at an address that may run nothing and load nothing', async () => {
    const url = await start();
    await captured(url);
    const [address = ''] = /\/dev\/mail\/[^"]+/.exec((await page(`${url}/dev/mail`)).text) ?? [];
    const { headers, text } = await page(`${url}${address}/html`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy)
      .to.include("default-src 'none'")
      .and.match(/sandbox(?! [^;]*(?:allow-scripts|allow-same-origin))/);
    expect(policy).to.not.match(/script-src|connect-src|img-src/);
    expect(text)
      .to.include('<base target="_blank">')
      .and.not.match(/<script>alert|<img src=x/);
  });

  for (const path of [
    '/dev/mail/nope',
    '/dev/mail/..%2f..%2fsecret-key',
    '/dev/mail/nope/html',
    '/dev/mail/__proto__',
  ]) {
    it(`is not there at ${path}`, async () => expect((await page((await start()) + path)).status).to.equal(404));
  }

  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
    it(`is not there for what came through a proxy (${header})`, async () => {
      const url = await start();
      for (const path of ['/dev/mail', '/dev/mail.json']) {
        expect((await page(url + path, { [header]: '127.0.0.1' })).status).to.equal(404);
      }
    });
  }

  it('is not there where mail is really sent', async () => {
    const sink = await new SmtpSink().listen();
    const url = await start({ MAIL_URL: `smtp://127.0.0.1:${sink.port}` });
    await sink.until(2);
    for (const path of ['/dev/mail', '/dev/mail.json']) expect((await page(url + path)).status).to.equal(404);
    await app?.close();
    app = undefined;
    await sink.close();
  });

  it('is not there for another machine, nor on a server that others reach', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal);
    const url = await start({ ...openToAll, HOST: '0.0.0.0' });
    const hosts = outside ? [url, `http://${outside.address}:${app?.port}`] : [url];
    for (const host of hosts) expect((await page(`${host}/dev/mail.json`)).status).to.equal(404);
  });
});

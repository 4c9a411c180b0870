import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { expect } from 'chai';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

describe('the help page', () => {
  const open: (() => Promise<unknown>)[] = [];
  let shipped: TestApp;

  before(async () => {
    shipped = await startTestApp();
    open.push(() => shipped.close());
  });
  after(async () => {
    for (const close of open) await close();
  });

  /** An app over files of a knowledge base. */
  async function appWith(files: Record<string, string>, now?: () => Date): Promise<TestApp> {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-faq-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const app = await startTestApp({ FAQ_DIR: folder }, { now });
    open.push(
      () => app.close(),
      () => rm(folder, { recursive: true }),
    );
    return app;
  }

  const page = async (path: string, app = shipped) => {
    const response = await fetch(app.url + path, { headers: { accept: 'text/html' } });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const search = (text: string, app = shipped) => page(`/?q=${encodeURIComponent(text)}`, app);
  const structuredData = (html: string) =>
    JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? 'null');

  describe('as a whole', () => {
    it('lists every entry under its topic, with an anchor and the answer in place', async () => {
      const { text } = await page('/');
      expect(text.match(/<details id="/g)).to.have.length(15);
      expect(text).to.include('<h2 id="_topic-signing-in">Signing in</h2>');
      expect(text).to.match(/<details id="forgot-password">.*https:\/\/account\.live\.com\/password\/reset/s);
    });

    it('links to what is often asked', async () => {
      const { text } = await page('/');
      expect(text).to.include('<a href="/entries/multiple-emails">Several e-mails for one address</a>');
    });

    it('tells search engines questions and answers', async () => {
      const data = structuredData((await page('/')).text);
      expect(data).to.include({ '@context': 'https://schema.org', '@type': 'FAQPage' });
      expect(data.mainEntity).to.have.length(15);
      expect(data.mainEntity[0]).to.have.nested.property('acceptedAnswer.text').that.includes('<p>');
    });

    it('shows notices while they are in force, from the first moment to the last', async () => {
      let now = new Date('2027-01-16T19:59:59Z');
      const app = await appWith(
        {
          'a.md': '# T\n\n## Q?\n\nA',
          'notices.md':
            '## Closed\n\nUse the other gate.\n\n- from: 2027-01-16 20:00 UTC\n- until: 2027-01-17 00:00 UTC\n',
        },
        () => now,
      );
      expect((await page('/', app)).text).not.to.include('other gate');
      now = new Date('2027-01-16T20:00:00Z');
      expect((await page('/', app)).text).to.match(/Use the other gate\..*<h1>/s);
      now = new Date('2027-01-17T00:00:00Z');
      expect((await page('/', app)).text).not.to.include('other gate');
    });

    it('follows the knowledge base when its files change', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'accessdesk-faq-'));
      await writeFile(join(folder, 'a.md'), '# T\n\n## Old question?\n\nA');
      const app = await startTestApp({ FAQ_DIR: folder });
      open.push(
        () => app.close(),
        () => rm(folder, { recursive: true }),
      );
      expect((await page('/', app)).text).to.include('Old question?');
      await writeFile(join(folder, 'a.md'), '# T\n\n## New question?\n\nA');
      let text = '';
      await until(async () => {
        text = (await page('/', app)).text;
        return text.includes('New question?');
      });
      expect(text).not.to.include('Old question?');
    });

    it('leaves answers to their own pages where all of them would be too much for one', async () => {
      const entry = (n: number) => `## Question ${n}? {#q${n}}\n\n${`Words of answer ${n}. `.repeat(60)}\n`;
      const app = await appWith({ 'a.md': `# Many\n\n${Array.from({ length: 200 }, (_, n) => entry(n)).join('\n')}` });
      const { text } = await page('/', app);
      expect(text.match(/<a class="row" id="q\d+" href="\/entries\/q\d+"/g)).to.have.length(200);
      expect(text).not.to.include('Words of answer');
      expect((await page('/entries/q7', app)).text).to.include('Words of answer 7.');
    });
  });

  describe('over the wire', () => {
    const raw = (headers: Record<string, string>) =>
      new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((done, failed) => {
        request(`${shipped.url}/`, { headers: { accept: 'text/html', ...headers } }, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
          );
        })
          .on('error', failed)
          .end();
      });

    it('is compressed for who asks for that, and plain for others', async () => {
      const plain = await raw({});
      expect(plain.headers).not.to.have.property('content-encoding');
      const packed = await raw({ 'accept-encoding': 'gzip, br' });
      expect(packed.headers).to.include({ 'content-encoding': 'br', vary: 'accept-encoding, cookie' });
      expect(brotliDecompressSync(packed.body).equals(plain.body)).to.equal(true);
      const refused = await raw({ 'accept-encoding': 'br;q=0, identity' });
      expect(refused.headers).not.to.have.property('content-encoding');
    });

    it('is small: at most 60 kB with style and script, in five requests', async () => {
      const { text } = await page('/');
      const files = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
      expect(files.length + 1).to.be.at.most(5);
      let bytes = (await raw({ 'accept-encoding': 'br' })).body.length;
      for (const path of files) {
        const { headers } = await fetch(shipped.url + path, { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
        bytes += Number(headers.get('content-length'));
      }
      expect(bytes).to.be.within(5000, 60_000);
    });

    it('is not sent again to who has it', async () => {
      const { headers } = await raw({});
      const again = await raw({ 'if-none-match': String(headers.etag) });
      expect([again.status, again.body.length]).to.deep.equal([304, 0]);
    });
  });

  describe('searching', () => {
    it('shows what was found with the answer open and the words marked, typing errors or not', async () => {
      const { text } = await search('forgott my pasword');
      expect(text).to.match(/<details id="forgot-password" open>/);
      expect(text).to.include('<mark>password</mark>');
      expect(text.match(/<details id="[^"]+" open/g)).to.have.length(1);
    });

    it('opens none of them where the chat would ask which one is meant', async () => {
      const app = await appWith({ 'a.md': '# T\n\n## Open the red gate\n\nA\n\n## Open the blue gate\n\nB\n' });
      const { text } = await search('open the gate', app);
      expect([...text.matchAll(/<details id="(open-[^"]+)"/g)].map(([, id]) => id)).to.have.members([
        'open-the-red-gate',
        'open-the-blue-gate',
      ]);
      expect(text).not.to.match(/<details id="[^"]+" open/);
    });

    it('begins with what was asked word for word, and opens it, where others look more like it', async () => {
      const { text } = await search("can't sign in");
      const ids = [...text.matchAll(/<details id="([^"]+)"( open)?/g)].map(([, id, isOpen]) => [id, isOpen]);
      expect(ids[0]).to.deep.equal(['forgot-password', ' open']);
      expect(ids.filter(([id, isOpen]) => isOpen || id === 'forgot-password')).to.have.length(1);
    });

    it('marks words in the answer without touching its markup', async () => {
      const app = await appWith({
        'a.md': '# T\n\n## Where is the gate?\n\n[The **gate** list](https://gate.example/gate)\n',
      });
      const { text } = await search('gate', app);
      expect(text).to.include(
        '<p><a href="https://gate.example/gate" rel="noopener">The <strong><mark>gate</mark></strong> list</a></p>',
      );
    });

    it('says so where nothing was found, and keeps the words in the field', async () => {
      const { status, text } = await search('chocolate cake recipe');
      expect(status).to.equal(200);
      expect(text).to.include('Nothing found for “chocolate cake recipe”');
      expect(text).to.include('value="chocolate cake recipe"');
    });

    it('finds what the chat can do', async () => {
      expect((await search('resend my invitation')).text).to.match(/<details id="do:resend-invite" open>/);
    });

    for (const [dialog, wish, address] of [
      ['resend-invite', 'resend my invitation', '/associate'],
      ['reassociate', 'move a profile to another account', '/profile'],
      ['list-profiles', 'list my profiles', '/profile'],
      ['invite-colleague', 'invite a colleague', '/colleagues'],
      ['handoff', 'talk to a person', 'mailto:'],
    ] as const) {
      it(`leads whoever has no chat to where they can do it themselves: ${dialog}`, async () => {
        const { text } = await search(wish);
        const [, row = ''] = text.split(`<details id="do:${dialog}"`);
        expect(row.split('</details>')[0]).to.include(`class="button" href="${address}`);
      });
    }

    it('reads the first 200 characters', async () => {
      const { text } = await search(`password ${'x'.repeat(300)}`);
      expect(text)
        .to.include(`value="password ${'x'.repeat(191)}"`)
        .and.not.include('x'.repeat(192));
    });

    it('leaves a giant answer to its own page, so that nobody waits for its marks', async () => {
      const rows = Array.from({ length: 400 }, (_, n) => `| gate ${n} | gate | gate | gate |`).join('\n');
      const app = await appWith({
        'a.md': `# T\n\n## Where is the gate?\n\n| a | b | c | d |\n|---|---|---|---|\n${rows}\n`,
      });
      const { text } = await search('where is the gate', app);
      expect(text).to.match(/<a class="row" id="where-is-the-gate" href="\/entries\/where-is-the-gate">/);
      expect(text).not.to.include('<table');
    });

    it('is no page for search engines, and not kept by anybody', async () => {
      const { headers, text } = await search('password');
      expect(text).to.include('<meta name="robots" content="noindex"/>');
      expect(headers.get('cache-control')).to.equal('private, no-store');
    });

    it('is the whole page when nothing but spaces is asked for', async () => {
      expect((await search('  \t ')).text).to.include('<details id="forgot-password">');
    });

    for (const hostile of [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '</title><svg onload=alert(1)>',
      "javascript:alert('1')",
      '{{7*7}} %3Cscript%3E',
      '\u0000\u202e\ufdfa password',
      'a'.repeat(100_000),
    ]) {
      it(`shows ${JSON.stringify(hostile.slice(0, 30))} as text and nothing else`, async () => {
        // Longer addresses than Node.js reads are refused before they reach us.
        const { status, text } = await search(hostile);
        expect(status).to.be.oneOf([200, 431]);
        expect(text).not.to.match(/<script>|<img|<svg onload|href="javascript/i);
      });
    }
  });

  describe('suggesting while somebody types', () => {
    const suggest = async (text: string) => {
      const response = await fetch(`${shipped.url}/suggest?q=${encodeURIComponent(text)}`);
      return (await response.json()) as { suggestions: { id: string; question: string; address: string }[] };
    };

    it('names questions and where they are answered', async () => {
      const [first] = (await suggest('switch profile')).suggestions;
      expect(first).to.deep.equal({
        id: 'switch-profiles',
        question: 'How do I switch to another profile?',
        address: '/entries/switch-profiles',
      });
    });

    it('goes on while a word is unfinished', async () => {
      for (const begun of ['mic', 'micro', 'microsof', 'swi', 'invita']) {
        expect((await suggest(begun)).suggestions, begun).not.to.deep.equal([]);
      }
    });

    it('names at most five', async () => {
      expect((await suggest('microsoft account')).suggestions).to.have.length.within(2, 5);
    });

    it('has nothing to say to nothing', async () => {
      expect((await suggest(' ')).suggestions).to.deep.equal([]);
    });
  });

  describe('of one entry', () => {
    it('has the answer, what to read next, and itself as structured data', async () => {
      const { status, text } = await page('/entries/forgot-password');
      expect(status).to.equal(200);
      expect(text).to.include('https://account.live.com/password/reset').and.include('href="/entries/');
      expect(structuredData(text).mainEntity).to.have.length(1);
      expect(text).to.include(`<link rel="canonical" href="${shipped.url}/entries/forgot-password"/>`);
    });

    it('may be called as one of the pages’ own parts is', async () => {
      const app = await appWith({ 'a.md': '# T\n\n## Content? {#content}\n\nA\n\n## Not here? {#not-here}\n\nA\n' });
      const ids = [...(await page('/', app)).text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(ids).to.include('content');
      expect(new Set(ids).size).to.equal(ids.length);
    });

    it('keeps an answer that looks like markup from being markup', async () => {
      const app = await appWith({
        'a.md': '# T\n\n## Is a < b? {#odd}\n\nWrite `</script><script>alert(1)</script>`.\n',
      });
      const { text } = await page('/entries/odd', app);
      expect(text.match(/<script/g)).to.have.length(2); // the page's own and its structured data
      expect(structuredData(text).mainEntity[0].name).to.equal('Is a < b?');
    });
  });

  describe('beside the answers', () => {
    it('has the privacy notice and the terms', async () => {
      expect((await page('/privacy')).text).to.include('365 days after it was said');
      expect((await page('/terms')).text).to.include('<h1>Terms of use</h1>');
    });

    it('has nothing where they are not written', async () => {
      const app = await appWith({ 'a.md': '# T\n\n## Q?\n\nA' });
      expect((await page('/privacy', app)).status).to.equal(404);
    });
  });
});

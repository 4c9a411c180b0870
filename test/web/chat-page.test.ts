import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readChatOptions } from '../../src/web/chat-options.ts';
import { textOn } from '../../src/web/colour.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('the page in the chat frame', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.close());
  const get = async (query = '') => (await fetch(`${app.url}/chat${query}`)).text();

  it('helps before any script has run', async () => {
    const html = await get();
    expect(html).to.include('I answer questions about access');
    expect(html.match(/href="\/entries\//g)).to.have.length(3);
    expect(html).to.include('mailto:support@contoso.example');
  });

  it('leads to entries whose ids are not plain letters', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-faq-'));
    const text = '---\noften: { zurück: Back }\n---\n# Access\n\n## How do I get back? {#zurück}\n\nPress it.\n';
    await writeFile(join(folder, 'access.md'), text);
    const german = await startTestApp({ FAQ_DIR: folder });
    try {
      expect(await (await fetch(`${german.url}/chat`)).text()).to.include('href="/entries/zur%C3%BCck"');
    } finally {
      await german.close();
      await rm(folder, { recursive: true });
    }
  });

  it('takes language, theme and colour from its address', async () => {
    const html = await get('?language=de-ch&theme=dark&colour=%23fd0');
    expect(html).to.include('data-locale="de-CH"').and.include('data-theme="dark"').and.include('--brand:#fd0');
  });

  for (const query of [
    '?language=%22%3E%3Cscript%3E',
    '?language=e',
    `?language=${'a-b'.repeat(40)}`,
    '?theme=%22%3E%3Cscript%3E',
    '?colour=red;background:url(//evil.example)',
    '?colour=%23fd00',
    '?colour=%23fd0&colour=%3Cscript%3E&theme=&language=',
    '?%ff=%ff&language=%ff',
  ]) {
    it(`leaves out what is none of these: ${query.slice(0, 40)}`, async () => {
      const html = await get(query);
      expect(html).to.include('data-locale="en"').and.not.include('data-theme');
      expect(html).not.to.match(/evil|"><script|#fd00/);
    });
  }

  it('runs from right to left for a language that does', () => {
    for (const language of ['ar', 'he', 'fa-IR', 'ur', 'ks-Arab', 'yi'])
      expect(readChatOptions(`language=${language}`, 'en').direction, language).to.equal('rtl');
    for (const language of ['', 'de', 'az', 'pa', 'ja', 'ku-Latn'])
      expect(readChatOptions(`language=${language}`, 'en').direction, language).to.equal('ltr');
  });

  it('writes on a colour in whichever of black and white contrasts more', () => {
    expect(['#0b6461', '#5fc9bd', '#fff', '#000', '#FD0', '#767676'].map(textOn)).to.deep.equal([
      '#fff',
      '#000',
      '#000',
      '#fff',
      '#000',
      '#000',
    ]);
  });
});

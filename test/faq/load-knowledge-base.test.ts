import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type LoadedKnowledgeBase, type LoadMemory, loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import { problemText } from '../../src/faq/problem-text.ts';
import { settings } from './sample-settings.ts';

describe('loadKnowledgeBase', () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'faq-'));
    folder = join(parent, 'faq');
    await mkdir(folder);
  });

  afterEach(() => rm(parent, { recursive: true }));

  async function load(files: Record<string, string | Buffer>): Promise<LoadedKnowledgeBase & { found: string[] }> {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const loaded = await loadKnowledgeBase(folder, settings);
    return { ...loaded, found: loaded.problems.map(problemText) };
  }

  it('reads topics, actions and notices with all their parts', async () => {
    const { base, found } = await load({
      'parking.md':
        '---\norder: 1\n---\n# Parking\n\nAll about it.\n\n## Where do I park? {#park}\n\nBehind the house.\n\n*Also asked:*\n\n- car park\n\n*See also:* [Lost](#lost)\n\n*I can do this:* [Call](do:handoff)\n',
      'tickets.md': '# Tickets\n\n**What if I lose my ticket?** {#lost}\nVisit the desk.\n',
      'actions.md': '# Actions\n\n## Call someone {#do:handoff}\n\nI call someone.\n\n*Also asked:*\n\n- a person\n',
      'notices.md': '# Notices\n\n## Gate closed\n\n- until: 2027-01-16\n\nUse the other one.\n',
    });
    expect(found).to.deep.equal([]);
    expect(base.topics).to.deep.equal([
      { id: 'parking', title: 'Parking', html: '<p>All about it.</p>', icon: 'question' },
      { id: 'tickets', title: 'Tickets', html: '', icon: 'question' },
    ]);
    const [park, lost] = base.entries;
    expect(park).to.deep.include({
      id: 'park',
      topic: 'parking',
      alternates: ['car park'],
      next: ['lost'],
      dialogs: ['handoff'],
      source: { file: 'parking.md', line: 8 },
    });
    expect(lost).to.deep.include({ id: 'lost', topic: 'tickets', answer: 'Visit the desk.' });
    expect(base.actions.map(({ id, alternates }) => ({ id, alternates }))).to.deep.equal([
      { id: 'do:handoff', alternates: ['a person'] },
    ]);
    expect(base.notices.map(({ id, text }) => ({ id, text }))).to.deep.equal([
      { id: 'gate-closed', text: 'Use the other one.' },
    ]);
  });

  it('reads the texts of the pages folder, with settings filled in, and nothing else below the folder', async () => {
    await mkdir(join(folder, 'pages'));
    await mkdir(join(folder, 'drafts'));
    const { base, found } = await load({
      'a.md': '## Q?\n\nA',
      'pages/privacy.md': '# Privacy\n\nAsk SUPPORT_EMAIL.\n\n## How long\n\nRETENTION_DAYS days.\n',
      'drafts/b.md': '## Not yet?\n\nNo',
    });
    expect(found).to.deep.equal([]);
    expect(base.entries).to.have.length(1);
    expect(base.pages).to.deep.equal([
      {
        id: 'privacy',
        title: 'Privacy',
        html: '<p>Ask <a href="mailto:help_desk@support.example">help_desk@support.example</a>.</p>',
        sections: [{ title: 'How long', html: '<p>90 days.</p>' }],
      },
    ]);
  });

  it('asks for a title where a page has none', async () => {
    await mkdir(join(folder, 'pages'));
    const { found } = await load({ 'a.md': '## Q?\n\nA', 'pages/terms.md': 'Text.' });
    expect(found).to.deep.equal(['pages/terms.md:1: a page needs a title; write a # heading at the top']);
  });

  it('knows what is often asked, in the order of topics, and misses an entry that is not there', async () => {
    const { base, found } = await load({
      'b.md': '---\norder: 1\noften:\n  two: Short two\n---\n## One? {#one}\n\nA',
      'a.md': '---\norder: 2\noften: { one: Short one, gone: Gone }\n---\n## Two? {#two}\n\nA',
    });
    expect(base.often.slice(0, 2)).to.deep.equal([
      { id: 'two', label: 'Short two' },
      { id: 'one', label: 'Short one' },
    ]);
    expect(found).to.deep.equal(['a.md:3: there is no entry "#gone"; write the id of an entry of this folder']);
  });

  it('stands topics in the order of their front matter, then by file name', async () => {
    const file = (name: string, order?: number) =>
      `${order === undefined ? '' : `---\norder: ${order}\n---\n`}## ${name}?\n\nText of ${name}.`;
    const { base, found } = await load({
      'a.md': file('a'),
      'b.md': file('b', 10),
      'c.md': file('c', 9),
      'd.md': file('d', 9),
      'e.md': file('e'),
    });
    expect(found).to.deep.equal([]);
    expect(base.topics.map(({ id }) => id)).to.deep.equal(['c', 'd', 'b', 'a', 'e']);
    expect(base.entries.map(({ id }) => id)).to.deep.equal(['c', 'd', 'b', 'a', 'e']);
  });

  it('reads *.md only, README.md, hidden files and subfolders left out', async () => {
    await mkdir(join(folder, 'more.md'));
    await writeFile(join(folder, 'more.md', 'inner.md'), '## Inner?\n\nText.');
    const { base, found } = await load({
      'a.md': '## A?\n\nText.',
      'README.md': '## Not this?\n\nText.',
      '.a.md.swp': '## Nor this?\n\nText.',
      '.hidden.md': '## Nor this?\n\nText.',
      'a.md~': '## Nor this?\n\nText.',
      'a.txt': '## Nor this?\n\nText.',
    });
    expect(found).to.deep.equal([]);
    expect(base.entries.map(({ id }) => id)).to.deep.equal(['a']);
  });

  it('gives another version whenever a file changes, comes or goes', async () => {
    const versions = [
      (await load({ 'a.md': '## A?\n\nText.' })).base.version,
      (await load({ 'a.md': '## A?\n\nText!' })).base.version,
      (await load({ 'b.md': '## B?\n\nMore.' })).base.version,
    ];
    await rm(join(folder, 'b.md'));
    expect((await load({})).base.version).to.equal(versions[1]);
    expect(new Set(versions).size).to.equal(3);
    expect(versions[0]).to.match(/^[0-9a-f]{12}$/);
  });

  it('parses only what has changed when it is given what it parsed before', async () => {
    const memory: LoadMemory = { files: new Map() };
    await writeFile(join(folder, 'a.md'), '## A?\n\nText.');
    await writeFile(join(folder, 'b.md'), '## B?\n\nText.');
    const before = await loadKnowledgeBase(folder, settings, undefined, memory);
    await writeFile(join(folder, 'b.md'), '## B2?\n\nText.');
    const after = await loadKnowledgeBase(folder, settings, undefined, memory);
    expect(after.base.entries.map(({ id }) => id)).to.deep.equal(['a', 'b2']);
    expect(after.base.entries[0]).to.equal(before.base.entries[0]);
    await rm(join(folder, 'a.md'));
    await loadKnowledgeBase(folder, settings, undefined, memory);
    expect([...memory.files.keys()]).to.deep.equal(['b.md']);
  });

  describe('refuses', () => {
    it('a folder that does not exist', async () => {
      const { problems } = await loadKnowledgeBase(join(parent, 'none'), settings);
      expect(problems.map(problemText)).to.deep.equal([
        `${join(parent, 'none')}:1: this folder cannot be read (ENOENT); set FAQ_DIR to a folder with Markdown files`,
      ]);
    });

    it('a folder without a question', async () => {
      const { found } = await load({ 'actions.md': '## A {#do:handoff}\n\nb' });
      expect(found).to.deep.equal([
        `${folder}:1: this folder holds no question; add a file such as signing-in.md with ## questions and their answers`,
      ]);
    });

    it('a file of more than 1 MiB', async () => {
      const { found } = await load({ 'a.md': '## A?\n\nText.', 'b.md': `## B?\n\n${'x'.repeat(1024 * 1024)}` });
      expect(found).to.deep.equal([
        'b.md:1: this file has 1048583 bytes, more than 1 MiB; split it into several topics',
      ]);
    });

    it('a file that is not UTF-8, with the line', async () => {
      const { found } = await load({ 'a.md': Buffer.from('## A?\n\nText.\nCaf\xe9\n', 'latin1') });
      expect(found).to.deep.equal(['a.md:4: this line is not UTF-8; save the file with the encoding UTF-8']);
    });

    it('a file of UTF-16', async () => {
      const { found } = await load({ 'a.md': Buffer.from('\uFEFF## A?\n\nText.', 'utf16le') });
      expect(found).to.deep.equal(['a.md:1: this line is not UTF-8; save the file with the encoding UTF-8']);
    });

    it('a link out of the folder', async () => {
      await writeFile(join(parent, 'secret.md'), '## Secret?\n\nText.');
      await symlink('../secret.md', join(folder, 'b.md'));
      const { base, found } = await load({ 'a.md': '## A?\n\nText.' });
      expect(base.entries.map(({ id }) => id)).to.deep.equal(['a']);
      expect(found).to.deep.equal(['b.md:1: this link leads out of the folder; copy the file itself here']);
    });

    it('a link into a folder whose name begins with the same letters', async () => {
      await mkdir(`${folder}-secret`);
      await writeFile(join(`${folder}-secret`, 'b.md'), '## Secret?\n\nText.');
      await symlink('../faq-secret/b.md', join(folder, 'b.md'));
      expect((await load({ 'a.md': '## A?\n\nText.' })).found).to.have.length(1);
    });

    it('a named pipe, without waiting for its other end', async function () {
      if (process.platform === 'win32') this.skip();
      execFileSync('mkfifo', [join(folder, 'b.md')]);
      const { found } = await load({ 'a.md': '## A?\n\nText.' });
      expect(found).to.deep.equal(['b.md:1: this is no regular file; move it out of the folder']);
    });
  });

  it('follows links within the folder, and a link to the folder', async () => {
    await mkdir(join(folder, '..data'));
    await writeFile(join(folder, '..data', 'a.md'), '## A?\n\nText.');
    await symlink('..data/a.md', join(folder, 'a.md'));
    await symlink('faq', join(parent, 'link'));
    const { base, problems } = await loadKnowledgeBase(join(parent, 'link'), settings);
    expect(problems).to.deep.equal([]);
    expect(base.entries.map(({ id }) => id)).to.deep.equal(['a']);
  });

  it('leaves out a link that leads nowhere', async () => {
    await symlink('gone.md', join(folder, 'b.md'));
    expect((await load({ 'a.md': '## A?\n\nText.' })).found).to.deep.equal([]);
  });

  describe('checks over all files', () => {
    it('refuse an id that is taken, naming both places', async () => {
      const { found } = await load({ 'a.md': '## One? {#x}\n\nText.', 'b.md': '\n**Two?** {#x}\nText.' });
      expect(found).to.deep.equal([
        'b.md:2: the id "x" is taken by a.md:1; write another one behind the question: {#other-id}',
      ]);
    });

    it('refuse a dialog that two actions begin, and two notices of one id', async () => {
      const { found } = await load({
        'a.md': '## A?\n\nText.',
        'actions.md': '## Call {#do:handoff}\n\nb\n\n## Ring {#do:handoff}\n\nb',
        'notices.md': '## Closed\n\n## Closed',
      });
      expect(found.map((text) => text.slice(0, 50))).to.deep.equal([
        'actions.md:5: the id "do:handoff" is taken by acti',
        'notices.md:3: the id "closed" is taken by notices.',
      ]);
    });

    it('refuse links and follow-ups to entries that do not exist, wherever they stand', async () => {
      const { found } = await load({
        'a.md': '# T\n\nSee [x](#in-intro).\n\n## A?\n\nText [x](#in-text).\n\n*See also:* [x](#in-part) [y](#b-there)',
        'actions.md': '## Call {#do:handoff}\n\nSee [x](#in-action).',
        'notices.md': '## Closed\n\nSee [x](#in-notice).',
        'b.md': '## B? {#b-there}\n\nMore.',
      });
      expect(found).to.deep.equal(
        [
          ['a.md:3', 'in-intro'],
          ['a.md:7', 'in-text'],
          ['a.md:9', 'in-part'],
          ['actions.md:3', 'in-action'],
          ['notices.md:3', 'in-notice'],
        ].map(([place, id]) => `${place}: there is no entry "#${id}"; write the id of an entry of this folder`),
      );
    });

    it('propose ids like the unknown one', async () => {
      const { found } = await load({ 'a.md': '## A? {#lost-ticket}\n\nText, see [x](#ticket-lost-again).' });
      expect(found[0]).to.match(/; did you mean #lost-ticket\?$/);
    });

    it('do not blame links where a file could not be read', async () => {
      const { found } = await load({ 'a.md': '## A?\n\nSee [b](#b).', 'b.md': Buffer.from('## B?\n\n\xff', 'latin1') });
      expect(found).to.have.length(1);
    });

    it('warn about an entry that offers itself', async () => {
      const { found } = await load({ 'a.md': '## A? {#a}\n\nText.\n\n*See also:* [a](#a)' });
      expect(found).to.deep.equal(['a.md:1: warning: "a" offers itself as what to read next']);
    });

    it('refuse two topics of one title', async () => {
      const { found } = await load({ 'a.md': '# T\n\n## A?\n\nText.', 'b.md': '# T\n\n## B?\n\nMore.' });
      expect(found).to.deep.equal(['b.md:1: the topic "T" is named already by a.md:1; write another # heading']);
    });

    it('warn about phrasings of two entries that ask the same, actions included', async () => {
      const { problems, found } = await load({
        'a.md': '## Where is my ticket? {#a}\n\nText.\n\n*Also asked:*\n\n- lost ticket',
        'b.md': '## B? {#b}\n\nText.\n\n*Also asked:*\n\n- I lost my ticket\n- the B!',
        'actions.md': '## Call {#do:handoff}\n\nb\n\n*Also asked:*\n\n- lost ticket',
      });
      expect(problems.every(({ severity }) => severity === 'warning')).to.equal(true);
      expect(found).to.deep.equal([
        'actions.md:7: warning: "lost ticket" (do:handoff) asks the same as "lost ticket" (a, a.md:7); keep it in one of them',
        'b.md:7: warning: "I lost my ticket" (b) asks the same as "lost ticket" (a, a.md:7); keep it in one of them',
      ]);
    });
  });

  it('lists problems by file and line', async () => {
    const { found } = await load({
      'b.md': '## B?\n\n<b>\n\n[x](#none)\n\n<i>',
      'a.md': '## A?\n\n<b>',
    });
    expect(found.map((text) => text.split(': ')[0])).to.deep.equal(
      ['a.md:3', 'a.md:1', 'b.md:3', 'b.md:5', 'b.md:7'].sort(),
    );
  });
});

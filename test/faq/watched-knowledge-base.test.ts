import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { KnowledgeBase } from '../../src/faq/entry.ts';
import { FaqInvalidError } from '../../src/faq/faq-invalid-error.ts';
import { loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import { openKnowledgeBase, type WatchedKnowledgeBase } from '../../src/faq/watched-knowledge-base.ts';
import { settings } from './sample-settings.ts';

/** Remembers what was said and lets a test wait until something is. */
class Heard {
  readonly all: string[] = [];
  #waiting: (() => void)[] = [];

  add(text: string): void {
    this.all.push(text);
    for (const look of this.#waiting) look();
  }

  /** Resolves once such a text is there; the test's time limit is the only one. */
  async until(form: string | RegExp): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => {
        if (this.all.some((text) => (typeof form === 'string' ? text.includes(form) : form.test(text)))) resolve();
      };
      this.#waiting.push(look);
      look();
    });
  }
}

describe('openKnowledgeBase', () => {
  let parent: string;
  let folder: string;
  let opened: WatchedKnowledgeBase | undefined;
  let log: Heard;
  /** The questions of each version that came into service. */
  let served: Heard;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'faq-'));
    folder = join(parent, 'faq');
    await mkdir(folder);
    await write('a.md', '## First?\n\nText.');
    log = new Heard();
    served = new Heard();
  });

  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    await rm(parent, { recursive: true });
  });

  function write(name: string, text: string): Promise<void> {
    return writeFile(join(folder, name), text);
  }

  /** At once: of one that is written where it stands, half may be read. */
  async function replace(name: string, text: string): Promise<void> {
    await writeFile(join(parent, name), text);
    await rename(join(parent, name), join(folder, name));
  }

  function questions(base: KnowledgeBase): string {
    return base.entries.map(({ question }) => question).join(' ');
  }

  async function open(): Promise<WatchedKnowledgeBase> {
    opened = await openKnowledgeBase({
      folder,
      settings,
      load: loadKnowledgeBase,
      log: {
        info: (text) => log.add(`info ${text}`),
        warn: (text) => log.add(`warn ${text}`),
        error: (text) => log.add(`error ${text}`),
      },
    });
    opened.subscribe((base) => served.add(questions(base)));
    return opened;
  }

  it('serves the folder, and tells nobody of the first version', async () => {
    expect(questions((await open()).current)).to.equal('First?');
    expect([...served.all, ...log.all]).to.deep.equal([]);
  });

  it('refuses a folder with errors, all of them listed', async () => {
    await write('b.md', '## B?\n\n<b>\n\n[x](#none)\n\n[y](#)');
    const error = await open().then(
      () => expect.fail('should have been refused'),
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(FaqInvalidError).with.property('code', 'ERR_FAQ_INVALID');
    const lines = (error as FaqInvalidError).message.split('\n');
    expect(lines[0]).to.equal(
      `The knowledge base in ${folder} (FAQ_DIR) cannot be used. Correct these and start again:`,
    );
    expect(lines[1]).to.match(/^ {2}b\.md:3: HTML is not taken/);
    expect(lines[2]).to.match(/^ {2}b\.md:5: there is no entry "#none"/);
    expect(lines).to.have.length(3);
    expect((error as FaqInvalidError).problems).to.have.length(3);
  });

  it('serves a file that is written anew', async () => {
    const base = await open();
    await write('a.md', '## Second?\n\nText.');
    await served.until('Second?');
    expect(questions(base.current)).to.equal('Second?');
    await log.until('info The knowledge base was reloaded: 1 entries, version');
  });

  it('serves a file that takes the place of another, as many editors save', async () => {
    await open();
    await write('.a.md.new', '## Renamed?\n\nText.');
    await rename(join(folder, '.a.md.new'), join(folder, 'a.md'));
    await served.until('Renamed?');
    await rename(join(folder, 'a.md'), join(folder, 'a.md~'));
    await write('a.md', '## Written?\n\nText.');
    await served.until('Written?');
    await write('a.md', '## Once more?\n\nText.');
    await served.until('Once more?');
  });

  it('serves files that come and go', async () => {
    await open();
    await write('b.md', '## Another?\n\nMore.');
    await served.until('First? Another?');
    await rm(join(folder, 'a.md'));
    await served.until(/^Another\?$/);
  });

  it('takes a burst of changes at once', async () => {
    await open();
    const began = performance.now();
    for (let index = 0; index < 20; index += 1) await write(`b${index}.md`, `## Number ${index}?\n\nText.`);
    await served.until('Number 19?');
    // One for each tenth of a second, which hardly passes while they are written.
    expect(served.all.length).to.be.at.most(1 + (performance.now() - began) / 99);
  });

  it('keeps the last good version when an edit is wrong, and says what is', async () => {
    const base = await open();
    await replace('a.md', '## Bad?\n\nText <b>');
    await log.until('error The knowledge base stays as it was');
    expect(log.all[0]).to.match(/^error a\.md:3: HTML is not taken/);
    expect(questions(base.current)).to.equal('First?');
    expect(base.problems.map(({ source }) => source)).to.deep.equal([{ file: 'a.md', line: 3 }]);
    expect(served.all).to.deep.equal([]);
    await write('a.md', '## Good?\n\nText.');
    await served.until('Good?');
    expect(base.problems).to.deep.equal([]);
  });

  it('logs a warning once, not at each reload', async () => {
    await write('a.md', '## First?\n\n[x](#)');
    await open();
    await write('b.md', '## Second?\n\nMore.');
    await served.until('Second?');
    expect(
      log.all.filter((text) => text.startsWith('warn a.md:3: warning: the link "x" leads nowhere')),
    ).to.have.length(1);
  });

  it('keeps the last good version when the folder is deleted, and serves it when it is back', async () => {
    const base = await open();
    await rm(folder, { recursive: true });
    await log.until('this folder cannot be read (ENOENT)');
    expect(questions(base.current)).to.equal('First?');
    await mkdir(folder);
    await write('a.md', '## Back?\n\nText.');
    await served.until('Back?');
    await write('a.md', '## And again?\n\nText.');
    await served.until('And again?');
  });

  it('serves another folder that takes the place of the first', async () => {
    await open();
    await mkdir(join(parent, 'new'));
    await writeFile(join(parent, 'new', 'a.md'), '## New folder?\n\nText.');
    await rename(folder, join(parent, 'old'));
    await rename(join(parent, 'new'), folder);
    await served.until('New folder?');
    await write('a.md', '## Edited there?\n\nText.');
    await served.until('Edited there?');
  });

  it('serves what links within the folder are turned to, as clusters mount their settings', async () => {
    await mkdir(join(folder, '..1'));
    await writeFile(join(folder, '..1', 'b.md'), '## Old link?\n\nMore.');
    await symlink('..1', join(folder, '..data'));
    await symlink('..data/b.md', join(folder, 'b.md'));
    await open();
    await mkdir(join(folder, '..2'));
    await writeFile(join(folder, '..2', 'b.md'), '## New link?\n\nMore.');
    await symlink('..2', join(folder, '..next'));
    await rename(join(folder, '..next'), join(folder, '..data'));
    await rm(join(folder, '..1'), { recursive: true });
    await served.until('New link?');
  });

  it('reloads once more when a change comes while it reloads', async () => {
    for (let index = 0; index < 30; index += 1) await write(`c${index}.md`, `## Topic ${index}?\n\nText.`);
    const base = await open();
    let last = 0;
    // Written until the first reload is over: the last changes come while it is under way.
    while (served.all.length === 0) {
      last += 1;
      await write('a.md', `## Number ${last}?\n\nText.`);
    }
    await served.until(`Number ${last}?`);
    expect(base.current.entries[0]?.question).to.equal(`Number ${last}?`);
  });

  it('tells subscribers until they leave, whatever another one does', async () => {
    const base = await open();
    const heard: string[] = [];
    base.subscribe(() => {
      throw new Error('listener trouble');
    });
    const leave = base.subscribe((current) => heard.push(questions(current)));
    await replace('a.md', '## Second?\n\nText.');
    await served.until('Second?');
    await log.until('error A listener to the knowledge base failed: Error: listener trouble');
    leave();
    await write('a.md', '## Third?\n\nText.');
    await served.until('Third?');
    expect(heard).to.deep.equal(['Second?']);
  });

  it('tells nobody of a version that is in service already', async () => {
    const base = await open();
    await replace('a.md', '## Bad?\n\nText <b>');
    await log.until('error The knowledge base stays as it was');
    await replace('a.md', '## First?\n\nText.');
    await log.until('info The knowledge base is without errors again, and as it was before them.');
    expect(base.problems).to.deep.equal([]);
    expect(served.all).to.deep.equal([]);
  });

  it('tells nobody after it is closed', async () => {
    const base = await open();
    await write('a.md', '## Second?\n\nText.');
    await base.close();
    const next = await open();
    await replace('a.md', '## Third?\n\nText.');
    await served.until('Third?');
    expect(served.all).to.deep.equal(['Third?']);
    await next.close();
  });
});

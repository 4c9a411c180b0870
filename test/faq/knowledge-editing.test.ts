import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type AuditEntry, auditEntries } from '../../src/audit/audit.ts';
import { KnowledgeEditing } from '../../src/faq/knowledge-editing.ts';
import { loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import { doneOnce } from '../../src/records/done-once.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { settings } from './sample-settings.ts';

const doors =
  '---\norder: 1\n---\n\n# Doors\n\n## How do I open the blue door? {#blue}\n\nPush.\n\n*Also asked:*\n\n- blue door stuck\n';
const keys = '# Keys\n\n**Where is my key?**\n\nIn the [box].\n';
const actions = '# Do\n\n## Send me a key {#do:resend-invite}\n\nI send it.\n';
const jin = { actor: 'staff:jin', proof: 'staff', from: '10.0.0.0/24' } as const;

describe('editing the knowledge base', () => {
  let parent: string;
  let folder: string;
  let store: EmbeddedStore;
  let editing: KnowledgeEditing;
  let ids = 0;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'accessdesk-edit-'));
    folder = join(parent, 'faq');
    await mkdir(folder);
    await writeFile(join(folder, 'doors.md'), doors);
    await writeFile(join(folder, 'keys.md'), keys);
    await writeFile(join(folder, 'actions.md'), actions);
    const now = () => new Date('2026-11-25T10:00:00.000Z');
    store = await openEmbeddedStore({ folder: join(parent, 'data'), now, recordTypes: [auditEntries, doneOnce] });
    const { base } = await read();
    editing = new KnowledgeEditing({
      folder,
      settings,
      load: loadKnowledgeBase,
      current: () => base,
      records: store.records,
      now,
      newId: () => `id-${String(++ids).padStart(4, '0')}`,
    });
  });
  afterEach(async () => {
    await store.close();
    await rm(parent, { recursive: true });
  });

  const read = () => loadKnowledgeBase(folder, settings, {});
  const file = (name: string) => readFile(join(folder, name), 'utf8');
  const trail = async () => {
    const found: AuditEntry[] = [];
    for await (const { value } of store.records.all(auditEntries)) found.push(value);
    return found;
  };
  const messageOf = (edit: Promise<unknown>) =>
    edit.then(
      () => 'written',
      ({ message }: Error) => message,
    );
  const add = (question: string, answer = 'Pull it.', topic = 'doors') =>
    editing.addAnswer({ topic, question, answer }, jin);

  it('knows the topics and their files', () => {
    expect(editing.topics()).to.deep.equal([
      { id: 'doors', title: 'Doors', file: 'doors.md' },
      { id: 'keys', title: 'Keys', file: 'keys.md' },
    ]);
  });

  it('writes a new answer at the end of its file, with an id, and into the trail', async () => {
    const answer = '\r\nPull it:\r\n\r\n1. with [both hands](https://hands.example)\r\n2. hard\r\n\r\n';
    const written = await add('  How do I open\nthe red *door*? ', answer);
    expect(written).to.deep.equal({ id: 'how-do-i-open-the-red-door', file: 'doors.md', line: 15 });
    expect(await file('doors.md')).to.equal(
      `${doors}\n## How do I open the red \\*door\\*? {#how-do-i-open-the-red-door}\n\nPull it:\n\n1. with [both hands](https://hands.example)\n2. hard\n`,
    );
    const { base, problems } = await read();
    expect(problems).to.deep.equal([]);
    expect(base.entries.map(({ question }) => question)).to.include('How do I open the red *door*?');
    expect(await trail()).to.deep.equal([
      {
        at: '2026-11-25T10:00:00.000Z',
        ...jin,
        action: 'knowledge.answer',
        details: { entry: 'how-do-i-open-the-red-door', file: 'doors.md', question: 'How do I open the red *door*?' },
      },
    ]);
  });

  it('writes questions as the file has them: in bold, with the line ends of Windows', async () => {
    await writeFile(join(folder, 'keys.md'), keys.replaceAll('\n', '\r\n'));
    await add('Who has my key?', 'The\nporter.', 'keys');
    expect((await file('keys.md')).slice(keys.replaceAll('\n', '\r\n').length)).to.equal(
      '\r\n**Who has my key?** {#who-has-my-key}\r\n\r\nThe\r\nporter.\r\n',
    );
    await add('Tell me about keys', 'They turn.', 'keys');
    expect(await file('keys.md')).to.include('\r\n## Tell me about keys {#tell-me-about-keys}\r\n');
  });

  it('keeps other phrasings, follow-ups and dialogs that the answer ends with', async () => {
    await add('Where is the door?', 'There.\n\n*Also asked:*\n\n- find the door\n\n*See also:* [Blue](#blue)');
    const entry = (await read()).base.entries.find(({ id }) => id === 'where-is-the-door');
    expect(entry).to.deep.include({ alternates: ['find the door'], next: ['blue'] });
  });

  for (const [what, question, answer, message] of [
    ['raw HTML', 'Red door?', 'One\n\n<b>bold</b>', /^Line 3 of the answer: HTML is not taken/],
    ['a link to a script', 'Red door?', '[a](javascript:alert(1))', /^Line 1 of the answer: /],
    [
      'a link to an entry that is not there',
      'Red door?',
      '[a](#blu)',
      /^Line 1 of the answer: there is no entry "#blu"/,
    ],
    ['a second entry', 'Red door?', 'One\n\n## Another? {#another}\n\nTwo', /would change what else is in the file/],
    ['code that is never closed', 'Red door?', '```\ncode', /would change what else is in the file/],
    [
      'a comment that is never closed',
      'Red door?',
      'a\n\n<!-- b',
      /^Line 3 of the answer: this comment is never closed/,
    ],
    ['a title', 'Red door?', 'a\n\n# Title', /^Line 3 of the answer: a file has one heading/],
    ['no answer', 'Red door?', ' \n ', /^Write the answer/],
    ['an answer of labels only', 'Red door?', '*See also:* [Blue](#blue)', /has no answer/],
    ['too long an answer', 'Red door?', 'x'.repeat(4001), /4001 characters/],
    ['no question', ' ', 'a', /^Write the question/],
    ['a question of signs', '?!', 'a', /letter or digit/],
    ['an id in the question', 'Red door? {#mine}', 'a', /^Leave \{#…\} out/],
    ['a setting in the question', 'What is SUPPORT_EMAIL?', 'a', /as one line of plain text/],
    [
      'the same question',
      'how do I open the blue door',
      'a',
      /“How do I open the blue door\?” of blue \(doors\.md:7\)/,
    ],
    ['a phrasing of an entry', 'Blue door stuck?', 'a', /“blue door stuck” of blue/],
    ['what begins a dialog', 'send me a key', 'a', /“Send me a key” of do:resend-invite \(actions\.md:3\)/],
    [
      'the id of another entry',
      'Blue',
      'a',
      /^There is an entry blue \(doors\.md:7: “How do I open the blue door\?”\) already/,
    ],
  ] as const) {
    it(`refuses ${what}, and changes nothing`, async () => {
      expect(await messageOf(add(question, answer))).to.match(message);
      expect(await file('doors.md')).to.equal(doors);
      expect(await trail()).to.deep.equal([]);
      expect((await readdir(folder)).sort()).to.deep.equal(['actions.md', 'doors.md', 'keys.md']);
    });
  }

  it('refuses an answer that would change another entry', async () => {
    const answer = 'In the\n\n[box]: https://elsewhere.example';
    expect(await messageOf(add('Where is the box?', answer, 'keys'))).to.match(/would change what else/);
    expect(await file('keys.md')).to.equal(keys);
  });

  it('refuses signs that nobody sees, which a user may have put into a question', async () => {
    const answer = { topic: 'doors', question: 'Is it open?', answer: 'It is.' };
    for (const sign of ['\u202e', '\u2066', '\u001b[31m', '\u0000', '\u200b']) {
      expect(await messageOf(editing.addPhrasing('blue', `blue ${sign}door`, jin))).to.include('nobody sees');
      expect(await messageOf(editing.addAnswer({ ...answer, question: `Is ${sign}it?` }, jin))).to.include(
        'nobody sees',
      );
      expect(await messageOf(editing.addAnswer({ ...answer, answer: `It ${sign}is.` }, jin))).to.include('nobody sees');
    }
    expect(await file('doors.md')).to.equal(doors);
    await editing.addAnswer({ ...answer, answer: 'It is.\n\n- \u{1F469}\u200d\u{1F4BB}\tyes' }, jin);
  });

  it('refuses a topic that is gone, and a knowledge base that has an error', async () => {
    expect(await messageOf(add('Red door?', 'a', 'windows'))).to.match(/^This topic is gone/);
    await writeFile(join(folder, 'bad.md'), '# Bad\n\n## Q?\n\n<b>x</b>\n');
    expect(await messageOf(add('Red door?'))).to.match(/Correct it first: bad\.md:5: HTML/);
  });

  it('loses nothing when several add at once', async () => {
    const colours = ['red', 'green', 'white', 'black'];
    await Promise.all([
      ...colours.map((colour) => add(`Is there a ${colour} door?`)),
      editing.addPhrasing('blue', 'the blue one does not open', jin),
      add('Is there a red door?').catch(() => {}),
    ]);
    const { base, problems } = await read();
    expect(problems).to.deep.equal([]);
    expect(base.entries.map(({ id }) => id)).to.include.members(colours.map((colour) => `is-there-a-${colour}-door`));
    expect(base.entries.find(({ id }) => id === 'blue')?.alternates).to.include('the blue one does not open');
    expect(await trail()).to.have.length(5);
  });

  it('takes what somebody wrote in an editor meanwhile along', async () => {
    const path = join(folder, 'doors.md');
    let isChanged = false;
    const slow = new KnowledgeEditing({
      folder,
      settings,
      load: async (...of) => {
        const loaded = await loadKnowledgeBase(...of);
        if (of[2]?.draft && !isChanged) {
          isChanged = true;
          await writeFile(path, doors.replace('Push.', 'Push it.'));
        }
        return loaded;
      },
      current: () => ({ topics: [], entries: [], actions: [], notices: [], pages: [], often: [], version: '' }),
      records: store.records,
      now: () => new Date(),
      newId: () => `slow-${++ids}`,
    });
    await slow.addAnswer({ topic: 'doors', question: 'Red door?', answer: 'a' }, jin);
    expect(await file('doors.md'))
      .to.include('Push it.')
      .and.include('Red door');
    expect(await trail()).to.have.length(1);
  });

  it('writes once for a form, whoever takes it and whenever, and again where a crash came in between', async () => {
    const wanted = { topic: 'doors', question: 'Where is the green door?', answer: 'Upstairs.' };
    const other = new KnowledgeEditing({
      folder,
      settings,
      load: loadKnowledgeBase,
      current: () => ({ topics: [], entries: [], actions: [], notices: [], pages: [], often: [], version: '' }),
      records: store.records,
      now: () => new Date('2026-11-25T11:00:00.000Z'),
      newId: () => `other-${++ids}`,
    });
    const edits = {
      phrasing: (by: KnowledgeEditing) => by.addPhrasing('blue', 'the azure one', jin, 'form a'),
      answer: (by: KnowledgeEditing) => by.addAnswer(wanted, jin, 'form b'),
    };
    for (const [what, edit] of Object.entries(edits)) {
      const before = await file('doors.md');
      const first = await edit(editing);
      const text = await file('doors.md');
      expect([await edit(editing), await edit(other)], what).to.deep.equal([first, first]);
      expect(await file('doors.md'), what).to.equal(text);
      // As after a crash behind the trail.
      await writeFile(join(folder, 'doors.md'), before);
      expect(await edit(other), what).to.deep.equal(first);
      expect(await file('doors.md'), what).to.equal(text);
    }
    expect(await trail()).to.have.length(4);
    expect(await messageOf(editing.addPhrasing('blue', 'the azure one', jin, 'form c'))).to.include('already');
  });

  it('adds a phrasing, to what begins a dialog too', async () => {
    expect(await editing.addPhrasing('blue', ' blue  door\nsqueaks ', jin)).to.deep.equal({
      id: 'blue',
      file: 'doors.md',
      line: 14,
    });
    expect(await file('doors.md')).to.equal(`${doors}- blue door squeaks\n`);
    await editing.addPhrasing('do:resend-invite', 'another key', jin);
    expect(await file('actions.md')).to.include('- another key');
    expect((await trail()).map(({ action, details }) => [action, details?.phrasing])).to.deep.equal([
      ['knowledge.phrasing', 'blue door squeaks'],
      ['knowledge.phrasing', 'another key'],
    ]);
  });

  for (const [what, id, phrasing, message] of [
    ['what is written there', 'blue', 'Blue door stuck', /is written there already/],
    [
      'what another entry is asked by',
      'blue',
      'where is my key',
      /“Where is my key\?” of where-is-my-key \(keys\.md:3\)/,
    ],
    ['an address', 'blue', 'ann@contoso.example cannot open it', /Take the e-mail address out/],
    ['nothing', 'blue', ' ', /^Write the phrasing/],
    ['what is too long', 'blue', 'x'.repeat(201), /at most 200 characters/],
    ['an entry that is gone', 'green', 'green door', /There is no green any more/],
  ] as const) {
    it(`refuses ${what} as a phrasing`, async () => {
      expect(await messageOf(editing.addPhrasing(id, phrasing, jin))).to.match(message);
      expect(await file('doors.md')).to.equal(doors);
      expect(await trail()).to.deep.equal([]);
    });
  }

  it('follows a link within the folder, and leaves the mode as it is', async () => {
    const target = join(folder, 'doors.txt');
    await writeFile(target, doors, { mode: 0o640 });
    await rm(join(folder, 'doors.md'));
    await symlink(target, join(folder, 'doors.md'));
    await add('Red door?');
    expect(await readFile(target, 'utf8')).to.include('Red door');
    expect((await stat(target)).mode & 0o777).to.equal(0o640);
  });

  it('says that it may only read, and what to do then', async function () {
    if (process.platform === 'win32') this.skip();
    await Promise.all((await readdir(folder)).map((name) => chmod(join(folder, name), 0o444)));
    await chmod(parent, 0o755);
    await chmod(folder, 0o555);
    // The superuser may write anywhere: another user tries.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    const message = await messageOf(add('Red door?'));
    if (isRoot) process.seteuid?.(0);
    await chmod(folder, 0o755);
    expect(message).to.match(/^This server may only read the knowledge base \(EACCES\).*FAQ_DIR/);
    expect(await file('doors.md')).to.equal(doors);
    expect(await trail()).to.deep.equal([]);
  });
});

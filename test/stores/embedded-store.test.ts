/** The embedded store keeps the contract, and what only it can promise: its files, its lock, its crashes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Change } from '../../src/records/records.ts';
import {
  type EmbeddedStore,
  type EmbeddedStoreOptions,
  openEmbeddedStore,
} from '../../src/stores/embedded/embedded-store.ts';
import { disk } from '../../src/stores/embedded/file-system.ts';
import { encodeLarge } from '../../src/stores/embedded/large-record.ts';
import { bundledProgram } from '../support/bundled-program.ts';
import { DyingDisk } from './dying-disk.ts';
import { FaultyDisk, type Operation } from './faulty-disk.ts';
import type { OpenedStore } from './opened-store.ts';
import { describeRecordsContract, notes, type OpenedRecords, tickets } from './records-contract.ts';
import { CHAT, codeOf, newLine, turn } from './sample-turn.ts';
import { numberedTurn } from './store-child.ts';
import { describeStoreContract } from './store-contract.ts';

const childSource = fileURLToPath(new URL('store-child.ts', import.meta.url));
const now = () => new Date('2026-03-02T09:00:00.000Z');
const folders: string[] = [];

after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describeStoreContract('embedded store', async (clock) => openAgain(await newFolder(), clock));

describeRecordsContract('embedded store', async () => openRecords(await newFolder()));

async function openRecords(folder: string): Promise<OpenedRecords> {
  const recordTypes = [tickets, notes];
  const store = await openEmbeddedStore({ folder, now, recordTypes, limits: { records: 5, bytes: 20_000 } });
  const reopen = async () => {
    await store.close();
    return openRecords(folder);
  };
  return { ...store, reopen };
}

async function openAgain(folder: string, clock: () => Date): Promise<OpenedStore> {
  // Small limits, so that the contract is kept across snapshots too.
  const store = await openEmbeddedStore({ folder, now: clock, limits: { records: 5, bytes: 20_000 } });
  const reopen = async () => {
    await store.close();
    return openAgain(folder, clock);
  };
  return { ...store, reopen };
}

describe('embedded store', () => {
  let program: string;
  let folder: string;
  let opened: EmbeddedStore[];
  let children: ChildProcess[];

  before(async () => {
    program = await bundledProgram(childSource, await newFolder());
  });
  beforeEach(async () => {
    folder = await newFolder();
    opened = [];
    children = [];
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(opened.map((store) => store.close()));
  });

  async function open(options: Partial<EmbeddedStoreOptions> = {}): Promise<EmbeddedStore> {
    const store = await openEmbeddedStore({ folder, now, ...options });
    opened.push(store);
    return store;
  }

  /** Opens what a crash at this moment would leave. */
  async function openCrashed(): Promise<EmbeddedStore> {
    const copy = join(await newFolder(), 'copy');
    await cp(folder, copy, { recursive: true });
    return open({ folder: copy });
  }

  async function linesOf(store: EmbeddedStore): Promise<string[]> {
    return (await store.history.read(CHAT)).map(({ id }) => id);
  }

  function startChild(command: string, ...args: string[]): ChildProcess {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }

  function startStore(...args: string[]): ChildProcess {
    return startChild(process.execPath, program, ...args);
  }

  describe('files', () => {
    it('are one JSON file that holds everything after a clean stop', async () => {
      const store = await open();
      await store.turns.commit(turn({ lines: [newLine('l1')] }));
      await store.close();
      expect(await readdir(folder)).to.deep.equal(['db.json']);
      const json = JSON.parse(await readFile(join(folder, 'db.json'), 'utf8'));
      expect(json.seq).to.equal(1);
      expect(json.documents.map(([collection]: [string]) => collection)).to.have.members(['lines', 'heads']);
    });

    it('are for their owner alone', async () => {
      folder = join(folder, 'made', 'here');
      const store = await open();
      await store.turns.commit(turn({ lines: [newLine('l1')] }));
      await store.secretKey();
      await store.erasure.prune(new Date(0));
      await store.turns.commit(turn({ lines: [newLine('l2')] }));
      const names = await readdir(folder);
      expect(names).to.have.members(['db.json', 'journal-2.jsonl', 'secret-key']);
      for (const name of names) expect((await stat(join(folder, name))).mode & 0o777, name).to.equal(0o600);
      expect((await stat(folder)).mode & 0o777).to.equal(0o700);
    });

    it('hold every acknowledged turn before the next is asked for, one line to a turn', async () => {
      const store = await open();
      for (const id of ['l1', 'l2', 'l3']) {
        await store.turns.commit(turn({ activity: id, lines: [newLine(id)], welcomed: ['webchat/x'] }));
        const journal = await readFile(join(folder, 'journal-1.jsonl'), 'utf8');
        expect(journal.trimEnd().split('\n').at(-1)).to.contain(`"text of ${id}"`);
      }
      expect(await linesOf(await openCrashed())).to.deep.equal(['l1', 'l2', 'l3']);
    });

    it('hold long turns in any script among short ones of the same moment', async () => {
      const store = await open();
      const texts = ['a', 'é€🙈'.repeat(50_000), 'b', 'ж'.repeat(300_000), 'c'];
      await Promise.all(texts.map((text, n) => store.turns.commit(turn({ lines: [newLine(`l${n}`, { text })] }))));
      const lines = await (await openCrashed()).history.read(CHAT);
      expect(lines.map(({ text }) => text)).to.deep.equal(texts);
    });

    it('are swept of what an interrupted write left', async () => {
      await writeFile(join(folder, 'db.json.0123456789ab.tmp'), 'half');
      await writeFile(join(folder, 'notes.tmp'), 'not ours');
      await open();
      expect(await readdir(folder)).to.deep.equal(['notes.tmp']);
    });

    it('contain nothing of a forgotten person, not even after a crash in the middle', async () => {
      const files = new FaultyDisk();
      const store = await open({ files });
      const told = turn({
        activity: `${CHAT}/a1`,
        lines: [newLine('l1', { text: 'jane@contoso.example' })],
        welcomed: ['webchat/anna-7f3a'],
        state: new Map([['k', { a: 1 }]]),
      });
      await store.turns.commit(told);
      await store.turns.commit(turn({ state: new Map([['k', undefined]]) }));
      files.failing.add('unlink');
      expect(await codeOf(store.erasure.forget('anna-7f3a'))).to.equal('ERR_STORE_WRITE');
      const copy = join(await newFolder(), 'copy');
      await cp(folder, copy, { recursive: true });
      expect(await grep(copy, 'anna-7f3a')).to.deep.equal(['journal-1.jsonl']);
      await open({ folder: copy });
      expect(await grep(copy, 'anna-7f3a', 'chat-1', 'jane@')).to.deep.equal([]);

      files.failing.clear();
      await store.erasure.forget('anna-7f3a');
      expect(await grep(folder, 'anna-7f3a', 'chat-1', 'jane@')).to.deep.equal([]);
    });

    it('let go of seen activities after a day', async () => {
      let time = now().getTime();
      const store = await open({ now: () => new Date(time) });
      for (let n = 0; n < 20; n += 1) await store.turns.commit(turn({ activity: `a${n}` }));
      time += 24 * 60 * 60 * 1000;
      for (let n = 0; n < 3; n += 1) await store.turns.commit(turn({ activity: `b${n}` }));
      await store.close();
      const { documents } = JSON.parse(await readFile(join(folder, 'db.json'), 'utf8'));
      expect(documents.filter(([collection]: [string]) => collection === 'activities')).to.have.length(3);
    });
  });

  describe('snapshots', () => {
    it('are written while turns go on, and every turn is in them or in the journal', async () => {
      const store = await open({ limits: { records: 20, bytes: 1e8 } });
      let next = 0;
      const write = async () => {
        while (next < 600) await store.turns.commit(numberedTurn(next++));
      };
      await Promise.all(Array.from({ length: 16 }, write));
      await expectWhole(
        store,
        Array.from({ length: 600 }, (_, number) => number),
      );
      await store.close();
      await expectWhole(
        await open(),
        Array.from({ length: 600 }, (_, number) => number),
      );
    });

    it('lose nothing and leave no half turn at whichever step of the disk the process dies', async () => {
      let isOver = false;
      for (let steps = 0; !isOver; steps += 1) {
        const dead = await newFolder();
        const files = new DyingDisk(steps);
        const acknowledged: number[] = [];
        const life = (async () => {
          const store = await openEmbeddedStore({ folder: dead, now, files, limits: { records: 2, bytes: 1e8 } });
          for (let number = 0; number < 12; number += 3) {
            const writes = [number, number + 1, number + 2].map(async (one) => {
              await store.turns.commit(numberedTurn(one));
              acknowledged.push(one);
            });
            await Promise.all(writes);
          }
          await store.close();
        })();
        isOver = await Promise.race([life.then(() => true), files.death.then(() => false)]);
        const copy = join(await newFolder(), 'copy');
        await cp(dead, copy, { recursive: true });
        await expectWhole(await open({ folder: copy }), acknowledged);
      }
    });

    it('forget a person entirely or not at all at whichever step of the disk the process dies', async () => {
      const store = await open();
      await Promise.all([1, 2, 11].map((number) => store.turns.commit(numberedTurn(number))));
      await store.erasure.prune(new Date(0));
      await store.turns.commit(numberedTurn(21));
      const outcomes = new Set<boolean>();
      let isOver = false;
      for (let steps = 0; !isOver; steps += 1) {
        const dead = join(await newFolder(), 'dead');
        await cp(folder, dead, { recursive: true });
        const files = new DyingDisk(steps);
        const life = openEmbeddedStore({ folder: dead, now, files }).then((one) => one.erasure.forget('user-1'));
        isOver = await Promise.race([life.then(() => true), files.death.then(() => false)]);
        const copy = join(await newFolder(), 'copy');
        await cp(dead, copy, { recursive: true });
        const after = await open({ folder: copy });
        const isKept = (await after.history.read(CHAT)).length > 0;
        outcomes.add(isKept);
        await expectWhole(after, isKept ? [1, 2, 11, 21] : [2]);
        if (!isKept) expect(await grep(copy, 'user-1')).to.deep.equal([]);
      }
      expect([...outcomes]).to.deep.equal([true, false]);
    });

    it('change very many documents entirely or not at all at whichever step of the disk the process dies', async () => {
      const outcomes: number[] = [];
      let isOver = false;
      for (let steps = 0; !isOver; steps += 1) {
        const dead = await newFolder();
        const files = new DyingDisk(steps);
        const change = new Change();
        for (let n = 0; n < 3000; n += 1) change.create(notes, `n${n}`, { text: 'x'.repeat(200) });
        const life = openEmbeddedStore({ folder: dead, now, files, recordTypes: [notes] }).then(async ({ records }) => {
          await records.commit(new Change().create(notes, 'before', { text: 'x' }));
          await records.commit(change);
        });
        isOver = await Promise.race([life.then(() => true), files.death.then(() => false)]);
        const copy = join(await newFolder(), 'copy');
        await cp(dead, copy, { recursive: true });
        const { records } = await open({ folder: copy, recordTypes: [notes] });
        let count = 0;
        for await (const _ of records.all(notes)) count += 1;
        outcomes.push(count);
      }
      expect([...new Set(outcomes)]).to.deep.equal([0, 1, 3001]);
      // Its line is written in several parts, and each could have been the last.
      expect(outcomes.filter((count) => count === 1).length).to.be.above(4);
    });

    it('refuses a change that no line could hold', async () => {
      const put = Array.from({ length: 10 }, (_, n) => ['c', String(n), '{"a":1}'] as const);
      expect(await codeOf(encodeLarge(1, { delete: [], put }, 100))).to.equal('ERR_STORE_TOO_LARGE');
      expect(await codeOf(encodeLarge(1, { delete: [], put }, 1000))).to.equal(undefined);
    });

    for (const operation of ['write', 'sync', 'rename'] as const) {
      it(`that fail in ${operation} leave everything in the journal and no file behind, and are tried again`, async () => {
        const files = new FaultyDisk();
        files.failing.add(operation);
        files.only = 'db.json';
        const warnings: string[] = [];
        const warn = (_details: unknown, message?: string) => warnings.push(String(message));
        const store = await open({
          files,
          log: { warn } as EmbeddedStoreOptions['log'],
          limits: { records: 2, bytes: 1e8 },
        });
        for (const id of ['l1', 'l2', 'l3']) await store.turns.commit(turn({ lines: [newLine(id)] }));
        expect(await codeOf(store.erasure.prune(new Date(0)))).to.equal('ERR_STORE_WRITE');
        expect(warnings[0]).to.contain('a snapshot failed');
        await store.turns.commit(turn({ lines: [newLine('l4')] }));
        expect(await readdir(folder)).to.have.members(['journal-1.jsonl', 'journal-4.jsonl']);
        expect(await linesOf(await openCrashed())).to.deep.equal(['l1', 'l2', 'l3', 'l4']);
        files.failing.clear();
        await store.erasure.prune(new Date(0));
        expect(await readdir(folder)).to.deep.equal(['db.json']);
      });
    }

    it('do not take the file along that a refused turn left empty for the next one', async () => {
      const files = new FaultyDisk();
      const store = await open({ files });
      await store.turns.commit(turn({ lines: [newLine('l1')] }));
      await store.erasure.prune(new Date(0));
      files.failing.add('datasync');
      expect(await codeOf(store.turns.commit(turn({ lines: [newLine('l2')] })))).to.equal('ERR_STORE_WRITE');
      files.failing.clear();
      files.before = async (operation) => {
        if (operation === 'rename') await store.turns.commit(turn({ lines: [newLine('l3')] }));
      };
      await store.erasure.prune(new Date(0));
      expect(await linesOf(await openCrashed())).to.deep.equal(['l1', 'l3']);
    });

    it('do not bring back a person who is forgotten while one is written', async () => {
      const files = new FaultyDisk();
      const store = await open({ files });
      await store.turns.commit(turn({ lines: [newLine('l1')] }));
      let forgotten: Promise<unknown> | undefined;
      files.before = async (_operation, path) => {
        if (!path.endsWith('.tmp') || forgotten) return;
        forgotten = store.erasure.forget('anna-7f3a');
        // Room for a forgetting that would not wait for this snapshot.
        for (let visits = 0; visits < 300; visits += 1) await stat(folder);
      };
      await store.erasure.prune(new Date(0));
      await forgotten;
      expect(await grep(folder, 'anna-7f3a')).to.deep.equal([]);
    });
  });

  describe('damage', () => {
    /** Three turns in db.json and three in the journal, as a crash leaves them. */
    async function leaveFiles(): Promise<void> {
      const left = await newFolder();
      const store = await open({ folder: left });
      const say = (id: string) => store.turns.commit(turn({ lines: [newLine(id)] }));
      for (const id of ['l1', 'l2', 'l3']) await say(id);
      await store.erasure.prune(new Date(0));
      for (const id of ['l4', 'l5', 'l6']) await say(id);
      await cp(left, folder, { recursive: true });
    }

    async function expectRefused(place: string): Promise<void> {
      const before = await contents(folder);
      const error = await openEmbeddedStore({ folder, now }).catch((error) => error);
      expect(error.code).to.equal('ERR_STORE_DAMAGED');
      expect(error.message).to.contain(place);
      expect(await contents(folder)).to.deep.equal(before);
    }

    for (const [what, content] of Object.entries({
      empty: '',
      null: 'null',
      list: '[]',
      number: '0',
      object: '{}',
      zeros: '\0\0\0\n',
    })) {
      it(`of db.json is refused: ${what}`, async () => {
        await writeFile(join(folder, 'db.json'), content);
        await writeFile(join(folder, 'db.json.0123456789ab.tmp'), 'half');
        await expectRefused(join(folder, 'db.json'));
      });
    }

    it('of db.json is refused wherever it is cut off', async () => {
      await leaveFiles();
      const path = join(folder, 'db.json');
      const whole = await readFile(path);
      for (let length = 0; length < whole.length; length += 23) {
        await writeFile(path, whole.subarray(0, length));
        await expectRefused(path);
      }
      await writeFile(path, whole.subarray(0, -1));
      await expectRefused(path);
    });

    it('of db.json is refused whichever byte is flipped', async () => {
      await leaveFiles();
      const path = join(folder, 'db.json');
      const whole = await readFile(path);
      const last = whole.lastIndexOf('\n', -2);
      for (let at = 0; at < whole.length; at += at < last ? 11 : 1) {
        await writeFile(path, flipped(whole, at));
        await expectRefused(path);
      }
    });

    it('of a journal is refused with its line, whichever byte is flipped', async () => {
      await leaveFiles();
      const path = join(folder, 'journal-4.jsonl');
      const whole = await readFile(path);
      const secondLine = whole.indexOf('\n') + 1;
      const lastLine = whole.lastIndexOf('\n', -2);
      for (let at = 0; at < lastLine; at += 7) {
        await writeFile(path, flipped(whole, at));
        await expectRefused(`${path}:${at < secondLine ? 1 : 2}`);
      }
    });

    it('of an older journal is refused even at its end', async () => {
      const files = new FaultyDisk();
      files.failing.add('rename');
      const left = await newFolder();
      const store = await open({ folder: left, files });
      await store.turns.commit(turn({ lines: [newLine('l1')] }));
      expect(await codeOf(store.erasure.prune(new Date(0)))).to.equal('ERR_STORE_WRITE');
      await store.turns.commit(turn({ lines: [newLine('l2')] }));
      await cp(left, folder, { recursive: true });
      const path = join(folder, 'journal-1.jsonl');
      await writeFile(path, (await readFile(path)).subarray(0, -1));
      await expectRefused(`${path}:1`);
    });

    it('is refused when a file is missing', async () => {
      await leaveFiles();
      await rm(join(folder, 'db.json'));
      await expectRefused(join(folder, 'journal-4.jsonl'));
    });

    it('is not what a torn last line is: it is cut off, and the next turns follow the last whole one', async () => {
      await leaveFiles();
      const path = join(folder, 'journal-4.jsonl');
      const whole = await readFile(path);
      const lastLine = whole.lastIndexOf('\n', -2) + 1;
      for (const tail of [
        whole.subarray(lastLine, -1),
        whole.subarray(lastLine, lastLine + 5),
        Buffer.alloc(4096),
        Buffer.concat([whole.subarray(lastLine, -20), Buffer.alloc(19), Buffer.from('\n')]),
      ]) {
        await writeFile(path, Buffer.concat([whole.subarray(0, lastLine), tail]));
        const store = await openEmbeddedStore({ folder, now });
        expect(await linesOf(store)).to.deep.equal(['l1', 'l2', 'l3', 'l4', 'l5']);
        expect(await readFile(path)).to.deep.equal(whole.subarray(0, lastLine));
        await store.turns.commit(turn({ lines: [newLine('next')] }));
        expect((await linesOf(await openCrashed())).at(-1)).to.equal('next');
        await store.close();
        await rm(folder, { recursive: true });
        await leaveFiles();
      }
    });

    it('is refused in the last line too when that line is whole but for a byte', async () => {
      await leaveFiles();
      const path = join(folder, 'journal-4.jsonl');
      const flipped = await readFile(path);
      flipped[flipped.length - 10] = (flipped[flipped.length - 10] ?? 0) ^ 1;
      await writeFile(path, flipped);
      await expectRefused(path);
    });

    it('is not a newer schema, which is refused by name', async () => {
      await leaveFiles();
      const path = join(folder, 'db.json');
      const { crc32 } = await import('node:zlib');
      const lines = (await readFile(path, 'utf8')).replace('"schema":1', '"schema":2').split('\n').slice(0, -2);
      const text = `${lines.join('\n')}\n`;
      await writeFile(path, `${text}],"checksum":"${crc32(text).toString(16).padStart(8, '0')}"}\n`);
      expect(await codeOf(openEmbeddedStore({ folder, now }))).to.equal('ERR_STORE_SCHEMA');
    });
  });

  describe('a disk that fails', () => {
    const faults: Operation[][] = [['write'], ['datasync'], ['write', 'truncate'], ['datasync', 'truncate']];
    for (const failing of faults) {
      it(`in ${failing.join(' and ')} refuses the turn, changes nothing, and the store recovers`, async () => {
        const files = new FaultyDisk();
        const store = await open({ files });
        await store.turns.commit(turn({ lines: [newLine('l1')] }));
        for (const operation of failing) files.failing.add(operation);
        const failed = turn({
          activity: 'a',
          lines: [newLine('l2')],
          state: new Map([['k', {}]]),
          welcomed: ['webchat/x'],
        });
        const codes = await Promise.all([
          codeOf(store.turns.commit(failed)),
          codeOf(store.turns.commit(failed)),
          codeOf(store.check()),
        ]);
        expect(codes).to.deep.equal(['ERR_STORE_WRITE', 'ERR_STORE_WRITE', 'ERR_STORE_WRITE']);
        expect(await linesOf(store)).to.deep.equal(['l1']);
        expect(await store.turns.isRepeated('a')).to.equal(false);
        expect((await store.turns.readState(['k'])).size).to.equal(0);
        if (!failing.includes('truncate')) expect(await linesOf(await openCrashed())).to.deep.equal(['l1']);

        files.failing.clear();
        await store.check();
        expect(await store.turns.commit(turn({ lines: [newLine('l3')] }))).to.equal('committed');
        expect(await linesOf(store)).to.deep.equal(['l1', 'l3']);
        const crashed = await openCrashed();
        expect(await linesOf(crashed)).to.deep.equal(['l1', 'l3']);
        expect(await crashed.turns.isRepeated('a')).to.equal(false);
      });
    }

    it('before the first record refuses the turn, and the store recovers', async () => {
      const files = new FaultyDisk();
      const store = await open({ files });
      files.failing.add('sync');
      expect(await codeOf(store.turns.commit(turn({ lines: [newLine('l1')] })))).to.equal('ERR_STORE_WRITE');
      files.failing.clear();
      await store.turns.commit(turn({ lines: [newLine('l2')] }));
      expect(await linesOf(await openCrashed())).to.deep.equal(['l2']);
    });

    it('while forgetting leaves the person as a whole', async () => {
      const files = new FaultyDisk();
      const store = await open({ files });
      await store.turns.commit(turn({ lines: [newLine('l1')], welcomed: ['webchat/anna-7f3a'] }));
      files.failing.add('rename');
      expect(await codeOf(store.erasure.forget('anna-7f3a'))).to.equal('ERR_STORE_WRITE');
      for (const one of [store, await openCrashed()]) {
        expect(await linesOf(one)).to.deep.equal(['l1']);
        expect(await one.turns.isWelcomed('webchat/anna-7f3a')).to.equal(true);
      }
      expect(await readdir(folder)).to.deep.equal(['journal-1.jsonl']);
    });

    it('forgets nobody as long as a refused record of them cannot be taken off the journal', async () => {
      const files = new FaultyDisk();
      const store = await open({ files });
      await store.turns.commit(turn({ person: 'webchat/ben-90c1', lines: [newLine('l1')] }));
      files.failing.add('datasync').add('truncate');
      expect(await codeOf(store.turns.commit(turn({ lines: [newLine('l2')] })))).to.equal('ERR_STORE_WRITE');
      expect(await codeOf(store.erasure.forget('anna-7f3a'))).to.equal('ERR_STORE_WRITE');
      files.failing.clear();
      await store.erasure.forget('anna-7f3a');
      expect(await grep(folder, 'anna-7f3a')).to.deep.equal([]);
    });

    it('at its file-size limit refuses the turn, changes nothing, and the store recovers', async function () {
      if (process.platform === 'win32') this.skip();
      const command = 'ulimit -f 2000; exec "$0" "$@"';
      const child = startChild('sh', '-c', command, process.execPath, program, 'limit', folder);
      const [line] = await once(createInterface({ input: required(child.stdout) }), 'line');
      const { acknowledged, code, refusedIsKept, small } = JSON.parse(line);
      expect({ code, refusedIsKept, small }).to.deep.equal({
        code: 'ERR_STORE_WRITE',
        refusedIsKept: false,
        small: 'committed',
      });
      await exitOf(child);
      const kept = (await (await open()).history.read('webchat/chat-0')).map(({ id }) => id);
      expect(kept).to.deep.equal([...Array.from({ length: acknowledged }, (_, n) => `large-${n}`), 'small']);
    });
  });

  describe('one process to a folder', () => {
    it('is held against a second one, by another path too, and freed by a kill', async function () {
      if (process.platform === 'win32') this.skip();
      const first = startStore('hold', folder);
      await once(createInterface({ input: required(first.stdout) }), 'line');
      const link = join(await newFolder(), 'link');
      await symlink(folder, link);
      for (const path of [folder, link]) {
        const error = await openEmbeddedStore({ folder: path, now }).catch((error) => error);
        expect(error.code).to.equal('ERR_STORE_IN_USE');
        expect(error.message).to.contain(path);
      }
      const second = startStore('hold', folder);
      const [said] = await once(createInterface({ input: required(second.stderr) }), 'line');
      expect(said).to.contain('ERR_STORE_IN_USE');
      expect(await exitOf(second)).to.equal(1);

      const ended = exitOf(first);
      first.kill('SIGKILL');
      await ended;
      await (await open()).check();
    });

    it('is freed by close, after which nothing is taken any more', async () => {
      const store = await open();
      await store.close();
      expect(await codeOf(store.turns.commit(turn({})))).to.equal('ERR_STORE_CLOSED');
      expect(await codeOf(store.check())).to.equal('ERR_STORE_CLOSED');
      await open();
    });

    it('is freed when opening fails', async () => {
      await writeFile(join(folder, 'db.json'), 'null');
      expect(await codeOf(openEmbeddedStore({ folder, now }))).to.equal('ERR_STORE_DAMAGED');
      await rm(join(folder, 'db.json'));
      await open();
    });

    it('says so when the folder cannot be one', async () => {
      const path = join(folder, 'a-file');
      await writeFile(path, '');
      expect(await codeOf(openEmbeddedStore({ folder: path, now }))).to.equal('ERR_STORE_FOLDER');
      expect(await codeOf(openEmbeddedStore({ folder: join(path, 'below'), now }))).to.equal('ERR_STORE_FOLDER');
    });

    // Below /proc nobody can make anything, not even root.
    (process.platform === 'linux' ? it : it.skip)('says so when the folder cannot be made', async () => {
      expect(await codeOf(openEmbeddedStore({ folder: '/proc/none/of/it', now }))).to.equal('ERR_STORE_FOLDER');
    });

    it('is made with the folders above it', async () => {
      const [path, other] = [join(folder, 'new/deep/store'), join(folder, 'new/deep/other')];
      const made = await Promise.all([path, other].map((it) => openEmbeddedStore({ folder: it, now })));
      await Promise.all(made.map((store) => store.close()));
      expect((await stat(path)).mode & 0o777).to.equal(0o700);
    });

    it('is made beside others that are made at the same time', async () => {
      for (let round = 0; round < 50; round++) {
        const above = join(folder, String(round), 'deep');
        await Promise.all(['a', 'b', 'c', 'd'].map((name) => disk.makeFolder(join(above, name), 0o700)));
        expect(await readdir(above)).to.have.members(['a', 'b', 'c', 'd']);
      }
    });
  });

  describe('the secret key', () => {
    it('is made once, is 32 bytes, and is not in the store', async () => {
      const store = await open();
      const [key, again] = await Promise.all([store.secretKey(), store.secretKey()]);
      expect(again).to.equal(key);
      expect(Buffer.from(key, 'base64url')).to.have.length(32);
      await store.turns.commit(turn({ lines: [newLine('l1')] }));
      await store.close();
      expect(await grep(folder, key)).to.deep.equal(['secret-key']);
      expect(await (await open()).secretKey()).to.equal(key);
    });

    it('is refused when its file holds something else, and the file stays', async () => {
      await writeFile(join(folder, 'secret-key'), 'short\n');
      const store = await open();
      expect(await codeOf(store.secretKey())).to.equal('ERR_STORE_KEY');
      expect(await readFile(join(folder, 'secret-key'), 'utf8')).to.equal('short\n');
    });
  });

  it('finds documents of a version before by an index that the next one adds, from the journal and from the snapshot', async () => {
    const former = await open({ recordTypes: [{ ...tickets, indexes: {} }] });
    await former.records.commit(new Change().create(tickets, 't1', { owner: 'ann', tags: ['a'] }));
    const found = async (store: EmbeddedStore) => (await store.records.find(tickets, 'tag', 'a')).map(({ id }) => id);
    expect(await found(former)).to.deep.equal([]);
    const crashed = join(await newFolder(), 'copy');
    await cp(folder, crashed, { recursive: true });
    await former.close();
    expect(await found(await open({ recordTypes: [tickets] }))).to.deep.equal(['t1']);
    expect(await found(await open({ folder: crashed, recordTypes: [tickets] }))).to.deep.equal(['t1']);
  });

  it('loses nothing acknowledged and keeps no half turn over 20 kills under load', async () => {
    const acknowledged: number[] = [];
    let first = 0;
    for (let round = 0; round < 20; round += 1) {
      const child = startStore('load', folder, String(first));
      const ended = exitOf(child);
      const atLeast = acknowledged.length + 1 + ((round * 37) % 120);
      for await (const line of createInterface({ input: required(child.stdout) })) {
        acknowledged.push(Number(line));
        if (acknowledged.length === atLeast) child.kill('SIGKILL');
      }
      await ended;
      first = Math.max(...acknowledged) + 100;
    }
    const store = await open();
    await expectWhole(store, acknowledged);
    expect(acknowledged.length).to.be.greaterThan(20);
  });
});

/** Every turn of the load is there entirely or not at all, those given are, and no number is missing or given twice. */
async function expectWhole(store: EmbeddedStore, acknowledged: readonly number[]): Promise<void> {
  const present = new Map<number, number>();
  for (let chat = 0; chat < 10; chat += 1) {
    const lines = await store.history.read(`webchat/chat-${chat}`);
    expect(lines.map(({ seq }) => seq)).to.deep.equal(lines.map((_, index) => index + 1));
    for (const { id } of lines) {
      const number = Number.parseInt(id, 10);
      present.set(number, (present.get(number) ?? 0) + 1);
    }
  }
  const votes = await store.votes.list();
  expect(votes.map(({ line }) => Number.parseInt(line, 10))).to.have.members([...present.keys()]);
  const state = await store.turns.readState([...present.keys()].map((number) => `state-${number}`));
  expect(state.size).to.equal(present.size);
  for (const [number, lines] of present) expect(lines, `lines of turn ${number}`).to.equal(2);
  expect(acknowledged.filter((number) => !present.has(number))).to.deep.equal([]);
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'accessdesk-store-'));
  folders.push(folder);
  return folder;
}

async function contents(folder: string): Promise<Map<string, Buffer>> {
  const names = await readdir(folder);
  return new Map(
    await Promise.all(names.sort().map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}

/** Names of the files in which any of the texts occurs. */
async function grep(folder: string, ...texts: string[]): Promise<string[]> {
  const files = await contents(folder);
  return [...files].filter(([, content]) => texts.some((text) => content.includes(text))).map(([name]) => name);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x20;
  return copy;
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('the child has no such stream');
  return value;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const [code] = await once(child, 'exit');
  return code;
}

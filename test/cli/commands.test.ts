import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { root } from '../support/test-app.ts';

describe('the command line', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-cli-'));
    await writeFile(join(folder, 'good.md'), '# T\n\n## How do I open the blue door? {#door}\n\nPush.\n');
    await writeFile(
      join(folder, 'rows.jsonl'),
      '{"text":"how do i open the blue door","expect":"door"}\n{"text":"weather in paris","expect":"none"}\n',
    );
  });
  after(() => rm(folder, { recursive: true }));

  const run = (...words: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((done) => {
      const env = { PATH: process.env.PATH ?? '', STORE_URL: `file:${join(folder, 'data')}`, PORT: '1' };
      execFile(process.execPath, [join(root, 'dist/cli.js'), ...words], { cwd: folder, env }, (error, out, err) =>
        done({ code: error ? Number(error.code) : 0, out, err }),
      );
    });

  it('finds no problem in the shipped knowledge base', async () => {
    const { code, out, err } = await run('faq', 'check');
    expect(err).to.equal('');
    expect(out).to.include('15 entries').and.include('5 actions');
    expect(code).to.equal(0);
  });

  it('names a problem as file:line and exits with 1', async () => {
    const bad = await mkdtemp(join(folder, 'bad-'));
    await writeFile(join(bad, 'x.md'), '# T\n\n## A question? {#q}\n\n[link](javascript:alert(1))\n');
    const { code, err } = await run('faq', 'check', '--faq', bad);
    expect(err).to.match(/^x\.md:5: /m);
    expect(code).to.equal(1);
  });

  it('asks for the days of the trail as days', async () => {
    const bad = await run('audit', 'export', '--from', 'monday');
    expect(bad.code).to.equal(2);
    expect(bad.err).to.include('Write a day, such as 2026-11-22.');
  });

  it('asks as JSON in the documented form', async () => {
    const { out } = await run('faq', 'ask', 'resend my invite', '--json');
    const asked = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(asked)).to.deep.equal(['text', 'decision', 'id', 'confidence', 'candidates']);
    expect(asked).to.include({ text: 'resend my invite', decision: 'dialog', id: 'resend-invite' });
    expect((asked.candidates as { id: string }[])[0]?.id).to.equal('do:resend-invite');
  });

  it('says in words why it decides so', async () => {
    const { out } = await run('faq', 'ask', 'i forgott my pasword');
    expect(out).to.include('Answers with forgot-password').and.include('"forgott" as "forgot"');
  });

  it('tests rows of a file, counts them, and takes folders from where it was called', async () => {
    const { out, code } = await run('faq', 'test', 'rows.jsonl', '--faq', '.', '--json');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(Object.keys(lines[0] ?? {})).to.have.members([
      'text',
      'expect',
      'decision',
      'id',
      'confidence',
      'candidates',
    ]);
    expect(lines.at(-1)?.summary).to.deep.equal({
      rows: 2,
      answeredRight: 1,
      answeredWrong: 0,
      suggestedRight: 0,
      suggestedWrong: 0,
      silent: 0,
      outOfScope: 1,
      outOfScopeAnswered: 0,
      outOfScopeSuggested: 0,
      top1: 1,
      top3: 1,
    });
    expect(code).to.equal(0);
  });

  it('exits with 1 when fewer are right than asked for', async () => {
    await writeFile(join(folder, 'wrong.jsonl'), '{"text":"weather in paris","expect":"door"}\n');
    expect((await run('faq', 'test', 'wrong.jsonl', '--faq', '.', '--min-right', '50')).code).to.equal(1);
  });

  for (const words of [
    ['nonsense'],
    ['faq', 'nonsense'],
    ['forget'],
    ['forget', ' '],
    ['faq', 'test', 'x', '--min-right', 'many'],
  ]) {
    it(`exits with 2 for the words ${JSON.stringify(words)}`, async () => {
      const { code, err } = await run(...words);
      expect(code).to.equal(2);
      expect(err).not.to.equal('');
    });
  }

  it('says that a file cannot be read, without a stack', async () => {
    const { code, err } = await run('faq', 'test', 'missing.jsonl');
    expect(code).to.equal(1);
    expect(err)
      .to.include('missing.jsonl')
      .and.not.match(/\n\s+at /);
  });
});

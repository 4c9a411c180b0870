import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { keptReading } from '../../src/faq/kept-reading.ts';
import { type Learned, loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import type { LoadWithLearned } from '../../src/faq/loading-thread.ts';
import { settings } from './sample-settings.ts';

const topic =
  '# Signing in\n\n## How do I sign in?\n\n- sign in\n\nWith your account.\n\n## Where do I sign out?\n\n- sign out\n\nAt the top.\n';
const notices = '## Maintenance\n\nfrom: 2026-10-01T20:00Z\n\nAll is down.\n';

describe('a reading that is kept', () => {
  let folder: string;
  let reader: string;
  let keepIn: string;
  let readings: (Learned | undefined)[];

  const load: LoadWithLearned = (of, given, check, learned) => {
    readings.push(learned);
    return loadKnowledgeBase(of, given, check, { files: new Map(), learned });
  };
  /** As after a start of the server. */
  const started = () => keptReading({ load, reader: pathToFileURL(reader), kept: [keepIn], keepIn });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-kept-'));
    reader = join(folder, 'reader.js');
    keepIn = join(folder, 'kept');
    readings = [];
    await writeFile(reader, 'the code');
    await writeFile(join(folder, 'signing-in.md'), topic);
    await writeFile(join(folder, 'notices.md'), notices);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('stands for the folder as long as nothing has changed', async () => {
    const first = await started()(folder, settings);
    expect(first.problems).to.deep.equal([]);
    expect(await started()(folder, settings)).to.deep.equal(first);
    expect(readings).to.have.length(1);
  });

  it('is not taken for files that have changed, and is replaced by what they hold', async () => {
    await started()(folder, settings);
    await writeFile(join(folder, 'signing-in.md'), topic.replace('At the top.', 'At the bottom.'));
    const { base } = await started()(folder, settings);
    expect(base.entries[1]?.answer).to.contain('At the bottom.');
    expect(readings).to.deep.equal([undefined, undefined]);
    await started()(folder, settings);
    expect(readings).to.have.length(2);
  });

  it('lends what was learned where the settings alone differ', async () => {
    const { base } = await started()(folder, settings);
    const other = await started()(folder, { ...settings, SUPPORT_EMAIL: 'other@example.com' });
    expect(readings).to.deep.equal([undefined, { version: base.version, weights: base.weights }]);
    expect(other.base.weights).to.deep.equal(base.weights);
  });

  it('stands for the folder under any address of this site', async () => {
    await writeFile(join(folder, 'signing-in.md'), topic.replace('At the top.', 'See [here](#how-do-i-sign-in).'));
    await started()(folder, settings);
    const other = { ...settings, PUBLIC_URL: 'http://localhost:4711' };
    const { base } = await started()(folder, other);
    expect(readings).to.have.length(1);
    const plainly = (await loadKnowledgeBase(folder, other)).base;
    expect(base.entries.map(({ answer }) => answer)).to.deep.equal(plainly.entries.map(({ answer }) => answer));
    expect(base.entries[1]?.answer).to.contain('http://localhost:4711/');
  });

  it('is not taken by other code', async () => {
    await started()(folder, settings);
    await writeFile(reader, 'newer code');
    await started()(folder, settings);
    expect(readings).to.deep.equal([undefined, undefined]);
  });

  it('is done without when it is damaged', async () => {
    await started()(folder, settings);
    await writeFile(keepIn, 'half a fi');
    const { base } = await started()(folder, settings);
    expect(base.entries).to.have.length(2);
  });

  it('is none of a folder with errors', async () => {
    await writeFile(join(folder, 'second.md'), '# Signing in\n\n## How do I sign in again?\n\nAs before.\n');
    await started()(folder, settings);
    const { problems } = await started()(folder, settings);
    expect(problems).to.have.length(1);
    expect(readings).to.have.length(2);
  });
});

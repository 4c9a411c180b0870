import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import { LoadingThread } from '../../src/faq/loading-thread.ts';
import { root } from '../support/test-app.ts';
import { settings } from './sample-settings.ts';

const built = pathToFileURL(join(root, 'dist/faq/load-worker.js'));

describe('the loading thread', () => {
  it('reads what this thread would read, as often as it is asked', async () => {
    const thread = new LoadingThread(built);
    const here = await loadKnowledgeBase(join(root, 'faq'), settings);
    const [first, second] = await Promise.all([
      thread.load(join(root, 'faq'), settings),
      thread.load(join(root, 'faq'), settings),
    ]);
    await thread.close();
    expect(first).to.deep.equal(here);
    expect(second).to.deep.equal(here);
  });

  it('reads a draft in the place of a file, learns nothing from it, and forgets it', async () => {
    const thread = new LoadingThread(built);
    const faq = join(root, 'faq');
    const before = await thread.load(faq, settings);
    const draft = { file: 'signing-in.md', text: '# Signing in\n\n## A draft? {#draft}\n\nYes.\n' };
    const drafted = await thread.load(faq, settings, { draft });
    expect(drafted.base.entries.some(({ id }) => id === 'draft')).to.equal(true);
    expect(drafted.base.weights).to.equal(undefined);
    expect(await thread.load(faq, settings)).to.deep.equal(before);
    await thread.close();
  });

  it('tells every waiting reader when it fails, and begins anew with the next', async () => {
    const thread = new LoadingThread(pathToFileURL(join(root, 'dist/faq/no-such-file.js')));
    const readings = [thread.load('x', settings), thread.load('x', settings)];
    const failures = await Promise.all(
      readings.map((reading) => reading.catch((error: { code: string }) => error.code)),
    );
    expect(failures).to.deep.equal(['ERR_FAQ_THREAD', 'ERR_FAQ_THREAD']);
    expect(await thread.load('x', settings).catch((error: { code: string }) => error.code)).to.equal('ERR_FAQ_THREAD');
  });
});

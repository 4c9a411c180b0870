import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { loadKnowledgeBase } from '../src/faq/load-knowledge-base.ts';
import { createLog } from '../src/log.ts';
import { assets, root } from './support/test-app.ts';

describe('createApp', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-app-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const create = (env: Record<string, string>, from = assets) => {
    const config = loadConfig({ STORE_URL: `file:${join(folder, 'data')}`, FAQ_DIR: join(root, 'faq'), ...env }, root);
    return createApp(config, { log: createLog('silent'), assets: from, loadKnowledge: loadKnowledgeBase });
  };
  const codeOf = (made: Promise<unknown>) => made.then(() => 'made').catch(({ code }: { code: string }) => code);

  it('says what is missing when a part cannot be read, and leaves the store to the next', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    expect(await codeOf(create({}, join(folder, 'nothing')))).to.equal('ERR_ASSETS');
    process.off('unhandledRejection', note);
    expect(unhandled).to.deep.equal([], 'a rejection that nobody awaits yet ends the process without a word of advice');
    expect(await codeOf(create({ FAQ_DIR: join(folder, 'no-faq') }))).to.equal('ERR_FAQ_INVALID');
    const app = await create({});
    expect(await codeOf(create({}))).to.equal('ERR_STORE_IN_USE');
    await app.close();
  });
});

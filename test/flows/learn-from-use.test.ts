import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ChannelClient } from '../support/channel-client.ts';
import { root, startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

describe('learning from use', () => {
  let app: TestApp;
  let faq: string;
  before(async () => {
    faq = await mkdtemp(join(tmpdir(), 'accessdesk-faq-'));
    // One topic, without its links to others: each command and each change reads and learns all that is there.
    const topic = await readFile(join(root, 'faq/signing-in.md'), 'utf8');
    await writeFile(join(faq, 'signing-in.md'), topic.replace(/^\*See also:.*$/gm, ''));
    app = await startTestApp({ FAQ_DIR: faq });
  });
  after(async () => {
    await app.close();
    await rm(faq, { recursive: true });
  });

  const proposals = async (...words: string[]) => {
    const env = { PATH: process.env.PATH ?? '', STORE_URL: `file:${app.folder}`, FAQ_DIR: faq };
    return (
      await promisify(execFile)(process.execPath, [join(root, 'dist/cli.js'), 'faq', 'proposals', ...words], { env })
    ).stdout;
  };

  it('turns words that missed into a phrasing, which the running bot then answers', async () => {
    const user = new ChannelClient(app.url);
    const odd = 'zorble the frobnicator';
    const [miss] = await user.say(odd);
    expect(miss?.text).to.include('I have no answer to that');
    await user.say('i forgot my password');

    expect(await proposals()).to.include('1  "zorble the frobnicator" for forgot-password');
    const before = (await readFile(join(faq, 'signing-in.md'), 'utf8')).split('\n');
    expect(await proposals('--accept', '1')).to.match(/^Added to signing-in\.md:\d+ for forgot-password/);

    const after = (await readFile(join(faq, 'signing-in.md'), 'utf8')).split('\n');
    expect(after.filter((line) => !before.includes(line))).to.deep.equal([`- ${odd}`]);
    expect(after.length).to.equal(before.length + 1);
    await until(async () => (await user.say(odd))[0]?.text?.includes('account.live.com') ?? false);
    expect(await proposals()).not.to.include(odd);
  });

  it('lists what has no answer, and knows no number that is not there', async () => {
    const user = new ChannelClient(app.url);
    for (let n = 0; n < 2; n++) await user.say('gribble wobble snark');
    expect(await proposals()).to.include('"gribble wobble snark" (2 times)');
    const failed = await proposals('--accept', '99').catch((error: { stderr: string }) => error.stderr);
    expect(failed).to.include('There is no proposal 99');
  });
});

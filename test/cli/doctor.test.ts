import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Command } from 'commander';
import { addDoctor } from '../../src/cli/doctor.ts';
import { appId } from '../support/teams-stand-in.ts';
import { assets } from '../support/test-app.ts';

describe('doctor, about the app secret', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-doctor-'));
    await mkdir(join(folder, 'faq'));
    await writeFile(join(folder, 'faq/doors.md'), '# Doors\n\n## How do I open the blue door?\n\nPush.\n');
  });
  after(() => rm(folder, { recursive: true }));

  /** On 26 November 2027, with these settings. */
  const run = async (env: Record<string, string>, ...words: string[]) => {
    let said = '';
    const commandLine = {
      out: (text: string) => {
        said += text;
      },
      err: () => {},
      env: { PORT: '1', FAQ_DIR: './faq', STORE_URL: `file:${join(folder, 'data')}`, ...env },
      folder,
      workingFolder: folder,
      assets,
      now: () => new Date('2027-11-26T12:00:00.000Z'),
    };
    const program = new Command().exitOverride();
    addDoctor(program, commandLine);
    const failed = await program.parseAsync(['doctor', ...words], { from: 'user' }).then(
      () => '',
      (error: Error) => error.message,
    );
    return { said, failed };
  };
  const app = { MicrosoftAppId: appId, MicrosoftAppPassword: 'not-a-secret' };
  const asManaged = {
    MicrosoftAppId: appId,
    MicrosoftAppType: 'UserAssignedMSI',
    MicrosoftAppTenantId: 'contoso.onmicrosoft.com',
  };
  const ending = (MicrosoftAppPasswordEnds: string) => ({ ...app, MicrosoftAppPasswordEnds });

  for (const [what, env, says] of [
    ['no app', {}, 'ok   app secret: not used'],
    ['a managed identity', asManaged, 'ok   app secret: none: a managed identity needs no secret'],
    ['an end that nobody wrote', app, 'ok   app secret: set; write its last day to MicrosoftAppPasswordEnds'],
    ['30 days left', ending('2027-12-26'), 'ok   app secret: 30 days left, until 2027-12-26\n'],
    ['29 days left', ending('2027-12-25'), 'warn app secret: 29 days left, until 2027-12-25: make a new one'],
    ['a day left', ending('2027-11-27'), 'warn app secret: 1 day left'],
    ['the last day', ending('2027-11-26'), 'warn app secret: ends today: make a new one'],
    ['a secret that has ended', ending('2027-11-25'), 'FAIL app secret: ended on 2027-11-25: make a new one'],
  ] as const) {
    it(`says of ${what}: ${says.slice(0, 4).trim()}`, async () => {
      const { said } = await run(env);
      expect(said).to.include(says).and.not.include('not-a-secret');
    });
  }

  it('marks a warning in JSON, which is no failure', async () => {
    const { said } = await run(ending('2027-12-01'), '--json');
    const { findings } = JSON.parse(said) as { findings: { part: string; ok: boolean; warning?: true }[] };
    expect(findings.find(({ part }) => part === 'app secret')).to.include({ ok: true, warning: true });
    expect(findings.filter(({ warning }) => warning)).to.have.length(1);
  });

  it('fails where it has ended', async () => {
    expect((await run(ending('2027-11-25'))).failed).to.match(/checks failed/);
  });
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { controlPath } from '../../src/control/control-socket.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { freePort, root } from '../support/test-app.ts';

const header = 'portal,organisation,plan,plan_until,name,email,role\n';

describe('the commands profiles import and export', () => {
  let folder: string;
  let env: Record<string, string>;
  let server: ServerProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-profiles-'));
    env = { STORE_URL: `file:${join(folder, 'data')}`, PORT: String(await freePort()), LOG_LEVEL: 'debug' };
    await writeFile(join(folder, 'good.csv'), `${header}CustomerSource,X,support,,=1+1,kim@x.test,member\n`);
    await writeFile(join(folder, 'bad.csv'), `${header}CustomerSource,X,support,,Kim,kim@x,member\nx\n`);
  });
  afterEach(async () => {
    server?.child.kill('SIGKILL');
    await server?.ended;
    server = undefined;
    await rm(folder, { recursive: true });
  });
  const run = (...words: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((done) => {
      const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env }, maxBuffer: 1e8 };
      execFile(process.execPath, [join(root, 'dist/cli.js'), 'profiles', ...words], options, (error, out, err) =>
        done({ code: error ? Number(error.code) : 0, out, err }),
      );
    });

  for (const isRunning of [true, false]) {
    const how = isRunning ? 'through the running server' : 'when no server runs';
    it(`bring a file in and out again ${how}`, async () => {
      if (isRunning) server = await startServer(env);
      const dry = await run('import', 'good.csv', '--dry-run');
      expect(dry.out).to.equal(
        'Would be imported: 1 rows. Profiles: 1 added, 0 changed, 0 unchanged. Organisations: 1 added, 0 changed.\n',
      );
      expect((await run('import', 'good.csv')).out).to.match(/^Imported: 1 rows\. Profiles: 1 added/);
      const { out, code } = await run('export');
      expect(code).to.equal(0);
      expect(out).to.match(/^CustomerSource,X,support,,'=1\+1,kim@x\.test,member,[\da-f-]{36},,\r$/m);
      await writeFile(join(folder, 'exported.csv'), out);
      expect((await run('import', 'exported.csv')).out).to.match(/Profiles: 0 added, 0 changed, \d+ unchanged/);
    });

    it(`name what is wrong as file:line and exit with 1 ${how}`, async () => {
      if (isRunning) server = await startServer(env);
      const { code, out, err } = await run('import', 'bad.csv');
      expect(out).to.equal('');
      expect(err).to.match(
        /^bad\.csv:2: email: Enter one address.*\nbad\.csv:3: this row has 1 cells.*\n2 problems; nothing was imported\.\n$/,
      );
      expect(code).to.equal(1);
      const missing = await run('import', 'missing.csv');
      expect(missing.err)
        .to.match(/^\S*missing\.csv cannot be read \(ENOENT\)/)
        .and.not.match(/\n\s+at /);
      expect(missing.code).to.equal(1);
      expect(server?.output() ?? '').not.to.include('kim@x');
    });
  }

  it('stream a large directory, and stop when nobody reads on', async () => {
    const row = (n: number) =>
      `CustomerSource,Company ${n % 50},support,,Person ${n},person.${n}@x${n % 50}.test,member\n`;
    await writeFile(join(folder, 'large.csv'), header + Array.from({ length: 20_000 }, (_, n) => row(n)).join(''));
    server = await startServer(env);
    expect((await run('import', 'large.csv')).out).to.match(/^Imported: 20,000 rows/);
    const socket = connect(controlPath(join(folder, 'data')) ?? '');
    socket.write('{"command":"profiles export","argument":""}\n');
    await once(socket, 'data');
    socket.destroy();
    expect((await run('export')).out.split('\r\n').length).to.be.above(20_001);
    server.child.kill('SIGTERM');
    expect(await server.ended).to.equal(0);
    expect(server.output()).to.include('Whoever gave the command is gone');
    expect(await readFile(join(folder, 'data/db.json'), 'utf8')).to.include('person.19999@x49.test');
  });
});

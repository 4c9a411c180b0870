import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ChannelClient, messageOfTeams } from '../support/channel-client.ts';
import { DirectLineClient } from '../support/direct-line-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { freePort, root } from '../support/test-app.ts';
import { nameOn, WebVisitor } from '../support/web-visitor.ts';

describe('the server process', () => {
  let folder: string;
  let env: Record<string, string>;
  let url: string;
  const running: ServerProcess[] = [];
  const start = async (more: Record<string, string> = {}) => {
    const server = await startServer({ ...env, ...more });
    running.push(server);
    return server;
  };
  const command = (...words: string[]) =>
    promisify(execFile)(process.execPath, [join(root, 'dist/cli.js'), ...words], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', ...env },
    });

  /** The texts of the database's files. A snapshot may take its name just now: what vanished is looked for again. */
  const databaseFiles = async (data: string): Promise<string[]> => {
    const names = (await readdir(data)).filter((name) => /json/.test(name));
    try {
      return await Promise.all(names.map((name) => readFile(join(data, name), 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return databaseFiles(data);
    }
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-process-'));
    const port = await freePort();
    url = `http://localhost:${port}`;
    env = { PORT: String(port), STORE_URL: `file:${join(folder, 'data')}`, FAQ_DIR: join(root, 'faq') };
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true });
  });

  it('says where it is, and ends with 0 on SIGTERM, the database readable by hand', async () => {
    const server = await start();
    expect(server.output()).to.include(`Help page and chat: ${url}/`).and.include(`Staff inbox: ${url}/staff`);
    await new ChannelClient(url).say('forgot password');
    server.child.kill('SIGTERM');
    expect(await server.ended).to.equal(0);
    expect(JSON.stringify(JSON.parse(await readFile(join(folder, 'data/db.json'), 'utf8')))).to.include(
      'forgot password',
    );
  });

  it('ends with 0 on SIGTERM while it starts, also as the first process of a container', async () => {
    // A database that says nothing.
    const silent = createServer((socket) => socket.on('error', () => {}));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const child = spawn(process.execPath, [join(root, 'dist/index.js')], {
      cwd: root,
      env: {
        PATH: process.env.PATH ?? '',
        ...env,
        STORE_URL: `postgres://desk@127.0.0.1:${port}/desk`,
        SECRET_KEY: 'one key for all instances of 32 bytes',
      },
    });
    const ended = once(child, 'close');
    await once(silent, 'connection');
    child.kill('SIGTERM');
    expect(await ended).to.deep.equal([0, null]);
    silent.close();
  });

  it('refuses who proves nothing, counts them, and says once in the log why', async () => {
    const MicrosoftAppId = '11111111-2222-3333-4444-555555555555';
    const server = await start({ MicrosoftAppId, MicrosoftAppPassword: 'not-a-secret' });
    const post = () =>
      fetch(`${url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer forged-and-secret' },
        body: JSON.stringify(messageOfTeams),
      });
    const first = await post();
    expect(first.status).to.equal(401);
    expect(await first.json()).to.have.nested.property('error.code', 'Unauthorized');
    for (let more = 0; more < 99; more++) await post();
    expect((await post()).status).to.equal(429);
    const lines = server.output().match(/.*"an activity was refused".*/g);
    expect(lines).to.have.length(1);
    expect(lines?.[0]).to.include('"status":401').and.include('the token is not one that a channel is given');
    expect(server.output()).not.to.include('forged-and-secret');
  });

  it('answers a request that was under way when it is asked to stop', async () => {
    const server = await start();
    const user = new ChannelClient(url);
    const answers = Array.from({ length: 10 }, () => user.say('forgot password'));
    await answers[0];
    server.child.kill('SIGTERM');
    const settled = await Promise.allSettled(answers);
    const answered = settled.filter(({ status }) => status === 'fulfilled').length;
    expect(await server.ended).to.equal(0);
    const db = await readFile(join(folder, 'data/db.json'), 'utf8');
    expect(db.split('"from": "user"').length + db.split('"from":"user"').length - 2).to.be.at.least(answered);
  });

  it('stops within seconds whoever holds a connection open', async () => {
    const server = await start();
    const port = Number(env.PORT);
    const halfOpen = { port, host: '127.0.0.1', allowHalfOpen: true };
    const held = [connect(halfOpen), connect(halfOpen), connect(halfOpen), connect(join(folder, 'data/control.sock'))];
    for (const socket of held) socket.on('error', () => {});
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    held[0]?.write(
      'POST /api/messages HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
    held[1]?.write('GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(held[1] as Socket, 'data');
    server.child.kill('SIGTERM');
    expect(await server.ended).to.equal(0);
    for (const socket of held) socket.destroy();
  });

  it('names the sample accounts, and signs one in without a word about what the provider thinks of this Node', async () => {
    const server = await start();
    expect(server.output()).to.include('Amira Malik <amira@contoso.example>');
    const visitor = new WebVisitor(url);
    expect((await visitor.signInAs('amira', '/profile')).location).to.equal('/profile');
    expect(nameOn(await visitor.get('/profile'))).to.equal('Amira Malik');
    expect(server.output()).not.to.match(/warning|notice|deprecat/i);
  });

  it('refuses the sample accounts where others can reach it, naming every setting', async () => {
    const server = await start({ HOST: '0.0.0.0' });
    expect(await server.ended).to.equal(1);
    for (const variable of ['SECRET_KEY', 'PUBLIC_URL', 'SIGN_IN_ISSUER', 'STAFF_SIGN_IN_ISSUER']) {
      expect(server.output()).to.include(`${variable}: is required`);
    }
  });

  it('refuses to start a second time on one folder, with what to do', async () => {
    await start();
    const second = await start({ PORT: String(await freePort()) });
    expect(await second.ended).to.equal(1);
    expect(second.output())
      .to.include(join(folder, 'data'))
      .and.not.match(/\n\s+at /);
  });

  it('refuses a taken port, naming PORT', async () => {
    await start();
    const second = await start({ STORE_URL: `file:${join(folder, 'other')}` });
    expect(await second.ended).to.equal(1);
    expect(second.output()).to.include('PORT');
  });

  it('lists all bad settings at once', async () => {
    const server = await start({ PORT: 'many', SUPPORT_EMAIL: 'nobody' });
    expect(await server.ended).to.equal(1);
    expect(server.output())
      .to.include('PORT: write')
      .and.include('SUPPORT_EMAIL: write')
      .and.not.match(/\n\s+at /);
  });

  it('loses nothing that was acknowledged when it is killed under load', async () => {
    const first = await start();
    const client = await new DirectLineClient(url).open();
    const acknowledged: string[] = [];
    const talk = (async () => {
      for (let n = 0; ; n++) {
        const { status } = await client.say(`question ${n} about my invite`);
        if (status === 200) acknowledged.push(`question ${n} about my invite`);
        if (n === 25) first.child.kill('SIGKILL');
      }
    })();
    await talk.catch(() => {});
    await first.ended;
    client.close();
    await start();
    const again = await new DirectLineClient(url).open(client.token);
    await again.replyTo(acknowledged.at(-1) ?? '');
    const kept = again.activities.map(({ text }) => text);
    expect(kept).to.include.members(acknowledged);
    const users = again.activities.filter(({ from }) => from.role === 'user').length;
    const replies = again.activities.filter(({ from }) => from.role === 'bot').length;
    expect(replies).to.equal(users + 1, 'every question has its reply, and there is the welcome');
    again.close();
  });

  it('keeps the made key in a file of its own that only its owner reads', async () => {
    await start();
    const data = join(folder, 'data');
    const key = (await readdir(data)).find((name) => name.includes('secret')) ?? '';
    expect((await stat(join(data, key))).mode & 0o777).to.equal(0o600);
    const secret = (await readFile(join(data, key), 'utf8')).trim();
    for (const text of await databaseFiles(data)) expect(text).not.to.include(secret);
  });

  for (const isRunning of [true, false]) {
    it(`forgets a person ${isRunning ? 'through the running server' : 'when no server runs'}`, async () => {
      const server = await start();
      const user = new ChannelClient(url);
      await user.say('my name is Yasmin Malik and i forgot my password');
      if (!isRunning) {
        server.child.kill('SIGTERM');
        await server.ended;
      }
      const { stdout } = await command('forget', user.user);
      expect(stdout).to.match(/^Erased: 1 conversations, 2 lines/);
      const data = join(folder, 'data');
      for (const text of await databaseFiles(data)) {
        expect(text).not.to.include('Yasmin').and.not.to.include(user.user);
      }
    });
  }

  it('passes its own doctor, running or not', async () => {
    expect((await command('doctor')).stdout).to.include('ok   server: not running');
    await start();
    const { ok } = JSON.parse((await command('doctor', '--json')).stdout) as { ok: boolean };
    expect(ok).to.equal(true);
  });
});

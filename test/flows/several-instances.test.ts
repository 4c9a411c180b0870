/** Several server processes on one database behind a balancer: nobody notices which one answered, nor that one died. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createWords } from '../../src/words/words.ts';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { DirectLineClient, type ShownActivity } from '../support/direct-line-client.ts';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { freePort, root } from '../support/test-app.ts';

describeWithPostgres('three instances behind a balancer', () => {
  let postgres: PostgresServer;
  let servers: ServerProcess[];
  let ports: number[];
  let balancer: Balancer;
  let url: string;
  let env: Record<string, string>;

  // Once for all: each start costs seconds.
  before(async () => {
    postgres = await startPostgres();
    const port = await freePort();
    url = `http://localhost:${port}`;
    env = {
      PUBLIC_URL: url,
      STORE_URL: await postgres.newDatabase(),
      SECRET_KEY: 'one key for all instances of 32 bytes',
      FAQ_DIR: join(root, 'faq'),
      TRUSTED_PROXIES: 'loopback',
    };
    ports = [await freePort(), await freePort(), await freePort()];
    servers = await Promise.all(ports.map((one) => startServer({ ...env, PORT: String(one) })));
    balancer = await startBalancer(port, ports);
  });

  after(async () => {
    for (const { child, ended } of servers) {
      child.kill('SIGKILL');
      await ended;
    }
    await balancer.close();
    await postgres.stop();
  });

  it('shows a chat on one of them what is said through the others, in order', async () => {
    const client = await new DirectLineClient(url).open();
    const asked = [
      'forgot password',
      'who can access it',
      'several e-mails',
      'forgot password please',
      'contact support',
    ];
    for (const text of asked) expect((await client.say(text)).status).to.equal(200);
    const last = await client.replyTo('contact support');
    const said = client.activities.filter(({ from }) => from.role === 'user').map(({ text }) => text);
    client.close();
    expect(said).to.deep.equal(asked);
    expect(client.activities.at(-1)).to.equal(last);
    expect([...balancer.counts.values()].every((count) => count > 0)).to.equal(true);
  });

  it('say that they are not ready while the database is away, in a sentence to people, and go on by themselves', async () => {
    const [port] = ports;
    const ready = () => fetch(`http://127.0.0.1:${port}/readyz`, { headers: { host: new URL(url).host } });
    expect((await ready()).status).to.equal(200);
    const client = await new DirectLineClient(url).open();
    await postgres.stop();
    // One check answers everybody of the same second.
    let away = await ready();
    while (away.status === 200) away = await ready();
    expect(away.status).to.equal(503);
    expect(await away.json()).to.deep.equal({ status: 'not ready', failing: ['store'] });
    const refused = await client.say('forgot password');
    expect(refused.status).to.equal(503);
    const read = await client.fetch('GET', `/v3/directline/conversations/${client.conversationId}/activities`);
    expect(read.status).to.equal(503);
    expect(read.body).to.deep.equal({ error: { code: 'StoreAway', message: createWords('en').say('error.awayText') } });
    expect((await fetch(url)).status).to.equal(200);
    await postgres.start();
    while ((await client.say('forgot password')).status !== 200);
    await client.replyTo('forgot password');
    client.close();
    while ((await ready()).status !== 200);
  });

  it('leave commands to open the database themselves, beside the running servers', async () => {
    const run = async (...words: string[]) => {
      const options = { cwd: root, env: { PATH: process.env.PATH ?? '', ...env, PORT: String(ports[0]) } };
      return (await promisify(execFile)(process.execPath, [join(root, 'dist/cli.js'), ...words], options)).stdout;
    };
    expect(await run('profiles', 'export')).to.include('Contoso');
    expect(await run('forget', 'nobody@contoso.example')).to.include('Erased: 0 conversations');
    const copied = await run('store', 'copy', '--from', env.STORE_URL ?? '', '--to', await postgres.newDatabase());
    expect(copied)
      .to.match(/profiles +\d+/)
      .and.include('Copied and compared');
  });

  it('keep every message that was acknowledged, once, with its answer, when one is killed and the database restarts', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => new DirectLineClient(url).open()));
    const each = 20;
    let acknowledged = 0;
    const reached = (count: number) =>
      new Promise<void>((resolve) => {
        waiting.push({ count, resolve });
      });
    const waiting: { count: number; resolve: () => void }[] = [];
    const talking = clients.map(async (client) => {
      for (let n = 0; n < each; n++) {
        const activity = {
          type: 'message',
          text: `forgot my password, time ${n}`,
          channelData: { clientActivityID: randomUUID() },
        };
        // As the page does: the same message again until it is acknowledged.
        while ((await client.send(activity).catch(() => undefined))?.status !== 200);
        acknowledged += 1;
        for (const one of waiting) if (acknowledged >= one.count) one.resolve();
      }
    });
    await reached(30);
    servers[0]?.child.kill('SIGKILL');
    await reached(60);
    await postgres.stop();
    await postgres.start();
    await Promise.all(talking);
    for (const client of clients) {
      client.close();
      const answer = await client.fetch(
        'GET',
        `/v3/directline/conversations/${client.conversationId}/activities?watermark=0`,
      );
      const { activities } = answer.body as { activities: (ShownActivity & { replyToId?: string })[] };
      const said = activities.filter(({ text = '' }) => text.startsWith('forgot my password, time'));
      expect(said.map(({ text }) => text)).to.deep.equal(
        Array.from({ length: each }, (_, n) => `forgot my password, time ${n}`),
      );
      for (const { id } of said) expect(activities.filter(({ replyToId }) => replyToId === id)).to.have.length(1);
    }
    for (const { child } of servers.slice(1)) expect(child.exitCode).to.equal(null);
  });
});

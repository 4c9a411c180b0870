/** Several server processes on one database behind a balancer: nobody notices which one answered, nor that one died. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { WebSocket } from 'ws';
import { createWords } from '../../src/words/words.ts';
import { SmtpSink, type TakenMail } from '../mail/smtp-sink.ts';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { DirectLineClient, type ShownActivity } from '../support/direct-line-client.ts';
import { type ForeignProvider, startForeignProvider } from '../support/foreign-provider.ts';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { freePort, root } from '../support/test-app.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

/** Texts of mails, from the wire: lines that were wrapped are whole again. */
const textOf = ({ bytes }: TakenMail) => bytes.toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');

describeWithPostgres('three instances behind a balancer', () => {
  let postgres: PostgresServer;
  let servers: ServerProcess[];
  let ports: number[];
  let balancer: Balancer;
  let provider: ForeignProvider;
  let mailServer: SmtpSink;
  let url: string;
  let env: Record<string, string>;

  // Once for all: each start costs seconds.
  before(async () => {
    postgres = await startPostgres();
    const port = await freePort();
    url = `http://localhost:${port}`;
    provider = await startForeignProvider(`${url}/sign-in/callback`);
    mailServer = await new SmtpSink().listen();
    env = {
      PUBLIC_URL: url,
      STORE_URL: await postgres.newDatabase(),
      SECRET_KEY: 'one key for all instances of 32 bytes',
      FAQ_DIR: join(root, 'faq'),
      TRUSTED_PROXIES: 'loopback',
      SIGN_IN_ISSUER: provider.issuer,
      SIGN_IN_CLIENT_ID: provider.clientId,
      SIGN_IN_CLIENT_SECRET: provider.clientSecret,
      MAIL_URL: `smtp://127.0.0.1:${mailServer.port}`,
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
    await provider.close();
    await mailServer.close();
    await postgres.stop();
  });

  /** Mails in which this stands, as soon as there are so many. */
  async function mailsWith(part: string, count: number): Promise<string[]> {
    for (let seen = 0; ; seen = mailServer.taken.length) {
      const found = mailServer.taken.map(textOf).filter((text) => text.includes(part));
      if (found.length >= count) return found;
      await mailServer.until(seen + 1);
    }
  }

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

  it('lead a person from the asking to the linked profile, each step at another of them, with one mail of each kind', async () => {
    const visitor = new WebVisitor(url);
    const asking = await visitor.get('/associate');
    await visitor.post('/associate', { csrf: csrfOf(asking), email: 'amira@contoso.example' });
    const invitations = await mailsWith('/invitations/', 3);
    const signIn = await visitor.beginSignIn('/profile');
    const interaction = await visitor.get(signIn.location);
    const form = new URL(interaction.location, provider.issuer).href;
    const chosen = await visitor.post(form, {});
    const back = await visitor.get(new URL(chosen.location, provider.issuer).href);
    expect(back.location).to.include(`${url}/sign-in/callback`);
    expect((await visitor.get(back.location)).location).to.match(/\/profile$|\/associate/);
    for (const mail of invitations) {
      await visitor.get(/\/invitations\/[\w-]{43}/.exec(mail)?.[0] ?? '/no-link');
      await visitor.post('/invitations', { csrf: csrfOf(await visitor.get('/invitations')) });
    }
    await mailsWith('/undo/', 3);
    for (let n = 0; n < 2 * ports.length; n++) {
      const page = await visitor.follow(await visitor.get('/accounts'));
      expect(page.text).to.include('Kim Lee').and.include('Contoso');
    }
    const ids = mailServer.taken.map((mail) => /^Message-ID: (.*)$/m.exec(textOf(mail))?.[1]);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(await mailsWith('/invitations/', 3)).to.have.length(3);
  });

  it('are replaced one after the other while a chat goes on, and nothing of it is lost, doubled or out of order', async () => {
    const client = await new DirectLineClient(url).open();
    let isOver = false;
    /** As the page does: a stream that ends is opened again from the watermark on, at whichever instance answers. */
    const comingBack = (async () => {
      while (!isOver) {
        client.socket?.on('error', () => {});
        await once(client.socket as WebSocket, 'close');
        for (let isBack = isOver; !isBack; ) {
          const path = `/v3/directline/conversations/${client.conversationId}?watermark=${client.watermark}`;
          const found = await client.fetch('GET', path).catch(() => undefined);
          const { streamUrl = '' } = (found?.body ?? {}) as { streamUrl?: string };
          isBack =
            found?.status === 200 &&
            (await client.stream(streamUrl).then(
              () => true,
              () => false,
            ));
        }
      }
    })();
    const texts: string[] = [];
    let isReplaced = false;
    const talking = (async () => {
      for (let n = 0; !isReplaced || n < 10; n++) {
        const text = `forgot my password, part ${n}`;
        texts.push(text);
        const activity = { type: 'message', text, channelData: { clientActivityID: randomUUID() } };
        while ((await client.send(activity).catch(() => undefined))?.status !== 200);
      }
    })();
    for (const [index, port] of ports.entries()) {
      const old = servers[index];
      old?.child.kill('SIGTERM');
      expect(await old?.ended).to.equal(0);
      servers[index] = await startServer({ ...env, PORT: String(port) });
    }
    isReplaced = true;
    await talking;
    const last = await client.shown(({ text }) => text === texts.at(-1));
    await client.shown(({ replyToId }) => replyToId === last.id);
    isOver = true;
    client.close();
    await comingBack;
    const said = client.activities.filter(({ from }) => from.role === 'user');
    expect(said.map(({ text }) => text)).to.deep.equal(texts);
    for (const { id } of said) expect(client.activities.filter((one) => one.replyToId === id)).to.have.length(1);
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

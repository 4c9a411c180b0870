/** Several server processes on one database behind a balancer: nobody notices which one answered, nor that one died. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { WebSocket } from 'ws';
import { createWords } from '../../src/words/words.ts';
import { DirectLineClient, type ShownActivity } from '../support/direct-line-client.ts';
import { type Instances, messageIdOf, staffForm, startInstances } from '../support/instances.ts';
import { describeWithPostgres } from '../support/postgres.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { root } from '../support/test-app.ts';
import { until } from '../support/until.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

describeWithPostgres('three instances behind a balancer', () => {
  let instances: Instances;
  let url: string;
  let servers: ServerProcess[];
  let ports: readonly number[];
  /** Theirs, which staff write into. */
  let folder: string;

  // Once for all: each start costs seconds.
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-faq-'));
    await cp(join(root, 'faq'), folder, { recursive: true });
    instances = await startInstances({ FAQ_DIR: folder });
    ({ url, servers, ports } = instances);
  });
  after(async () => {
    await instances.close();
    await rm(folder, { recursive: true });
  });

  /** Asks a person in a chat; the ticket's number. */
  async function askPerson(question: string): Promise<number> {
    const client = await new DirectLineClient(url).open();
    await client.say('person');
    await client.say(question);
    const receipt = await client.replyTo(question);
    client.close();
    return Number(/#(\d+)/.exec(receipt.text ?? '')?.[1]);
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
    expect([...instances.balancer.counts.values()].every((count) => count > 0)).to.equal(true);
  });

  it('lead a person from the asking to the linked profile, each step at another of them, with one mail of each kind', async () => {
    const { mailsWith, mailServer } = instances;
    const visitor = new WebVisitor(url);
    const asking = await visitor.get('/associate');
    await visitor.post('/associate', { csrf: csrfOf(asking), email: 'amira@contoso.example' });
    const invitations = await mailsWith('/invitations/', 3);
    const back = await instances.provider.signIn(visitor, '/profile');
    expect(back.location).to.match(/\/profile$|\/associate/);
    for (const mail of invitations) {
      await visitor.get(/\/invitations\/[\w-]{43}/.exec(mail)?.[0] ?? '/no-link');
      await visitor.post('/invitations', { csrf: csrfOf(await visitor.get('/invitations')) });
    }
    await mailsWith('/undo/', 3);
    for (let n = 0; n < 2 * ports.length; n++) {
      const page = await visitor.follow(await visitor.get('/accounts'));
      expect(page.text).to.include('Kim Lee').and.include('Contoso');
    }
    const ids = mailServer.taken.map(messageIdOf);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(await mailsWith('/invitations/', 3)).to.have.length(3);
  });

  it('tell the inbox that is open on each of them of a ticket that came through another', async () => {
    const staff = await instances.signedIn('/staff');
    const cookie = Array.from(staff.cookies, (pair) => pair.join('=')).join('; ');
    const streams = await Promise.all(ports.map(() => fetch(`${url}/staff/events`, { headers: { cookie } })));
    expect(streams.map(({ headers }) => Number(headers.get('x-served-by')))).to.have.members(ports);
    const number = await askPerson('my screen is dark');
    for (const { body } of streams) {
      let told = '';
      for await (const part of body as AsyncIterable<Uint8Array>) {
        told += Buffer.from(part);
        if (told.includes(`"tickets":[${number}]`)) break;
      }
    }
    expect((await staff.get('/staff?list=unassigned')).text).to.include('my screen is dark');
  });

  it('all answer what staff taught through any of them, also where they did at the same moment', async () => {
    const staff = await instances.signedIn('/staff');
    const number = await askPerson('how do I feed the office cat');
    const path = `/staff/tickets/${number}/teach`;
    const form = await staffForm(staff, path);
    const taught = ['walrus', 'ibex', 'ocelot'].map((animal) => ({
      question: `Where does the ${animal} of the office sleep?`,
      answer: `The ${animal} sleeps below the stairs.`,
    }));
    const { topic = '' } = /<option value="(?<topic>[^"]+)"/.exec((await staff.get(path)).text)?.groups ?? {};
    const through = new Set<string | null>();
    await Promise.all(
      taught.map(async (one) => {
        // Who is told that somebody else is writing presses again, and so does who is told nothing for too long.
        for (let status = 400; status !== 200; ) {
          const answer = await staff.post(`${path}/answer`, { ...form, ...one, topic });
          status = answer.status;
          through.add(answer.headers.get('x-served-by'));
          if (status === 502) continue;
          expect(answer.text, `${status}`).to.match(/It is in the knowledge base|Somebody else is writing/);
        }
      }),
    );
    expect(through.size).to.equal(ports.length);
    for (const port of ports) {
      for (const { question } of taught) {
        while (!(await (await instances.ask(port, '/')).text()).includes(question)) await pause(100);
      }
    }
    const client = await new DirectLineClient(url).open();
    for (const { question, answer } of taught) {
      await client.say(question);
      expect((await client.replyTo(question)).text).to.include(answer);
    }
    client.close();
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
        await until(async () => (await client.send(activity).catch(() => undefined))?.status === 200);
      }
    })();
    for (const [index, port] of ports.entries()) {
      const old = servers[index];
      old?.child.kill('SIGTERM');
      expect(await old?.ended).to.equal(0);
      servers[index] = await startServer({ ...instances.env, PORT: String(port) });
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
    for (const { id } of said) expect(client.activities.filter(({ replyToId }) => replyToId === id)).to.have.length(1);
  });

  it('say that they are not ready while the database is away, in a sentence to people, and go on by themselves', async () => {
    const { postgres } = instances;
    const [port = 0] = ports;
    const ready = () => instances.ask(port, '/readyz');
    // The test before has just started it.
    await until(async () => (await ready()).status === 200);
    const client = await new DirectLineClient(url).open();
    await postgres.stop();
    // One check answers everybody of the same second.
    let away = await ready();
    await until(async () => {
      away = await ready();
      return away.status !== 200;
    });
    expect(away.status).to.equal(503);
    expect(await away.json()).to.deep.equal({ status: 'not ready', failing: ['store'] });
    const refused = await client.say('forgot password');
    expect(refused.status).to.equal(503);
    const read = await client.fetch('GET', `/v3/directline/conversations/${client.conversationId}/activities`);
    expect(read.status).to.equal(503);
    expect(read.body).to.deep.equal({ error: { code: 'StoreAway', message: createWords('en').say('error.awayText') } });
    expect((await fetch(url)).status).to.equal(200);
    await postgres.start();
    await until(async () => (await client.say('forgot password')).status === 200);
    // Its stream may have broken off with the database: as the page does, it comes again.
    const again = await new DirectLineClient(url).open(client.token);
    await again.replyTo('forgot password');
    for (const one of [client, again]) one.close();
    await until(async () => (await ready()).status === 200);
  });

  it('leave commands to open the database themselves, beside the running servers', async () => {
    const { run, env, postgres } = instances;
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
        await until(async () => (await client.send(activity).catch(() => undefined))?.status === 200);
        acknowledged += 1;
        for (const one of waiting) if (acknowledged >= one.count) one.resolve();
      }
    });
    await reached(30);
    servers[0]?.child.kill('SIGKILL');
    await reached(60);
    await instances.postgres.stop();
    await instances.postgres.start();
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

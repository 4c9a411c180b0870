/**
 * Everything at once through three instances - questions, hand-offs, asks for invitations, replies of staff - while one
 * of them is killed and the database restarts. Whoever asks does what real clients do: the same again, under the same
 * id, until it is acknowledged. Then all that was acknowledged is accounted for.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import type { TakenMail } from '../mail/smtp-sink.ts';
import { DirectLineClient, type ShownActivity } from '../support/direct-line-client.ts';
import { type Instances, messageIdOf, staffForm, startInstances } from '../support/instances.ts';
import { describeWithPostgres } from '../support/postgres.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

/** A day of the week that is neither today nor near it. */
const anotherDay = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'][(new Date().getUTCDay() + 3) % 7];

interface Acknowledged {
  readonly client: DirectLineClient;
  /** Of the user's messages, in the order in which they were acknowledged. */
  readonly ids: string[];
}

describeWithPostgres('what was acknowledged, when one of three is killed and the database restarts under load', () => {
  const questions = { chats: 4, each: 12 };
  const handOffs = { chats: 4, each: 3 };
  const talks = { chats: 3, each: 10 };
  const asks = 12;
  let instances: Instances;
  let acknowledged = 0;
  const awaited: { readonly count: number; readonly resolve: () => void }[] = [];

  before(async () => {
    // Closed, so that whoever hands a question over is asked for an address and promised a mail.
    instances = await startInstances({ OFFICE_HOURS: `${anotherDay} 03:00-03:01` });
    // So that there are mails under way at any moment.
    instances.mailServer.behaviour = { thinks: 500 };
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-accounted-'));
    const rows = Array.from({ length: asks }, (_, n) => `CustomerSource,Org ${n},support,,Ann ${n},${asker(n)},member`);
    await writeFile(
      join(folder, 'p.csv'),
      ['portal,organisation,plan,plan_until,name,email,role', ...rows, ''].join('\n'),
    );
    await instances.run('profiles', 'import', join(folder, 'p.csv'));
    await rm(folder, { recursive: true });
  });
  after(() => instances.close());

  const asker = (n: number) => `ann${n}@asks.example`;
  const reached = (count: number) =>
    new Promise<void>((resolve) => {
      awaited.push({ count, resolve });
    });

  /** The same again until it is acknowledged or refused for good. */
  async function insist<T extends { readonly status: number }>(ask: () => Promise<T>): Promise<T> {
    for (; ; await pause(20)) {
      const answer = await ask().catch(() => undefined);
      if (answer && answer.status < 500) {
        expect(answer.status, JSON.stringify(answer)).to.be.lessThan(400);
        return answer;
      }
    }
  }
  function count(): void {
    acknowledged += 1;
    for (const one of awaited) if (acknowledged >= one.count) one.resolve();
  }

  async function say({ client, ids }: Acknowledged, text: string): Promise<string> {
    const activity = { type: 'message', text, channelData: { clientActivityID: randomUUID() } };
    const { body } = await insist(() => client.send(activity));
    const { id } = body as { id: string };
    ids.push(id);
    count();
    return id;
  }

  async function historyOf({ client }: Acknowledged): Promise<readonly ShownActivity[]> {
    const path = `/v3/directline/conversations/${client.conversationId}/activities?watermark=0`;
    const { body } = await insist(() => client.fetch('GET', path));
    return (body as { activities: ShownActivity[] }).activities;
  }
  const answersTo = (id: string, history: readonly ShownActivity[]) =>
    history.filter(({ replyToId }) => replyToId === id).map(({ text }) => text ?? '');

  /** Hands a question over; the receipt's number. */
  async function handOver(chat: Acknowledged, question: string, address: string): Promise<number> {
    await say(chat, 'person');
    await say(chat, question);
    const id = await say(chat, address);
    const [receipt = ''] = answersTo(id, await historyOf(chat));
    expect(receipt, `the receipt for ${question}`).to.match(/#\d+/).and.include(address);
    return Number(/#(\d+)/.exec(receipt)?.[1]);
  }

  it('is there once, in order, and every mail has left', async () => {
    const { url, mailServer, postgres, ports, servers } = instances;
    const nextMail = async () => {
      const [mail] = (await once(mailServer, 'mail')) as [TakenMail];
      return { mail, sender: Number(mail.by) };
    };
    const open = async (chats: number): Promise<Acknowledged[]> =>
      Promise.all(
        Array.from({ length: chats }, async () => ({ client: await new DirectLineClient(url).open(), ids: [] })),
      );
    const staff = await instances.signedIn('/staff');
    const [asking, handing, talking] = [
      await open(questions.chats),
      await open(handOffs.chats),
      await open(talks.chats),
    ];
    const numbers = await Promise.all(talking.map((chat, n) => handOver(chat, `Talk ${n}`, `talk${n}@waits.example`)));
    for (const number of numbers) {
      const path = `/staff/tickets/${number}`;
      const claimed = await staff.post(`${path}/claim`, await staffForm(staff, path));
      expect(claimed.status).to.equal(303);
    }

    const asked = asking.map(async (chat) => {
      for (let n = 0; n < questions.each; n++) await say(chat, `forgot my password, time ${n}`);
    });
    const opened = new Map<number, string>();
    const handOffAddresses: string[] = [];
    const handed = handing.map(async (chat, c) => {
      for (let n = 0; n < handOffs.each; n++) {
        const question = `Printer ${c} of floor ${n} burns`;
        const address = `floor${n}of${c}@waits.example`;
        opened.set(await handOver(chat, question, address), question);
        handOffAddresses.push(address);
      }
    });
    const replied = numbers.map(async (number, c) => {
      for (let n = 0; n < talks.each; n++) {
        const path = `/staff/tickets/${number}`;
        const form = await insistOnForm(staff, path);
        const fields = { ...form, text: `Reply ${n} to talk ${c}.`, as: 'reply' };
        const { status } = await insist(() => staff.post(`${path}/write`, fields));
        expect(status).to.equal(303);
        count();
      }
    });
    const wrote = talking.map(async (chat, c) => {
      for (let n = 0; n < talks.each; n++) await say(chat, `Remark ${n} in talk ${c}.`);
    });
    const invite = async (n: number) => {
      const visitor = new WebVisitor(url);
      const from = { 'x-forwarded-for': `203.0.113.${n + 1}` };
      const page = await insist(() => visitor.get('/associate', from));
      await insist(() => visitor.post('/associate', { csrf: csrfOf(page), email: asker(n) }, from));
      count();
    };
    const invitations = Array.from({ length: asks }, (_, n) => n);

    await reached(30);
    const some = invitations.filter((n) => n % 2 === 0).map(invite);
    const { sender: killed } = await nextMail();
    servers[ports.indexOf(killed)]?.child.kill('SIGKILL');
    // Nobody can know whether these arrived: they did, and their sender was never told.
    const unsure = mailServer.taken.filter(({ by, isAnswered }) => by === String(killed) && !isAnswered);
    await reached(60);
    const others = invitations.filter((n) => n % 2 === 1).map(invite);
    const { mail, sender } = await nextMail();
    await postgres.stop();
    // Away for so long that what became of this mail cannot be noted at once, as nothing that is asked for after it.
    while (!mail.isAnswered) await once(mailServer, 'answered');
    const [{ client }] = asking as [Acknowledged];
    const lines = `/v3/directline/conversations/${client.conversationId}/activities`;
    const away = await instances.ask(sender, lines, { authorization: `Bearer ${client.token}` });
    expect(away.status).to.equal(503);
    await postgres.start();
    await Promise.all([asked, handed, replied, wrote, some, others].flat());
    for (const { client } of [...asking, ...handing, ...talking]) client.close();

    for (const chat of [...asking, ...handing, ...talking]) {
      const said = (await historyOf(chat)).filter(({ from }) => from.role === 'user').map(({ id }) => id);
      expect(said).to.deep.equal(chat.ids);
    }
    for (const chat of asking) {
      const history = await historyOf(chat);
      for (const id of chat.ids) {
        const [answer, ...more] = answersTo(id, history);
        expect(answer).to.include('account.live.com');
        expect(more).to.deep.equal([]);
      }
    }

    expect(opened.size).to.equal(handOffs.chats * handOffs.each);
    expect(await allTickets(staff)).to.have.members([...numbers, ...opened.keys()]);
    for (const [number, question] of opened) {
      const { text } = await staff.get(`/staff/tickets/${number}`);
      expect(text).to.include(question);
    }

    for (const [c, chat] of talking.entries()) {
      const remarks = Array.from({ length: talks.each }, (_, n) => `Remark ${n} in talk ${c}.`);
      const replies = Array.from({ length: talks.each }, (_, n) => `Reply ${n} to talk ${c}.`);
      // Its stream may have been the killed one's: as the page does, it comes again.
      const again = await new DirectLineClient(url).open(chat.client.token);
      await again.shown(({ text }) => text === replies.at(-1));
      again.close();
      const texts = (await historyOf(chat)).map(({ text = '' }) => text);
      expect(texts.filter((text) => text.startsWith('Remark'))).to.deep.equal(remarks);
      expect(texts.filter((text) => text.startsWith('Reply'))).to.deep.equal(replies);
      const { text } = await staff.get(`/staff/tickets/${numbers[c]}`);
      expect(text.match(/Remark \d+ in talk \d+\./g)).to.deep.equal(remarks);
    }

    const promised = [
      ...Array.from({ length: asks }, (_, n) => asker(n)),
      ...Array.from({ length: talks.chats }, (_, n) => `talk${n}@waits.example`),
      ...handOffAddresses,
    ];
    const isMissing = (to: string) => mailServer.taken.every((mail) => !mail.to.includes(to));
    while (promised.some(isMissing)) await mailServer.until(mailServer.taken.length + 1);
    await untilNoMailWaits();
    const copies = new Map<string, TakenMail[]>();
    for (const mail of mailServer.taken)
      copies.set(messageIdOf(mail), [...(copies.get(messageIdOf(mail)) ?? []), mail]);
    expect(copies.size).to.equal(promised.length);
    const twice = [...copies].filter(([, { length }]) => length > 1);
    expect(twice.map(([id]) => id)).to.include.members(unsure.map(messageIdOf));
    for (const [, [first, ...again]] of twice) {
      expect(first?.by, 'the first sender of a mail that came twice').to.equal(String(killed));
      expect(again.map(({ bytes }) => bytes.toString())).to.deep.equal([first?.bytes.toString()]);
    }
  });

  /** Until every row of the outbox is done, whoever had it in hand. */
  async function untilNoMailWaits(): Promise<void> {
    const client = new pg.Client({ connectionString: instances.env.STORE_URL });
    await client.connect();
    const text = "SELECT 1 FROM record_keys WHERE collection = 'outbox' AND field = 'state' AND key = 'waiting'";
    while ((await client.query(text)).rows.length > 0) await pause(100);
    await client.end();
  }

  /** The form of a ticket's page, which asks for nothing to be done. */
  async function insistOnForm(staff: WebVisitor, path: string) {
    for (; ; await pause(20)) {
      const form = await staffForm(staff, path).catch(() => undefined);
      if (form?.nonce) return form;
    }
  }

  /** The numbers of all tickets there are, as the inbox lists them. */
  async function allTickets(staff: WebVisitor): Promise<number[]> {
    const numbers: number[] = [];
    for (let path: string | undefined = '/staff?list=all'; path; ) {
      const { text }: { text: string } = await staff.get(path);
      numbers.push(...[...text.matchAll(/id="_t-(\d+)"/g)].map(([, number]) => Number(number)));
      path = /href="(\/staff\?list=all&amp;after=[^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    return numbers;
  }
});

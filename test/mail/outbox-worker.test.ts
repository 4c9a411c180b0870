/** The outbox against a real SMTP server: what each answer, and none, does to a mail. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import PostalMime from 'postal-mime';
import type { Message } from '../../src/mail/compose-message.ts';
import { outbox } from '../../src/mail/outbox.ts';
import type { OutboxWorker } from '../../src/mail/outbox-worker.ts';
import { SmtpTransport } from '../../src/mail/smtp-transport.ts';
import type { Transport } from '../../src/mail/transport.ts';
import type { Records } from '../../src/records/records.ts';
import { freePort } from '../support/test-app.ts';
import { local, MailBench } from './mail-bench.ts';
import { type Behaviour, SmtpSink } from './smtp-sink.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('the outbox', () => {
  let bench: MailBench;
  let sinks: SmtpSink[];
  let servers: Server[];
  let workers: OutboxWorker[];

  beforeEach(async () => {
    bench = await MailBench.open();
    sinks = [];
    servers = [];
    workers = [];
  });
  afterEach(async () => {
    await Promise.all(sinks.map((sink) => sink.close()));
    for (const server of servers) server.close();
    await Promise.all(workers.map((worker) => worker.close()));
    await bench.close();
  });

  async function sinkOf(behaviour: Behaviour = {}): Promise<SmtpSink> {
    const sink = await new SmtpSink(behaviour).listen();
    sinks.push(sink);
    return sink;
  }
  function workerOn(to: { readonly port: number } | Transport, records?: Records): OutboxWorker {
    const worker = bench.worker('deliver' in to ? to : local(to.port), records);
    workers.push(worker);
    return worker;
  }
  async function sent(worker: OutboxWorker): Promise<void> {
    worker.wake();
    await worker.idle();
  }
  async function later(worker: OutboxWorker, ms: number): Promise<void> {
    bench.clock.advance(ms);
    await sent(worker);
  }
  const headersOf = async (bytes: Buffer) =>
    new Map((await PostalMime.parse(bytes)).headers.map(({ key, value }) => [key, value]));

  it('sends a mail with text, HTML and the headers of a machine, and notes the answer', async () => {
    const sink = await sinkOf();
    await bench.queue('row-1', { to: 'Amira.Malik@Contoso.Example' });
    await sent(workerOn(sink));
    const [mail] = sink.taken;
    expect(mail?.to).to.deep.equal(['Amira.Malik@contoso.example']);
    expect(mail?.from).to.equal('accessdesk@contoso.example');
    const parsed = await PostalMime.parse(mail?.bytes ?? '');
    expect(parsed.subject).to.equal('Contoso Ltd. - CustomerSource gives no access at the moment');
    expect(parsed.text).to.include('Hello Amira Malik,').and.include('The plan has ended.');
    expect(parsed.html).to.include('Hello Amira Malik,').and.include('The plan has ended.');
    expect(parsed.from).to.deep.include({ name: 'AccessDesk', address: 'accessdesk@contoso.example' });
    expect(parsed.replyTo?.[0]?.address).to.equal('support@contoso.example');
    const headers = await headersOf(mail?.bytes ?? Buffer.alloc(0));
    expect(headers.get('auto-submitted')).to.equal('auto-generated');
    expect(headers.get('x-auto-response-suppress')).to.equal('All');
    expect(headers.get('message-id')).to.match(/^<[\da-f]{32}@help\.contoso\.example>$/);
    expect(headers.get('date')).to.equal('Sun, 22 Nov 2026 10:00:00 +0000');
    const row = await bench.row('row-1');
    expect(row).to.include({ state: 'sent', attempts: 1, doneAt: '2026-11-22T10:00:00.000Z' });
    expect(row.answer).to.match(/^250 /);
  });

  it('sends the same bytes on every try', async () => {
    let tries = 0;
    const all: Buffer[] = [];
    const sink = await sinkOf({
      after: ({ bytes }) => {
        all.push(bytes);
        tries += 1;
        return tries < 3 ? 451 : undefined;
      },
    });
    await bench.queue('row-1', {
      template: 'invitation',
      data: {
        invitation: 'i',
        company: 'Müller & Søn',
        portal: 'CustomerSource',
        expires: '2026-11-29T10:00:00.000Z',
        purpose: 'associate',
      },
    });
    const worker = workerOn(sink);
    await sent(worker);
    await later(worker, minute);
    await worker.close();
    // Another process, as after a restart.
    await later(workerOn(sink), 5 * minute);
    expect(all).to.have.length(3);
    expect(all[1]?.equals(all[0] as Buffer)).to.equal(true);
    expect(all[2]?.equals(all[0] as Buffer)).to.equal(true);
    expect((await bench.row('row-1')).state).to.equal('sent');
  });

  it('tries again later what is refused for now: after 1, 5, 15, 60 and then 240 minutes', async () => {
    const sink = await sinkOf({ refuse: () => 450 });
    await bench.queue('row-1');
    const worker = workerOn(sink);
    await sent(worker);
    for (const minutes of [1, 5, 15, 60, 240, 240]) {
      const { next, state } = await bench.row('row-1');
      expect(state).to.equal('waiting');
      expect(Date.parse(next) - bench.clock.now().getTime()).to.equal(minutes * minute);
      await later(worker, minutes * minute);
    }
    expect(sink.recipients).to.have.length(7);
  });

  it('gives up after two days, and tells staff in the mail that staff get, without the whole address', async () => {
    const sink = await sinkOf({ refuse: (to) => (to === 'amira@contoso.example' ? 450 : undefined) });
    await bench.queue('row-1', { about: 'profile-1' });
    const worker = workerOn(sink);
    await sent(worker);
    for (let waited = 0; waited < 2 * day; waited += 4 * hour) await later(worker, 4 * hour);
    expect((await bench.row('row-1')).state).to.equal('failed');
    expect(sink.taken.map(({ to }) => to)).to.deep.equal([['staff@contoso.example']]);
    const { text = '' } = await PostalMime.parse(sink.taken[0]?.bytes ?? '');
    expect(text.replaceAll('\u2060', '')).to.include('a...@contoso.example').and.include('450');
    expect(text).not.to.include('amira');
  });

  it('takes a 5xx for final, and tells whom the row names: staff, a proven requester, nobody', async () => {
    const sink = await sinkOf({ refuse: (to) => (to.endsWith('@gone.example') ? 550 : undefined) });
    await bench.queue('for-staff', { to: 'a@gone.example', tell: 'staff' });
    await bench.queue('for-requester', { to: 'b@gone.example', tell: { account: 'jin' } });
    await bench.queue('for-nobody', { to: 'c@gone.example', tell: 'nobody' });
    await sent(workerOn(sink));
    for (const id of ['for-staff', 'for-requester', 'for-nobody']) {
      const row = await bench.row(id);
      expect(row).to.include({ state: 'failed', attempts: 1 });
      expect(row.answer).to.match(/^550 /).and.not.include('gone.example');
    }
    expect(sink.taken.map(({ to }) => to[0]).sort()).to.deep.equal(['jin@proven.example', 'staff@contoso.example']);
  });

  it('tells nobody when the mail about a failure fails too', async () => {
    const sink = await sinkOf({ refuse: () => 550 });
    await bench.queue('row-1');
    await sent(workerOn(sink));
    expect(sink.recipients).to.deep.equal(['amira@contoso.example', 'staff@contoso.example']);
    expect(await bench.records.find(outbox, 'state', 'waiting')).to.deep.equal([]);
  });

  it('keeps a mail whose server is closing (421), and sends it when mail gets out again', async () => {
    const sink = await sinkOf({ refuse: () => 421 });
    await bench.queue('row-1');
    const worker = workerOn(sink);
    await sent(worker);
    expect(await bench.row('row-1')).to.include({ state: 'waiting', attempts: 0 });
    expect((await worker.status()).trouble?.reason).to.match(/^421 /);
    sink.behaviour = {};
    await later(worker, 5000);
    expect((await bench.row('row-1')).state).to.equal('sent');
    expect(await worker.status()).to.deep.equal({ waiting: 0, trouble: undefined });
  });

  it('sends again, the same bytes, what was cut off after it had arrived', async () => {
    let cuts = 1;
    const sink = await sinkOf({ after: () => (cuts-- > 0 ? 'cut' : undefined) });
    await bench.queue('row-1');
    const worker = workerOn(sink);
    await sent(worker);
    expect((await bench.row('row-1')).state).to.equal('waiting');
    await later(worker, minute);
    expect((await bench.row('row-1')).state).to.equal('sent');
    expect(sink.taken).to.have.length(2);
    expect(sink.taken[0]?.bytes.equals(sink.taken[1]?.bytes as Buffer)).to.equal(true);
  });

  it('is not held up by a server that never answers for one recipient', async () => {
    const sink = await sinkOf({ hang: (to) => to === 'hole@contoso.example' });
    await bench.queue('row-0', { to: 'hole@contoso.example' });
    const worker = workerOn(sink);
    worker.wake();
    await once(sink, 'recipient');
    for (let n = 1; n <= 12; n++) await bench.queue(`row-${n}`, { to: `user${n}@contoso.example` });
    worker.wake();
    await sink.until(12);
    expect((await bench.row('row-0')).state).to.equal('waiting');
  });

  it('gives up on a server that says nothing, and tries again', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}));
    servers.push(silent.listen(0, '127.0.0.1'));
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    await bench.queue('row-1');
    const worker = workerOn(
      new SmtpTransport({
        server: local(port),
        connections: 5,
        timeouts: { greetingTimeout: 50, connectionTimeout: 50 },
      }),
    );
    await sent(worker);
    expect((await bench.row('row-1')).state).to.equal('waiting');
    expect((await worker.status()).trouble?.reason).to.include('Check host and port in MAIL_URL');
  });

  it('gives up on a server that answers a byte at a time', async () => {
    let drip: NodeJS.Timeout | undefined;
    const slow = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220-');
      drip = setInterval(() => socket.write('.'), 5);
    });
    servers.push(slow.listen(0, '127.0.0.1'));
    await once(slow, 'listening');
    await bench.queue('row-1');
    const { port } = slow.address() as { port: number };
    const worker = workerOn(new SmtpTransport({ server: local(port), connections: 5, timeouts: { mail: 100 } }));
    await sent(worker);
    clearInterval(drip);
    expect(await bench.row('row-1')).to.include({ state: 'waiting', answer: 'took too long' });
  });

  it('does not take a mail for sent that the server took without its recipient', async () => {
    const odd = createServer((socket: Socket) => {
      socket.on('error', () => {}).write('220 odd\r\n');
      let isData = false;
      let rest = '';
      socket.setEncoding('latin1').on('data', (part: string) => {
        rest += part;
        for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
          const line = rest.slice(0, end);
          rest = rest.slice(end + 2);
          if (isData) {
            if (line !== '.') continue;
            isData = false;
            socket.write('250 taken\r\n');
          } else if (/^EHLO/.test(line)) socket.write('250-odd\r\n250 PIPELINING\r\n');
          else if (/^RCPT/.test(line)) socket.write('550 not this one\r\n');
          else if (/^DATA/.test(line)) {
            isData = true;
            socket.write('354 go on\r\n');
          } else socket.write('250 ok\r\n');
        }
      });
    });
    servers.push(odd.listen(0, '127.0.0.1'));
    await once(odd, 'listening');
    await bench.queue('row-1', { tell: 'nobody' });
    await sent(workerOn({ port: (odd.address() as { port: number }).port }));
    expect(await bench.row('row-1')).to.include({ state: 'failed', answer: '550 not this one' });
  });

  it('says once that the server is down, tries with one mail at a time, and sends all when it is up', async () => {
    const port = await freePort();
    for (let n = 0; n < 20; n++) await bench.queue(`row-${n}`);
    const worker = workerOn({ port });
    await sent(worker);
    const { waiting, trouble } = await worker.status();
    expect(waiting).to.equal(20);
    expect(trouble).to.include({ since: '2026-11-22T10:00:00.000Z' });
    expect(trouble?.reason).to.match(/ECONNREFUSED.*Check host and port in MAIL_URL/);
    for (let n = 0; n < 5; n++) await later(worker, 5 * minute);
    expect(bench.logged.filter((line) => line.includes('no mail gets out'))).to.have.length(1);
    const tries = bench.logged.filter((line) => line.includes('was not taken')).length;
    expect(tries).to.be.at.most(5 + 5, 'five at first, then one at a time');
    const again = new SmtpSink();
    sinks.push(await again.listen(port));
    await later(worker, 5 * minute);
    expect(again.taken).to.have.length(20);
    expect(bench.logged.filter((line) => line.includes('gets out again'))).to.have.length(1);
  });

  it('gives up nothing for three days in which no server was there, but after a week', async () => {
    const port = await freePort();
    await bench.queue('row-1', { tell: 'nobody' });
    const worker = workerOn({ port });
    await sent(worker);
    await later(worker, 3 * day);
    expect((await bench.row('row-1')).state).to.equal('waiting');
    await later(worker, 4 * day);
    expect((await bench.row('row-1')).state).to.equal('failed');
  });

  it('keeps trying when it is not let in, and says what to correct, never the password', async () => {
    const sink = await sinkOf({
      options: {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (_auth, _session, answer) => answer(new Error('no')),
      },
    });
    await bench.queue('row-1');
    const server = local(sink.port, { user: 'desk', password: 'tr0ub4dor' });
    const worker = workerOn(new SmtpTransport({ server, connections: 5 }));
    await sent(worker);
    expect((await bench.row('row-1')).state).to.equal('waiting');
    expect((await worker.status()).trouble?.reason).to.include('user and password of MAIL_URL');
    expect(bench.logged.join('')).not.to.include('tr0ub4dor').and.not.include('contoso.example');
  });

  it('does not sign in without asking: a server that offers no sign-in gets no mail where a user is set', async () => {
    const sink = await sinkOf({ options: { disabledCommands: ['AUTH', 'STARTTLS'] } });
    await bench.queue('row-1');
    await sent(
      workerOn(new SmtpTransport({ server: local(sink.port, { user: 'desk', password: 'x' }), connections: 5 })),
    );
    expect(sink.taken).to.deep.equal([]);
    expect((await bench.row('row-1')).state).to.equal('waiting');
  });

  it('drops what means nothing any more, and asks no server', async () => {
    const sink = await sinkOf();
    bench.links = { ...bench.links, invitation: async () => undefined, code: async () => undefined };
    const names = { company: 'Contoso', portal: 'CustomerSource' };
    const expires = '2026-11-29T10:00:00.000Z';
    await bench.queue('withdrawn', {
      template: 'invitation',
      data: { ...names, invitation: 'i', expires, purpose: 'associate' },
    });
    await bench.queue('replaced', { template: 'code', data: { proof: 'p', expires } });
    await bench.queue('expired', { template: 'code', data: { proof: 'p', expires: '2026-11-22T09:59:59.000Z' } });
    await sent(workerOn(sink));
    for (const id of ['withdrawn', 'replaced', 'expired']) expect((await bench.row(id)).state).to.equal('dropped');
    expect((await bench.row('withdrawn')).answer).to.equal('the invitation is no longer open');
    expect(sink.recipients).to.deep.equal([]);
  });

  it('tells of a change also when it cannot be undone any more', async () => {
    const sink = await sinkOf();
    bench.links = { ...bench.links, undo: async () => undefined };
    await bench.queue('row-1', {
      template: 'associationChanged',
      data: {
        company: 'Contoso',
        portal: 'CustomerSource',
        what: 'moved',
        undo: 'u',
        undoUntil: '2026-11-29T10:00:00.000Z',
      },
    });
    await sent(workerOn(sink));
    const { html = '' } = await PostalMime.parse(sink.taken[0]?.bytes ?? '');
    expect(html).to.include('write to support@contoso.example at once').and.not.include('<a ');
  });

  it('tries again when another room cannot be asked for a link', async () => {
    const sink = await sinkOf();
    const { links } = bench;
    bench.links = { ...links, code: () => Promise.reject(new Error('the store is away')) };
    await bench.queue('row-1', { template: 'code', data: { proof: 'p', expires: '2026-11-22T10:10:00.000Z' } });
    const worker = workerOn(sink);
    await sent(worker);
    expect((await bench.row('row-1')).state).to.equal('waiting');
    bench.links = links;
    await later(worker, minute);
    expect((await bench.row('row-1')).state).to.equal('sent');
  });

  it('refuses a link that leads away', async () => {
    const sink = await sinkOf();
    bench.links = { ...bench.links, undo: async () => 'https://help.contoso.example.evil.test/undo/x' };
    await bench.queue('row-1', {
      template: 'associationChanged',
      data: {
        company: 'Contoso',
        portal: 'CustomerSource',
        what: 'moved',
        undo: 'u',
        undoUntil: '2026-11-29T10:00:00.000Z',
      },
    });
    await sent(workerOn(sink));
    expect(sink.recipients).to.deep.equal([]);
    expect((await bench.row('row-1')).answer).to.equal('ERR_MAIL_LINK');
  });

  it('leaves a mail to whoever is sending it for as long as that takes', async () => {
    const held: ((answer: string) => void)[] = [];
    const slow: Transport = { deliver: () => new Promise((sentIt) => held.push(sentIt)), close: async () => {} };
    const sink = await sinkOf();
    await bench.queue('row-1');
    const first = workerOn(slow);
    first.wake();
    while (held.length === 0) await new Promise((next) => setImmediate(next));
    const second = workerOn(sink);
    for (let beat = 0; beat < 18; beat++) {
      const { next } = await bench.row('row-1');
      bench.clock.advance(5000);
      while ((await bench.row('row-1')).next === next) await new Promise((again) => setImmediate(again));
      await sent(second);
    }
    held[0]?.('250 ok');
    await sent(first);
    expect(sink.taken).to.have.length(0);
    expect(await bench.row('row-1')).to.include({ state: 'sent', attempts: 1 });
  });

  it('knows a mail for its own whose renewal was written though its answer never came', async () => {
    const held: ((answer: string) => void)[] = [];
    const slow: Transport = { deliver: () => new Promise((sentIt) => held.push(sentIt)), close: async () => {} };
    let leases = 0;
    const lossy: Records = Object.create(bench.records, {
      lease: {
        value: async (...of: Parameters<Records['lease']>) => {
          const taken = await bench.records.lease(...of);
          leases += 1;
          if (leases === 2) throw new Error('the connection broke off');
          return taken;
        },
      },
    });
    for (const name of ['get', 'find', 'all', 'commit'] as const)
      Object.defineProperty(lossy, name, { value: bench.records[name].bind(bench.records) });
    await bench.queue('row-1');
    const worker = workerOn(slow, lossy);
    worker.wake();
    while (held.length === 0) await new Promise((next) => setImmediate(next));
    bench.clock.advance(5000);
    while (leases < 2) await new Promise((next) => setImmediate(next));
    held[0]?.('250 ok');
    await sent(worker);
    expect(await bench.row('row-1')).to.include({ state: 'sent', attempts: 1 });
  });

  it('sends at once what was asked for where the clock is ahead', async () => {
    const sink = await sinkOf();
    await bench.queue('row-1', { at: new Date(bench.clock.now().getTime() + 10 * minute).toISOString() });
    await sent(workerOn(sink));
    expect(sink.taken).to.have.length(1);
  });

  it('takes a mail over from who has died within 30 seconds', async () => {
    const sink = await sinkOf({ after: () => 'silence' });
    await bench.queue('row-1');
    // Nothing wakes it any more.
    const dead = bench.worker(local(sink.port), bench.records, () => () => {});
    workers.push(dead);
    dead.wake();
    await sink.until(1);
    const second = workerOn(sink);
    sink.behaviour = {};
    await sent(second);
    expect(sink.taken).to.have.length(1);
    await later(second, 30_000);
    expect(sink.taken).to.have.length(2);
    expect((await bench.row('row-1')).state).to.equal('sent');
    expect(sink.taken[0]?.bytes.equals(sink.taken[1]?.bytes as Buffer)).to.equal(true);
  });

  it('lets a mail under way end when it closes', async () => {
    const held: (() => void)[] = [];
    const slow: Transport = {
      deliver: () => new Promise((sentIt) => held.push(() => sentIt('250 ok'))),
      close: async () => {},
    };
    await bench.queue('row-1');
    await bench.queue('row-2');
    const worker = workerOn(slow);
    worker.wake();
    while (held.length < 2) await new Promise((next) => setImmediate(next));
    const closed = worker.close();
    await bench.queue('row-3');
    worker.wake();
    for (const end of held) end();
    await closed;
    expect([(await bench.row('row-1')).state, (await bench.row('row-2')).state]).to.deep.equal(['sent', 'sent']);
    expect((await bench.row('row-3')).attempts).to.equal(0);
  });

  it('gives up on a mail that takes too long when it closes; the next sends it at once', async () => {
    const sink = await sinkOf({ after: () => 'silence' });
    await bench.queue('row-1');
    const worker = workerOn(sink);
    worker.wake();
    await sink.until(1);
    let isClosed = false;
    const closed = worker.close().then(() => {
      isClosed = true;
    });
    while (!isClosed) {
      bench.clock.advance(5000);
      await new Promise((next) => setImmediate(next));
    }
    await closed;
    expect(await bench.row('row-1')).to.include({ state: 'waiting', attempts: 0 });
    sink.behaviour = {};
    await sent(workerOn(sink));
    expect((await bench.row('row-1')).state).to.equal('sent');
  });

  describe('what was sent and cannot be noted', () => {
    let isAway: boolean;
    let refused: number;
    /** ms that the store takes to refuse. */
    let hangs: number;
    let failing: Records;
    beforeEach(() => {
      isAway = true;
      refused = 0;
      hangs = 0;
      failing = Object.create(bench.records, {
        commit: {
          value: async (change: Parameters<Records['commit']>[0]) => {
            if (!isAway) return bench.records.commit(change);
            bench.clock.advance(hangs);
            refused += 1;
            throw new Error('the disk is full');
          },
        },
      });
      for (const name of ['get', 'find', 'all', 'lease'] as const)
        Object.defineProperty(failing, name, { value: bench.records[name].bind(bench.records) });
    });
    const until = async (isSo: () => boolean | Promise<boolean>) => {
      while (!(await isSo())) await new Promise((next) => setImmediate(next));
    };
    /** Sends it and tries in vain to note that, so many times. */
    const triedInVain = async (worker: OutboxWorker, times: number) => {
      await bench.queue('row-1');
      worker.wake();
      for (let n = 1; n <= times; n++) {
        await until(() => refused === n);
        await new Promise((next) => setImmediate(next));
        if (n < times) bench.clock.advance(500);
      }
    };

    it('is noted when the store writes again, and not sent a second time', async () => {
      const sink = await sinkOf();
      const worker = workerOn(sink, failing);
      // Longer than a lease.
      await triedInVain(worker, 40);
      isAway = false;
      bench.clock.advance(500);
      await until(async () => (await bench.row('row-1')).state === 'sent');
      await later(worker, 5 * minute);
      expect(sink.taken).to.have.length(1);
    });

    it('is sent again when the store is away for longer than a minute', async () => {
      const sink = await sinkOf();
      const worker = workerOn(sink, failing);
      await triedInVain(worker, 121);
      await worker.idle();
      isAway = false;
      await later(worker, 5 * minute);
      expect((await bench.row('row-1')).state).to.equal('sent');
      expect(sink.taken).to.have.length(2);
    });

    it('is tried to be noted for a minute, also where each try takes long', async () => {
      const worker = workerOn(await sinkOf(), failing);
      hangs = 8000;
      await triedInVain(worker, 8);
      await worker.idle();
      expect(refused).to.equal(8);
    });

    it('does not hold up the end of the server', async () => {
      const worker = workerOn(await sinkOf(), failing);
      await triedInVain(worker, 1);
      let isClosed = false;
      const closed = worker.close().then(() => {
        isClosed = true;
      });
      for (; !isClosed; bench.clock.advance(5000)) await new Promise((next) => setImmediate(next));
      await closed;
      // In a minute it would have been tried 120 times.
      expect(refused).to.be.lessThan(60);
    });
  });

  it('removes rows thirty days after they were done, and no others', async () => {
    const sink = await sinkOf({ refuse: (to) => (to.startsWith('later') ? 450 : undefined) });
    await bench.queue('done');
    await bench.queue('waiting', { to: 'later@contoso.example' });
    const worker = workerOn(sink);
    await sent(worker);
    await later(worker, day);
    expect((await bench.row('done')).state).to.equal('sent');
    await later(worker, 30 * day);
    expect(await bench.records.get(outbox, 'done')).to.equal(undefined);
    expect(await bench.records.get(outbox, 'waiting')).not.to.equal(undefined);
  });

  it('sends hundreds of mails that wait at once, each once', async () => {
    const sink = await sinkOf();
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => bench.queue(`row-${n}`, { to: `user${n}@contoso.example` })),
    );
    await sent(workerOn(sink));
    expect(new Set(sink.taken.map(({ to }) => to[0])).size).to.equal(300);
    expect(sink.taken).to.have.length(300);
  });

  it('logs neither addresses nor names', async () => {
    const sink = await sinkOf({ refuse: (to) => (to.startsWith('bad') ? 550 : undefined) });
    await bench.queue('row-1', { to: 'bad.amira@contoso.example' });
    await bench.queue('row-2');
    await sent(workerOn(sink));
    expect(bench.logged.length).to.be.at.least(2);
    expect(bench.logged.join('')).to.not.match(/contoso|amira|malik/i);
  });

  it('names a mail the same whatever it carries, for the transport', async () => {
    const messages: Message[] = [];
    const keep: Transport = { deliver: async (message) => String(messages.push(message)), close: async () => {} };
    await bench.queue('../../etc/passwd\n');
    await sent(workerOn(keep));
    expect(messages[0]?.name).to.match(/^[\da-f]{32}$/);
  });
});

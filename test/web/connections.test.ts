import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { createLog } from '../../src/log.ts';
import { clientAddresses } from '../../src/web/client-address.ts';
import { type ConnectionRules, guardConnections } from '../../src/web/connections.ts';
import { DirectLineClient } from '../support/direct-line-client.ts';
import { startTestApp } from '../support/test-app.ts';

describe('connections', () => {
  let server: Server;
  let port: number;
  let lines: string[];
  const sockets: Socket[] = [];
  const listen = async (
    rules: Partial<ConnectionRules>,
    listener: RequestListener = (_, to) => to.end('ok'),
    trusted: string[] = [],
  ) => {
    lines = [];
    const log = createLog('warn', { write: (line: string) => void lines.push(line) });
    server = createServer(listener);
    guardConnections(server, { clients: clientAddresses(trusted), log, rules: { checkEvery: 20, ...rules } });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    port = (server.address() as { port: number }).port;
  };
  const open = (to = port) => {
    const socket = connect(to, '127.0.0.1').setEncoding('utf8');
    socket.on('error', () => {});
    sockets.push(socket);
    return socket;
  };
  /** Everything that came until the connection ended, by an end or a reset. */
  const ended = (socket: Socket) =>
    new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('close', () => resolve(text));
    });
  /** However it ends, and whether it has ended already. */
  const ends = async (socket: Socket) => {
    if (!socket.closed) await new Promise((closed) => socket.once('close', closed));
  };
  /** The answer to somebody who still sends while it is written: the reset that follows may overtake it. */
  const dropped = /^$|408 Request Timeout/;
  const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server?.closeAllConnections();
    server?.close();
  });

  it('that send nothing are dropped', async () => {
    await listen({ headersTimeout: 100 });
    await ended(open());
  });

  it('that send half of their headers are dropped, however alive they seem', async () => {
    await listen({ headersTimeout: 150 });
    const socket = open();
    socket.write('GET / HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('X-Drip: 1\r\n'), 10);
    expect(await ended(socket)).to.match(dropped);
    clearInterval(drip);
  });

  it('that send half of a body are dropped, however alive they seem', async () => {
    await listen({ headersTimeout: 100, requestTimeout: 150 }, (from, to) => from.resume().on('end', () => to.end()));
    const socket = open();
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 10);
    expect(await ended(socket)).to.match(dropped);
    clearInterval(drip);
  });

  it('that ask for nothing more are dropped after a while', async () => {
    await listen({ keepAliveTimeout: 100 });
    const socket = open();
    socket.write(request);
    expect(await ended(socket)).to.include('200 OK');
  });

  it('that do not read their answer are dropped', async () => {
    const large = Buffer.alloc(64 * 1024 * 1024);
    await listen({ idleTimeout: 100 }, (_, to) => to.end(large));
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = open().pause();
    const came = ended(socket);
    socket.write(request);
    const [held] = await accepted;
    await ends(held);
    socket.resume();
    expect((await came).length).to.be.below(large.length);
  });

  it('are bounded for one address, and free again when some are closed', async () => {
    await listen({ mostPerAddress: 3 });
    const first = once(server, 'connection') as Promise<[Socket]>;
    const held = [open(), open(), open()];
    for (const socket of held) socket.write(request);
    await Promise.all(held.map((socket) => once(socket, 'data')));
    expect(await ended(open())).to.equal('');
    expect(await ended(open())).to.equal('');
    expect(lines).to.have.length(1);
    const [gone] = await first;
    held.find(({ localPort }) => localPort === gone.remotePort)?.end();
    await ends(gone);
    const next = open();
    next.write(request);
    expect(String(await once(next, 'data'))).to.include('200 OK');
  });

  it('of a trusted proxy are bounded by the number of all only', async () => {
    await listen({ mostPerAddress: 1, most: 3 }, undefined, ['loopback']);
    const held = [open(), open(), open()];
    for (const socket of held) socket.write(request);
    await Promise.all(held.map((socket) => once(socket, 'data')));
    expect(await ended(open())).to.equal('');
    expect(await ended(open())).to.equal('');
    expect(lines).to.have.length(1);
  });

  it('of the whole server keep to this, but for streams, which outlive every wait', async () => {
    // Long enough for a busy machine to do what is asked of it meanwhile.
    const times = {
      headersTimeout: 1000,
      requestTimeout: 2000,
      keepAliveTimeout: 2000,
      idleTimeout: 2000,
      checkEvery: 20,
    };
    const app = await startTestApp({}, { connections: times });
    try {
      const client = await new DirectLineClient(app.url).open();
      const half = open(app.port);
      half.write('GET / HTTP/1.1\r\n');
      expect(await ended(half)).to.include('408 Request Timeout');
      const idle = open(app.port);
      idle.write(`GET /healthz HTTP/1.1\r\nHost: localhost:${app.port}\r\n\r\n`);
      expect(await ended(idle)).to.include('alive');
      expect(client.socket?.readyState).to.equal(client.socket?.OPEN);
      // What needs no learning, which may take longer than two seconds.
      await client.say('hello');
      await client.replyTo('hello');
      client.close();
    } finally {
      await app.close();
    }
  });
});

/** A balancer as plain as can be: every request goes to the next server that answers, whose port `x-served-by` tells. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Balancer {
  readonly port: number;
  /** How many requests each server got. */
  readonly counts: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

/** @param ports - of the servers on this machine */
export async function startBalancer(port: number, ports: readonly number[]): Promise<Balancer> {
  const counts = new Map(ports.map((one) => [one, 0]));
  let turn = 0;
  const next = () => {
    turn += 1;
    return ports[turn % ports.length] ?? 0;
  };
  const balancer = createServer(async (incoming, outgoing) => {
    const body = await bodyOf(incoming).catch(() => undefined);
    // Who sends half a request is gone.
    if (!body) return void outgoing.destroy();
    const forward = (tries: number) => {
      const to = next();
      const { method, url: path } = incoming;
      const [{ remoteAddress }, before] = [incoming.socket, incoming.headers['x-forwarded-for']];
      // As real ones do: behind what was written there already.
      const headers = { ...incoming.headers, 'x-forwarded-for': [before ?? [], remoteAddress].flat().join(', ') };
      const sent = request({ host: '127.0.0.1', port: to, method, path, headers, agent: false }, (answer) => {
        counts.set(to, (counts.get(to) ?? 0) + 1);
        outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'x-served-by': to });
        answer.pipe(outgoing);
        answer.on('error', () => outgoing.destroy());
      });
      outgoing.once('close', () => sent.destroy());
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // As real ones do: only what never arrived goes to another.
        if (error.code === 'ECONNREFUSED' && tries < ports.length) forward(tries + 1);
        else if (outgoing.headersSent) outgoing.destroy();
        else {
          outgoing.writeHead(502, { 'x-served-by': to });
          outgoing.end();
        }
      });
      sent.end(body);
    };
    forward(1);
  });
  const streams = new Set<Duplex>();
  balancer.on('upgrade', (incoming, socket, head) => {
    streams.add(socket);
    socket.once('close', () => streams.delete(socket));
    const forward = (tries: number) => {
      const server = connect(next(), '127.0.0.1', () => {
        const lines = incoming.rawHeaders.flatMap((name, index, all) =>
          index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : [],
        );
        server.write([`${incoming.method} ${incoming.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
        server.write(head);
        server.pipe(socket).pipe(server);
      });
      server.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && tries < ports.length) forward(tries + 1);
        else socket.destroy();
      });
      socket.on('error', () => server.destroy());
    };
    forward(1);
  });
  balancer.listen(port, '127.0.0.1');
  await once(balancer, 'listening');
  return {
    port,
    counts,
    async close() {
      balancer.closeAllConnections();
      // Those that were taken over by their streams are not among them.
      for (const socket of streams) socket.destroy();
      await new Promise((closed) => balancer.close(closed));
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

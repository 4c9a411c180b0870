/**
 * Bounds on connections: how many, and how slow. A connection costs its owner next to nothing, so one that sends or
 * reads slower than any person's line is dropped. WebSockets leave these times behind with their upgrade; their own
 * pings find the dead ones.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../log.ts';
import type { ClientAddresses } from './client-address.ts';

/** Times in ms. */
export interface ConnectionRules {
  /** Until the headers of a request are here; from the connection's start on for its first. */
  readonly headersTimeout: number;
  /** Until all of a request is here. */
  readonly requestTimeout: number;
  /** Between two requests: longer than the 60 s that usual proxies keep theirs, or theirs would break under a request. */
  readonly keepAliveTimeout: number;
  /** Without a byte sent or read, as when somebody does not read the answer; noticed after twice this at the latest. */
  readonly idleTimeout: number;
  /** How often the first two are looked at. */
  readonly checkEvery: number;
  /** Open connections of one address; a trusted proxy may have all. */
  readonly mostPerAddress: number;
  /** Open connections, of some 20 kB each. */
  readonly most: number;
}

export const connectionRules: ConnectionRules = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  idleTimeout: 60_000,
  checkEvery: 2000,
  mostPerAddress: 1000,
  most: 10_000,
};

/** The same is logged once in this time, in ms. */
const quietTime = 60_000;

export interface ConnectionParts {
  readonly clients: Pick<ClientAddresses, 'ofConnection'>;
  readonly log: Log;
  readonly rules?: Partial<ConnectionRules>;
}

/** Holds a server that does not listen yet to the rules. */
export function guardConnections(server: Server, { clients, log, rules }: ConnectionParts): void {
  const { mostPerAddress, ...all } = { ...connectionRules, ...rules };
  server.headersTimeout = all.headersTimeout;
  server.requestTimeout = all.requestTimeout;
  server.keepAliveTimeout = all.keepAliveTimeout;
  server.timeout = all.idleTimeout;
  server.maxConnections = all.most;
  // An option of createServer that restify does not pass on; node reads it when the server begins to listen.
  (server as { connectionsCheckingInterval?: number }).connectionsCheckingInterval = all.checkEvery;

  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const client = clients.ofConnection(socket);
    if (client === undefined) return;
    const count = (open.get(client) ?? 0) + 1;
    if (count > mostPerAddress) {
      socket.destroy();
      warn('one address has too many connections; more of them are dropped');
      return;
    }
    open.set(client, count);
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1;
      if (left > 0) open.set(client, left);
      else open.delete(client);
    });
  });
  server.on('drop', () => warn('there are too many connections; more are dropped'));

  const said = new Set<string>();
  function warn(what: string): void {
    if (said.has(what)) return;
    said.add(what);
    setTimeout(() => said.delete(what), quietTime).unref();
    log.warn({ mostPerAddress, most: all.most }, what);
  }
}

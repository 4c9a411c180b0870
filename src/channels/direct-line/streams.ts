/** The WebSocket side of Direct Line: each client is shown its conversation's history from its watermark on, then whatever is added. */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { HttpError } from '../../errors.ts';
import type { HistoryStore } from '../../history/history.ts';
import type { Presence } from '../../instances/presence.ts';
import type { Limits } from '../../limits/limits.ts';
import type { Log } from '../../log.ts';
import { conversationKey, type ShownActivities } from './direct-line.ts';
import type { ChatIdentity, ChatTokens } from './tokens.ts';

/** Direct Line clients send an empty text every 20 s, nothing else. */
const largestFrame = 1024;
/** Tabs with the same conversation; more is somebody's script. */
const mostClients = 8;
const pageSize = 100;
const pingEvery = 30_000;
/** A client that has not answered a goodbye by then is cut off. */
const goodbyeTime = 1000;

interface Client {
  readonly socket: WebSocket;
  readonly identity: ChatIdentity;
  watermark: number;
  isAlive: boolean;
  isPumping: boolean;
  hasMore: boolean;
}

export interface StreamParts {
  readonly tokens: ChatTokens;
  readonly history: HistoryStore;
  readonly read: (identity: ChatIdentity, watermark: number, limit: number) => Promise<ShownActivities>;
  readonly presence: Pick<Presence, 'arrived'>;
  readonly limits: Limits;
  /** Who sent a request, as limits count. */
  readonly clientOf: (request: IncomingMessage) => string;
  readonly log: Log;
}

export class Streams {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: largestFrame });
  readonly #clients = new Map<string, Set<Client>>();
  readonly #stopWatching: () => void;
  readonly #pings: NodeJS.Timeout;

  constructor(private readonly parts: StreamParts) {
    this.#stopWatching = parts.history.watch(
      (lines) => {
        for (const key of new Set(lines.map((line) => line.conversation)))
          this.#each(key, (client) => this.#pump(client));
      },
      (conversation) => this.#clients.has(conversation),
    );
    this.#pings = setInterval(() => this.#ping(), pingEvery).unref();
  }

  /** Takes over a request to upgrade; anything but a stream address with a valid token is refused, and so are too many. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const { tokens, limits, clientOf } = this.parts;
    try {
      const client = clientOf(request);
      await limits.take('find', client);
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://unused');
      const id = /^\/v3\/directline\/conversations\/([\w-]{1,100})\/stream$/.exec(pathname)?.[1];
      const watermark = Number(searchParams.get('watermark') || 0);
      const identity = await limits.guard(client, async () => {
        const claimed = await tokens.verify('stream', searchParams.get('t') ?? '');
        if (claimed.conversationId === id && Number.isSafeInteger(watermark) && watermark >= 0) return claimed;
        throw new HttpError(403, 'BadToken', 'not this stream');
      });
      this.#server.handleUpgrade(request, socket, head, (opened) => this.#add(opened, identity, watermark));
    } catch (error) {
      refuse(socket, error);
    }
  }

  /** Shows an activity to the clients that are connected now, and keeps nothing of it. @param key - of the conversation */
  showNow(key: string, activity: object): void {
    const frame = JSON.stringify({ activities: [activity] });
    this.#each(key, ({ socket }) => socket.send(frame, () => {}));
  }

  /** Clients that are connected now. */
  get connections(): number {
    return this.#server.clients.size;
  }

  /** Says goodbye to every client; they come back on their own and go on from their watermark. */
  async close(): Promise<void> {
    this.#stopWatching();
    clearInterval(this.#pings);
    this.#server.close();
    const sockets = [...this.#clients.values()].flatMap((clients) => [...clients].map(({ socket }) => socket));
    const closed = sockets.map((socket) => new Promise<void>((done) => socket.once('close', done)));
    for (const socket of sockets) socket.close(1001, 'restarting');
    const late = setTimeout(() => {
      for (const socket of sockets) socket.terminate();
    }, goodbyeTime);
    await Promise.all(closed);
    clearTimeout(late);
  }

  #add(socket: WebSocket, identity: ChatIdentity, watermark: number): void {
    const key = conversationKey(identity);
    const clients = this.#clients.get(key) ?? new Set();
    if (clients.size >= mostClients) {
      socket.close(1008, 'too many clients');
      return;
    }
    const client: Client = { socket, identity, watermark, isAlive: true, isPumping: false, hasMore: false };
    this.#clients.set(key, clients.add(client));
    const leave = this.parts.presence.arrived(key);
    socket.on('error', () => socket.terminate());
    socket.on('pong', () => {
      client.isAlive = true;
    });
    socket.on('close', () => {
      clients.delete(client);
      leave();
      if (clients.size === 0) this.#clients.delete(key);
    });
    this.#pump(client);
  }

  /** Sends what the client has not seen, in order; a change that comes meanwhile is picked up by the run under way. */
  async #pump(client: Client): Promise<void> {
    client.hasMore = true;
    if (client.isPumping) return;
    client.isPumping = true;
    try {
      while (client.hasMore && client.socket.readyState === client.socket.OPEN) {
        client.hasMore = false;
        const page = await this.parts.read(client.identity, client.watermark, pageSize);
        if (page.activities.length === 0) continue;
        await send(client.socket, JSON.stringify(page));
        client.watermark = Number(page.watermark);
        client.hasMore ||= page.activities.length === pageSize;
      }
    } catch (error) {
      this.parts.log.warn({ err: error }, 'a web chat stream broke off');
      client.socket.terminate();
    } finally {
      client.isPumping = false;
    }
  }

  #each(key: string, act: (client: Client) => void): void {
    for (const client of this.#clients.get(key) ?? []) act(client);
  }

  #ping(): void {
    for (const clients of this.#clients.values()) {
      for (const client of clients) {
        if (!client.isAlive) client.socket.terminate();
        client.isAlive = false;
        client.socket.ping(() => {});
      }
    }
  }
}

/** There is no response object in an upgrade, so the answer is written by hand. */
function refuse(socket: Duplex, error: unknown): void {
  const { statusCode = 403, retryAfter = undefined } = error instanceof HttpError ? error : {};
  const lines = [
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`,
    'Connection: close',
    'Content-Length: 0',
    ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n`, () => socket.destroy());
}

/** Resolves when the frame was handed to the network: a slow client slows its own stream and nothing else. */
function send(socket: WebSocket, frame: string): Promise<void> {
  return new Promise((sent, failed) => socket.send(frame, (error) => (error ? failed(error) : sent())));
}

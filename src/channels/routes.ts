/** The channels' addresses on the web server: Bot Framework, Direct Line 3.0 and the token that a page asks for. */
import type { IncomingMessage } from 'node:http';
import type { Request, Response, Server } from 'restify';
import { z } from 'zod';
import { HttpError } from '../errors.ts';
import type { LimitName, Limits } from '../limits/limits.ts';
import type { ChatToken } from './chat-access.ts';
import type { DirectLine } from './direct-line/direct-line.ts';
import { type ChatIdentity, type ChatTokens, lifetimes } from './direct-line/tokens.ts';
import type { messagesEndpoint } from './messages-endpoint.ts';

/** Largest activity in bytes; Teams sends up to about 100 kB. */
const largestActivity = 256 * 1024;
const largestTokenRequest = 16 * 1024;

export interface ChannelRouteParts {
  /** Undefined where `/api/messages` is closed. */
  readonly messages: ReturnType<typeof messagesEndpoint> | undefined;
  /** Gives a page its token; the page's visitor, where it is surely theirs, is found from the request. */
  readonly openChat: (request: Request, previous: string | undefined, isOpening: boolean) => Promise<ChatToken>;
  readonly directLine: DirectLine;
  readonly tokens: ChatTokens;
  readonly limits: Limits;
  /** Who sent a request, as limits count. */
  readonly clientOf: (request: IncomingMessage) => string;
  /** Reads a JSON body of at most so many bytes. @throws HttpError */
  readonly readJson: (request: Request, largest: number) => Promise<unknown>;
}

const tokenRequest = z.object({ token: z.string().max(4000).optional(), opens: z.boolean().optional() }).catch({});

export function addChannelRoutes(server: Server, parts: ChannelRouteParts): void {
  const { messages, openChat, directLine, tokens, limits, clientOf, readJson } = parts;
  const take = (name: LimitName, request: Request) => limits.take(name, clientOf(request));

  if (messages) {
    server.post('/api/messages', async (request: Request, response: Response) => {
      const { status, body } = await limits.guard(clientOf(request), async () =>
        messages(authorizationOf(request), await readJson(request, largestActivity)),
      );
      response.send(status, body);
    });
  }

  server.post('/chat/token', async (request: Request, response: Response) => {
    await take('open', request);
    const hasBody = request.contentLength() || request.isChunked();
    const body = hasBody ? await readJson(request, largestTokenRequest) : {};
    const { token, opens = false } = tokenRequest.parse(body);
    response.send(200, await openChat(request, token, opens), { 'cache-control': 'no-store' });
  });

  server.post('/v3/directline/tokens/generate', async (request: Request, response: Response) => {
    await take('open', request);
    const identity = directLine.newIdentity();
    response.send(200, { ...(await signed(identity)), userId: identity.userId });
  });

  server.post('/v3/directline/tokens/refresh', async (request: Request, response: Response) => {
    await take('find', request);
    response.send(200, await signed(await identify(request)));
  });

  server.post('/v3/directline/conversations', async (request: Request, response: Response) => {
    await take('find', request);
    const { isNew, conversation } = await directLine.start(await identify(request));
    response.send(isNew ? 201 : 200, conversation);
  });

  server.get('/v3/directline/conversations/:id', async (request: Request, response: Response) => {
    await take('find', request);
    const identity = await ownConversation(request);
    response.send(200, await directLine.reconnect(identity, watermark(request)));
  });

  server.get('/v3/directline/conversations/:id/activities', async (request: Request, response: Response) => {
    await take('find', request);
    const identity = await ownConversation(request);
    response.send(200, await directLine.activities(identity, watermark(request)));
  });

  server.post('/v3/directline/conversations/:id/activities', async (request: Request, response: Response) => {
    const identity = await ownConversation(request);
    await take('say', request);
    await limits.take('sayAsUser', identity.userId);
    response.send(200, { id: await directLine.post(identity, await readJson(request, largestActivity)) });
  });

  server.post('/v3/directline/conversations/:id/upload', async (request: Request) => {
    await take('find', request);
    await ownConversation(request);
    throw new HttpError(415, 'UploadNotSupported', 'files cannot be sent in this chat; say in words what is on it');
  });

  function identify(request: Request): Promise<ChatIdentity> {
    return limits.guard(clientOf(request), async () => tokens.verify('token', bearer(request)));
  }

  async function signed(identity: ChatIdentity) {
    const token = await tokens.sign('token', identity);
    return { conversationId: identity.conversationId, token, expires_in: lifetimes.token };
  }

  async function ownConversation(request: Request): Promise<ChatIdentity> {
    return limits.guard(clientOf(request), async () => {
      const identity = await tokens.verify('token', bearer(request));
      if (identity.conversationId === request.params.id) return identity;
      throw new HttpError(403, 'BadToken', 'the token belongs to another conversation');
    });
  }
}

/** One header, or nobody knows which of them somebody before us has looked at. */
function authorizationOf({ headersDistinct }: IncomingMessage): string {
  const [authorization = '', ...more] = headersDistinct.authorization ?? [];
  if (more.length === 0) return authorization;
  throw new HttpError(401, 'Unauthorized', 'send one Authorization header');
}

function bearer(request: Request): string {
  const token = /^Bearer (\S+)$/i.exec(request.header('authorization', ''))?.[1];
  if (!token) throw new HttpError(401, 'MissingToken', 'send the token as "Authorization: Bearer TOKEN"');
  return token;
}

/** The `watermark` of the query; 0 when there is none. */
function watermark(request: Request): number {
  const text = new URLSearchParams(request.getQuery()).get('watermark') || '0';
  if (!/^\d{1,15}$/.test(text))
    throw new HttpError(400, 'BadArgument', 'watermark: write the one from the last answer');
  return Number(text);
}

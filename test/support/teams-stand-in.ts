/**
 * Microsoft's side of Teams on this machine: an authority that signs tokens as Bot Framework does, the connector that
 * takes messages, and the roster of teams. It can be told to fail, to throttle, to refuse and to hang.
 */
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Activity } from 'botbuilder';
import type { ConnectorClientOptions, ServiceClientCredentialsFactory } from 'botframework-connector';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { BotFrameworkSurroundings } from '../../src/channels/bot-adapter.ts';
import { button } from './channel-client.ts';

export const appId = '11111111-2222-3333-4444-555555555555';
export const tenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
export const botId = `28:${appId}`;
export const serviceUrl = 'https://smba.trafficmanager.net/emea/';
const issuer = 'https://api.botframework.com';
/** Where a call of ours says which one it is. */
const callHeader = 'x-call';

export const teamsSettings = { MicrosoftAppId: appId, MicrosoftAppPassword: 'not-a-secret' };

export interface Sent {
  readonly method: string;
  readonly conversation: string;
  /** Of the activity that is replaced. */
  readonly activity: string;
  readonly body: Partial<Activity>;
  /** What the connector called it. */
  readonly id: string;
}

export interface TeamMember {
  readonly id: string;
  readonly name: string;
  readonly aadObjectId: string;
  readonly tenantId: string;
  readonly email?: string;
}

/** How the connector answers. */
export type Behaviour = 'take' | 'fail' | 'hang' | 'block' | 'throttle';

export type TeamsStandIn = Awaited<ReturnType<typeof openTeams>>;

export async function openTeams() {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const other = await generateKeyPair('RS256');
  const key = { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg: 'RS256', endorsements: ['msteams'] };
  const sent: Sent[] = [];
  const waiting = new Set<() => void>();
  const members = new Map<string, TeamMember[]>();
  const teams = new Map<string, { id: string; name: string; aadGroupId: string }>();
  const hung = new Set<ServerResponse>();
  /** By the calls that are under way: lets the time begin after which one is given up. */
  const givesUp = new Map<string, () => void>();
  const state = { behaviour: 'take' as Behaviour, roster: 'take' as Behaviour, retryAfter: 1, requests: 0 };

  // A request that its sender gave up is nobody's to answer.
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', base);
    const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      // restify changes what writeHead returns, in every server of the process.
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === '/oidc') {
      return void json(200, { issuer, jwks_uri: `${base}/keys`, id_token_signing_alg_values_supported: ['RS256'] });
    }
    if (url.pathname === '/keys') return void json(200, { keys: [key] });
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString()) : {};
    // That it is typing is nothing the bot says, and it shows so on a slow machine alone.
    if (body.type === 'typing') return void json(201, { id: randomUUID() });
    state.requests++;
    for (const look of [...waiting]) look();
    const path = url.pathname
      .replace(/^\/emea/, '')
      .split('/')
      .map(decodeURIComponent);
    const isRoster = path.includes('pagedmembers') || path[2] === 'teams' || path.includes('members');
    const behaviour = isRoster ? state.roster : state.behaviour;
    if (behaviour === 'hang') {
      hung.add(response);
      return givesUp.get(String(request.headers[callHeader]))?.();
    }
    if (behaviour === 'fail') return void json(503, { error: { code: 'ServiceUnavailable', message: 'try again' } });
    if (behaviour === 'block') {
      return void json(403, { error: { code: 'ForbiddenOperationException', message: 'bot is blocked' } });
    }
    if (behaviour === 'throttle') {
      return void json(429, { error: { code: 'TooManyRequests' } }, { 'retry-after': String(state.retryAfter) });
    }
    if (path[2] === 'teams') {
      const team = teams.get(path[3] ?? '');
      return void (team ? json(200, team) : json(404, { error: { code: 'NotFound' } }));
    }
    const conversation = path[3] ?? '';
    if (path[4] === 'pagedmembers') {
      const all = members.get(conversation) ?? [];
      const from = Number(url.searchParams.get('continuationToken') ?? 0);
      const size = Math.min(2, Number(url.searchParams.get('pageSize') ?? 2));
      const next = from + size < all.length ? String(from + size) : undefined;
      return void json(200, { members: all.slice(from, from + size), ...(next && { continuationToken: next }) });
    }
    if (path[4] === 'members') {
      const one = (members.get(conversation) ?? []).find(({ id }) => id === path[5]);
      return void (one ? json(200, one) : json(404, { error: { code: 'MemberNotFoundInConversation' } }));
    }
    const id = request.method === 'PUT' ? (path[5] ?? '') : path.length === 3 ? `a:${randomUUID()}` : randomUUID();
    sent.push({ method: request.method ?? '', conversation, activity: path[5] ?? '', body, id });
    const { channel } = (body.channelData ?? {}) as { channel?: { id: string } };
    const began = path.length === 3 && channel ? { id: `${channel.id};messageid=${id}`, activityId: id } : { id };
    json(request.method === 'POST' ? 201 : 200, began);
    for (const look of [...waiting]) look();
  }

  /**
   * Brings what is meant for Microsoft's hosts here, through the connector's own client. The time that a request has
   * begins where it hangs: one that is answered is never given up, however slow this machine is.
   */
  const httpClient = {
    async sendRequest(request: { url: string; method: string; body?: unknown; timeout?: number; headers: Headers }) {
      const { pathname, search } = new URL(request.url);
      const call = randomUUID();
      const waiting = new AbortController();
      const late = () => waiting.abort(new DOMException('it takes too long', 'TimeoutError'));
      if (request.timeout) givesUp.set(call, () => void setTimeout(late, request.timeout).unref());
      const response = await fetch(`${base}${pathname}${search}`, {
        method: request.method,
        headers: { 'content-type': 'application/json', [callHeader]: call },
        ...(request.body !== undefined && { body: String(request.body) }),
        signal: waiting.signal,
      }).finally(() => givesUp.delete(call));
      const bodyAsText = await response.text();
      for (const [name, value] of response.headers) request.headers.set(name, value);
      return { request, status: response.status, headers: request.headers, bodyAsText, parsedBody: parsed(bodyAsText) };
    },
  };

  const microsoft: BotFrameworkSurroundings = {
    authority: {
      ValidateAuthority: 'true',
      ToBotFromChannelOpenIdMetadataUrl: `${base}/oidc`,
      ToBotFromEmulatorOpenIdMetadataUrl: `${base}/oidc`,
      ToBotFromChannelTokenIssuer: issuer,
      ToChannelFromBotOAuthScope: issuer,
      OAuthUrl: issuer,
      ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
    },
    credentials: {
      isValidAppId: async (id: string) => id === appId,
      isAuthenticationDisabled: async () => false,
      createCredentials: async () => ({ signRequest: async (request: unknown) => request, getToken: async () => 't' }),
    } as unknown as ServiceClientCredentialsFactory,
    connector: { httpClient } as unknown as ConnectorClientOptions,
  };

  /** What `look` finds, looked at again whenever something arrives. */
  async function seen<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((next) => {
        const wake = () => {
          waiting.delete(wake);
          next();
        };
        waiting.add(wake);
      });
    }
  }

  const teamsStandIn = {
    microsoft,
    sent,
    members,
    teams,
    state,
    privateKey,
    /** A key that nobody published. */
    strangeKey: other.privateKey,
    /** The published key's bytes, as somebody would use them who signs with HS256. */
    publicKey,
    token(claims: Record<string, unknown> = {}, kid: string | undefined = 'k1') {
      return new SignJWT({ serviceurl: serviceUrl, ...claims })
        .setProtectedHeader({ alg: 'RS256', ...(kid && { kid }) })
        .setIssuer(issuer)
        .setAudience(appId)
        .setIssuedAt()
        .setNotBefore('-1m')
        .setExpirationTime('1h');
    },
    /** What was sent that satisfies `isIt`, as soon as it is there. */
    arrived: (isIt: (sent: Sent) => boolean): Promise<Sent> => seen(() => sent.find(isIt)),
    /** Resolves when this many more requests have come, whatever was answered. */
    async asked(more = 1): Promise<void> {
      const before = state.requests;
      await seen(() => state.requests >= before + more || undefined);
    },
    /** What was sent to where this was said, but for the first ones of all: to others something may be on its way. */
    postedTo: ({ conversation }: Record<string, unknown>, before: number) =>
      sent.slice(before).filter((one) => one.conversation === (conversation as { id: string }).id),
    /** Texts of messages in a conversation, those of cards among them. */
    textsIn: (conversation: string) =>
      sent
        .filter((one) => one.conversation === conversation && one.body.type === 'message')
        .map(({ body }) => body.text ?? body.summary ?? ''),
    async close() {
      for (const response of hung) response.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return teamsStandIn;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Somebody in Teams: what they say goes to the bot as Bot Framework sends it, signed. */
export class TeamsUser {
  readonly objectId: string = randomUUID();
  readonly id = `29:${randomUUID()}`;
  readonly personal = `a:${randomUUID()}`;
  readonly name: string;
  #clock = Date.parse('2026-11-23T10:00:00.000Z');

  constructor(
    readonly url: string,
    readonly teams: TeamsStandIn,
    name = 'Amira Haddad',
  ) {
    this.name = name;
  }

  get member(): TeamMember {
    return { id: this.id, name: this.name, aadObjectId: this.objectId, tenantId: tenant };
  }

  activity(more: Record<string, unknown> = {}): Record<string, unknown> {
    const at = new Date(this.#clock++).toISOString();
    return {
      type: 'message',
      id: randomUUID(),
      timestamp: at,
      localTimestamp: at,
      channelId: 'msteams',
      serviceUrl,
      conversation: { id: this.personal, conversationType: 'personal', tenantId: tenant },
      from: { id: this.id, name: this.name, aadObjectId: this.objectId },
      recipient: { id: botId, name: 'AccessDesk' },
      locale: 'en-US',
      channelData: { tenant: { id: tenant } },
      ...more,
    };
  }

  async send(activity: Record<string, unknown>, authorization?: string): Promise<Response> {
    const token = authorization ?? `Bearer ${await this.teams.token().sign(this.teams.privateKey)}`;
    return fetch(`${this.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: token }) },
      body: JSON.stringify(activity),
    });
  }

  /** Says it in the personal chat; resolves with what the bot answered there. */
  async say(text: string, more: Record<string, unknown> = {}): Promise<Partial<Activity>[]> {
    return this.#answersTo(this.activity({ text, ...more }));
  }

  /** An invoke: what comes back in the answer, and what was posted beside it. */
  async invoke(name: string, value: unknown, more: Record<string, unknown> = {}) {
    const before = this.teams.sent.length;
    const activity = this.activity({ type: 'invoke', name, value, ...more });
    const response = await this.send(activity);
    const text = await response.text();
    const posted = this.teams.postedTo(activity, before).map(({ body }) => body);
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), posted };
  }

  /** Presses a button of a card: `data` as the card has it. */
  press(data: unknown, fields: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
    const action = { type: 'Action.Execute', verb: 'press', data: { ...(data as object), ...fields } };
    return this.invoke('adaptiveCard/action', { action, trigger: 'manual' }, more);
  }

  /** Where a channel or a group is. */
  in(conversation: string, type: 'channel' | 'groupChat' = 'channel', channelData: Record<string, unknown> = {}) {
    return {
      conversation: { id: conversation, conversationType: type, isGroup: true, tenantId: tenant },
      channelData: { tenant: { id: tenant }, ...channelData },
    };
  }

  /** The same, with the bot named first. */
  mention(text: string): Record<string, unknown> {
    const mention = '<at>AccessDesk</at>';
    return {
      text: `${mention} ${text}`,
      entities: [{ type: 'mention', mentioned: { id: botId, name: 'AccessDesk' }, text: mention }],
    };
  }

  async #answersTo(activity: Record<string, unknown>): Promise<Partial<Activity>[]> {
    const before = this.teams.sent.length;
    const response = await this.send(activity);
    if (response.status !== 200) throw new Error(`the bot answered ${response.status}: ${await response.text()}`);
    return this.teams.postedTo(activity, before).flatMap(({ body }) => (body.type === 'message' ? [body] : []));
  }
}

/** The data of the button with this title, on a card in Teams. */
export function teamsButton(activity: Partial<Activity> | undefined, title: string): unknown {
  return button(activity, title);
}

/** Everything a store has on its disk, as one text. A snapshot may take its name just now: then it is read once more. */
export async function storedText(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  try {
    return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return storedText(folder);
  }
}

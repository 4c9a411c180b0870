/** All addresses for people: the help page's, the chat's frame; and two that tell a machine how the server is. */
import type { Request, Response, Server } from 'restify';
import type { Knowledge } from '../faq/knowledge.ts';
import { inTime } from '../in-time.ts';
import type { Words } from '../words/words.ts';
import { type Assets, addAssetRoutes } from './assets.ts';
import { readChatOptions } from './chat-options.ts';
import { chatPolicy } from './content-policy.ts';
import { addEmbedRoute } from './embed-script.ts';
import { addHelpRoutes } from './help-routes.ts';
import type { AccountOf } from './pages/account-menu.tsx';
import { renderChatPage } from './pages/chat-page.tsx';
import type { PageFrame } from './pages/page.tsx';
import { addPage, asPage, type Take } from './server.ts';

/** One part of the server that can fail; `check` rejects with the reason. */
export interface ReadyPart {
  readonly name: string;
  readonly check: () => Promise<void>;
}

export interface WebRouteParts {
  readonly assets: Assets;
  readonly frame: PageFrame;
  readonly knowledge: () => Knowledge;
  readonly words: Words;
  readonly supportEmail: string;
  readonly publicUrl: string;
  /** Origins of foreign pages that may embed the chat. */
  readonly chatOrigins: readonly string[];
  /** Further origins that the chat's script talks to (Azure Direct Line). */
  readonly chatConnects: readonly string[];
  readonly parts: readonly ReadyPart[];
  readonly take: Take;
  readonly accountOf: AccountOf;
  readonly now: () => Date;
}

export function addWebRoutes(server: Server, parts: WebRouteParts): void {
  const { assets, frame, knowledge, words, supportEmail, publicUrl, now } = parts;
  const sendPage = (response: Response, html: string, policy?: string) => {
    asPage(response, policy);
    response.setHeader('cache-control', 'no-cache');
    response.send(200, html);
  };

  addHelpRoutes(server, { frame, knowledge, words, supportEmail, take: parts.take, accountOf: parts.accountOf, now });

  const chatFiles = {
    styleAddresses: [assets.address('style.css'), assets.address('chat.css')],
    webChatAddress: assets.address('webchat.js'),
    scriptAddress: assets.address('chat.js'),
  };
  const framePolicy = chatPolicy(publicUrl, parts.chatOrigins, parts.chatConnects);
  addPage(server, '/chat', async (request, response) => {
    const options = readChatOptions(request.getQuery(), words.locale);
    const html = renderChatPage({
      ...chatFiles,
      supportEmail,
      oftenAsked: knowledge().oftenAsked.map(({ entry }) => entry),
      options,
      words,
    });
    sendPage(response, html, framePolicy);
  });

  addEmbedRoute(server, { bundle: assets.content('embed.js'), publicUrl, words });
  addAssetRoutes(server, assets);
  addHealthRoutes(server, parts.parts, parts.take);
}

const noStore = { 'cache-control': 'no-store' };

/** One check answers everybody who asks within this time, in ms: a check writes to the disk. */
const checkLasts = 1000;

function addHealthRoutes(server: Server, parts: readonly ReadyPart[], take: Take): void {
  addPage(server, '/healthz', async (_request: Request, response: Response) => {
    response.send(200, { status: 'alive' }, noStore);
  });

  let checking: Promise<string[]> | undefined;
  const failingParts = () => {
    if (!checking) {
      checking = checkParts(parts);
      setTimeout(() => {
        checking = undefined;
      }, checkLasts).unref();
    }
    return checking;
  };
  addPage(server, '/readyz', async (request: Request, response: Response) => {
    await take('find', request);
    const failing = await failingParts();
    if (failing.length > 0) response.send(503, { status: 'not ready', failing }, noStore);
    else response.send(200, { status: 'ready' }, noStore);
  });
}

/** ms; a part that takes longer is of no use to anybody. */
const checkTakes = 3000;

/** The names of the parts that fail. */
async function checkParts(parts: readonly ReadyPart[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(
    parts.map(async ({ name, check }) =>
      inTime(check(), checkTakes, () => {
        throw new Error(`${name} takes too long`);
      }),
    ),
  );
  return parts.filter((_part, index) => outcomes[index]?.status === 'rejected').map(({ name }) => name);
}

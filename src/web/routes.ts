/** The pages' addresses: help page, entries, chat frame, pages to come, and the two that tell a machine how the server is. */
import type { Request, Response, Server } from 'restify';
import { HttpError } from '../errors.ts';
import type { Entry } from '../faq/entry.ts';
import type { Knowledge } from '../faq/knowledge.ts';
import type { WordKey, Words } from '../words/words.ts';
import { type Assets, addAssetRoutes } from './assets.ts';
import { readChatOptions } from './chat-options.ts';
import { chatPolicy } from './content-policy.ts';
import { addEmbedRoute } from './embed-script.ts';
import { renderChatPage } from './pages/chat-page.tsx';
import { EntryPage } from './pages/entry-page.tsx';
import { HelpPage } from './pages/help-page.tsx';
import { type PageFrame, renderPage } from './pages/page.tsx';
import { SoonPage } from './pages/soon-page.tsx';
import { addPage, asPage } from './server.ts';

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
  readonly now: () => Date;
}

const soonPages: readonly [string, Extract<WordKey, `soon.${string}`>][] = [
  ['/profile', 'soon.profile'],
  ['/colleagues', 'soon.colleagues'],
  ['/associate', 'soon.associate'],
  ['/accounts', 'soon.accounts'],
];

export function addWebRoutes(server: Server, parts: WebRouteParts): void {
  const { assets, frame, knowledge, words, supportEmail, publicUrl, now } = parts;
  const sendPage = (response: Response, html: string, policy?: string) => {
    asPage(response, policy);
    response.setHeader('cache-control', 'no-cache');
    response.send(200, html);
  };

  addPage(server, '/', async (_request, response) => {
    const known = knowledge();
    const content = { base: known.base, notices: known.noticesInForce(now()), words, supportEmail };
    sendPage(response, renderPage({ frame, words, title: words.say('page.title') }, HelpPage(content)));
  });

  addPage(server, '/entries/:id', async (request, response) => {
    const entry = knowledge().entry(request.params.id);
    if (!entry) throw new HttpError(404, 'NotFound', words.say('error.notFound'));
    const next = entry.next.flatMap((id) => knowledge().entry(id) ?? []);
    sendPage(response, renderPage({ frame, words, title: entry.question }, EntryPage({ entry, next, words })));
  });

  for (const [path, page] of soonPages) {
    const html = renderPage({ frame, words, title: words.say('soon.title') }, SoonPage({ page, supportEmail, words }));
    addPage(server, path, async (_request, response) => sendPage(response, html));
  }

  const chatFiles = {
    styleAddresses: [assets.address('style.css'), assets.address('chat.css')],
    webChatAddress: assets.address('webchat.js'),
    scriptAddress: assets.address('chat.js'),
  };
  const framePolicy = chatPolicy(publicUrl, parts.chatOrigins, parts.chatConnects);
  addPage(server, '/chat', async (request, response) => {
    const options = readChatOptions(request.getQuery(), words.locale);
    const html = renderChatPage({ ...chatFiles, supportEmail, oftenAsked: oftenAsked(knowledge()), options, words });
    sendPage(response, html, framePolicy);
  });

  addEmbedRoute(server, { bundle: assets.content('embed.js'), publicUrl, words });
  addAssetRoutes(server, assets);
  addHealthRoutes(server, parts.parts);
}

/** The questions that the welcome offers too, as far as the knowledge base has them. */
function oftenAsked({ base, entry }: Knowledge): readonly Entry[] {
  const chosen = ['multiple-emails', 'change-microsoft-account', 'invite-colleagues'].flatMap((id) => entry(id) ?? []);
  return chosen.length > 0 ? chosen : base.entries.slice(0, 3);
}

/** One check answers everybody who asks within this time, in ms: a check writes to the disk. */
const checkLasts = 1000;

function addHealthRoutes(server: Server, parts: readonly ReadyPart[]): void {
  addPage(server, '/healthz', async (_request: Request, response: Response) => {
    response.send(200, { status: 'alive' });
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
  addPage(server, '/readyz', async (_request: Request, response: Response) => {
    const failing = await failingParts();
    if (failing.length > 0) response.send(503, { status: 'not ready', failing });
    else response.send(200, { status: 'ready' });
  });
}

/** The names of the parts that fail. */
async function checkParts(parts: readonly ReadyPart[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(parts.map(({ check }) => check()));
  return parts.filter((_part, index) => outcomes[index]?.status === 'rejected').map(({ name }) => name);
}

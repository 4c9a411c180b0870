/** Mounts the sample provider below PUBLIC_URL: its own addresses, and the page on which a person is chosen. */
import type { Request, Response, Server } from 'restify';
import { HttpError } from '../../errors.ts';
import type { Keys } from '../../keys.ts';
import type { Log } from '../../log.ts';
import type { Words } from '../../words/words.ts';
import { pageHeaders } from '../content-policy.ts';
import { ErrorPage } from '../pages/error-page.tsx';
import { type PageFrame, renderPage } from '../pages/page.tsx';
import { SampleAccountsPage } from '../pages/sample-accounts-page.tsx';
import { readForm } from '../read-form.ts';
import { addPage, sendPrivatePage, type Take } from '../server.ts';
import type { Csrf } from '../sign-in/csrf.ts';
import { claimsOf, sampleAccounts, samplePath, subjectForName } from './sample-accounts.ts';

export interface SampleRouteParts {
  readonly clients: readonly { readonly id: string; readonly secret: string }[];
  readonly redirectUri: string;
  readonly keys: Keys;
  readonly csrf: Csrf;
  readonly words: Words;
  readonly frame: PageFrame;
  readonly take: Take;
  readonly log: Log;
}

export function addSampleRoutes(server: Server, parts: SampleRouteParts): void {
  const { clients, redirectUri, keys, csrf, words, frame, take, log } = parts;
  const { publicUrl } = frame;
  const { protocol, host } = new URL(publicUrl);
  const over = { title: words.say('sample.over'), text: words.say('sample.overText') };
  const renderOver = () => renderPage({ frame, words, title: over.title }, ErrorPage({ ...over, words }));

  /** Loaded by the first who signs in: its packages take longer than the whole start may. */
  let loading: ReturnType<typeof load> | undefined;
  async function load() {
    const { createSampleProvider } = await import('./sample-provider.ts');
    const issuer = publicUrl + samplePath;
    return createSampleProvider({ issuer, clients, redirectUri, keys, renderError: renderOver, pageHeaders, log });
  }
  const provider = () => {
    loading ??= load().catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  /** The page of a sign-in under way; undefined when a restart or ten minutes have ended it. */
  async function underWay(request: Request, response: Response) {
    const loaded = await provider();
    const choice = await loaded.interactionDetails(request, response).catch(() => undefined);
    return choice?.uid === request.params.uid ? loaded : undefined;
  }

  async function sendChoice(request: Request, response: Response, isNameMissing: boolean): Promise<void> {
    const page = SampleAccountsPage({
      words,
      csrf: await csrf.token(request, response),
      action: `${samplePath}/choose/${encodeURIComponent(request.params.uid)}`,
      accounts: sampleAccounts,
      isNameMissing,
    });
    const status = isNameMissing ? 400 : 200;
    sendPrivatePage(response, status, renderPage({ frame, words, title: words.say('sample.title') }, page));
  }

  const sendOver = (response: Response) => sendPrivatePage(response, 400, renderOver());

  addPage(server, `${samplePath}/choose/:uid`, async (request, response) => {
    await take('signIn', request);
    if (await underWay(request, response)) await sendChoice(request, response, false);
    else sendOver(response);
  });

  server.post(`${samplePath}/choose/:uid`, async (request: Request, response: Response) => {
    await take('signIn', request);
    const form = await readForm(request);
    await csrf.check(request, form);
    const loaded = await underWay(request, response);
    if (!loaded) return sendOver(response);
    const chosen = form.get('account') ?? '';
    if (chosen === 'none') {
      const cancelled = { error: 'access_denied', error_description: 'cancelled on the sample page' };
      return loaded.interactionFinished(request, response, cancelled);
    }
    const subject = chosen === 'other' ? subjectForName(form.get('name') ?? '') : chosen;
    if (subject === undefined) return sendChoice(request, response, true);
    if (!claimsOf(subject)) throw new HttpError(400, 'BadArgument', words.say('error.request'));
    await loaded.interactionFinished(request, response, { login: { accountId: subject }, select_account: {} });
  });

  const pass = async (request: Request, response: Response) => {
    const handle = (await provider()).callback();
    const { url = '' } = request;
    // Express's way to say where something is mounted, which the provider reads.
    Object.assign(request, { originalUrl: url });
    request.url = url.slice(samplePath.length);
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    request.headers['x-forwarded-host'] = host;
    await handle(request, response);
  };
  server.get(`${samplePath}/*`, pass);
  server.post(`${samplePath}/*`, pass);
}

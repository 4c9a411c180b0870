/**
 * The web server: restify with what every route shares. It counts every request, refuses what no route wants
 * (compressed bodies), turns errors into words, and answers HEAD wherever it answers GET. Routes are added by the
 * channels and by web/routes.ts.
 */
import { createServer, type Request, type Response, type Server } from 'restify';
import { HttpError, isStoreAway } from '../errors.ts';
import type { LimitName } from '../limits/limits.ts';
import type { Log } from '../log.ts';
import { isLoopback } from '../loopback.ts';
import { remembered } from '../remembered.ts';
import type { Words } from '../words/words.ts';
import { pagePolicy } from './content-policy.ts';
import type { AccountOf, AccountOnPage } from './pages/account-menu.tsx';
import { ErrorPage } from './pages/error-page.tsx';
import { type PageFrame, renderPage } from './pages/page.tsx';
import { securityHeaders } from './security-headers.ts';

/** Counts a request against a limit of its sender. @throws HttpError 429 */
export type Take = (name: LimitName, request: Request) => Promise<void>;

export interface WebServerParts {
  readonly log: Log;
  readonly take: Take;
  readonly words: Words;
  readonly frame: PageFrame;
  readonly publicUrl: string;
  /** Whether HOST and PUBLIC_URL are this machine alone. */
  readonly isLocal: boolean;
  readonly accountOf: AccountOf;
  /** A short id that a person can read out; the log line of a failure carries the same. */
  readonly newReference: () => string;
}

export function createWebServer(parts: WebServerParts): Server {
  const { log, take, words, frame, publicUrl, isLocal, accountOf, newReference } = parts;
  /** The reference of a failure, from where it is logged to where it is shown: restify makes a new error in between. */
  const references = new WeakMap<Response, string>();
  /** Who is signed in where an error is shown. */
  const accounts = new WeakMap<Response, AccountOnPage>();
  const server = createServer({
    name: '',
    handleUncaughtExceptions: false,
    ignoreTrailingSlash: true,
    formatters: {
      'application/json': (_request: Request, response: Response, body: unknown) => {
        const text = JSON.stringify(body instanceof Error ? { error: describe(body, response) } : (body ?? {}));
        response.setHeader('content-length', Buffer.byteLength(text));
        return text;
      },
      'text/html': (_request: Request, response: Response, body: unknown) => {
        const text = body instanceof Error ? errorPage(body, response) : String(body);
        response.setHeader('content-length', Buffer.byteLength(text));
        return text;
      },
    },
  });

  const headers = securityHeaders(publicUrl);
  server.pre(async (request: Request, response: Response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    // One way for both. Node sends no body in answer to HEAD: it has looked at the method before this line.
    if (request.method === 'HEAD') request.method = 'GET';
    await take('request', request);
  });

  const { host: publicHost, hostname: publicName } = new URL(publicUrl);
  const hostOf = remembered(10, readHost);
  server.pre((request, response, next) => {
    const encoding = request.headers['content-encoding'];
    if (encoding && encoding !== 'identity') {
      return next(new HttpError(415, 'UnsupportedEncoding', 'send the body without content-encoding'));
    }
    if (!isLocal || request.headers.host === publicHost) return next();
    const host = hostOf(`${request.headers.host}`);
    // A foreign name that leads to this machine is a page of somebody else reaching for it (DNS rebinding).
    if (!host.isLoopback) return next(new HttpError(421, 'WrongHost', `ask for ${publicUrl}`));
    if (host.name === publicName || request.method !== 'GET' || !wantsPage(request)) return next();
    // One name, so that cookies and the chat's own requests stay with one origin.
    // A request line may name a whole address (RFC 9112, 3.2.2); the path is all that counts.
    const path = request.url?.startsWith('/') ? request.url : '/';
    response.writeHead(307, { location: publicUrl + path, 'content-length': 0, 'cache-control': 'no-store' });
    response.end();
    return next(false);
  });

  server.on('restifyError', (request: Request, response: Response, error: Failure, done: () => void) => {
    if (isStoreAway(error)) {
      error.statusCode = 503;
      response.setHeader('retry-after', comesBackIn);
    }
    if (!error.statusCode || error.statusCode >= 500) {
      const reference = newReference();
      references.set(response, reference);
      log.error({ err: error, reference, method: request.method, route: request.getRoute()?.path }, 'a request failed');
    }
    // What is wrong now need not be later, and a program's error is no page.
    response.setHeader('cache-control', 'no-store');
    response.setHeader('vary', 'accept');
    if (error.retryAfter !== undefined) response.setHeader('retry-after', error.retryAfter);
    if (!wantsPage(request)) return done();
    asPage(response);
    // A store that fails must not keep an error from being told.
    accountOf(request)
      .then((account) => {
        if (!account) return;
        accounts.set(response, account);
        response.setHeader('cache-control', 'private, no-store');
      })
      .catch(() => {})
      .finally(done);
  });

  /** A stranger's error never shows its own words; ours were written to be read. */
  function describe(error: Failure, response: Response): { code: string; message: string } {
    if (error instanceof HttpError && error.retryAfter !== undefined)
      return { code: error.kind, message: words.say('error.tooManyText', waiting(error.retryAfter)) };
    if (error instanceof HttpError) return { code: error.kind, message: error.message };
    const { statusCode = 500 } = error;
    if (statusCode === 404) return { code: 'NotFound', message: words.say('error.notFound') };
    if (statusCode === 503) return { code: 'StoreAway', message: words.say('error.awayText') };
    if (statusCode < 500) return { code: 'BadRequest', message: words.say('error.request') };
    return { code: 'InternalError', message: words.say('fault', { reference: references.get(response) ?? '' }) };
  }

  function errorPage(error: Failure, response: Response): string {
    const [title, text] = explain(error, response);
    return renderPage({ frame, words, title, account: accounts.get(response) }, ErrorPage({ title, text, words }));
  }

  function explain(error: Failure, response: Response): [title: string, text: string] {
    const { statusCode = 500, retryAfter } = error;
    if (isStoreAway(error)) return [words.say('error.away'), words.say('error.awayText')];
    if (statusCode >= 500)
      return [words.say('error.fault'), words.say('error.faultText', { reference: references.get(response) ?? '' })];
    if (statusCode === 404) return [words.say('error.notFound'), words.say('error.notFoundText')];
    if (retryAfter !== undefined)
      return [words.say('error.tooMany'), words.say('error.tooManyText', waiting(retryAfter))];
    return [words.say('error.request'), describe(error, response).message];
  }

  return server;
}

/** The name in a Host header, without the port; empty where it is none. */
function readHost(header: string): { readonly name: string; readonly isLoopback: boolean } {
  const address = `http://${header}`;
  const name = URL.canParse(address) ? new URL(address).hostname : '';
  return { name, isLoopback: isLoopback(name) };
}

/** Seconds after which to ask again where the store could not be reached. */
const comesBackIn = 5;

/** Makes the answer a page with its content policy. */
export function asPage(response: Response, policy = pagePolicy): void {
  response.contentType = 'text/html';
  response.charSet('utf-8');
  response.setHeader('content-security-policy', policy);
}

/** Sends a page that is for one visitor's eyes: nobody keeps it, and going back after signing out does not show it. */
export function sendPrivatePage(response: Response, status: number, html: string, policy?: string): void {
  asPage(response, policy);
  response.setHeader('cache-control', 'private, no-store');
  response.send(status, html);
}

/** Whether a browser asks for something to look at, with a link or a form, rather than a program for data. */
function wantsPage(request: Request): boolean {
  return (request.headers.accept ?? '').includes('text/html');
}

interface Failure extends Error {
  statusCode?: number;
  retryAfter?: number;
}

/** Seconds as a person counts them: from two minutes on in minutes. */
function waiting(seconds: number): { seconds: number; minutes: number } {
  return { seconds, minutes: seconds < 120 ? 0 : Math.ceil(seconds / 60) };
}

/** Adds a page. */
export function addPage(
  server: Server,
  path: string,
  handler: (request: Request, response: Response) => Promise<void>,
): void {
  server.get(path, async (request: Request, response: Response) => handler(request, response));
}

/** Starts listening. Rejects with what to change when the port is taken or not allowed. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      listening(server.address().port);
    });
  });
}

/** A request that takes longer than this when the server stops is cut off, in ms. */
const longestGoodbye = 5000;

/** Takes no more connections and resolves when those that have a request under way have ended, cut off after 5 s. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((stopped) => {
    const late = setTimeout(() => server.server.closeAllConnections(), longestGoodbye);
    // A connection that has answered its last request is kept open by its client; nothing else tells it to go.
    const idle = setInterval(() => server.server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(late);
      clearInterval(idle);
      stopped();
    });
  });
}

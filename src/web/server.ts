/**
 * The web server: restify with what every route shares. It refuses what no route wants (compressed bodies), turns
 * errors into words, and answers HEAD wherever it answers GET. Routes are added by the channels and by web/routes.ts.
 */
import { createServer, type Request, type Response, type Server } from 'restify';
import { HttpError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Words } from '../words/words.ts';
import { ErrorPage } from './pages/error-page.tsx';
import { type PageFrame, renderPage } from './pages/page.tsx';

export interface WebServerParts {
  readonly log: Log;
  readonly words: Words;
  readonly frame: PageFrame;
  /** A short id that a person can read out; the log line of a failure carries the same. */
  readonly newReference: () => string;
}

/** Longest wait for a whole request, in ms: a person's slow line needs less, an attacker's open socket gets no more. */
const requestTimeout = 30_000;

export function createWebServer({ log, words, frame, newReference }: WebServerParts): Server {
  const server = createServer({
    name: '',
    handleUncaughtExceptions: false,
    ignoreTrailingSlash: true,
    formatters: {
      'application/json': (_request: Request, response: Response, body: unknown) => {
        const text = JSON.stringify(body instanceof Error ? { error: describe(body) } : (body ?? {}));
        response.setHeader('content-length', Buffer.byteLength(text));
        return text;
      },
      'text/html': (_request: Request, response: Response, body: unknown) => {
        const text = body instanceof Error ? errorPage(body) : String(body);
        response.setHeader('content-length', Buffer.byteLength(text));
        return text;
      },
    },
  });
  server.server.requestTimeout = requestTimeout;

  server.pre((request, response, next) => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    const encoding = request.headers['content-encoding'];
    if (encoding && encoding !== 'identity') {
      return next(new HttpError(415, 'UnsupportedEncoding', 'send the body without content-encoding'));
    }
    return next();
  });

  server.on('restifyError', (request: Request, _response: Response, error: Failure, done: () => void) => {
    if (!error.statusCode || error.statusCode >= 500) {
      error.reference = newReference();
      log.error(
        { err: error, reference: error.reference, method: request.method, route: request.getRoute()?.path },
        'a request failed',
      );
    }
    done();
  });

  /** A stranger's error never shows its own words; ours were written to be read. */
  function describe(error: Failure): { code: string; message: string } {
    if (error instanceof HttpError) return { code: error.code, message: error.message };
    const { statusCode = 500, reference = '' } = error;
    if (statusCode === 404) return { code: 'NotFound', message: words.say('error.notFound') };
    if (statusCode < 500) return { code: 'BadRequest', message: words.say('error.request') };
    return { code: 'InternalError', message: words.say('fault', { reference }) };
  }

  function errorPage(error: Failure): string {
    const { statusCode = 500, reference = '' } = error;
    const [title, text] =
      statusCode === 404
        ? [words.say('error.notFound'), words.say('error.notFoundText')]
        : statusCode < 500
          ? [words.say('error.request'), describe(error).message]
          : [words.say('error.fault'), words.say('error.faultText', { reference })];
    return renderPage({ frame, words, title }, ErrorPage({ title, text, words }));
  }

  return server;
}

interface Failure extends Error {
  statusCode?: number;
  reference?: string;
}

/** Adds a page: GET, and HEAD for link checkers, which restify would refuse. */
export function addPage(
  server: Server,
  path: string,
  handler: (request: Request, response: Response) => Promise<void>,
): void {
  server.get(path, async (request: Request, response: Response) => handler(request, response));
  server.head(path, async (request: Request, response: Response) => handler(request, response));
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

/**
 * `/metrics`, for whoever has METRICS_TOKEN. Without one it exists only on a machine on its own, for requests that came
 * from there by themselves: figures tell strangers how busy staff are and what fails.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, Server } from 'restify';
import { HttpError } from '../errors.ts';
import type { Limits } from '../limits/limits.ts';
import type { Words } from '../words/words.ts';
import type { ClientAddresses } from './client-address.ts';
import { isFromHere } from './from-here.ts';
import { addPage, type Take } from './server.ts';

/** One text answers everybody who asks within this time, in ms. */
const textLasts = 1000;

export interface MetricsRouteParts {
  /** '': nobody may read it but this machine. */
  readonly token: string;
  /** Whether HOST and PUBLIC_URL are this machine alone. */
  readonly isLocal: boolean;
  readonly text: () => Promise<{ readonly contentType: string; readonly body: string }>;
  readonly limits: Pick<Limits, 'guard'>;
  readonly clientOf: ClientAddresses['ofRequest'];
  readonly take: Take;
  readonly words: Words;
}

export function addMetricsRoute(server: Server, parts: MetricsRouteParts): void {
  const { token, isLocal, text, limits, clientOf, take, words } = parts;
  const check = async ({ headers }: Request) => {
    if (isToken(headers.authorization, token)) return;
    throw new HttpError(401, 'Unauthorized', 'send METRICS_TOKEN as Authorization: Bearer');
  };
  let asked: ReturnType<typeof text> | undefined;
  const textNow = () => {
    if (!asked) {
      asked = text();
      setTimeout(() => {
        asked = undefined;
      }, textLasts).unref();
    }
    return asked;
  };
  addPage(server, '/metrics', async (request, response) => {
    const isOpen = token === '' && isLocal && isFromHere(request);
    if (token === '' && !isOpen) throw new HttpError(404, 'NotFound', words.say('error.notFound'));
    if (!isOpen) {
      response.setHeader('www-authenticate', 'Bearer');
      await limits.guard(clientOf(request), () => check(request));
      response.removeHeader('www-authenticate');
    }
    await take('find', request);
    const { contentType, body } = await textNow();
    response.sendRaw(200, body, {
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
    });
  });
}

/** Compared as hashes, so that the time tells nothing, the length included. */
function isToken(authorization: string | undefined, token: string): boolean {
  const hash = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(hash(authorization ?? ''), hash(`Bearer ${token}`));
}

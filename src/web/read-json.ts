/**
 * Reads a JSON body within a bound. restify's own parser inflates compressed bodies without one, and takes a form for
 * an activity; this one takes plain JSON only.
 */
import type { IncomingMessage } from 'node:http';
import { HttpError } from '../errors.ts';

/** @throws HttpError 415 for another type, 413 beyond `largest` bytes, 400 for what is not JSON or breaks off. */
export async function readJson(request: IncomingMessage, largest: number): Promise<unknown> {
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new HttpError(415, 'UnsupportedMediaType', 'send the body as application/json');
  }
  const text = await readText(request, largest);
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'BadSyntax', 'the body is not JSON');
  }
}

async function readText(request: IncomingMessage, largest: number): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > largest) throw tooLarge(request, largest);
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((read, failed) => {
    const onData = (part: Buffer) => {
      size += part.length;
      if (size <= largest) return void parts.push(part);
      request.off('data', onData);
      failed(tooLarge(request, largest));
    };
    request.on('data', onData);
    request.once('end', () => read(Buffer.concat(parts).toString('utf8')));
    request.once('error', () => failed(new HttpError(400, 'BadSyntax', 'the body broke off')));
  });
}

/** Lets the rest of the body run into nothing, so that the answer gets out before the connection ends. */
function tooLarge(request: IncomingMessage, largest: number): HttpError {
  request.resume();
  return new HttpError(413, 'MessageSizeTooBig', `the body is larger than ${largest} bytes`);
}

/**
 * Reads a JSON body within a bound. restify's own parser inflates compressed bodies without one, and takes a form for
 * an activity; this one takes plain JSON only.
 */
import type { IncomingMessage } from 'node:http';
import { HttpError } from '../errors.ts';
import { readBody } from './read-body.ts';

/** @throws HttpError 415 for another type, 413 beyond `largest` bytes, 400 for what is not JSON or breaks off. */
export async function readJson(request: IncomingMessage, largest: number): Promise<unknown> {
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new HttpError(415, 'UnsupportedMediaType', 'send the body as application/json');
  }
  const text = await readBody(request, largest);
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'BadSyntax', 'the body is not JSON');
  }
}

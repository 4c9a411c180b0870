/** Reads what a form of ours sends, within a bound. */
import type { IncomingMessage } from 'node:http';
import { HttpError } from '../errors.ts';
import { readBody } from './read-body.ts';

/** Hardly a form of ours comes near it. */
const largestForm = 16 * 1024;

/**
 * The fields by name. A list of pairs rather than an object: a field that is called `__proto__` is just another one.
 * @param largest - in bytes
 * @throws HttpError 415 for another type, 413 beyond `largest`, 400 for a body that breaks off
 */
export async function readForm(request: IncomingMessage, largest = largestForm): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new HttpError(415, 'UnsupportedMediaType', 'send the form as application/x-www-form-urlencoded');
  }
  return new URLSearchParams(await readBody(request, largest));
}

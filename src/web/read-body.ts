/** Reads a body as text within a bound, as it comes: nothing is inflated. */
import type { IncomingMessage } from 'node:http';
import { HttpError } from '../errors.ts';

/** @throws HttpError 413 beyond `largest` bytes, 400 for one that breaks off */
export async function readBody(request: IncomingMessage, largest: number): Promise<string> {
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
    request.once('end', () => read(textOf(parts)));
    request.once('error', () => failed(new HttpError(400, 'BadSyntax', 'the body broke off')));
  });
}

function textOf(parts: readonly Buffer[]): string {
  const [whole] = parts;
  // Most bodies come in one piece.
  return (parts.length === 1 && whole ? whole : Buffer.concat(parts)).toString('utf8');
}

/** Lets the rest of the body run into nothing, so that the answer gets out before the connection ends. */
function tooLarge(request: IncomingMessage, largest: number): HttpError {
  request.resume();
  return new HttpError(413, 'MessageSizeTooBig', `the body is larger than ${largest} bytes`);
}

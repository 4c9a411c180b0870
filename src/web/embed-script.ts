/** `/embed.js`: what other sites include. A fixed address, so it is asked for again, but rarely fetched again. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Request, Response, Server } from 'restify';
import type { Words } from '../words/words.ts';
import { acceptedEncoding } from './assets.ts';
import { chatWindowWords } from './chat-window-words.ts';
import { addPage } from './server.ts';

export interface EmbedScriptParts {
  /** The bundle of client/embed.ts. */
  readonly bundle: Buffer;
  readonly publicUrl: string;
  readonly words: Words;
}

const headers = {
  'content-type': 'text/javascript; charset=utf-8',
  // New versions reach every site within minutes; a server that is away costs no site its button for a day.
  'cache-control': 'public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400',
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*', // a script of type module is fetched with CORS
  'timing-allow-origin': '*',
  vary: 'accept-encoding',
};

export function addEmbedRoute(server: Server, parts: EmbedScriptParts): void {
  const script = embedScript(parts);
  const etag = `W/"${createHash('sha256').update(script).digest('base64url').slice(0, 16)}"`;
  const contents = Promise.all([promisify(gzip)(script, { level: 9 }), promisify(brotliCompress)(script)]).then(
    ([packed, br]) => ({ identity: script, gzip: packed, br }),
  );
  addPage(server, '/embed.js', async (request: Request, response: Response) => {
    if (names(request.header('if-none-match', ''), etag)) {
      response.writeHead(304, { ...headers, etag });
      response.end();
      return;
    }
    const encoding = acceptedEncoding(request.header('accept-encoding', ''));
    const content = (await contents)[encoding];
    response.writeHead(200, {
      ...headers,
      etag,
      'content-length': content.length,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    });
    response.end(request.method === 'HEAD' ? undefined : content);
  });
}

/** The bundle with what it cannot know: where this server is, and its words. */
function embedScript({ bundle, publicUrl, words }: EmbedScriptParts): Buffer {
  const settings = { origin: publicUrl, words: { ...chatWindowWords(words), button: words.say('page.openChat') } };
  return Buffer.from(`(ACCESSDESK=>{${bundle.toString().trim()}})(${JSON.stringify(settings)});\n`);
}

/** Whether a client's `If-None-Match` names this tag. */
function names(condition: string, etag: string): boolean {
  return condition.split(',').some((one) => one.trim().replace(/^(?!W\/)/, 'W/') === etag);
}

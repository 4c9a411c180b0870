/**
 * Pages that are the same for everybody, rendered and compressed once per state of the knowledge base and sent from
 * memory until it changes.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'restify';
import { acceptedEncoding, type Encoding } from './accepted-encoding.ts';
import { pageHeaders } from './content-policy.ts';

interface KeptPage {
  readonly etag: string;
  readonly contents: Readonly<Record<Encoding, Buffer>>;
}

/** More are begun anew, so that pages nobody asks for again do not fill the memory. */
const mostPages = 500;

export class KeptPages {
  #version = '';
  readonly #pages = new Map<string, Promise<KeptPage>>();

  /**
   * @param path of the page
   * @param version of all that it shows; another one throws away what was kept
   */
  async send(request: Request, response: Response, path: string, version: string, render: () => string) {
    if (version !== this.#version || this.#pages.size >= mostPages) this.#pages.clear();
    this.#version = version;
    let kept = this.#pages.get(path);
    if (!kept) {
      kept = compress(render());
      this.#pages.set(path, kept);
      kept.catch(() => this.#pages.delete(path));
    }
    const { etag, contents } = await kept;
    const encoding = acceptedEncoding(request.header('accept-encoding', ''));
    for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
    response.setHeader('etag', etag);
    response.setHeader('cache-control', 'no-cache');
    // Whoever is signed in gets a page of their own at the same address.
    response.setHeader('vary', 'accept-encoding, cookie');
    if (request.header('if-none-match') === etag) {
      response.writeHead(304);
      response.end();
      return;
    }
    if (encoding !== 'identity') response.setHeader('content-encoding', encoding);
    response.setHeader('content-length', contents[encoding].length);
    response.writeHead(200);
    response.end(contents[encoding]);
  }
}

/** Brotli 5: a fifth smaller than gzip and, for a page of a megabyte, done in some 20 ms. */
async function compress(html: string): Promise<KeptPage> {
  const identity = Buffer.from(html);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: identity.length };
  const [gzipped, br] = await Promise.all([promisify(gzip)(identity), promisify(brotliCompress)(identity, { params })]);
  const etag = `"${createHash('sha256').update(identity).digest('base64url').slice(0, 16)}"`;
  return { etag, contents: { identity, gzip: gzipped, br } };
}

/**
 * Pages that are the same for everybody, rendered and compressed once per state of the knowledge base and sent from
 * memory until it changes.
 */
import type { Request, Response } from 'restify';
import { pageHeaders } from './content-policy.ts';
import { type Packed, pack, sendPacked } from './packed.ts';

/** Beyond these the one kept longest goes, so that pages nobody asks for again do not fill the memory. */
const mostPages = 500;
/** Whoever is signed in gets a page of their own at the same address. */
const headers = { ...pageHeaders, 'cache-control': 'no-cache', vary: 'accept-encoding, cookie' };

export class KeptPages {
  #version = '';
  readonly #pages = new Map<string, Promise<Packed>>();

  /**
   * @param path of the page
   * @param version of all that it shows; another one throws away what was kept
   */
  async send(request: Request, response: Response, path: string, version: string, render: () => string) {
    if (version !== this.#version) this.#pages.clear();
    this.#version = version;
    let kept = this.#pages.get(path);
    if (!kept) {
      const oldest = [...this.#pages.keys()].find((one) => one !== '/');
      if (this.#pages.size >= mostPages && oldest) this.#pages.delete(oldest);
      kept = pack(render());
      this.#pages.set(path, kept);
    }
    sendPacked(request, response, await kept, headers);
  }
}

/** `/embed.js`: what other sites include. A fixed address, so it is asked for again, but rarely fetched again. */
import type { Request, Response, Server } from 'restify';
import type { Words } from '../words/words.ts';
import { chatWindowWords } from './chat-window-words.ts';
import { pack, sendPacked } from './packed.ts';
import { forOtherSites } from './security-headers.ts';
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
  'access-control-allow-origin': '*', // a script of type module is fetched with CORS
  'timing-allow-origin': '*',
};

export function addEmbedRoute(server: Server, parts: EmbedScriptParts): void {
  const script = pack(embedScript(parts));
  addPage(server, '/embed.js', async (request: Request, response: Response) => {
    forOtherSites(response);
    sendPacked(request, response, await script, headers);
  });
}

/** The bundle with what it cannot know: where this server is, and its words. */
function embedScript({ bundle, publicUrl, words }: EmbedScriptParts): string {
  const settings = { origin: publicUrl, words: { ...chatWindowWords(words), button: words.say('page.openChat') } };
  return `(ACCESSDESK=>{${bundle.toString().trim()}})(${JSON.stringify(settings)});\n`;
}

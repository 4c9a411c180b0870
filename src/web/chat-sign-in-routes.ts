/** /sign-in/chat/:id: proves who is in a chat. Looking changes nothing; the number is shown to who has just signed in and asks for it. */
import type { Request, Response, Server } from 'restify';
import type { ChatSignIns } from '../proofs/chat-sign-ins.ts';
import type { Words } from '../words/words.ts';
import { chatNumberPage, chatSignInOver, chatSignInPage } from './pages/chat-sign-in-page.tsx';
import type { SendPrivate } from './private-page.ts';
import { readForm } from './read-form.ts';
import { addPage, type Take } from './server.ts';
import type { SignIn } from './sign-in/sign-in.ts';

export interface ChatSignInRouteParts {
  readonly chatSignIns: Pick<ChatSignIns, 'find' | 'offer'>;
  readonly signIn: Pick<SignIn, 'visitors' | 'csrf'>;
  readonly words: Words;
  readonly send: SendPrivate;
  readonly take: Take;
}

export function addChatSignInRoutes(server: Server, parts: ChatSignInRouteParts): void {
  const { chatSignIns, signIn, words, send, take } = parts;
  const { visitors, csrf } = signIn;

  addPage(server, '/sign-in/chat/:id', async (request, response) => {
    await take('find', request);
    const { id, path } = idOf(request);
    const found = await chatSignIns.find(id);
    if (!found) return send(request, response, { ...chatSignInOver(words), status: 404 });
    const session = await visitors.sessionOf(request);
    const token = session?.kind === 'user' ? csrf.tokenOf(session) : undefined;
    const { person, action } = found;
    await send(request, response, chatSignInPage({ words, person, action, csrf: token, path }));
  });

  server.post('/sign-in/chat/:id', async (request: Request, response: Response) => {
    const form = await readForm(request);
    await csrf.check(request, form);
    await take('find', request);
    const { id, path } = idOf(request);
    const session = await visitors.requireFresh(request, response, path);
    if (!session) return;
    const offered = await chatSignIns.offer(id, session.account, session.id);
    if (offered.outcome === 'over') return send(request, response, { ...chatSignInOver(words), status: 409 });
    const { number, action, until } = offered;
    const account = session.email ?? session.name ?? words.say('account.nameless');
    await send(request, response, chatNumberPage({ words, number, action, until, account }));
  });
}

function idOf(request: Request): { readonly id: string; readonly path: string } {
  const { id } = request.params as { id: string };
  return { id, path: `/sign-in/chat/${encodeURIComponent(id)}` };
}

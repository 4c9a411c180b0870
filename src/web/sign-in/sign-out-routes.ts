/** /sign-out: asks, does it, and says what may still be open elsewhere. */
import type { Request, Response, Server } from 'restify';
import type { Words } from '../../words/words.ts';
import type { AccountOf } from '../pages/account-menu.tsx';
import { type PageFrame, renderPage } from '../pages/page.tsx';
import { SignOutPage } from '../pages/sign-out-page.tsx';
import { readForm } from '../read-form.ts';
import { addPage, sendPrivatePage } from '../server.ts';
import type { Csrf } from './csrf.ts';
import { redirect, type Visitors } from './visitors.ts';

export interface SignOutRouteParts {
  readonly visitors: Visitors;
  readonly csrf: Csrf;
  readonly accountOf: AccountOf;
  readonly words: Words;
  readonly frame: PageFrame;
}

export function addSignOutRoutes(server: Server, parts: SignOutRouteParts): void {
  const { visitors, csrf, accountOf, words, frame } = parts;

  addPage(server, '/sign-out', async (request, response) => {
    const account = await accountOf(request);
    const head = { frame, words, title: words.say('account.signOut'), account };
    sendPrivatePage(response, 200, renderPage(head, SignOutPage({ words, account })));
  });

  server.post('/sign-out', async (request: Request, response: Response) => {
    const form = await readForm(request);
    // Whose session is over already has nothing left that a foreign page could end.
    if (await visitors.sessionOf(request)) await csrf.check(request, form);
    await visitors.end(request, response, form.get('everywhere') === '1');
    redirect(response, '/sign-out');
  });
}

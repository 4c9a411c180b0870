/** /accounts, the Multiple Accounts page: shown when there is something to choose; otherwise it leads straight on. */
import type { Request, Response, Server } from 'restify';
import { type OwnProfile, type OwnProfiles, profileInUse } from '../accounts/own-profiles.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Words } from '../words/words.ts';
import { freelyLeadingPolicy } from './content-policy.ts';
import { AccountsPage } from './pages/accounts-page.tsx';
import type { SendPrivate } from './private-page.ts';
import { readForm } from './read-form.ts';
import { addPage } from './server.ts';
import { returnPath } from './sign-in/return-path.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import { redirect } from './sign-in/visitors.ts';

export interface AccountsRouteParts {
  readonly ownProfiles: OwnProfiles;
  readonly sessions: Pick<Sessions, 'chooseProfile'>;
  readonly signIn: Pick<SignIn, 'visitors' | 'csrf'>;
  /** Foreign addresses that a choice may lead to. */
  readonly returnUrls: readonly string[];
  readonly words: Words;
  readonly send: SendPrivate;
}

const place = '/accounts';

export function addAccountsRoutes(server: Server, parts: AccountsRouteParts): void {
  const { ownProfiles, sessions, signIn, returnUrls, words, send } = parts;
  const { visitors, csrf } = signIn;

  /** A page of ours, or one of RETURN_URLS to the letter; My Profile for everything else. */
  const readReturn = (given: string | null): string => {
    if (given && returnUrls.includes(given)) return given;
    const path = returnPath(given);
    return given === path && !/^\/accounts(?:[/?#]|$)/.test(path) ? path : '/profile';
  };

  addPage(server, place, async (request, response) => {
    const session = await visitors.requireSession(request, response);
    if (!session) return;
    const returnTo = readReturn(new URLSearchParams(request.getQuery()).get('return'));
    const own = await ownProfiles.of(session.account);
    if (own.filter(({ access }) => access.given).length === 1) return redirect(response, returnTo);
    await sendChoice(request, response, session, own, returnTo);
  });

  server.post(place, async (request: Request, response: Response) => {
    const form = await readForm(request);
    await csrf.check(request, form);
    const returnTo = readReturn(form.get('return'));
    const session = await visitors.requireSession(request, response, `${place}?return=${encodeURIComponent(returnTo)}`);
    if (!session) return;
    const profile = form.get('profile') ?? '';
    if ((await ownProfiles.use(session.account, profile)) && (await sessions.chooseProfile(session, profile))) {
      return redirect(response, returnTo);
    }
    const own = await ownProfiles.of(session.account);
    await sendChoice(request, response, session, own, returnTo, words.say('accounts.notYours'));
  });

  function sendChoice(
    request: Request,
    response: Response,
    session: Session,
    own: readonly OwnProfile[],
    returnTo: string,
    problem?: string,
  ): Promise<void> {
    const isOpen = own.some(({ access }) => access.given);
    return send(request, response, {
      title: words.say(isOpen ? 'accounts.title' : 'accounts.none'),
      place,
      status: problem ? 409 : 200,
      // A form may be redirected to a foreign address only where the policy does not forbid it.
      ...(!returnTo.startsWith('/') && { policy: freelyLeadingPolicy }),
      content: AccountsPage({
        words,
        csrf: csrf.tokenOf(session),
        account: session.email ?? session.name ?? words.say('account.nameless'),
        own,
        inUse: profileInUse(own, session)?.member.profile.id,
        returnTo,
        problem,
      }),
    });
  }
}

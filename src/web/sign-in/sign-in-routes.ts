/** /sign-in and /sign-in/callback: the page before the provider's, and what comes back from it. */
import type { Request, Response, Server } from 'restify';
import type { Log } from '../../log.ts';
import type { Session, SessionKind } from '../../sessions/session.ts';
import { type StaffAccounts, staffEntryFor } from '../../sessions/staff-accounts.ts';
import type { Words } from '../../words/words.ts';
import { freelyLeadingPolicy } from '../content-policy.ts';
import type { AccountOf } from '../pages/account-menu.tsx';
import { type PageFrame, renderPage } from '../pages/page.tsx';
import { SignInPage } from '../pages/sign-in-page.tsx';
import { SignInTroublePage } from '../pages/sign-in-trouble-page.tsx';
import { readForm } from '../read-form.ts';
import { addPage, sendPrivatePage, type Take } from '../server.ts';
import type { Csrf } from './csrf.ts';
import type { Flow, FlowCookies } from './flow-cookie.ts';
import type { OpenIdProvider } from './open-id-provider.ts';
import { isStaffPath, returnPath } from './return-path.ts';
import { SignInTrouble, statusOf } from './sign-in-trouble.ts';
import { redirect, type Visitors } from './visitors.ts';

export interface ProviderOnPage {
  readonly provider: OpenIdProvider;
  /** As people know it. */
  readonly name: string;
  readonly isSample: boolean;
}

export interface SignInRouteParts {
  readonly providers: Readonly<Record<SessionKind, ProviderOnPage>>;
  readonly flows: FlowCookies;
  readonly visitors: Visitors;
  readonly csrf: Csrf;
  readonly accountOf: AccountOf;
  readonly staff: StaffAccounts;
  /** Where a sign-in leads in the end. */
  readonly leadsTo: (session: Session, returnTo: string) => Promise<string>;
  readonly words: Words;
  readonly frame: PageFrame;
  readonly supportEmail: string;
  readonly take: Take;
  readonly now: () => Date;
  readonly log: Log;
}

export function addSignInRoutes(server: Server, parts: SignInRouteParts): void {
  const { providers, flows, visitors, csrf, accountOf, staff, leadsTo, words, frame, supportEmail, take, now, log } =
    parts;

  const kindFor = (returnTo: string): SessionKind => (isStaffPath(returnTo) ? 'staff' : 'user');

  addPage(server, '/sign-in', async (request, response) => {
    const query = new URLSearchParams(request.getQuery());
    const returnTo = returnPath(query.get('return'));
    const kind = kindFor(returnTo);
    const { name, isSample } = providers[kind];
    const session = await visitors.sessionOf(request);
    const account = await accountOf(request);
    const isSame = session?.kind === kind;
    const page = SignInPage({
      words,
      csrf: await csrf.token(request, response),
      returnTo,
      provider: name,
      isSample,
      isStaff: kind === 'staff',
      again: isSame && query.get('again') === '1',
      account: isSame ? account : undefined,
    });
    // The button leads to the provider and maybe on from there: which hosts those are is the provider's business.
    sendPrivatePage(
      response,
      200,
      renderPage({ frame, words, title: words.say('signIn.title'), account }, page),
      freelyLeadingPolicy,
    );
  });

  server.post('/sign-in', async (request: Request, response: Response) => {
    await take('signIn', request);
    const form = await readForm(request);
    await csrf.check(request, form);
    const returnTo = returnPath(form.get('return'));
    const kind = kindFor(returnTo);
    const session = await visitors.sessionOf(request);
    const again = form.get('again') === '1' && session?.kind === kind ? session : undefined;
    try {
      const { address, ...begun } = await providers[kind].provider.begin(again !== undefined);
      const flow: Flow = {
        ...begun,
        kind,
        returnTo,
        staysSignedIn: again ? again.staysSignedIn : form.get('stay') === '1',
        ...(again && { again: again.account }),
        begunAt: now().getTime(),
      };
      await flows.keep(request, response, flow);
      redirect(response, address.href);
    } catch (error) {
      await sendTrouble(request, response, error, kind, returnTo);
    }
  });

  addPage(server, '/sign-in/callback', async (request, response) => {
    await take('signIn', request);
    const query = new URLSearchParams(request.getQuery());
    const flow = await flows.take(request, response, query.get('state') ?? '');
    if (!flow) return sendTrouble(request, response, new SignInTrouble('notBegun', 'no flow cookie'), 'user', '/');
    const { kind, returnTo, again } = flow;
    try {
      const { signedIn, authenticatedAt } = await providers[kind].provider.redeem(query, flow);
      if (kind === 'staff' && !staff.roleOf(signedIn)) return await sendRefusal(request, response, signedIn, returnTo);
      const replaced = await visitors.sessionOf(request);
      if (again !== undefined && (`${signedIn.issuer}|${signedIn.subject}` !== again || replaced?.account !== again)) {
        throw new SignInTrouble('otherAccount', 'subject');
      }
      const begun = { kind, signedIn, staysSignedIn: flow.staysSignedIn, authenticatedAt };
      const session = await visitors.begin(request, response, begun);
      log.info({ kind }, 'somebody signed in');
      redirect(response, await leadsTo(session, returnTo));
    } catch (error) {
      await sendTrouble(request, response, error, kind, returnTo);
    }
  });

  async function sendTrouble(
    request: Request,
    response: Response,
    error: unknown,
    kind: SessionKind,
    returnTo: string,
  ): Promise<void> {
    if (!(error instanceof SignInTrouble)) throw error;
    const { trouble, reason } = error;
    const level = trouble === 'setUp' || trouble === 'unreachable' ? 'error' : 'info';
    log[level]({ kind, trouble, reason }, adviceOn(trouble, kind));
    const page = SignInTroublePage({
      words,
      title: words.say(`signIn.trouble.${trouble}`),
      text: words.say(`signIn.trouble.${trouble}Text`, { provider: providers[kind].name, email: supportEmail }),
      returnTo,
      supportEmail,
    });
    await sendResult(request, response, statusOf[trouble], words.say(`signIn.trouble.${trouble}`), page);
  }

  /** Says which id was seen: with it, whoever runs the server can let this person in. */
  async function sendRefusal(
    request: Request,
    response: Response,
    signedIn: Parameters<typeof staffEntryFor>[0],
    returnTo: string,
  ): Promise<void> {
    log.info({ kind: 'staff' }, 'somebody signed in who is not on STAFF_ACCOUNTS');
    const title = words.say('signIn.notStaff');
    const text = words.say('signIn.notStaffText', { name: signedIn.name ?? words.say('account.nameless') });
    const page = SignInTroublePage({ words, title, text, id: staffEntryFor(signedIn), returnTo, supportEmail });
    await sendResult(request, response, 403, title, page);
  }

  async function sendResult(
    request: Request,
    response: Response,
    status: number,
    title: string,
    page: Parameters<typeof renderPage>[1],
  ): Promise<void> {
    const account = await accountOf(request);
    sendPrivatePage(response, status, renderPage({ frame, words, title, account }, page));
  }
}

/** For whoever reads the log. */
function adviceOn(trouble: SignInTrouble['trouble'], kind: SessionKind): string {
  const prefix = kind === 'staff' ? 'STAFF_SIGN_IN' : 'SIGN_IN';
  if (trouble === 'setUp')
    return `the provider refuses this server: check ${prefix}_CLIENT_ID, ${prefix}_CLIENT_SECRET (expired?) and that the registration has PUBLIC_URL/sign-in/callback as a redirect address`;
  if (trouble === 'unreachable') return `the provider of ${prefix}_ISSUER cannot be reached`;
  if (trouble === 'tenant') return 'an account of a tenant that SIGN_IN_TENANTS does not name was refused';
  return 'a sign-in came to nothing';
}

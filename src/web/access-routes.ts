/** The addresses of an association: ask for the e-mails, open a link, confirm it, take it back. Opening a link changes nothing. */
import { hash } from 'node:crypto';
import type { VNode } from 'preact';
import type { Request, Response, Server } from 'restify';
import type { Account } from '../accounts/association.ts';
import type { UndoKind } from '../accounts/undo.ts';
import type { UndoState, Undos } from '../accounts/undos.ts';
import type { By } from '../audit/audit.ts';
import type { Member } from '../directory/directory.ts';
import type { Asks } from '../invitations/asks.ts';
import type { Invitations } from '../invitations/invitations.ts';
import { readEmailAddress } from '../mail/email-address.ts';
import type { Session } from '../sessions/session.ts';
import type { WordKey, Words } from '../words/words.ts';
import type { Cookies } from './cookies.ts';
import { AskedPage, AssociatePage } from './pages/access-pages.tsx';
import { invitationPage, linkedPage, undoPage } from './pages/access-states.tsx';
import type { PageFrame } from './pages/page.tsx';
import { renderPage } from './pages/page.tsx';
import { readForm } from './read-form.ts';
import { addPage, sendPrivatePage, type Take } from './server.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import { redirect } from './sign-in/visitors.ts';

export interface AccessRouteParts {
  readonly undos: Undos;
  readonly asks: Asks;
  readonly invitations: Invitations;
  readonly signIn: Pick<SignIn, 'visitors' | 'csrf' | 'accountOf'>;
  readonly cookies: Cookies;
  readonly frame: PageFrame;
  readonly words: Words;
  readonly portalUrl: (portal: string) => string;
  /** Of a request, for the trail. */
  readonly clientOf: (request: Request) => string;
  readonly take: Take;
  /** Of a form, for what it does to be done once. */
  readonly newNonce: () => string;
}

/** The link of an invitation, kept by the browser while somebody signs in; s. */
const invitationCookie = { name: 'invitation', seconds: 600 };

export function addAccessRoutes(server: Server, parts: AccessRouteParts): void {
  const { undos, asks, invitations, signIn, cookies, frame, words, portalUrl, clientOf, take, newNonce } = parts;
  const { visitors, csrf, accountOf } = signIn;

  async function send(request: Request, response: Response, status: number, title: string, content: VNode) {
    const account = await accountOf(request);
    sendPrivatePage(response, status, renderPage({ frame, words, title, account }, content));
  }
  const by = (request: Request, session?: Session): By => ({
    actor: session ? `account:${session.account}` : 'nobody',
    proof: session ? 'sign-in' : 'none',
    from: clientOf(request),
  });

  addPage(server, '/associate', async (request, response) => {
    const token = await csrf.token(request, response);
    const content = AssociatePage({ words, csrf: token, nonce: newNonce(), typed: '' });
    await send(request, response, 200, words.say('associate.title'), content);
  });

  server.post('/associate', async (request: Request, response: Response) => {
    const form = await readForm(request);
    await csrf.check(request, form);
    const typed = form.get('email') ?? '';
    const { ok, problem } = readEmailAddress(typed);
    if (!ok) {
      const shown = typed.slice(0, 100);
      const advice = words.say(`address.${problem}` as WordKey, { text: shown });
      const token = await csrf.token(request, response);
      const content = AssociatePage({ words, csrf: token, nonce: newNonce(), typed: shown, problem: advice });
      return send(request, response, 400, words.say('associate.title'), content);
    }
    const key = askKey(form, ok.canonical);
    if (!key || !(await asks.hasAdded(key))) {
      await take('mail', request);
      await asks.add(ok.canonical, by(request), key);
    }
    await send(request, response, 200, words.say('associate.sent'), AskedPage({ words, address: ok.written }));
  });

  addPage(server, '/invitations/:token', async (request, response) => {
    const { token } = request.params as { token: string };
    if (/^[\w-]{43}$/.test(token)) cookies.set(response, invitationCookie.name, token, invitationCookie.seconds);
    else cookies.clear(response, invitationCookie.name);
    redirect(response, '/invitations');
  });

  addPage(server, '/invitations', async (request, response) => {
    await take('find', request);
    const token = cookies.read(request, invitationCookie.name) ?? '';
    const found = await invitations.find(token);
    const session = await visitors.sessionOf(request);
    const user = session?.kind === 'user' ? session : undefined;
    const { title, content } = invitationPage({
      words,
      state: found?.state ?? (user && token === '' ? 'none' : 'unknown'),
      member: user && found?.member,
      account: user && nameOf(user),
      csrf: user ? csrf.tokenOf(user) : '',
      purpose: found?.invitation.value.purpose ?? 'associate',
      isTheirs: user !== undefined && found?.linked?.value.account.key === user.account,
    });
    await send(request, response, found ? 200 : 404, title, content);
  });

  server.post('/invitations', async (request: Request, response: Response) => {
    const form = await readForm(request);
    await csrf.check(request, form);
    const session = await visitors.requireFresh(request, response, '/invitations');
    if (!session) return;
    const token = cookies.read(request, invitationCookie.name) ?? '';
    const redeemed = await invitations.redeem(token, accountFrom(session), by(request, session));
    const isLinked = redeemed.outcome === 'linked' || redeemed.outcome === 'already-yours';
    if (isLinked) cookies.clear(response, invitationCookie.name);
    const { title, content } = linkedPage({ words, redeemed, account: nameOf(session), portalUrl });
    await send(request, response, isLinked ? 200 : 409, title, content);
  });

  addPage(server, '/undo/:token', async (request, response) => {
    await take('find', request);
    const { token } = request.params as { token: string };
    const found = await undos.find(token);
    const { title, content } = undoPage({
      words,
      state: found.state,
      kind: kindOf(found),
      member: memberOf(found),
      csrf: await csrf.token(request, response),
      action: `/undo/${encodeURIComponent(token)}`,
      supportEmail: frame.supportEmail,
    });
    await send(request, response, found.state === 'unknown' ? 404 : 200, title, content);
  });

  server.post('/undo/:token', async (request: Request, response: Response) => {
    const form = await readForm(request);
    await csrf.check(request, form);
    const { token } = request.params as { token: string };
    const found = await undos.find(token);
    // Whoever has the link reads the profile's mail, and proves nothing more.
    const state = await undos.undo(token, { ...by(request), proof: 'mailbox' });
    const { title, content } = undoPage({
      words,
      state,
      kind: kindOf(found),
      member: memberOf(found),
      csrf: '',
      action: '',
      supportEmail: frame.supportEmail,
    });
    await send(request, response, state === 'undone' ? 200 : 409, title, content);
  });
}

/** Of a form that was sent for an address; its token is this browser's. Undefined where its page had no nonce. */
function askKey(form: URLSearchParams, address: string): string | undefined {
  const nonce = form.get('nonce');
  return nonce ? `ask ${hash('sha256', JSON.stringify([form.get('csrf'), nonce, address]), 'base64url')}` : undefined;
}

function memberOf(found: { readonly state: string; readonly member?: Member }): Member | undefined {
  return found.member;
}

function kindOf(found: UndoState): UndoKind {
  return found.state === 'unknown' ? 'link' : found.kind;
}

function accountFrom({ account, name, email }: Session): Account {
  return { key: account, ...(name && { name }), ...(email && { email }) };
}

/** What somebody calls the account they signed in with. */
function nameOf({ name, email }: Session): string {
  return email ?? name ?? '';
}

/** /profile: what an account's profiles are, and what their owner changes about them. Every form names the profile it was shown for. */
import type { Request, Response, Server } from 'restify';
import { type OwnProfile, type OwnProfiles, profileInUse } from '../accounts/own-profiles.ts';
import type { AddressChanges } from '../changes/address-changes.ts';
import type { HistoryEntry } from '../changes/profile-history.ts';
import type { Reassociations } from '../changes/reassociations.ts';
import { HttpError } from '../errors.ts';
import type { Asker } from '../proofs/proof.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { WordKey, Words } from '../words/words.ts';
import { askerOf } from './asker.ts';
import type { KeptTyping } from './kept-typing.ts';
import { HistoryPage } from './pages/history-list.tsx';
import { AddressCodePage, NewAddressPage } from './pages/profile-address-page.tsx';
import { ProfilePage, type ProfileView } from './pages/profile-page.tsx';
import type { SendPrivate } from './private-page.ts';
import { readForm } from './read-form.ts';
import { addPage, type Take } from './server.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import { redirect } from './sign-in/visitors.ts';
import type { Told } from './told.ts';

export interface ProfileRouteParts {
  readonly ownProfiles: OwnProfiles;
  readonly sessions: Pick<Sessions, 'list' | 'end'>;
  readonly addressChanges: Pick<AddressChanges, 'propose' | 'confirm' | 'pendingOf' | 'latestOf' | 'cancel'>;
  readonly reassociations: Pick<Reassociations, 'request' | 'pendingOf' | 'cancel'>;
  readonly historyOf: (
    profile: string,
    of: { readonly viewer: string; readonly limit: number; readonly before?: string },
  ) => Promise<readonly HistoryEntry[]>;
  readonly signIn: Pick<SignIn, 'visitors' | 'csrf'>;
  readonly told: Told;
  readonly typing: KeptTyping;
  readonly words: Words;
  readonly send: SendPrivate;
  /** Of a request, for limits and the trail. */
  readonly clientOf: (request: Request) => string;
  readonly take: Take;
}

interface SentForm {
  readonly request: Request;
  readonly response: Response;
  readonly form: URLSearchParams;
  readonly session: Session;
  readonly own: OwnProfile;
  /** Of the profile. */
  readonly id: string;
  readonly asker: Asker;
}

interface FormOptions {
  /** Where to, for whoever has to sign in once more. */
  readonly returnTo?: string;
  /** Whether it counts as looking something up. */
  readonly isCounted?: boolean;
  /** The field that is filled in again there; no secret. */
  readonly keeps?: string;
}

const place = '/profile';
const addressPlace = '/profile/:id/address';
/** The profile on the page, and its form for another account there. */
const [sectionPlace, movePlace] = ['/profile#_profile-:id', '/profile#_move-:id'];
/** Lines of the history on the page itself, and on a page of its own. */
const [fewLines, manyLines] = [5, 50];
/** More than anybody types into a field here. */
const longestTyped = 300;

export function addProfileRoutes(server: Server, parts: ProfileRouteParts): void {
  const { ownProfiles, sessions, addressChanges, reassociations, historyOf, signIn, told, typing, words, send } = parts;
  const { clientOf, take } = parts;
  const { visitors, csrf } = signIn;

  addPage(server, place, async (request, response) => {
    const session = await visitors.requireSession(request, response);
    if (!session) return;
    const own = await ownProfiles.of(session.account);
    const inUse = profileInUse(own, session);
    const ordered = inUse ? [inUse, ...own.filter((one) => one !== inUse)] : own;
    const [profiles, signedIn] = await Promise.all([
      Promise.all(ordered.map((one) => viewOf(one, session, one === inUse))),
      sessions.list(session.account),
    ]);
    await send(request, response, {
      title: words.say('profile.title'),
      place,
      content: ProfilePage({
        words,
        csrf: csrf.tokenOf(session),
        told: told.read(request, response),
        account: nameOf(session),
        profiles,
        sessions: signedIn.filter(({ kind }) => kind === 'user'),
        here: session.id,
      }),
    });
  });

  async function viewOf(own: OwnProfile, session: Session, isInUse: boolean): Promise<ProfileView> {
    const { id } = own.member.profile;
    const [address, move, history] = await Promise.all([
      addressChanges.pendingOf(id),
      reassociations.pendingOf(id),
      historyOf(id, { viewer: session.account, limit: fewLines + 1 }),
    ]);
    return {
      own,
      isInUse,
      addressChange: address?.value,
      reassociation: move?.value,
      history: history.slice(0, fewLines),
      hasMore: history.length > fewLines,
    };
  }

  addPage(server, '/profile/:id/history', async (request, response) => {
    const session = await visitors.requireSession(request, response);
    if (!session) return;
    const own = await ownProfile(request, session);
    const { id } = own.member.profile;
    const before = new URLSearchParams(request.getQuery()).get('before')?.slice(0, 100) || undefined;
    const found = await historyOf(id, { viewer: session.account, limit: manyLines + 1, ...(before && { before }) });
    const entries = found.slice(0, manyLines);
    const last = found.length > manyLines ? entries.at(-1) : undefined;
    await send(request, response, {
      title: words.say('history.title'),
      place,
      content: HistoryPage({
        words,
        company: companyOf(own),
        entries,
        next: last && `/profile/${id}/history?before=${encodeURIComponent(last.id)}`,
      }),
    });
  });

  addPage(server, addressPlace, async (request, response) => {
    const session = await visitors.requireFresh(request, response);
    if (!session) return;
    const own = await ownProfile(request, session);
    const pending = await addressChanges.pendingOf(own.member.profile.id);
    const wantsOther = new URLSearchParams(request.getQuery()).get('other') === '1';
    if (pending?.value.state === 'awaiting-approval') return redirect(response, place);
    const typed = await typing.take(request, response, session, addressPlace.replace(':id', idOf(request)));
    if (pending && !wantsOther && typed === undefined) return sendCode(request, response, session, own);
    await sendNew(request, response, session, own, typed ?? '', undefined, typed !== undefined);
  });

  /**
   * A form about one profile, of somebody who has signed in of late; who has not comes back to `returnTo`. Each looks something
   * up and counts as that, but for one that only calls something off.
   */
  function onForm(
    path: string,
    act: (sent: SentForm) => Promise<void>,
    { returnTo = sectionPlace, isCounted = true, keeps }: FormOptions = {},
  ): void {
    server.post(`/profile/:id/${path}`, async (request: Request, response: Response) => {
      const form = await readForm(request);
      await csrf.check(request, form);
      const back = returnTo.replace(':id', idOf(request));
      const session = await visitors.requireFresh(request, response, back, async (stale) => {
        if (keeps) await typing.keep(response, stale, back, (form.get(keeps) ?? '').slice(0, longestTyped));
      });
      if (!session) return;
      if (isCounted) await take('find', request);
      const own = await ownProfile(request, session);
      await act({ request, response, form, session, own, id: own.member.profile.id, asker: asker(request, session) });
    });
  }

  onForm(
    'address',
    async ({ request, response, form, session, own, id, asker }) => {
      const typed = form.get('email') ?? '';
      const asked = await addressChanges.propose(id, typed, asker);
      if (asked.outcome === 'code-sent') return redirect(response, `/profile/${id}/address`);
      const shown = typed.slice(0, longestTyped);
      const problem =
        asked.outcome === 'wrong-address'
          ? words.say(`address.${asked.problem}`, { text: shown.slice(0, 100) })
          : asked.outcome === 'too-many'
            ? words.say('address.tooMany', minutes(asked.retryAfter))
            : words.say(`address.not.${asked.outcome}`);
      await sendNew(request, response, session, own, shown, problem);
    },
    { returnTo: addressPlace, keeps: 'email' },
  );

  onForm(
    'address/confirm',
    async ({ request, response, form, session, own, id, asker }) => {
      const typed = (form.get('code') ?? '').slice(0, longestTyped);
      const confirmed = await addressChanges.confirm(id, typed, asker);
      if (confirmed.outcome === 'changed') {
        told.tell(response, 'told.addressChanged', { email: confirmed.change.newEmail });
        return redirect(response, place);
      }
      if (confirmed.outcome === 'awaiting-approval') {
        told.tell(response, 'told.addressWaits');
        return redirect(response, place);
      }
      // Pressed twice: what was asked for is done, and the second press has nothing left to do.
      const latest = (await addressChanges.latestOf(id))?.value;
      if (confirmed.outcome === 'none' && latest?.state === 'done') {
        told.tell(response, 'told.addressChanged', { email: latest.newEmail });
        return redirect(response, place);
      }
      const problem =
        confirmed.outcome === 'wrong'
          ? words.say('address.wrongCode', { left: confirmed.triesLeft })
          : words.say(`address.code.${confirmed.outcome}` as WordKey);
      if (confirmed.outcome === 'wrong') return sendCode(request, response, session, own, typed, problem);
      await sendNew(request, response, session, own, latest?.newEmail ?? '', problem);
    },
    { returnTo: addressPlace },
  );

  onForm(
    'address/cancel',
    async ({ response, id, asker }) => {
      const outcome = await addressChanges.cancel(id, asker);
      told.tell(response, outcome === 'cancelled' ? 'told.addressCancelled' : 'told.notPending');
      redirect(response, place);
    },
    { isCounted: false },
  );

  onForm(
    'move',
    async ({ response, own, id, asker }) => {
      const asked = await reassociations.request(id, asker);
      const { email } = own.member.profile.value;
      if (asked.outcome === 'invited' || asked.outcome === 'pending')
        told.tell(response, 'told.moveInvited', { email });
      else if (asked.outcome === 'awaiting-approval') told.tell(response, 'told.moveWaits');
      else if (asked.outcome === 'too-many') told.tell(response, 'told.notTooMany');
      else told.tell(response, 'told.notMoved');
      redirect(response, place);
    },
    { returnTo: movePlace },
  );

  onForm(
    'move/cancel',
    async ({ response, id, asker }) => {
      const outcome = await reassociations.cancel(id, asker);
      told.tell(response, outcome === 'cancelled' ? 'told.moveCancelled' : 'told.notPending');
      redirect(response, place);
    },
    { returnTo: movePlace, isCounted: false },
  );

  server.post(`${place}/sessions/end`, async (request: Request, response: Response) => {
    const form = await readForm(request);
    await csrf.check(request, form);
    const session = await visitors.requireSession(request, response, place);
    if (!session) return;
    // Ends none but this account's own; one that is over already is as it was meant to be.
    await sessions.end(form.get('session') ?? '', session.account);
    told.tell(response, 'told.sessionEnded');
    redirect(response, place);
  });

  /** @throws HttpError 404 for a profile that is not this account's, as for one that never was */
  async function ownProfile(request: Request, { account }: Session): Promise<OwnProfile> {
    const id = idOf(request);
    const own = (await ownProfiles.of(account)).find(({ member }) => member.profile.id === id);
    if (!own) throw new HttpError(404, 'NotFound', words.say('error.notFound'));
    return own;
  }

  const asker = (request: Request, session: Session) => askerOf(session, clientOf(request));

  async function sendCode(
    request: Request,
    response: Response,
    session: Session,
    own: OwnProfile,
    typed = '',
    problem?: string,
  ): Promise<void> {
    const pending = (await addressChanges.pendingOf(own.member.profile.id))?.value;
    if (pending?.state !== 'code-sent') return sendNew(request, response, session, own, '', problem);
    await send(request, response, {
      title: words.say('address.codeTitle'),
      place,
      status: problem ? 400 : 200,
      content: AddressCodePage({
        words,
        csrf: csrf.tokenOf(session),
        path: `/profile/${own.member.profile.id}/address`,
        company: companyOf(own),
        typed,
        problem,
        newEmail: pending.newEmail,
        until: pending.until,
      }),
    });
  }

  function sendNew(
    request: Request,
    response: Response,
    session: Session,
    own: OwnProfile,
    typed: string,
    problem?: string,
    isKept = false,
  ): Promise<void> {
    return send(request, response, {
      title: words.say('address.title'),
      place,
      status: problem ? 400 : 200,
      content: NewAddressPage({
        words,
        csrf: csrf.tokenOf(session),
        path: `/profile/${own.member.profile.id}/address`,
        company: companyOf(own),
        typed,
        problem,
        email: own.member.profile.value.email,
        isKept,
      }),
    });
  }
}

function idOf(request: Request): string {
  return encodeURIComponent((request.params as { id: string }).id);
}

function companyOf({ member: { organisation } }: OwnProfile): string {
  return `${organisation.value.name} - ${organisation.value.portal}`;
}

function nameOf({ email, name }: Session): string {
  return email ?? name ?? '';
}

function minutes(seconds: number): { readonly minutes: number } {
  return { minutes: Math.max(1, Math.ceil(seconds / 60)) };
}

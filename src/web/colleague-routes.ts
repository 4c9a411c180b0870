/**
 * /colleagues: what administrators see and do about the people of their organisation. Every form carries the profile it
 * was shown for, so that two tabs with two organisations do not get into each other's way; the verbs behind judge anew.
 */
import type { Request, Response, Server } from 'restify';
import { type OwnProfile, type OwnProfiles, profileInUse } from '../accounts/own-profiles.ts';
import type { ColleaguePage, InvitedRow } from '../colleagues/colleague.ts';
import { mostInvited } from '../colleagues/colleague.ts';
import type { Administrator, Colleagues } from '../colleagues/colleagues.ts';
import type { Role } from '../directory/directory.ts';
import type { Session } from '../sessions/session.ts';
import type { Words } from '../words/words.ts';
import { askerOf, readerOf } from './asker.ts';
import { readInviteRows, writeInviteRow } from './invite-rows.ts';
import type { KeptTyping } from './kept-typing.ts';
import { ColleaguesPage, NoAdministratorPage } from './pages/colleagues-page.tsx';
import { InvitePage, isSent } from './pages/invite-page.tsx';
import type { SendPrivate } from './private-page.ts';
import { readForm } from './read-form.ts';
import { addPage, type Take } from './server.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import { redirect } from './sign-in/visitors.ts';
import type { Told } from './told.ts';

export interface ColleagueRouteParts {
  readonly ownProfiles: OwnProfiles;
  readonly colleagues: Colleagues;
  readonly signIn: Pick<SignIn, 'visitors' | 'csrf'>;
  readonly told: Told;
  readonly typing: KeptTyping;
  readonly words: Words;
  readonly send: SendPrivate;
  readonly supportEmail: string;
  readonly clientOf: (request: Request) => string;
  readonly take: Take;
  readonly now: () => Date;
}

const place = '/colleagues';
const pageSize = 25;
const longestSearch = 100;
/** Twenty people with long names in any script, and the list of a hundred that has to be told to be shorter. */
const largestList = 64 * 1024;

/** What a verb came to, as the words call it, and its values. */
type Verb = (by: Administrator, profile: string, form: URLSearchParams) => Promise<{ readonly outcome: string }>;

export function addColleagueRoutes(server: Server, parts: ColleagueRouteParts): void {
  const { ownProfiles, colleagues, signIn, told, typing, words, send, supportEmail, clientOf, take, now } = parts;
  const { visitors, csrf } = signIn;

  addPage(server, place, async (request, response) => {
    const session = await visitors.requireSession(request, response);
    if (!session) return;
    await take('search', request);
    const query = new URLSearchParams(request.getQuery());
    const administered = await administeredBy(session);
    const as = chosen(administered, query.get('as'), session);
    if (!as) return sendNone(request, response);
    const search = (query.get('q') ?? '').slice(0, longestSearch).replace(/\s+/g, ' ').trim();
    const after = (query.get('after') ?? '').slice(0, 1000);
    const isPending = query.get('pending') === '1';
    const by = { profile: as.member.profile.id, asker: readerOf(session, clientOf(request), now()) };
    const page = await colleagues.list(by, {
      limit: pageSize,
      isPending,
      ...(search && { search }),
      ...(after && { after }),
    });
    if ('outcome' in page) return sendNone(request, response);
    await sendList(request, response, session, { administered, as, page, search, after, isPending });
  });

  interface Listed {
    readonly administered: readonly OwnProfile[];
    readonly as: OwnProfile;
    readonly page: ColleaguePage;
    readonly search: string;
    readonly after: string;
    readonly isPending: boolean;
  }

  function sendList(request: Request, response: Response, session: Session, listed: Listed): Promise<void> {
    const { administered, as, ...shown } = listed;
    return send(request, response, {
      title: words.say('colleagues.title'),
      place,
      content: ColleaguesPage({
        words,
        csrf: csrf.tokenOf(session),
        told: told.read(request, response),
        as: as.member,
        others: administered.filter((one) => one !== as).map(({ member }) => member),
        ...shown,
      }),
    });
  }

  addPage(server, '/colleagues/invite', async (request, response) => {
    const session = await visitors.requireFresh(request, response);
    if (!session) return;
    const as = chosen(await administeredBy(session), new URLSearchParams(request.getQuery()).get('as'), session);
    if (!as) return sendNone(request, response);
    const kept = await typing.take(request, response, session, inviteForm(as.member.profile.id));
    await sendInvite(request, response, session, as, 200, kept ?? '', undefined, [], kept !== undefined);
  });

  server.post('/colleagues/invite', async (request: Request, response: Response) => {
    const form = await readForm(request, largestList);
    await csrf.check(request, form);
    const given = form.get('as') ?? '';
    const back = `/colleagues/invite?as=${encodeURIComponent(given)}`;
    const session = await visitors.requireFresh(request, response, back, (stale) =>
      typing.keep(response, stale, inviteForm(given), form.get('people') ?? ''),
    );
    if (!session) return;
    await take('find', request);
    const as = chosen(await administeredBy(session), given, session);
    if (!as) return refuse(response);
    const typed = form.get('people') ?? '';
    const rows = readInviteRows(typed);
    const again = (problem: string) => sendInvite(request, response, session, as, 400, typed, problem, []);
    if (rows.length === 0) return again(words.say('invite.nobody'));
    if (rows.length > mostInvited) return again(words.say('invite.tooLong', { count: rows.length, most: mostInvited }));
    const by = { profile: as.member.profile.id, asker: askerOf(session, clientOf(request)) };
    const invited = await colleagues.invite(by, rows);
    if ('outcome' in invited) return refuse(response);
    const left = invited.filter((row) => !isSent(row.outcome) && isWorthMending(row)).map(writeInviteRow);
    const problem = left.length > 0 ? words.say('invite.mend', { count: left.length }) : undefined;
    const status = left.length > 0 ? 400 : 200;
    await sendInvite(request, response, session, as, status, left.join('\n'), problem, invited);
  });

  function sendInvite(
    request: Request,
    response: Response,
    session: Session,
    as: OwnProfile,
    status: number,
    typed: string,
    problem: string | undefined,
    rows: readonly InvitedRow[],
    isKept = false,
  ): Promise<void> {
    return send(request, response, {
      title: words.say('invite.title'),
      place,
      status,
      content: InvitePage({ words, csrf: csrf.tokenOf(session), as: as.member, typed, problem, rows, isKept }),
    });
  }

  const verbs: Readonly<Record<string, Verb>> = {
    resend: (by, profile) => colleagues.resend(by, profile),
    revoke: (by, profile) => colleagues.revoke(by, profile),
    role: async (by, profile, form) => {
      const role = form.get('role');
      if (role !== 'member' && role !== 'administrator') return { outcome: 'unknown' };
      return colleagues.changeRole(by, profile, role satisfies Role);
    },
    end: (by, profile) => colleagues.endAccess(by, profile),
    restore: (by, profile) => colleagues.restore(by, profile),
  };

  for (const [name, verb] of Object.entries(verbs)) {
    server.post(`/colleagues/:id/${name}`, async (request: Request, response: Response) => {
      const form = await readForm(request);
      await csrf.check(request, form);
      const { id } = request.params as { id: string };
      const list = backTo(form, id);
      const session = await visitors.requireFresh(request, response, list);
      if (!session) return;
      await take('find', request);
      const as = chosen(await administeredBy(session), form.get('as') ?? '', session);
      if (!as) return refuse(response);
      const by = { profile: as.member.profile.id, asker: askerOf(session, clientOf(request)) };
      const { outcome } = await verb(by, id, form);
      if (outcome === 'not-allowed') return refuse(response);
      told.tell(response, toldFor(name, outcome));
      redirect(response, list);
    });
  }

  /** Profiles of the account that may do this now. */
  async function administeredBy({ account }: Session): Promise<readonly OwnProfile[]> {
    const own = await ownProfiles.toChooseFrom(account);
    return own.filter(({ member }) => member.profile.value.role === 'administrator');
  }

  /** The profile that was asked for; without one, the one in use, or the first. */
  function chosen(administered: readonly OwnProfile[], given: string | null, session: Session): OwnProfile | undefined {
    if (given !== null) return administered.find(({ member }) => member.profile.id === given);
    return profileInUse(administered, session) ?? administered[0];
  }

  function sendNone(request: Request, response: Response): Promise<void> {
    return send(request, response, {
      title: words.say('colleagues.none'),
      place,
      status: 403,
      content: NoAdministratorPage({ words, told: told.read(request, response), supportEmail }),
    });
  }

  /** For a form of somebody who is no administrator, any more or at all. */
  function refuse(response: Response): void {
    told.tell(response, 'told.notAdministrator');
    redirect(response, place);
  }
}

/** The form of somebody who invites as this profile. */
function inviteForm(profile: string): string {
  return `/colleagues/invite as ${profile}`;
}

/** Where a row's form leads back to: the list as it was, at the row. */
function backTo(form: URLSearchParams, id: string): string {
  const kept = new URLSearchParams();
  for (const name of ['as', 'q', 'pending', 'after']) {
    const value = form.get(name);
    if (value) kept.set(name, value.slice(0, 1000));
  }
  return `${place}?${kept}#_person-${encodeURIComponent(id)}`;
}

/** What is right as it was typed needs no other try today. */
function isWorthMending({ outcome }: InvitedRow): boolean {
  return outcome === 'wrong-address' || outcome === 'wrong-name' || outcome === 'limit';
}

const tellings = {
  'resend invited': 'told.resent',
  'resend already-there': 'told.notResentLinked',
  'resend too-soon': 'told.notResentSoon',
  'resend limit': 'told.notResentLimit',
  'revoke revoked': 'told.revoked',
  'revoke nothing': 'told.notPending',
  'role changed': 'told.roleChanged',
  'role same': 'told.roleChanged',
  'role last-administrator': 'told.notLastAdministrator',
  'end ended': 'told.ended',
  'end ended-before': 'told.ended',
  'end yourself': 'told.notYourself',
  'restore restored': 'told.restored',
  'restore not-ended': 'told.restored',
  'restore too-late': 'told.notRestored',
} as const;

function toldFor(verb: string, outcome: string): Parameters<Told['tell']>[1] {
  return tellings[`${verb} ${outcome}` as keyof typeof tellings] ?? 'told.notThere';
}

/** Puts sign-in together: providers, sessions, cookies, and the routes of all three. */
import type { Server } from 'restify';
import { type OwnProfiles, profileInUse } from '../../accounts/own-profiles.ts';
import type { Keys } from '../../keys.ts';
import type { Log } from '../../log.ts';
import type { SessionKind } from '../../sessions/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { type StaffAccounts, staffAccounts } from '../../sessions/staff-accounts.ts';
import type { Words } from '../../words/words.ts';
import { createCookies } from '../cookies.ts';
import type { AccountOf } from '../pages/account-menu.tsx';
import type { PageFrame } from '../pages/page.tsx';
import { loopbackFetch } from '../sample-sign-in/loopback-fetch.ts';
import { type SampleAccount, sampleAccounts, samplePath, sampleStaff } from '../sample-sign-in/sample-accounts.ts';
import { addSampleRoutes } from '../sample-sign-in/sample-routes.ts';
import type { Take } from '../server.ts';
import { accountOnPage } from './account-on-page.ts';
import { type Csrf, createCsrf } from './csrf.ts';
import { createFlowCookies } from './flow-cookie.ts';
import { OpenIdProvider, type ProviderSettings } from './open-id-provider.ts';
import { addSignInRoutes, type ProviderOnPage, type SignInRouteParts } from './sign-in-routes.ts';
import { addSignOutRoutes } from './sign-out-routes.ts';
import { Visitors } from './visitors.ts';

export interface SignInSettings {
  /** Undefined: the sample. */
  readonly users: ProviderSettings | undefined;
  readonly staff: ProviderSettings | undefined;
  readonly staffAccounts: readonly string[];
}

export interface SignInParts {
  readonly settings: SignInSettings;
  readonly listensOn: { readonly host: string; readonly port: number };
  readonly publicUrl: string;
  readonly sessions: Sessions;
  readonly ownProfiles: OwnProfiles;
  readonly keys: Keys;
  readonly words: Words;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly log: Log;
}

/** What the rest of the server sees of it. */
export interface SignIn {
  readonly visitors: Visitors;
  readonly csrf: Csrf;
  /** Names of staff who are known before they ever signed in, by id: those of the sample. */
  readonly staffNames: ReadonlyMap<string, string>;
  /** For the header of a page. */
  readonly accountOf: AccountOf;
  /** Empty where nobody uses the sample. */
  readonly sampleAccounts: readonly SampleAccount[];
  /** The settings that users sign in through now (`Session.through`). */
  readonly through: string;
  /** Who is staff. */
  readonly staff: StaffAccounts;
  addRoutes(server: Server, parts: { frame: PageFrame; supportEmail: string; take: Take }): void;
}

export function createSignIn(parts: SignInParts): SignIn {
  const { settings, listensOn, publicUrl, sessions, ownProfiles, keys, words, fetch, now, log } = parts;
  const cookies = createCookies(publicUrl);
  const redirectUri = `${publicUrl}/sign-in/callback`;
  const sampleSecret = Buffer.from(keys.for('sample sign-in client')[0]).toString('base64url');
  const sampleClients = { user: 'accessdesk', staff: 'accessdesk-staff' } as const;

  const providerFor = (kind: SessionKind, given: ProviderSettings | undefined): ProviderOnPage => {
    const isSample = given === undefined;
    const sample = {
      issuer: publicUrl + samplePath,
      clientId: sampleClients[kind],
      clientSecret: sampleSecret,
      tenants: [],
    };
    const provider = new OpenIdProvider({
      prefix: kind === 'staff' ? 'STAFF_SIGN_IN' : 'SIGN_IN',
      settings: given ?? sample,
      isSample,
      redirectUri,
      fetch: isSample ? loopbackFetch(publicUrl, listensOn) : fetch,
      now,
      log,
    });
    return { provider, name: isSample ? words.say('sample.provider') : nameOf(given.issuer), isSample };
  };
  const providers = { user: providerFor('user', settings.users), staff: providerFor('staff', settings.staff) };

  const staff = staffAccounts([...settings.staffAccounts, ...(settings.staff ? [] : sampleStaff(publicUrl))]);
  const through = { user: providers.user.provider.id, staff: providers.staff.provider.id };
  const visitors = new Visitors({ sessions, cookies, staff, through, now });
  const sessionOf: Visitors['sessionOf'] = (request) => visitors.sessionOf(request);
  const csrf = createCsrf({ keys, cookies, publicUrl, words, sessionOf });
  const usesSample = providers.user.isSample || providers.staff.isSample;

  const accountOf: AccountOf = async (request) => {
    const session = await sessionOf(request);
    if (!session) return undefined;
    const own = session.kind === 'user' ? await ownProfiles.of(session.account) : [];
    return accountOnPage(session, csrf.tokenOf(session), words, own);
  };

  /** Whoever has several profiles says first which one this is about, unless the page they go to is about all or one. */
  const leadsTo: SignInRouteParts['leadsTo'] = async (session, returnTo) => {
    if (session.kind !== 'user' || needsNoChoice.test(returnTo) || namesProfile.test(returnTo)) return returnTo;
    const own = await ownProfiles.toChooseFrom(session.account);
    if (own.length < 2 || profileInUse(own, session)) return returnTo;
    return `/accounts?return=${encodeURIComponent(returnTo)}`;
  };

  const nameOfSample = ({ subject, name }: SampleAccount) => [`${publicUrl}${samplePath}|${subject}`, name] as const;
  return {
    visitors,
    csrf,
    staffNames: new Map(
      settings.staff
        ? []
        : sampleAccounts.map(nameOfSample).filter(([id]) => staff.listed.some((one) => one.id === id)),
    ),
    accountOf,
    through: through.user,
    staff,
    sampleAccounts: usesSample ? sampleAccounts : [],
    addRoutes(server, { frame, supportEmail, take }) {
      const flows = createFlowCookies(cookies, keys, now);
      const shared = { visitors, csrf, accountOf, words, frame };
      addSignInRoutes(server, { ...shared, providers, flows, staff, leadsTo, supportEmail, take, now, log });
      addSignOutRoutes(server, shared);
      if (!usesSample) return;
      const clients = Object.values(sampleClients).map((id) => ({ id, secret: sampleSecret }));
      addSampleRoutes(server, { clients, redirectUri, keys, csrf, words, frame, take, log });
    },
  };
}

/** Pages that ask for themselves, or are in the middle of something. */
const needsNoChoice = /^\/(?:accounts|invitations|undo|associate|sign-in)(?:[/?#]|$)/;

/** Pages and forms that are about one profile and have it in their address: whoever is asked for another would lose their way. */
const namesProfile = /^\/(?:profile\/|profile#_|colleagues(?:\/\w+)?\?(?:[^#]*&)?as=)/;

/** Microsoft is known by its name, not by its host's. */
function nameOf(issuer: string): string {
  const { host } = new URL(issuer);
  return /^login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn)$/.test(host) ? 'Microsoft' : host;
}

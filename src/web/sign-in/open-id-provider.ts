/**
 * One OpenID provider as its settings name it: authorization code with PKCE, state and nonce, through openid-client.
 * The package is loaded and the provider asked for its addresses at the first sign-in, so that neither costs the start
 * anything, and a provider that is down keeps nobody from reading the help page.
 */
import type * as OpenIdClient from 'openid-client';
import type { Log } from '../../log.ts';
import type { SignedIn } from '../../sessions/session.ts';
import type { Flow } from './flow-cookie.ts';
import { ageOfSignIn, type Claims, identityOf } from './identity.ts';
import { SignInTrouble, troubleFrom } from './sign-in-trouble.ts';

export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** '' for a client without one. */
  readonly clientSecret: string;
  /** Tenants that are let in; all that the issuer serves when empty. */
  readonly tenants: readonly string[];
}

export interface OpenIdProviderParts {
  /** What its settings begin with, for the log. */
  readonly prefix: 'SIGN_IN' | 'STAFF_SIGN_IN';
  readonly settings: ProviderSettings;
  /** Our own sample, which may say what otherwise only Microsoft may. */
  readonly isSample: boolean;
  readonly redirectUri: string;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly log: Log;
}

export interface Proven {
  readonly signedIn: SignedIn;
  /** When the person proved who they are; undefined when the provider does not say. */
  readonly authenticatedAt: Date | undefined;
}

/** Seconds. */
const patience = 10;
/** Addresses and keys of a provider are asked for again after this, in ms; a new key is fetched as soon as one is met. */
const knownFor = 12 * 3600 * 1000;
/** And after this when it did not answer then, so that not everybody waits for it. */
const askAgainAfter = 60_000;

interface Discovered {
  readonly client: typeof OpenIdClient;
  readonly configuration: OpenIdClient.Configuration;
  readonly at: number;
}

export class OpenIdProvider {
  /** Changes with the settings: what was signed in through others does not count any more. */
  readonly id: string;
  readonly #parts: OpenIdProviderParts;
  #known: Discovered | undefined;
  #asking: Promise<Discovered> | undefined;

  constructor(parts: OpenIdProviderParts) {
    this.#parts = parts;
    this.id = `${parts.settings.issuer} ${parts.settings.clientId}`;
  }

  /** Where a browser goes to sign in, and what has to be remembered until it comes back. @throws SignInTrouble */
  async begin(again: boolean): Promise<{ address: URL } & Pick<Flow, 'state' | 'nonce' | 'verifier'>> {
    const { client, configuration } = await this.#discovered();
    const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#parts.redirectUri,
      scope: 'openid profile email',
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      // Several people, or several accounts of one, may use a browser: the provider asks which.
      ...(again ? { prompt: 'login', max_age: '0' } : { prompt: 'select_account' }),
    });
    return { address, state, nonce, verifier };
  }

  /** Whom a browser that came back has proven to be. @param query - of the callback's address @throws SignInTrouble */
  async redeem(query: URLSearchParams, flow: Flow): Promise<Proven> {
    const { client, configuration } = await this.#discovered();
    const claims = await this.#claims(client, configuration, query, flow);
    const { settings, isSample, now } = this.#parts;
    if (settings.tenants.length > 0 && !settings.tenants.includes(String(claims.tid).toLowerCase())) {
      throw new SignInTrouble('tenant', 'tid');
    }
    const age = ageOfSignIn(claims);
    // By the provider's clock alone: it is as old as it was when the token was made.
    const authenticatedAt = age === undefined ? undefined : new Date(now().getTime() - age);
    if (flow.again !== undefined && age !== undefined && age > now().getTime() - flow.begunAt + leeway) {
      throw new SignInTrouble('notAsked', 'auth_time');
    }
    return { signedIn: identityOf(claims, isSample), authenticatedAt };
  }

  async #claims(
    client: typeof OpenIdClient,
    configuration: OpenIdClient.Configuration,
    query: URLSearchParams,
    { state, nonce, verifier }: Flow,
  ): Promise<Claims> {
    const address = new URL(this.#parts.redirectUri);
    address.search = query.toString();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, address, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new SignInTrouble('unproven', 'no id token');
      if (claims.name || claims.email || claims.preferred_username) return claims;
      // Many providers tell a name only when asked for it (OpenID Connect Core, 5.4). It is for display: without it will do.
      const told = await client.fetchUserInfo(configuration, tokens.access_token, claims.sub).catch(() => undefined);
      return { ...claims, name: told?.name, email: told?.email ?? told?.preferred_username };
    } catch (error) {
      throw troubleFrom(error, 'unproven');
    }
  }

  /** Asks the provider for its addresses; those known stay in use while it does not answer. Resolves when it is there. */
  async #discovered(): Promise<Discovered> {
    const known = this.#known;
    if (known && this.#parts.now().getTime() - known.at < knownFor) return known;
    this.#asking ??= this.#discover().finally(() => {
      this.#asking = undefined;
    });
    try {
      this.#known = await this.#asking;
      return this.#known;
    } catch (error) {
      if (!known) throw error;
      this.#known = { ...known, at: this.#parts.now().getTime() - knownFor + askAgainAfter };
      return known;
    }
  }

  async #discover(): Promise<Discovered> {
    const { settings, prefix, fetch, now, log } = this.#parts;
    const { issuer, clientId, clientSecret } = settings;
    try {
      const client = await import('openid-client');
      const configuration = await client.discovery(
        new URL(issuer),
        clientId,
        undefined,
        clientSecret ? client.ClientSecretPost(clientSecret) : client.None(),
        {
          [client.customFetch]: fetch as OpenIdClient.CustomFetch,
          timeout: patience,
          execute: [
            // Without this openid-client believes TLS alone and does not look at an ID token's signature.
            client.enableNonRepudiationChecks,
            // The settings allow http for this machine alone.
            ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : []),
          ],
        },
      );
      return { client, configuration, at: now().getTime() };
    } catch (error) {
      const trouble = troubleFrom(error, 'unreachable');
      log.error(
        { issuer, reason: trouble.reason },
        `the provider of ${prefix}_ISSUER does not answer as one; sign-in waits for it. Check that ${issuer}/.well-known/openid-configuration can be read from here and names this issuer`,
      );
      throw new SignInTrouble('unreachable', trouble.reason, { cause: error });
    }
  }
}

/** For clocks that go by whole seconds and for providers that count a moment ago as now, in ms. */
const leeway = 30_000;

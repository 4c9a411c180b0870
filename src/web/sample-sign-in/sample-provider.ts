/**
 * The sample sign-in: a real OpenID provider with made-up people, for trying everything out on one machine. Only this
 * file loads the package. Its keys are made from the server's own, so that they are the same after a restart; what it
 * keeps of a sign-in under way is in memory, and one that a restart cut off begins anew.
 */
import { createECDH, createHash } from 'node:crypto';
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
import { base, Prompt } from 'oidc-provider/lib/helpers/interaction_policy/index.js';
import { Provider } from 'oidc-provider/lib/provider.js';
import type { Keys } from '../../keys.ts';
import type { Log } from '../../log.ts';
import { claimsOf, samplePath } from './sample-accounts.ts';

export interface SampleProviderParts {
  readonly issuer: string;
  readonly clients: readonly { readonly id: string; readonly secret: string }[];
  readonly redirectUri: string;
  readonly keys: Keys;
  /** The page for a request that it cannot serve. */
  readonly renderError: () => string;
  readonly pageHeaders: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** Seconds. */
const signInLasts = 600;
const nothingLasts = 60;

export function createSampleProvider(parts: SampleProviderParts): Provider {
  const { issuer, clients, redirectUri, keys, renderError, pageHeaders, log } = parts;
  const policy = base();
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  const provider = new Provider(issuer, {
    adapter: createMemoryAdapter(),
    clients: clients.map(({ id, secret }) => ({
      client_id: id,
      client_secret: secret,
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256',
      require_auth_time: true,
    })),
    jwks: { keys: [signingKey(keys.for('sample sign-in signature')[0])] },
    cookies: {
      keys: keys.for('sample sign-in cookies').map((key) => Buffer.from(key).toString('base64url')),
      names: { session: 'sample-session', interaction: 'sample-choice', resume: 'sample-resume' },
      // Where no browser ever asks, so that none sends it back: each sign-in asks who it is.
      long: { path: `${samplePath}/nowhere` },
    },
    claims: { openid: ['sub', 'tid', 'oid'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    findAccount: (_context: unknown, subject: string) => {
      const claims = claimsOf(subject);
      return claims && { accountId: subject, claims: () => ({ sub: subject, ...claims }) };
    },
    interactions: { policy, url: (_context: unknown, { uid }: { uid: string }) => `${samplePath}/choose/${uid}` },
    // Nobody is asked for consent to tell a server what it made up itself.
    async loadExistingGrant({ oidc }: { oidc: { client: { clientId: string }; session: { accountId: string } } }) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    renderError(context: { set(headers: object): void; body: string }) {
      context.set({ ...pageHeaders, 'cache-control': 'private, no-store' });
      context.body = renderError();
    },
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'email'],
    ttl: {
      AccessToken: nothingLasts,
      AuthorizationCode: nothingLasts,
      Grant: signInLasts,
      IdToken: nothingLasts,
      Interaction: signInLasts,
      Session: signInLasts,
    },
  });
  // Its addresses are PUBLIC_URL's, which sample-routes.ts writes into the headers that this reads.
  provider.proxy = true;
  const failed = (error: unknown) => log.error({ err: error }, 'the sample sign-in failed');
  provider.on('error', failed);
  provider.on('server_error', (_context, error) => failed(error));
  return provider;
}

/** A P-256 key whose private part is the given 32 bytes. Without their first bit they are below the curve's order. */
function signingKey(bytes: Uint8Array): object {
  const scalar = Buffer.from(bytes);
  scalar[0] = (scalar[0] ?? 0) & 0x7f;
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(scalar);
  const point = pair.getPublicKey(); // 0x04, x, y
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const kid = createHash('sha256').update(point).digest('base64url').slice(0, 16);
  return { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid, x, y, d: scalar.toString('base64url') };
}

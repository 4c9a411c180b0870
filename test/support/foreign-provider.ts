/** Another OpenID provider, on a port of its own: made with oidc-provider's standard behaviour and none of our sample. */

import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
import { base, Prompt } from 'oidc-provider/lib/helpers/interaction_policy/index.js';
import { Provider } from 'oidc-provider/lib/provider.js';
import { freePort } from './test-app.ts';
import type { Answer, WebVisitor } from './web-visitor.ts';

export interface ForeignProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Goes all the way with a browser: our button, its form, our callback. @returns the callback's answer */
  signIn(visitor: WebVisitor, returnTo: string): Promise<Answer>;
  close(): Promise<void>;
}

/** Signs everybody in as `kim` at the press of a button, and tells a name at its userinfo address only. */
export async function startForeignProvider(redirectUri: string): Promise<ForeignProvider> {
  const port = await freePort();
  // Another host than the app's, so that their cookies do not meet.
  const issuer = `http://127.0.0.1:${port}`;
  const [clientId, clientSecret] = ['accessdesk-there', 'secret-of-accessdesk-there'];
  const policy = base();
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const minutes = { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 };
  const provider = new Provider(issuer, {
    adapter: createMemoryAdapter(),
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'there', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['cookie-key-of-the-foreign-provider'] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, name: 'Kim Lee', email: 'kim@elsewhere.example' }),
    }),
    interactions: { policy, url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    async loadExistingGrant({ oidc }: { oidc: { client: { clientId: string }; session: { accountId: string } } }) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    ttl: minutes,
  });
  const handle = provider.callback();
  const server = createServer(async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return handle(request, response);
    if (request.method === 'POST') {
      return provider.interactionFinished(request, response, { login: { accountId: 'kim' }, select_account: {} });
    }
    response.setHeader('content-type', 'text/html');
    response.end('<form method="post"><button>I am Kim</button></form>');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    issuer,
    clientId,
    clientSecret,
    async signIn(visitor, returnTo) {
      const begun = await visitor.beginSignIn(returnTo);
      const interaction = await visitor.get(begun.location);
      const chosen = await visitor.post(new URL(interaction.location, issuer).href, {});
      const back = await visitor.get(new URL(chosen.location, issuer).href);
      return visitor.get(back.location);
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

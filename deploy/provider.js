/**
 * A sign-in provider to try AccessDesk with (deploy/compose.yaml), in a process and under a name of its own. Anybody is
 * anybody here, without a password: it is for one machine and nobody's production.
 *
 * ISSUER: its address as browsers and AccessDesk see it. CLIENT_SECRET: AccessDesk's. REDIRECT_URI: PUBLIC_URL/sign-in/callback.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
import { base, Prompt } from 'oidc-provider/lib/helpers/interaction_policy/index.js';
import { Provider } from 'oidc-provider/lib/provider.js';

const people = {
  amira: { name: 'Amira Malik', email: 'amira@contoso.example' },
  dana: { name: 'Dana Weber', email: 'dana@contoso.example' },
  lena: { name: 'Lena, a lead', email: 'lena@desk.example' },
  sam: { name: 'Sam of the desk', email: 'sam@desk.example' },
};

const { ISSUER, CLIENT_SECRET, REDIRECT_URI, PORT = '3000' } = process.env;
if (!ISSUER || !CLIENT_SECRET || !REDIRECT_URI) throw new Error('set ISSUER, CLIENT_SECRET and REDIRECT_URI');

const policy = base();
policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const provider = new Provider(ISSUER, {
  adapter: createMemoryAdapter(),
  clients: [
    {
      client_id: 'accessdesk',
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'first', alg: 'RS256', use: 'sig' }] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  claims: { openid: ['sub', 'auth_time'], profile: ['name'], email: ['email'] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  findAccount: (_context, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
  interactions: { policy, url: (_context, { uid }) => `/interaction/${uid}` },
  async loadExistingGrant({ oidc }) {
    const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
});
// Behind the balancer, which speaks https for it.
provider.proxy = true;

const handle = provider.callback();
const page = `<!doctype html><meta charset="utf-8"><title>Sign in</title><h1>Who are you?</h1><form method="post">${Object.entries(
  people,
)
  .map(([id, { name }]) => `<p><button name="who" value="${id}">${name}</button></p>`)
  .join('')}</form>`;

const server = createServer(async (request, response) => {
  if (request.url === '/healthy') return response.end('ok');
  if (!request.url?.startsWith('/interaction/')) return handle(request, response);
  if (request.method !== 'POST') return response.setHeader('content-type', 'text/html').end(page);
  const parts = [];
  for await (const part of request) parts.push(part);
  const who = new URLSearchParams(Buffer.concat(parts).toString()).get('who') ?? '';
  if (!Object.hasOwn(people, who)) return response.writeHead(400).end();
  return provider.interactionFinished(request, response, { login: { accountId: who }, select_account: {} });
});
server.listen(Number(PORT), process.env.HOST || '0.0.0.0');
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});

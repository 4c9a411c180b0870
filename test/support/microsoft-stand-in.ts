/** Behaves like the Microsoft identity platform where it is special: issuers with `{tenantid}`, tokens of many tenants. */
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';

export const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';
export const workTenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
export const clientId = '11111111-2222-3333-4444-555555555555';
export const clientSecret = 'client-secret-of-the-stand-in';
const origin = 'https://login.microsoftonline.com';

export const issuerOf = (tenant: string) => `${origin}/${tenant}/v2.0`;

/** How a token differs from a good one. */
export interface Token {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly without?: readonly string[];
  readonly key?: 'own' | 'foreign' | 'none' | 'secret';
}

export interface MicrosoftStandIn {
  readonly fetch: typeof fetch;
  /** The code for which a token with this nonce is given, once. */
  issue(nonce: string, tenant: string, token?: Token): string;
  /** Whether it answers at all, and how often its metadata was asked for. */
  isUp: boolean;
  discoveries: number;
  /** What the token endpoint answers instead of a token. */
  refusal: { error: string; error_description: string } | undefined;
}

export async function microsoftStandIn(): Promise<MicrosoftStandIn> {
  const own = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'key-1', use: 'sig' };
  const codes = new Map<string, { nonce: string; tenant: string; token: Token }>();

  const idToken = ({ nonce, tenant, token }: { nonce: string; tenant: string; token: Token }) => {
    const now = Math.floor(Date.now() / 1000);
    const claims: Record<string, unknown> = {
      iss: issuerOf(tenant),
      aud: clientId,
      sub: `subject-in-${tenant}`,
      tid: tenant,
      oid: '00000000-0000-0000-66f3-3332eca7ea81',
      name: 'Amira Malik',
      preferred_username: 'amira@contoso.example',
      iat: now,
      exp: now + 3600,
      nonce,
      ...token.claims,
    };
    for (const name of token.without ?? []) delete claims[name];
    if (token.key === 'none') return new UnsecuredJWT(claims).encode();
    const sign = (alg: string, key: CryptoKey | Uint8Array) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid: 'key-1', typ: 'JWT' }).sign(key);
    if (token.key === 'secret') return sign('HS256', Buffer.from(clientSecret));
    return sign('RS256', token.key === 'foreign' ? foreign.privateKey : own.privateKey);
  };

  const standIn: MicrosoftStandIn = {
    isUp: true,
    discoveries: 0,
    refusal: undefined,
    issue(nonce, tenant, token = {}) {
      const code = `code-${codes.size}-${nonce.slice(0, 8)}`;
      codes.set(code, { nonce, tenant, token });
      return code;
    },
    async fetch(input, init) {
      if (!standIn.isUp) throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
      const address = new URL(String(input instanceof Request ? input.url : input));
      const [, served = '', ...path] = address.pathname.split('/');
      if (address.origin !== origin) throw new Error(`not Microsoft's: ${address.origin}`);
      if (path.join('/') === 'v2.0/.well-known/openid-configuration') {
        standIn.discoveries++;
        const tenant =
          { common: '{tenantid}', organizations: '{tenantid}', consumers: personalTenant }[served] ?? served;
        return Response.json({
          issuer: issuerOf(tenant),
          authorization_endpoint: `${origin}/${served}/oauth2/v2.0/authorize`,
          token_endpoint: `${origin}/${served}/oauth2/v2.0/token`,
          jwks_uri: `${origin}/${served}/discovery/v2.0/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['pairwise'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      }
      if (path.join('/') === 'discovery/v2.0/keys') return Response.json({ keys: [jwk] });
      if (standIn.refusal) return Response.json(standIn.refusal, { status: 401 });
      const form = new URLSearchParams(String(init?.body));
      const given = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const isOurs = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
      if (!given || !isOurs || !form.get('code_verifier'))
        return Response.json({ error: 'invalid_grant' }, { status: 400 });
      const body = {
        token_type: 'Bearer',
        access_token: 'access-token',
        expires_in: 3600,
        id_token: await idToken(given),
      };
      return Response.json(body);
    },
  };
  return standIn;
}

/** Whom an ID token speaks of. Its signature, issuer, audience, nonce and times have been checked before. */
import type { SignedIn } from '../../sessions/session.ts';

/** The claims that are looked at. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly iat: number;
  readonly [claim: string]: unknown;
}

/** Microsoft identity platform, national clouds included: these issuers say truly which tenant and object it is. */
const microsoftIssuer =
  /^https:\/\/login\.(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn)\/([\da-f-]{36})\/v2\.0$/i;

/**
 * @param vouchesForIds - whether the issuer may be believed about `tid` and `oid` without being Microsoft's: only our
 *   own sample may. Any other provider could have its users choose them.
 */
export function identityOf(claims: Claims, vouchesForIds: boolean): SignedIn {
  const tenant = text(claims.tid, 100);
  const objectId = text(claims.oid, 100);
  const isTrue = vouchesForIds || microsoftIssuer.exec(claims.iss)?.[1] === tenant;
  const email = text(claims.email, 254) ?? text(claims.preferred_username, 254);
  const name = text(claims.name, 100) ?? email;
  return {
    issuer: claims.iss,
    subject: claims.sub,
    ...(isTrue && tenant && objectId && { tenant, objectId }),
    ...(name && { name }),
    ...(email && { email }),
  };
}

/** How long ago the person signed in when the token was made, in ms, by the provider's own clock; undefined when it does not say. */
export function ageOfSignIn({ iat, auth_time: at }: Claims): number | undefined {
  return typeof at === 'number' && Number.isFinite(at) ? Math.max(0, iat - at) * 1000 : undefined;
}

/** For display: one line, without what turns text round or hides in it. */
function text(claim: unknown, longest: number): string | undefined {
  if (typeof claim !== 'string') return undefined;
  const line = claim
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return Array.from(line).slice(0, longest).join('') || undefined;
}

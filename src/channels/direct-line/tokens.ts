/** Direct Line tokens: signed by this server, good for one user in one conversation. Nothing about them is stored. */
import { errors, jwtVerify, SignJWT } from 'jose';
import { HttpError } from '../../errors.ts';
import type { Keys } from '../../keys.ts';

/** Whose token it is: both ids were chosen by this server. */
export interface ChatIdentity {
  readonly conversationId: string;
  readonly userId: string;
}

/** Lifetimes in seconds: a token and a stream address as in Azure Direct Line; a conversation can be taken up again for 30 days. */
export const lifetimes = { token: 1800, stream: 60, resume: 30 * 24 * 3600 } as const;
type Purpose = keyof typeof lifetimes;

/** Verified tokens that are remembered; each is some hundred bytes. */
const mostVerified = 1000;

export interface ChatTokens {
  sign(purpose: 'token' | 'stream', identity: ChatIdentity): Promise<string>;
  /** @throws HttpError 403 when it is expired, forged or made for another purpose. */
  verify(purpose: 'token' | 'stream', token: string): Promise<ChatIdentity>;
  /** The identity of a token that may have expired, up to 30 days after it was signed; undefined for any other. */
  resume(token: string): Promise<ChatIdentity | undefined>;
}

export function createChatTokens(keys: Keys, now: () => Date): ChatTokens {
  const keysFor = { token: keys.for('direct line token'), stream: keys.for('direct line stream') };

  async function read(purpose: 'token' | 'stream', token: string, lifetime: Purpose) {
    let failure: unknown;
    for (const key of keysFor[purpose]) {
      try {
        const options = { algorithms: ['HS256'], currentDate: now(), maxTokenAge: lifetimes[lifetime] };
        const { payload } = await jwtVerify<{ conv: string }>(token, key, options);
        const identity: ChatIdentity = { conversationId: payload.conv, userId: payload.sub ?? '' };
        return { identity, signedAt: payload.iat ?? 0 };
      } catch (error) {
        failure = error;
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
      }
    }
    throw failure;
  }

  /** Tokens by what they were verified for, with the moment they expire in ms: a client sends the same one with every message. */
  const verified = new Map<string, { identity: ChatIdentity; until: number }>();

  async function verifyOnce(purpose: 'token' | 'stream', token: string): Promise<ChatIdentity> {
    const key = `${purpose} ${token}`;
    const known = verified.get(key);
    if (known && now().getTime() < known.until) return known.identity;
    const { identity, signedAt } = await read(purpose, token, purpose);
    if (verified.size >= mostVerified) verified.clear();
    verified.set(key, { identity, until: (signedAt + lifetimes[purpose]) * 1000 });
    return identity;
  }

  return {
    sign: (purpose, { conversationId, userId }) =>
      new SignJWT({ conv: conversationId })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(userId)
        .setIssuedAt(Math.floor(now().getTime() / 1000))
        .sign(keysFor[purpose][0]),
    async verify(purpose, token) {
      try {
        return await verifyOnce(purpose, token);
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw new HttpError(403, 'TokenExpired', 'the token has expired');
        throw new HttpError(403, 'BadToken', 'the token is not valid');
      }
    },
    resume: (token) =>
      read('token', token, 'resume').then(
        ({ identity }) => identity,
        () => undefined,
      ),
  };
}

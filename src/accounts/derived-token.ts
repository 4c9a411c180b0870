/**
 * Tokens in mailed links. They are derived from what the store keeps and a key it does not have, when a mail is sent
 * and when a link is opened; the store holds their hash only.
 */
import { createHmac, hash } from 'node:crypto';
import type { Keys } from '../keys.ts';

/** What a token is made of, and how it is found again. */
export interface TokenSeed {
  readonly id: string;
  readonly generation: number;
  /** Random, new with every token. */
  readonly nonce: string;
  /** SHA-256 of the token, base64url. */
  readonly tokenHash: string;
}

export interface DerivedTokens {
  /** The hash to keep for a new token. */
  hashFor(seed: Omit<TokenSeed, 'tokenHash'>): string;
  /** The token itself; undefined where the key it was made with is gone. */
  tokenOf(seed: TokenSeed): string | undefined;
}

/** base64url(HMAC-SHA-256(key, id.generation.nonce)): 256 bits that nobody guesses, with any key still in SECRET_KEY. */
export function derivedTokens(keys: Keys, purpose: string): DerivedTokens {
  const all = keys.for(purpose);
  const derive = (key: Uint8Array, { id, generation, nonce }: Omit<TokenSeed, 'tokenHash'>) =>
    createHmac('sha256', key).update(`${id}.${generation}.${nonce}`).digest('base64url');
  return {
    hashFor: (seed) => tokenHash(derive(all[0], seed)),
    tokenOf: (seed) => all.map((key) => derive(key, seed)).find((token) => tokenHash(token) === seed.tokenHash),
  };
}

/** By which a token that came in is looked up; '' for what cannot be one. */
export function tokenHash(token: string): string {
  return /^[\w-]{43}$/.test(token) ? hash('sha256', token, 'base64url') : '';
}

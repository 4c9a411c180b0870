/** Text that only this server can read and make, for what travels in a cookie: JWE, with a time after which it is void. */
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { Keys } from '../keys.ts';

export interface Seal<Content> {
  seal(content: Content): Promise<string>;
  /** Undefined where it was sealed with another key, forged, or is too old. */
  open(sealed: string): Promise<Content | undefined>;
}

/**
 * @param purpose - of the keys; what is sealed for one is nothing to another
 * @param claim - under which the content stands
 * @param lasts - seconds
 */
export function createSeal<Content>(
  keys: Keys,
  { purpose, claim, lasts }: { readonly purpose: string; readonly claim: string; readonly lasts: number },
  now: () => Date,
): Seal<Content> {
  const [key, ...olderKeys] = keys.for(purpose);
  return {
    seal: (content) =>
      new EncryptJWT({ [claim]: content })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(Math.floor(now().getTime() / 1000) + lasts)
        .encrypt(key),
    async open(sealed) {
      for (const one of [key, ...olderKeys]) {
        try {
          const options = {
            currentDate: now(),
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
          };
          return (await jwtDecrypt<Record<string, Content>>(sealed, one, options)).payload[claim] as
            | Content
            | undefined;
        } catch {
          // the next key, or nothing
        }
      }
      return undefined;
    },
  };
}

/** Keys for what this server signs and hands out, one per purpose, made from SECRET_KEY. */
import { hkdfSync } from 'node:crypto';

export interface Keys {
  /** 32 bytes per secret: the first signs, every one verifies. Keys of different purposes have nothing in common. */
  for(purpose: string): readonly [Uint8Array, ...Uint8Array[]];
}

/** `secrets` in the order of SECRET_KEY; at least one. Derivation is HKDF-SHA-256 (RFC 5869) with the purpose as info. */
export function createKeys(secrets: readonly [string, ...string[]]): Keys {
  const derive = (secret: string, purpose: string) => new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
  return {
    for(purpose) {
      const [first, ...others] = secrets;
      return [derive(first, purpose), ...others.map((secret) => derive(secret, purpose))];
    },
  };
}

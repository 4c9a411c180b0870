/** The cookies of this server: only for itself, out of reach for scripts, and sent along when another site leads here, but not with its forms. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Names are given without what all of ours begin with. */
export interface Cookies {
  read(request: IncomingMessage, name: string): string | undefined;
  /** The names that begin so, oldest first, which is the order browsers send them in (RFC 6265, 5.4). */
  namesWith(request: IncomingMessage, start: string): readonly string[];
  /** @param seconds - how long the browser keeps it; until it is closed when undefined */
  set(response: ServerResponse, name: string, value: string, seconds?: number): void;
  clear(response: ServerResponse, name: string): void;
}

/**
 * On https the prefix `__Host-` has the browser make sure that no other host, one of the same domain included, has set
 * the cookie. Loopback is http, where browsers refuse the prefix.
 */
export function createCookies(publicUrl: string): Cookies {
  const isSecure = publicUrl.startsWith('https:');
  const full = (name: string) => `${isSecure ? '__Host-' : ''}accessdesk-${name}`;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  const add = (response: ServerResponse, name: string, rest: string) =>
    response.appendHeader('set-cookie', `${full(name)}=${rest}; ${attributes}`);
  return {
    read: (request, name) => {
      const wanted = full(name);
      return pairsOf(request).find(([key]) => key === wanted)?.[1];
    },
    namesWith: (request, start) => {
      const wanted = full(start);
      const prefix = full('');
      return pairsOf(request).flatMap(([key]) => (key.startsWith(wanted) ? [key.slice(prefix.length)] : []));
    },
    set: (response, name, value, seconds) =>
      add(response, name, seconds === undefined ? value : `${value}; Max-Age=${seconds}`),
    clear: (response, name) => add(response, name, '; Max-Age=0'),
  };
}

function pairsOf({ headers: { cookie = '' } }: IncomingMessage): [name: string, value: string][] {
  return cookie.split(';').flatMap((part): [string, string][] => {
    const at = part.indexOf('=');
    return at > 0 ? [[part.slice(0, at).trim(), part.slice(at + 1).trim()]] : [];
  });
}

/** Whether a script of ours, in a page of ours, sent a request: what another origin sends with a visitor's cookie is not theirs. */
import type { IncomingMessage } from 'node:http';

/**
 * Cookies are kept from foreign sites by SameSite, but not from neighbours of the same domain. Browsers since 2023 say
 * where a request comes from; of an older one only an Origin that is ours counts. Whoever says nothing is not believed:
 * nothing is lost for them but that the chat asks who they are.
 */
export function isFromOwnPage({ headers }: IncomingMessage, publicUrl: string): boolean {
  const { origin } = headers;
  const isOurs = origin === new URL(publicUrl).origin;
  const site = headers['sec-fetch-site'];
  if (site === undefined) return isOurs;
  // Ours send no referrer, for which some browsers write null.
  return site === 'same-origin' && (isOurs || origin === undefined || origin === 'null');
}

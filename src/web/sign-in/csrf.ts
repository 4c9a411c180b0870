/**
 * Keeps foreign pages from sending our forms in a visitor's name. A form carries a token that only a page of ours can
 * know: an HMAC over the session, or for strangers over a random cookie of this browser (double submit).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from '../../errors.ts';
import type { Keys } from '../../keys.ts';
import type { Session } from '../../sessions/session.ts';
import type { Words } from '../../words/words.ts';
import type { Cookies } from '../cookies.ts';

/** The name of the form's hidden field. */
const csrfField = 'csrf';

export interface CsrfParts {
  readonly keys: Keys;
  readonly cookies: Cookies;
  readonly publicUrl: string;
  readonly words: Words;
  readonly sessionOf: (request: IncomingMessage) => Promise<Session | undefined>;
}

export interface Csrf {
  /** For the forms of this answer. A stranger's browser gets its cookie with it, so send such a page `no-store`. */
  token(request: IncomingMessage, response: ServerResponse): Promise<string>;
  /** For the forms of a page that is shown to this session. */
  tokenOf(session: Session): string;
  /** @throws HttpError 403 for a form that did not come from a page of ours in this browser, in this session */
  check(request: IncomingMessage, form: URLSearchParams): Promise<void>;
}

const visitorCookie = 'visitor';

export function createCsrf({ keys, cookies, publicUrl, words, sessionOf }: CsrfParts): Csrf {
  const macKeys = keys.for('csrf');
  const macOf = (key: Uint8Array, subject: string) => createHmac('sha256', key).update(subject).digest();
  const tokenFor = (subject: string) => macOf(macKeys[0], subject).toString('base64url');
  const ofSession = ({ id }: Session) => `session ${id}`;
  const ofVisitor = (visitor: string) => `visitor ${visitor}`;
  const visitorOf = (request: IncomingMessage) => {
    const visitor = cookies.read(request, visitorCookie) ?? '';
    return /^[\w-]{22}$/.test(visitor) ? visitor : undefined;
  };

  return {
    async token(request, response) {
      const session = await sessionOf(request);
      if (session) return tokenFor(ofSession(session));
      let visitor = visitorOf(request);
      if (!visitor) {
        visitor = randomBytes(16).toString('base64url');
        cookies.set(response, visitorCookie, visitor);
      }
      return tokenFor(ofVisitor(visitor));
    },
    tokenOf: (session) => tokenFor(ofSession(session)),
    async check(request, form) {
      const session = await sessionOf(request);
      const visitor = visitorOf(request);
      // Whoever signs in has forms open in other tabs still, of the stranger that this browser was until then.
      const subjects = [session && ofSession(session), visitor && ofVisitor(visitor)].filter(
        (one) => one !== undefined,
      );
      const given = Buffer.from(form.get(csrfField) ?? '', 'base64url');
      const isOurs = subjects.some((subject) =>
        macKeys.some((key) => {
          const expected = macOf(key, subject);
          return given.length === expected.length && timingSafeEqual(given, expected);
        }),
      );
      if (!isOurs || !comesFromUs(request, publicUrl)) throw new HttpError(403, 'OldForm', words.say('error.oldForm'));
    },
  };
}

/**
 * What browsers say of a form's origin. Sec-Fetch-Site is said on https and loopback, by every browser since 2023.
 * Origin is `null` from our own pages, since they send no referrer, so it can only speak against a form.
 */
function comesFromUs({ headers }: IncomingMessage, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  return origin === undefined || origin === 'null' || origin === new URL(publicUrl).origin;
}

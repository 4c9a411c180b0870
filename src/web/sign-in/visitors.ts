/** Who is asking: what every room that serves pages needs to know of sessions. */
import type { IncomingMessage } from 'node:http';
import type { Request, Response } from 'restify';
import { deviceOf } from '../../sessions/device.ts';
import type { Session, SessionKind } from '../../sessions/session.ts';
import { isFresh, sessionTimes } from '../../sessions/session-times.ts';
import type { NewSession, Sessions } from '../../sessions/sessions.ts';
import type { StaffAccounts, StaffRole } from '../../sessions/staff-accounts.ts';
import type { Cookies } from '../cookies.ts';
import { isStaffPath, returnPath } from './return-path.ts';

export interface VisitorsParts {
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly staff: StaffAccounts;
  /** The provider in force for each kind: sessions that came through another one are not taken. */
  readonly through: Readonly<Record<SessionKind, string>>;
  readonly now: () => Date;
}

const cookie = 'session';

/** The header of requests that a page makes by itself, while nobody may be there. */
const byItself = 'x-by-itself';

export class Visitors {
  readonly #parts: VisitorsParts;
  /** A request asks several times. */
  readonly #known = new WeakMap<IncomingMessage, Promise<Session | undefined>>();

  constructor(parts: VisitorsParts) {
    this.#parts = parts;
  }

  /** The session of a request; asking counts as use of it. */
  sessionOf(request: IncomingMessage): Promise<Session | undefined> {
    let session = this.#known.get(request);
    if (!session) {
      session = this.#read(request);
      this.#known.set(request, session);
    }
    return session;
  }

  /** Whether a session still holds; asking is no use of it. For connections that outlive the request they began with. */
  async holds({ id }: Session): Promise<boolean> {
    return this.#inForce(await this.#parts.sessions.lookById(id)) !== undefined;
  }

  /** Who somebody of staff is by the settings in force. */
  staffIdOf(session: Session): string | undefined {
    return session.kind === 'staff' ? this.#parts.staff.idOf(session) : undefined;
  }

  /** The role of a staff session by the settings in force. */
  roleOf(session: Session): StaffRole | undefined {
    return session.kind === 'staff' ? this.#parts.staff.roleOf(session) : undefined;
  }

  /**
   * The session of a page for people who are signed in; pages below /staff want a staff session, all others a user's.
   * Undefined when there is none: the answer is then a redirect to the sign-in, and the handler has nothing more to do.
   * @param returnTo - where to come back to, when that is not where the request went
   */
  async requireSession(request: Request, response: Response, returnTo = pathOf(request)): Promise<Session | undefined> {
    const session = await this.sessionOf(request);
    if (session?.kind === (isStaffPath(returnTo) ? 'staff' : 'user')) return session;
    redirect(response, `/sign-in?return=${encodeURIComponent(returnPath(returnTo))}`);
    return undefined;
  }

  /**
   * The same for a step that wants the person to have signed in within the last quarter of an hour.
   * @param beforeLeaving - done for whoever has to sign in once more, while the answer can still be added to
   */
  async requireFresh(
    request: Request,
    response: Response,
    returnTo = pathOf(request),
    beforeLeaving?: (session: Session) => Promise<void>,
  ): Promise<Session | undefined> {
    const session = await this.requireSession(request, response, returnTo);
    if (!session || isFresh(session, this.#parts.now())) return session;
    await beforeLeaving?.(session);
    redirect(response, `/sign-in?again=1&return=${encodeURIComponent(returnPath(returnTo))}`);
    return undefined;
  }

  /** Begins a session in this browser, in place of the one it had. */
  async begin(
    request: Request,
    response: Response,
    begun: Omit<NewSession, 'through' | 'device' | 'replaces'>,
  ): Promise<Session> {
    const { sessions, cookies, through } = this.#parts;
    const replaces = await this.sessionOf(request);
    const device = deviceOf(request.headers['user-agent']);
    const { secret, session } = await sessions.begin({ ...begun, through: through[begun.kind], device, replaces });
    cookies.set(response, cookie, secret, session.staysSignedIn ? sessionTimes.stay / 1000 : undefined);
    this.#known.set(request, Promise.resolve(session));
    return session;
  }

  /** Ends the session of this browser, or all of its account; the browser forgets it either way. */
  async end(request: Request, response: Response, everywhere = false): Promise<void> {
    const { sessions, cookies } = this.#parts;
    const session = await this.sessionOf(request);
    if (session && everywhere) await sessions.endAll(session.account);
    else if (session) await sessions.end(session.id, session.account);
    if (cookies.read(request, cookie) !== undefined) cookies.clear(response, cookie);
    this.#known.set(request, Promise.resolve(undefined));
  }

  async #read(request: IncomingMessage): Promise<Session | undefined> {
    const { sessions, cookies } = this.#parts;
    const secret = cookies.read(request, cookie);
    if (secret === undefined) return undefined;
    return this.#inForce(await (request.headers[byItself] ? sessions.look(secret) : sessions.read(secret)));
  }

  #inForce(session: Session | undefined): Session | undefined {
    const { through, staff } = this.#parts;
    if (!session || session.through !== through[session.kind]) return undefined;
    // Who is taken off STAFF_ACCOUNTS is out at once, not when the session ends.
    return session.kind === 'staff' && !staff.roleOf(session) ? undefined : session;
  }
}

export function redirect(response: Response, path: string): void {
  response.writeHead(303, { location: path, 'content-length': 0, 'cache-control': 'no-store' });
  response.end();
}

/** A form's address is no page to come back to. */
function pathOf(request: Request): string {
  return request.method === 'GET' ? (request.url ?? '/') : '/';
}

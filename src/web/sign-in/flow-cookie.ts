/**
 * What a sign-in under way needs to remember, sealed in a cookie of the browser that began it: one per sign-in, so that
 * several tabs do not get into each other's way, and nothing is kept here for those who never come back.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Keys } from '../../keys.ts';
import type { SessionKind } from '../../sessions/session.ts';
import type { Cookies } from '../cookies.ts';
import { createSeal } from '../sealed.ts';

export interface Flow {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
  readonly kind: SessionKind;
  readonly returnTo: string;
  readonly staysSignedIn: boolean;
  /** The account that has to prove itself once more; undefined for a sign-in of anybody. */
  readonly again?: string;
  /** ms since 1970. */
  readonly begunAt: number;
}

/** Seconds. */
const lifetime = 600;
/** Sign-ins under way in one browser; beyond it the oldest is given up, or the cookies would outgrow a request. */
const most = 5;
const start = 'flow-';

export interface FlowCookies {
  keep(request: IncomingMessage, response: ServerResponse, flow: Flow): Promise<void>;
  /** The sign-in with this state, once: the browser forgets it. Undefined when it was not begun here, is over or too old. */
  take(request: IncomingMessage, response: ServerResponse, state: string): Promise<Flow | undefined>;
}

export function createFlowCookies(cookies: Cookies, keys: Keys, now: () => Date): FlowCookies {
  const flows = createSeal<Flow>(keys, { purpose: 'sign-in flow', claim: 'flow', lasts: lifetime }, now);

  return {
    async keep(request, response, flow) {
      const underWay = cookies.namesWith(request, start);
      for (const oldest of underWay.slice(0, Math.max(0, underWay.length + 1 - most))) cookies.clear(response, oldest);
      cookies.set(response, nameFor(flow.state), await flows.seal(flow), lifetime);
    },
    async take(request, response, state) {
      const name = nameFor(state);
      const sealed = cookies.read(request, name);
      if (sealed === undefined) return undefined;
      cookies.clear(response, name);
      const flow = await flows.open(sealed);
      return flow?.state === state ? flow : undefined;
    },
  };
}

/** Says nothing of the state itself. */
function nameFor(state: string): string {
  return start + createHash('sha256').update(state).digest('base64url').slice(0, 16);
}

/**
 * What somebody typed into a form that came when their sign-in was no longer fresh, until they have signed in again: the
 * form is shown once more with it, and sends nothing by itself. It travels sealed in a cookie of that browser, so nothing is
 * kept here, and opens for the same account and form only. Codes and other secrets are no business of it.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Request, Response } from 'restify';
import type { Keys } from '../keys.ts';
import type { Session } from '../sessions/session.ts';
import type { Cookies } from './cookies.ts';
import { createSeal } from './sealed.ts';

export interface KeptTyping {
  /** @param form - address of the page that has the form. What is too long for a cookie is not kept. */
  keep(response: Response, session: Session, form: string, typed: string): Promise<void>;
  /** What was kept for this account and form, once; undefined where there is nothing. */
  take(request: Request, response: Response, session: Session, form: string): Promise<string | undefined>;
}

interface Kept {
  readonly account: string;
  readonly form: string;
  /** Compressed, as base64url. */
  readonly typed: string;
}

const cookie = 'typed';
/** Seconds, as long as a sign-in may be under way. */
const lasts = 600;
/** Browsers keep cookies of 4,096 bytes, name and attributes included. */
const largest = 3_800;
/** More cannot have gone in. */
const longestTyped = 64 * 1024;

export function createKeptTyping(cookies: Cookies, keys: Keys, now: () => Date): KeptTyping {
  const typings = createSeal<Kept>(keys, { purpose: 'kept typing', claim: 'kept', lasts }, now);

  return {
    async keep(response, { account }, form, typed) {
      if (typed.trim() === '' || typed.length > longestTyped) return;
      const kept: Kept = { account, form, typed: deflateRawSync(typed).toString('base64url') };
      const sealed = await typings.seal(kept);
      if (sealed.length <= largest) cookies.set(response, cookie, sealed, lasts);
    },
    async take(request, response, { account }, form) {
      const sealed = cookies.read(request, cookie);
      if (sealed === undefined) return undefined;
      const kept = await typings.open(sealed);
      // Another form of the same browser may be on its way there still.
      if (kept?.account === account && kept.form !== form) return undefined;
      cookies.clear(response, cookie);
      if (kept?.account !== account) return undefined;
      return inflateRawSync(Buffer.from(kept.typed, 'base64url'), { maxOutputLength: 4 * longestTyped }).toString();
    },
  };
}

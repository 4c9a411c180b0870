/** Who asks for something on a page, as the rooms behind it judge: an account that signed in. */
import type { Asker } from '../proofs/proof.ts';
import type { Session } from '../sessions/session.ts';

/**
 * For what changes something: worth a quarter of an hour from the sign-in. The holder is the account, not the session: a
 * code that was asked for counts also after signing in once more, and on the phone on which the mail was read.
 * @param from - the sender's network
 */
export function askerOf({ account, authenticatedAt }: Session, from: string): Asker {
  return {
    holder: { id: `account:${account}`, person: `account:${account}`, from },
    proof: { level: 'sign-in', account, verifiedAt: authenticatedAt },
  };
}

/** For what is only shown: a session proves its account as long as it lives. */
export function readerOf(session: Session, from: string, now: Date): Asker {
  return askerOf({ ...session, authenticatedAt: now.toISOString() }, from);
}

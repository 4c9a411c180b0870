/**
 * Signing in for a chat. The chat gets a link; whoever opens it and signs in is shown a number; the sign-in counts once that
 * number is given in the chat that asked. So a link that is passed on to somebody else proves nothing.
 */
import type { Action } from './levels.ts';
import type { Holder, Proof } from './proof.ts';

export interface ChatSignInFound {
  /** Whose chat it is, as the trail names it, for the page to name the channel. */
  readonly person: string;
  /** What the chat asks it for, for the page to name. */
  readonly action: Action;
  readonly state: 'open' | 'offered';
  /** ISO 8601, UTC. */
  readonly until: string;
}

export type Offered =
  | {
      readonly outcome: 'offered' /** Six digits. */;
      readonly number: string;
      readonly until: string;
      readonly action: Action;
    }
  | { readonly outcome: 'over' };

export type NumberChecked =
  | { readonly outcome: 'verified'; readonly proof: Proof & { readonly level: 'sign-in' } }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  /** `not-offered`: nobody has signed in by the link yet. `none`: nothing was asked for here, or it is done. */
  | { readonly outcome: 'locked' | 'expired' | 'not-offered' | 'none' };

export type SignInRequested =
  | { readonly outcome: 'requested' /** Of /sign-in/chat/:id. */; readonly id: string; readonly until: string }
  | { readonly outcome: 'too-many'; readonly retryAfter: number };

export class ChatSignIns {
  /** Begins one, which replaces the one before of this holder. */
  async request(_holder: Holder, _action: Action): Promise<SignInRequested> {
    throw new Error('to come');
  }

  /** What the page shows before somebody signs in; looking changes nothing. Undefined where it is over. */
  async find(_id: string): Promise<ChatSignInFound | undefined> {
    throw new Error('to come');
  }

  /** The number to show to who signed in; the same again for the same account, tries go on counting. */
  async offer(_id: string, _account: string): Promise<Offered> {
    throw new Error('to come');
  }

  /** Proves the account for this holder, if the digits are right. */
  async verify(_holder: Holder, _digits: string): Promise<NumberChecked> {
    throw new Error('to come');
  }
}

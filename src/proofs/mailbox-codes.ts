/**
 * Codes that prove a mailbox: eight digits by mail, for ten minutes, five tries, once, for the holder that asked and the
 * address that was asked for. Asking is the same - result, work, what is written - whether anybody has the address: who it
 * belongs to is looked up afterwards. No code is stored, nor its hash.
 */
import type { EmailAddress } from '../mail/email-address.ts';
import type { Change } from '../records/records.ts';
import type { Holder, Proof } from './proof.ts';

/** What a code is for: to know whose profiles these are, or whether a profile's new address is read by who asks. */
export type CodePurpose = 'identity' | 'new-address';

export type CodeAsked =
  /** Whether a mail goes out is told to nobody. ISO 8601, UTC. */
  | { readonly outcome: 'asked'; readonly until: string }
  /** The asker's own limit. */
  | { readonly outcome: 'too-many'; readonly retryAfter: number };

export type CodeChecked<T> =
  | { readonly outcome: 'verified'; readonly result: T }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  /** `none`: no code was asked for here, for this address, or it was used already. */
  | { readonly outcome: 'locked' | 'expired' | 'none' };

export class MailboxCodes {
  /** Sends a code, which replaces the one before. Limits of an address are silent: the code before then still counts. */
  async ask(_holder: Holder, _address: EmailAddress, _purpose: CodePurpose = 'identity'): Promise<CodeAsked> {
    throw new Error('to come');
  }

  /** Proves the mailbox for this holder, if the digits are right. Blanks and dashes within them do not count. */
  async verify(_holder: Holder, _address: string, _digits: string): Promise<CodeChecked<Proof>> {
    throw new Error('to come');
  }

  /**
   * Uses a code up, together with what it allows.
   * @param address - canonical
   * @param allow - adds to the change that uses the code up; may be called again when somebody was faster
   */
  async use<T>(
    _of: { readonly holder: Holder; readonly address: string; readonly purpose: CodePurpose },
    _digits: string,
    _allow: (change: Change) => Promise<T>,
  ): Promise<CodeChecked<T>> {
    throw new Error('to come');
  }

  /** Of a mail that is about to be sent; undefined where the code is over. */
  async code(_id: string): Promise<string | undefined> {
    throw new Error('to come');
  }

  /** Works off what was asked for; to be called at the start too. */
  wake(): void {}

  /** Resolves when nothing is being worked off. */
  async idle(): Promise<void> {}
}

/** What has been proven where: kept for 15 minutes, for its holder only. */
import { createHash } from 'node:crypto';
import type { TeamsIdentity } from '../directory/directory.ts';
import type { Change, Records } from '../records/records.ts';
import type { Holder, Proof } from './proof.ts';

export interface ProofsParts {
  readonly records: Records;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** A proof without its time: what is to be kept. */
export type Proven =
  | { readonly level: 'mailbox'; readonly address: string }
  | { readonly level: 'sign-in'; readonly account: string; readonly session?: string }
  | { readonly level: 'teams'; readonly teams: TeamsIdentity };

export class Proofs {
  constructor(readonly parts: ProofsParts) {}

  /** The strongest proof of this holder that has not run out, the newest of those; undefined where there is none. */
  async of(_holder: Holder): Promise<Proof | undefined> {
    throw new Error('to come');
  }

  /** Every proof of this holder that has not run out, strongest first. */
  async all(_holder: Holder): Promise<readonly Proof[]> {
    throw new Error('to come');
  }

  /**
   * Keeps what was proven elsewhere: a sign-in that a page knows, the identity of an authenticated Teams activity.
   * @param at - when it was proven; undefined: now
   */
  async keep(_holder: Holder, _proven: Proven, _at?: Date): Promise<Proof> {
    throw new Error('to come');
  }

  /** Adds to the change that proves it. */
  add(_change: Change, _holder: Holder, _proven: Proven, _at?: Date): Proof {
    throw new Error('to come');
  }

  /** Ends every proof of this holder, as when somebody says that they are done. */
  async end(_holder: Holder): Promise<void> {
    throw new Error('to come');
  }

  /** Ends what a session lent to chats; to be called when it is signed out. */
  async endOfSession(_session: string): Promise<void> {
    throw new Error('to come');
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

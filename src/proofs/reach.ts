/** Which profiles a proof reaches, and whether it is enough for what is to be done to one of them. */
import type { Linked } from '../accounts/accounts.ts';
import type { Member, TeamsIdentity } from '../directory/directory.ts';
import type { Action, Judgement } from './levels.ts';
import type { Proof } from './proof.ts';

/** A profile with what it is linked to, if anything. */
export interface Reached {
  readonly member: Member;
  readonly association?: Linked['association'];
}

export class Reach {
  /**
   * Profiles of the mailbox's address; or those the account is linked to; or those that carry the Teams identity or are
   * linked to the account that a sign-in tied to it. Nothing where the proof has run out. Ended ones are among them.
   */
  async profiles(_proof: Proof): Promise<readonly Reached[]> {
    throw new Error('to come');
  }

  /** `not-enough` where the proof does not reach the profile, or has run out. */
  async judge(_action: Action, _proof: Proof, _profile: string): Promise<Judgement> {
    throw new Error('to come');
  }

  /** Ties a Teams identity to an account, once: by a sign-in proof in that Teams chat. False where it is tied to another. */
  async tieTeams(_identity: TeamsIdentity, _proof: Proof & { readonly level: 'sign-in' }): Promise<boolean> {
    throw new Error('to come');
  }
}

/** Which profiles a proof reaches, and whether it is enough for what is to be done to one of them. */
import type { Accounts } from '../accounts/accounts.ts';
import type { Association } from '../accounts/association.ts';
import { recordInAudit } from '../audit/audit.ts';
import { type Directory, type Member, type TeamsIdentity, teamsKey } from '../directory/directory.ts';
import { Change, type Records, type RecordType, type Stored } from '../records/records.ts';
import { type Action, type Judgement, judge } from './levels.ts';
import { type Asker, byOf, isLive, type Proof } from './proof.ts';

/** A Teams identity that a sign-in tied to an account. */
export interface TeamsLink extends TeamsIdentity {
  /** `issuer|subject`. */
  readonly account: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export const teamsLinks: RecordType<TeamsLink> = {
  name: 'teams-links',
  indexes: { account: ({ account }) => [account] },
  person: ({ objectId, account }) => [objectId, account],
};

/** A profile with what it is linked to, if anything. */
export interface Reached {
  readonly member: Member;
  readonly association?: Stored<Association>;
}

export interface ReachParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly accounts: Accounts;
  readonly now: () => Date;
  readonly newId: () => string;
}

export class Reach {
  readonly #parts: ReachParts;

  constructor(parts: ReachParts) {
    this.#parts = parts;
  }

  /**
   * Profiles of the mailbox's address; or those the account is linked to; or those that carry the Teams identity or are
   * linked to the account that a sign-in tied to it. Nothing where the proof has run out. Ended ones are among them.
   */
  async profiles(proof: Proof): Promise<readonly Reached[]> {
    const { accounts, now } = this.#parts;
    if (!isLive(proof, now())) return [];
    const members = await this.#members(proof);
    return Promise.all(
      members.map(async (member) => {
        const association = await accounts.association(member.profile.id);
        return { member, ...(association && { association }) };
      }),
    );
  }

  /** `not-enough` where the proof does not reach the profile, or has run out. */
  async judge(action: Action, proof: Proof, profile: string): Promise<Judgement> {
    const reached = await this.profiles(proof);
    return reached.some(({ member }) => member.profile.id === profile) ? judge(action, proof.level) : 'not-enough';
  }

  /** The account that a sign-in tied to a Teams identity. */
  async accountOfTeams(identity: TeamsIdentity): Promise<string | undefined> {
    return (await this.#parts.records.get(teamsLinks, teamsKey(identity)))?.value.account;
  }

  /** Ties a Teams identity to an account, once: by a sign-in proof in that Teams chat. False where it is tied to another. */
  async tieTeams(identity: TeamsIdentity, proof: Proof & { readonly level: 'sign-in' }): Promise<boolean> {
    const { records, now, newId } = this.#parts;
    if (!isLive(proof, now())) return false;
    const { account } = proof;
    const link: TeamsLink = {
      tenant: identity.tenant.toLowerCase(),
      objectId: identity.objectId.toLowerCase(),
      account,
      since: now().toISOString(),
    };
    const change = new Change().create(teamsLinks, teamsKey(identity), link);
    const actor = `account:${account}`;
    recordInAudit(change, newId(), { at: link.since, action: 'teams.tied', actor, proof: 'sign-in' });
    await records.commit(change);
    return (await this.accountOfTeams(identity)) === account;
  }

  /** Writes into the trail which profiles were shown, and to whom. */
  async noteShown(shown: readonly { readonly member: Member; readonly to: Asker }[]): Promise<void> {
    const { records, now, newId } = this.#parts;
    const change = new Change();
    for (const { member, to } of shown) {
      const about = { profile: member.profile.id, organisation: member.organisation.id };
      recordInAudit(change, newId(), { ...byOf(to), at: now().toISOString(), action: 'profile.shown', ...about });
    }
    await records.commit(change);
  }

  async #members(proof: Proof): Promise<readonly Member[]> {
    const { directory, accounts } = this.#parts;
    const linkedTo = async (account: string) => (await accounts.linkedTo(account)).map(({ member }) => member);
    if (proof.level === 'mailbox') return directory.membersByAddress(proof.address);
    if (proof.level === 'sign-in') return linkedTo(proof.account);
    const account = await this.accountOfTeams(proof.teams);
    const carrying = await directory.membersByTeams(proof.teams);
    const linked = account === undefined ? [] : await linkedTo(account);
    const known = new Set(carrying.map(({ profile }) => profile.id));
    return [...carrying, ...linked.filter(({ profile }) => !known.has(profile.id))];
  }
}

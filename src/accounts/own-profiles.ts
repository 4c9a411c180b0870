/** The profiles an account is linked to, as a person chooses among them: which give access, which was used last, which is in use. */
import { recordInAudit } from '../audit/audit.ts';
import { type Access, accessOf } from '../directory/access.ts';
import { Change, changing, type Records, type RecordType } from '../records/records.ts';
import type { Accounts, Linked } from './accounts.ts';

/** When a profile was last chosen, and by whom: for the order of the list, nothing depends on it. */
interface ProfileUse {
  readonly profile: string;
  /** `issuer|subject`. */
  readonly account: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export const profileUses: RecordType<ProfileUse> = {
  name: 'profile-uses',
  indexes: { account: ({ account }) => [account] },
};

export interface OwnProfile extends Linked {
  readonly access: Access;
  /** ISO 8601, UTC; undefined for one that was never chosen. */
  readonly usedAt?: string;
}

/** What of a session counts here. */
export interface Choice {
  readonly account: string;
  /** The profile that was chosen. */
  readonly profile?: string;
}

export interface OwnProfilesParts {
  readonly records: Records;
  readonly accounts: Pick<Accounts, 'linkedTo'>;
  readonly now: () => Date;
  readonly newId: () => string;
}

export class OwnProfiles {
  readonly #parts: OwnProfilesParts;

  constructor(parts: OwnProfilesParts) {
    this.#parts = parts;
  }

  /** All of an account, the last used first, then by company and portal. */
  async of(account: string): Promise<readonly OwnProfile[]> {
    const { records, accounts, now } = this.#parts;
    const [linked, uses] = await Promise.all([
      accounts.linkedTo(account),
      records.find(profileUses, 'account', account),
    ]);
    const usedAt = new Map(uses.map(({ value }) => [value.profile, value.at]));
    const at = now();
    return linked
      .map((one): OwnProfile => {
        const { profile, organisation } = one.member;
        const used = usedAt.get(profile.id);
        return { ...one, access: accessOf(profile.value, organisation.value, at), ...(used && { usedAt: used }) };
      })
      .sort((a, b) => compare(b.usedAt ?? '', a.usedAt ?? '') || compare(nameOf(a), nameOf(b)));
  }

  /** Those that give access: what there is to choose from. */
  async toChooseFrom(account: string): Promise<readonly OwnProfile[]> {
    return (await this.of(account)).filter(({ access }) => access.given);
  }

  /** Writes down that a profile was chosen now; false when it is not this account's, or gives no access. */
  async use(account: string, profile: string): Promise<boolean> {
    const { records, now, newId } = this.#parts;
    return changing(records, async () => {
      const own = (await this.toChooseFrom(account)).find(({ member }) => member.profile.id === profile);
      if (!own) return { result: false };
      const seen = await records.get(profileUses, profile);
      const value: ProfileUse = { profile, account, at: now().toISOString() };
      const change = seen
        ? new Change().update(profileUses, seen, value)
        : new Change().create(profileUses, profile, value);
      const { profile: of, organisation } = own.member;
      recordInAudit(change, newId(), {
        at: value.at,
        action: 'profile.chosen',
        actor: `account:${account}`,
        proof: 'sign-in',
        profile: of.id,
        organisation: organisation.id,
      });
      return { change, result: true };
    });
  }
}

/** The profile in use: the one that was chosen while it still gives access, or the only one there is. */
export function profileInUse(own: readonly OwnProfile[], { profile }: Choice): OwnProfile | undefined {
  const open = own.filter(({ access }) => access.given);
  return open.find(({ member }) => member.profile.id === profile) ?? (open.length === 1 ? open[0] : undefined);
}

function nameOf({ member: { organisation, profile } }: OwnProfile): string {
  const { name, portal } = organisation.value;
  return `${name.toLowerCase()} ${portal} ${profile.value.email}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

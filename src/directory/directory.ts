/** Who may use which portal: organisations with what entitles them, and the profiles of people there. */
import type { Change, Records, RecordType, Stored } from '../records/records.ts';

export const portals = ['CustomerSource', 'PartnerSource'] as const;
export type Portal = (typeof portals)[number];

/** What entitles an organisation; plans end, partnership and employment last until they are changed. */
export const plans = ['enhancement', 'support', 'partner', 'employee'] as const;
export type Plan = (typeof plans)[number];

export interface Organisation {
  readonly portal: Portal;
  readonly name: string;
  readonly plan: Plan;
  /** Last day of the plan, YYYY-MM-DD; undefined where it has no end. */
  readonly planUntil?: string;
}

export const roles = ['member', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** Who somebody is in Teams: the tenant's id and `aadObjectId`, in lower case. */
export interface TeamsIdentity {
  readonly tenant: string;
  readonly objectId: string;
}

export interface Profile {
  /** Of the organisation; the portal is the organisation's. */
  readonly organisation: string;
  readonly name: string;
  /** As it was written; `address` is what it is found by. */
  readonly email: string;
  /** Canonical form of the address. */
  readonly address: string;
  readonly role: Role;
  /** The Teams identity that stands for this person. */
  readonly teams?: TeamsIdentity;
  /** Told apart from removed people, whose history stays: their access has ended. */
  readonly endedAt?: string;
}

export const organisations: RecordType<Organisation> = {
  name: 'organisations',
  indexes: { name: ({ portal, name }) => [organisationKey(portal, name)] },
};

export const profiles: RecordType<Profile> = {
  name: 'profiles',
  indexes: {
    address: ({ address }) => [address],
    organisation: ({ organisation }) => [organisation],
    teams: ({ teams }) => (teams ? [teamsKey(teams)] : []),
  },
  person: ({ address, teams }) => (teams ? [address, teams.objectId] : [address]),
};

/**
 * Changed by everything that says who somebody is in Teams or adds organisations, in whichever process: no document
 * holds alone that an identity is one person's and a name one organisation's.
 */
interface DirectoryHead {
  readonly changes: number;
}

export const directoryHeads: RecordType<DirectoryHead> = { name: 'directory-heads', indexes: {} };
const theHead = 'directory';

/** To be read before anything that a change with `claimDirectory` is based on. */
export function directoryHead(records: Records): Promise<Stored<DirectoryHead> | undefined> {
  return records.get(directoryHeads, theHead);
}

/** Of two such changes at once the second fails, and sees the first when it is tried again. */
export function claimDirectory(change: Change, seen: Stored<DirectoryHead> | undefined): Change {
  return seen
    ? change.update(directoryHeads, seen, { changes: seen.value.changes + 1 })
    : change.create(directoryHeads, theHead, { changes: 1 });
}

export function organisationKey(portal: Portal, name: string): string {
  return `${portal} ${name}`;
}

export function teamsKey({ tenant, objectId }: TeamsIdentity): string {
  return `${tenant}/${objectId}`.toLowerCase();
}

/** A profile with the organisation it is of. */
export interface Member {
  readonly profile: Stored<Profile>;
  readonly organisation: Stored<Organisation>;
}

/** Looking people and organisations up. Ended profiles and plans are found too: `accessOf` judges them. */
export class Directory {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  async member(profileId: string): Promise<Member | undefined> {
    const profile = await this.#records.get(profiles, profileId);
    return profile && (await this.#withOrganisation(profile));
  }

  /** Everybody with this address, in whichever organisation and portal. @param address - in canonical form */
  async membersByAddress(address: string): Promise<Member[]> {
    return this.#withOrganisations(await this.#records.find(profiles, 'address', address));
  }

  async membersByTeams(identity: TeamsIdentity): Promise<Member[]> {
    return this.#withOrganisations(await this.#records.find(profiles, 'teams', teamsKey(identity)));
  }

  organisation(id: string): Promise<Stored<Organisation> | undefined> {
    return this.#records.get(organisations, id);
  }

  async organisationNamed(portal: Portal, name: string): Promise<Stored<Organisation> | undefined> {
    return (await this.#records.find(organisations, 'name', organisationKey(portal, name)))[0];
  }

  /** The people of an organisation by id, page by page: give the last id to go on. */
  people(organisation: string, limit: number, after?: string): Promise<readonly Stored<Profile>[]> {
    return this.#records.page(profiles, 'organisation', organisation, limit, after);
  }

  async #withOrganisations(found: readonly Stored<Profile>[]): Promise<Member[]> {
    const members = await Promise.all(found.map((profile) => this.#withOrganisation(profile)));
    return members.filter((member) => member !== undefined);
  }

  async #withOrganisation(profile: Stored<Profile>): Promise<Member | undefined> {
    const organisation = await this.organisation(profile.value.organisation);
    return organisation && { profile, organisation };
  }
}

/**
 * To be in every change that adds a person to an organisation or gives one there another address: of two at once the
 * second then sees the first, so that no address is twice in one organisation.
 */
export function claimOrganisation(change: Change, seen: Stored<Organisation>): Change {
  return change.update(organisations, seen, seen.value);
}

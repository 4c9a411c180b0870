/** Who may use which portal: organisations with what entitles them, and the profiles of people there. */
import type { RecordType } from '../records/records.ts';

export const portals = ['CustomerSource', 'PartnerSource'] as const;
export type Portal = (typeof portals)[number];

/** What entitles an organisation; plans end, partnership and employment last until they are changed. */
export type Plan = 'enhancement' | 'support' | 'partner' | 'employee';

export interface Organisation {
  readonly portal: Portal;
  readonly name: string;
  readonly plan: Plan;
  /** Last day of the plan, YYYY-MM-DD; undefined where it has no end. */
  readonly planUntil?: string;
}

export type Role = 'user' | 'administrator';

export interface Profile {
  /** Of the organisation; the portal is the organisation's. */
  readonly organisation: string;
  readonly name: string;
  /** As it was written; `address` of mail/email-address.ts is what it is found by. */
  readonly email: string;
  /** Canonical form of the address. */
  readonly address: string;
  readonly role: Role;
  /** The Teams identity that stands for this person. */
  readonly teams?: { readonly tenant: string; readonly objectId: string };
  /** Told apart from removed people, whose history stays: their access has ended. */
  readonly endedAt?: string;
}

export const organisations: RecordType<Organisation> = {
  name: 'organisations',
  indexes: { name: ({ portal, name }) => [`${portal} ${name}`] },
};

export const profiles: RecordType<Profile> = {
  name: 'profiles',
  indexes: {
    address: ({ address }) => [address],
    organisation: ({ organisation }) => [organisation],
    teams: ({ teams }) => (teams ? [`${teams.tenant}/${teams.objectId}`] : []),
  },
};

/** A session: one browser in which one account has signed in. The cookie holds a random secret, the store its SHA-256 only. */
import type { RecordType } from '../records/records.ts';
import type { Device } from './device.ts';

/** Staff sign in apart from users, with a provider of their own. */
export type SessionKind = 'user' | 'staff';

/** Whom a provider vouched for. The key is issuer and subject; everything else may change or be claimed by anybody. */
export interface SignedIn {
  readonly issuer: string;
  readonly subject: string;
  /** Microsoft's tenant and object id, the same in every app; undefined where the issuer is not one to say so. */
  readonly tenant?: string;
  readonly objectId?: string;
  /** For display only, never to find or link anything: most providers let people write there what they like. */
  readonly name?: string;
  readonly email?: string;
}

export interface SessionRecord extends SignedIn {
  readonly kind: SessionKind;
  /** `issuer|subject`. */
  readonly account: string;
  /** The provider's settings it was signed in through: a session does not outlive them. */
  readonly through: string;
  readonly staysSignedIn: boolean;
  /** ISO 8601, as all times here. */
  readonly startedAt: string;
  /** When the person last proved to the provider who they are. */
  readonly authenticatedAt: string;
  /** Behind by up to a minute. */
  readonly seenAt: string;
  /** By what; sessions of versions before have none. */
  readonly device?: Device;
  /** The profile that is in use. */
  readonly profile?: string;
}

export interface Session extends SessionRecord {
  /** SHA-256 of what the browser holds: names a session without being able to use it. */
  readonly id: string;
}

export const sessionRecords: RecordType<SessionRecord> = {
  name: 'sessions',
  indexes: { account: ({ account }) => [account] },
};

export function accountKey({ issuer, subject }: Pick<SignedIn, 'issuer' | 'subject'>): string {
  return `${issuer}|${subject}`;
}

/** Who is staff: the accounts that STAFF_ACCOUNTS names, by the provider's ids and never by a name or an e-mail address. */
import { accountKey, type SignedIn } from './session.ts';

export type StaffRole = 'agent' | 'lead';

export interface StaffAccounts {
  /** Undefined for everybody else. */
  roleOf(signedIn: SignedIn): StaffRole | undefined;
  /** By what somebody is listed, which is their id on the roster; undefined for everybody else. */
  idOf(signedIn: SignedIn): string | undefined;
  /** Everybody, by that id. */
  readonly listed: readonly { readonly id: string; readonly role: StaffRole }[];
}

const lead = ':lead';

/** @param listed - `tenant/objectId[:lead]` or `issuer|subject[:lead]`, as the settings have checked them */
export function staffAccounts(listed: readonly string[]): StaffAccounts {
  const roles = new Map(
    listed.map((entry): [string, StaffRole] =>
      entry.endsWith(lead) ? [canonical(entry.slice(0, -lead.length)), 'lead'] : [canonical(entry), 'agent'],
    ),
  );
  const idOf = (signedIn: SignedIn) => {
    const asObject = objectKey(signedIn);
    return [asObject, accountKey(signedIn)].find((id) => id !== undefined && roles.has(id));
  };
  return {
    listed: Array.from(roles, ([id, role]) => ({ id, role })),
    idOf,
    roleOf: (signedIn) => roles.get(idOf(signedIn) ?? ''),
  };
}

/** What STAFF_ACCOUNTS has to say to admit somebody; shown to a person who is refused. */
export function staffEntryFor(signedIn: SignedIn): string {
  return objectKey(signedIn) ?? accountKey(signedIn);
}

function objectKey({ tenant, objectId }: SignedIn): string | undefined {
  return tenant && objectId ? `${tenant}/${objectId}`.toLowerCase() : undefined;
}

/** Tenants and object ids are GUIDs, written in either case; subjects count as they are. */
function canonical(entry: string): string {
  return entry.includes('|') ? entry : entry.toLowerCase();
}

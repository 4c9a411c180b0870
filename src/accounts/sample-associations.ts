/** Which people of the sample directory are linked from the start: its administrator, so that what one may do can be tried at once. */
import { recordInAudit } from '../audit/audit.ts';
import type { Profile } from '../directory/directory.ts';
import type { Change } from '../records/records.ts';
import { type Account, associations } from './association.ts';

/** Adds the link to the change that adds the profile, with its line in the trail. @param at - ISO 8601, UTC */
export function linkSamplePerson(
  change: Change,
  profile: string,
  { organisation }: Profile,
  account: Account,
  { at, newId }: { readonly at: string; readonly newId: () => string },
): void {
  change.create(associations, profile, { profile, account, since: at });
  recordInAudit(change, newId(), {
    at,
    action: 'association.created',
    actor: 'system',
    proof: 'system',
    profile,
    organisation,
    details: { after: account.key },
    from: 'sample directory',
  });
}

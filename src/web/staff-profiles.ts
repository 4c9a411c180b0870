/** The profiles of whoever opened a ticket, as far as it was proven who that is. */
import type { Accounts } from '../accounts/accounts.ts';
import type { Directory, Member } from '../directory/directory.ts';
import type { Ticket } from '../tickets/ticket.ts';
import type { TicketOnPage } from './pages/staff-ticket.tsx';

export interface StaffProfilesParts {
  readonly accounts: Pick<Accounts, 'linkedTo' | 'association'>;
  readonly directory: Pick<Directory, 'membersByAddress'>;
}

export function profilesOfRequester({ accounts, directory }: StaffProfilesParts) {
  return async ({ requester: { account, address, proof } }: Ticket): Promise<TicketOnPage['profiles']> => {
    const linked = account ? (await accounts.linkedTo(account)).map(({ member }) => member) : [];
    // An address that was only typed may be anybody's.
    const named = address && proof !== 'none' ? await directory.membersByAddress(address) : [];
    const members = new Map([...linked, ...named].map((member): [string, Member] => [member.profile.id, member]));
    return Promise.all(
      Array.from(members.values(), async ({ profile, organisation: { value } }) => ({
        company: value.name,
        portal: value.portal,
        isLinked: (await accounts.association(profile.id)) !== undefined,
      })),
    );
  };
}

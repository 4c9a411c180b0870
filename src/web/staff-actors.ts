/** What whoever did something is called in the trail, as far as staff know them by a name. */
import type { Accounts } from '../accounts/accounts.ts';
import type { Desk } from '../tickets/desk.ts';

export interface StaffActorsParts {
  /** What somebody of staff is called. */
  readonly roster: { nameOf(id: string): Promise<string> };
  readonly accounts: Pick<Accounts, 'linkedTo'>;
  readonly desk: Pick<Desk, 'ofPerson'>;
}

/** Of an actor as the trail has it; undefined where there is no name, or nobody to have one. */
export function nameOfActor({ roster, accounts, desk }: StaffActorsParts) {
  return async (actor: string): Promise<string | undefined> => {
    const [, kind, id = ''] = /^(\w+):(.*)$/s.exec(actor) ?? [];
    if (kind === 'staff') return roster.nameOf(id);
    // The profile's name, not the account's: whoever has an account can call it as they like.
    if (kind === 'account') return (await accounts.linkedTo(id))[0]?.member.profile.value.name;
    if (kind !== 'chat') return undefined;
    const requests = await desk.ofPerson(id);
    return requests.find(({ value }) => value.requester.name)?.value.requester.name;
  };
}

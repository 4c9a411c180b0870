/** Tells of a change to what a profile is linked to: at the profile's own addresses, never at one that a sign-in claims. */
import type { Member } from '../directory/directory.ts';
import { type MailData, queueMail } from '../mail/outbox.ts';
import type { Change } from '../records/records.ts';
import { type Account, shownAccount } from './association.ts';

export interface AssociationNotice {
  readonly what: MailData['associationChanged']['what'];
  readonly account?: Account;
  /** What `offerUndo` gave. */
  readonly undo?: { readonly undo: string; readonly undoUntil: string };
  /** Addresses beside the profile's: the one before, where that changed of late. */
  readonly alsoTo?: readonly string[];
}

export function tellOfAssociation(
  change: Change,
  { profile, organisation }: Member,
  { what, account, undo, alsoTo = [] }: AssociationNotice,
  { newId, now }: { readonly newId: () => string; readonly now: () => Date },
): void {
  for (const to of [profile.value.email, ...alsoTo]) {
    queueMail(change, newId(), {
      template: 'associationChanged',
      data: {
        company: organisation.value.name,
        portal: organisation.value.portal,
        person: profile.value.name,
        what,
        ...(account && { account: shownAccount(account) }),
        ...undo,
      },
      to,
      at: now().toISOString(),
      tell: 'staff',
      about: profile.id,
    });
  }
}

/** The dialogs about people's access, over the rooms behind it. */
import type { AddressChanges } from '../changes/address-changes.ts';
import type { AwaitedInChat } from '../changes/awaited-in-chat.ts';
import type { Reassociations } from '../changes/reassociations.ts';
import type { Colleagues } from '../colleagues/colleagues.ts';
import type { Portal } from '../directory/directory.ts';
import type { Asks } from '../invitations/asks.ts';
import type { Invitations } from '../invitations/invitations.ts';
import type { Limits } from '../limits/limits.ts';
import type { ChatSignIns } from '../proofs/chat-sign-ins.ts';
import type { MailboxCodes } from '../proofs/mailbox-codes.ts';
import type { Words } from '../words/words.ts';
import type { Identity } from './identity.ts';
import { inviteColleague } from './invite-colleague.ts';
import { listProfiles } from './list-profiles.ts';
import type { Guided } from './move.ts';
import { proveIdentity } from './prove-identity.ts';
import { reassociate } from './reassociate.ts';
import { resendInvite } from './resend-invite.ts';
import type { Talk } from './talk.ts';

export interface AccessDialogParts {
  readonly identity: Identity;
  readonly codes: MailboxCodes;
  readonly chatSignIns: ChatSignIns;
  readonly asks: Asks;
  readonly invitations: Invitations;
  readonly reassociations: Reassociations;
  readonly addressChanges: AddressChanges;
  readonly colleagues: Colleagues;
  readonly awaited: AwaitedInChat;
  readonly limits: Limits;
  /** Makes a profile the one in use where this chat's person is signed in; false where that cannot be done from here. */
  readonly use: (talk: Talk, profile: string) => Promise<boolean>;
  readonly portalUrl: (portal: Portal) => string;
  readonly publicUrl: string;
  readonly words: Words;
  readonly now: () => Date;
}

export function accessDialogs(parts: AccessDialogParts): readonly Guided[] {
  const { chatSignIns, reassociations, publicUrl } = parts;
  const isMoving = async (profile: string) => (await reassociations.pendingOf(profile)) !== undefined;
  return [
    proveIdentity({ ...parts, signIns: chatSignIns, signInUrl: (id) => `${publicUrl}/sign-in/chat/${id}` }),
    resendInvite({
      ...parts,
      resendMove: async (profile, asker) => {
        const sent = await reassociations.resend(profile, asker);
        return sent === 'gone' || sent === 'not-allowed' ? undefined : sent;
      },
    }),
    listProfiles({ ...parts, isMoving, accountsUrl: `${publicUrl}/accounts` }),
    reassociate(parts),
    inviteColleague(parts),
  ];
}

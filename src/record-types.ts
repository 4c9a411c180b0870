/** Every kind of document that rooms keep; stores are opened with them, by the app and by commands. */
import { associations, pastAssociations } from './accounts/association.ts';
import { profileUses } from './accounts/own-profiles.ts';
import { undos } from './accounts/undo.ts';
import { auditEntries } from './audit/audit.ts';
import { addressChanges } from './changes/address-change.ts';
import { awaitedInChat } from './changes/awaited-in-chat.ts';
import { reassociations } from './changes/reassociation.ts';
import { waitingDialogs } from './channels/idle-dialogs.ts';
import { references } from './channels/references.ts';
import { directoryHeads, organisations, profiles } from './directory/directory.ts';
import { samples } from './directory/sample-directory.ts';
import { askRecords } from './invitations/asks.ts';
import { invitationHeads, invitations } from './invitations/invitation.ts';
import { limitCounts } from './limits/kept-counter.ts';
import { outbox } from './mail/outbox.ts';
import { chatSignIns } from './proofs/chat-sign-ins.ts';
import { mailboxCodes } from './proofs/mailbox-codes.ts';
import { proofRecords } from './proofs/proof.ts';
import { teamsLinks } from './proofs/reach.ts';
import { doneOnce } from './records/done-once.ts';
import type { AnyRecordType } from './records/records.ts';
import { secretWarned } from './registration/secret-warnings.ts';
import { sessionRecords } from './sessions/session.ts';
import { signedInChats } from './sessions/signed-in-chats.ts';
import { channelTroubles, staffChannels, ticketCards } from './staff-channel/staff-channel.ts';
import { missWeeks } from './staff-channel/weekly-misses.ts';
import { staffPeople } from './tickets/roster.ts';
import { relays, ticketEvents, tickets } from './tickets/ticket.ts';
import { ticketCounter } from './tickets/ticket-counter.ts';
import { ticketKeys } from './tickets/ticket-keys.ts';
import { ticketMailCounts } from './tickets/ticket-mails.ts';

export const recordTypes: readonly AnyRecordType[] = [
  organisations,
  profiles,
  directoryHeads,
  samples,
  associations,
  pastAssociations,
  undos,
  profileUses,
  invitations,
  invitationHeads,
  askRecords,
  proofRecords,
  mailboxCodes,
  chatSignIns,
  teamsLinks,
  reassociations,
  awaitedInChat,
  addressChanges,
  outbox,
  auditEntries,
  sessionRecords,
  signedInChats,
  limitCounts,
  tickets,
  ticketEvents,
  relays,
  ticketCounter,
  ticketKeys,
  ticketMailCounts,
  staffPeople,
  doneOnce,
  references,
  waitingDialogs,
  staffChannels,
  channelTroubles,
  ticketCards,
  missWeeks,
  secretWarned,
];

/** Who has access: the directory, mail, sign-in, invitations, links to accounts, proofs, and what people change. */
import { randomBytes } from 'node:crypto';
import { Accounts } from '../accounts/accounts.ts';
import { derivedTokens } from '../accounts/derived-token.ts';
import { OwnProfiles } from '../accounts/own-profiles.ts';
import { linkSamplePerson } from '../accounts/sample-associations.ts';
import { Undos } from '../accounts/undos.ts';
import { addressChanges as addressChangeRecords } from '../changes/address-change.ts';
import { AddressChanges } from '../changes/address-changes.ts';
import { reassociations as reassociationRecords } from '../changes/reassociation.ts';
import { Reassociations } from '../changes/reassociations.ts';
import { WaitingRequests } from '../changes/waiting-requests.ts';
import { Colleagues } from '../colleagues/colleagues.ts';
import { Directory } from '../directory/directory.ts';
import { addSampleDirectory } from '../directory/sample-directory.ts';
import { Asks } from '../invitations/asks.ts';
import { Invitations } from '../invitations/invitations.ts';
import { capturedFolder } from '../mail/captured-mails.ts';
import type { MailLinks } from '../mail/links.ts';
import { openMail } from '../mail/open-mail.ts';
import { outbox } from '../mail/outbox.ts';
import { ChatSignIns } from '../proofs/chat-sign-ins.ts';
import { DerivedDigits } from '../proofs/derived-digits.ts';
import { MailboxCodes } from '../proofs/mailbox-codes.ts';
import { Proofs } from '../proofs/proofs.ts';
import { Reach } from '../proofs/reach.ts';
import { accountKey } from '../sessions/session.ts';
import { Sessions } from '../sessions/sessions.ts';
import { SignedInChats } from '../sessions/signed-in-chats.ts';
import { ticketReplies } from '../tickets/ticket-replies.ts';
import { sampleAccountOf, samplePath, sampleTenant } from '../web/sample-sign-in/sample-accounts.ts';
import { createSignIn } from '../web/sign-in/sign-in.ts';
import type { Base } from './base.ts';

export type People = Awaited<ReturnType<typeof joinPeople>>;

export async function joinPeople(base: Base) {
  const {
    config,
    surroundings,
    closers,
    store,
    records,
    keys,
    limits,
    words,
    publicUrl,
    now,
    sharedNow,
    newId,
    newRecordId,
    log,
    fetch,
    metrics,
  } = base;
  const { staffEmail } = config.mail;
  const directory = new Directory(store.records);
  /** The rooms below are made once mail is; a mail is not sent before. */
  const links: MailLinks = {
    invitation: async (id) => addressWith('/invitations/', await invitations.token(id)),
    undo: async (id) => addressWith('/undo/', await undos.token(id)),
    code: (id) => codes.code(id),
    replies: (events) => ticketReplies(store.records, events),
  };
  const addressWith = (path: string, token: string | undefined) => token && publicUrl + path + token;
  const mail = openMail({
    settings: config.mail,
    folder: capturedFolder(config.store.folder),
    publicUrl,
    records: store.records,
    links,
    words,
    now,
    sharedNow,
    log,
    timeouts: surroundings.smtpTimeouts,
    addressOf: (account, failed) => accounts.addressOf(account, failed),
    tried: (attempt) => metrics.mailTried(attempt),
  });
  closers.push(() => mail.close());
  records.onPut(outbox, () => mail.wake());

  const access = {
    records,
    directory,
    now,
    newId: newRecordId,
    newNonce: () => randomBytes(16).toString('base64url'),
  };
  const undoTokens = { tokens: derivedTokens(keys, 'undo') };
  const accounts = new Accounts({ ...access, ...undoTokens });
  const ownProfiles = new OwnProfiles({ ...access, accounts });
  const invitations: Invitations = new Invitations({
    ...access,
    onMoved: (...moved) => reassociations.addCompletion(...moved),
    accounts,
    tokens: derivedTokens(keys, 'invitation'),
    whyNoAccess: ({ organisation: { value } }, reason, since) =>
      words.say(`access.${reason}`, { company: value.name, portal: value.portal, since: words.day(new Date(since)) }),
  });
  const proofs = new Proofs(access);
  const codes: MailboxCodes = new MailboxCodes({
    ...access,
    proofs,
    limits,
    digits: new DerivedDigits(keys, 'mailbox code', 8),
    mailIsDue: () => mail.wake(),
    log,
  });
  closers.push(() => codes.idle());
  const chatSignIns = new ChatSignIns({
    ...access,
    proofs,
    limits,
    digits: new DerivedDigits(keys, 'chat sign-in', 6),
  });
  const reach = new Reach({ ...access, accounts });
  const ofPeople = { ...access, ...undoTokens, accounts, invitations, reach, limits };
  const reassociations: Reassociations = new Reassociations(ofPeople);
  const addressChanges = new AddressChanges({ ...ofPeople, reassociations, codes });
  const colleagues = new Colleagues({ ...ofPeople, reassociations, addressChanges });
  const undos: Undos = new Undos({
    ...access,
    ...undoTokens,
    takers: {
      link: accounts,
      address: addressChanges,
      'address-request': addressChanges,
      'move-request': reassociations,
    },
  });
  /** For pages and dialogs. */
  const forPeople = { proofs, codes, chatSignIns, reach, reassociations, addressChanges, colleagues, undos };
  const asks = new Asks({
    records,
    directory,
    invitations,
    mailIsDue: () => mail.wake(),
    log,
    now,
    newId: newRecordId,
  });
  closers.push(() => asks.idle());

  const sessions = new Sessions({
    records: store.records,
    now,
    alsoEnds: (...of) => proofs.addEndOfSession(...of),
  });
  const signIn = createSignIn({
    settings: config.signIn,
    listensOn: config.web,
    publicUrl,
    sessions,
    ownProfiles,
    keys,
    words,
    fetch,
    now,
    log,
  });
  const signedInChats = new SignedInChats({ records: store.records, now, through: signIn.through });

  const requests = new WaitingRequests({ records, staffEmail, now, newId: newRecordId });
  const onRequests = (listener: () => void) => {
    for (const type of [reassociationRecords, addressChangeRecords]) records.onPut(type, listener);
  };
  if (config.sampleDirectory) {
    // Where users sign in elsewhere, nobody has a sample account.
    const accountOfSample = config.signIn.users ? () => undefined : sampleAccountOf;
    await addSampleDirectory({
      records,
      now,
      newId,
      teamsOf: (address) => {
        const account = accountOfSample(address);
        return account && { tenant: sampleTenant, objectId: account.objectId };
      },
      also(change, id, profile) {
        const account = profile.role === 'administrator' && accountOfSample(profile.address);
        if (!account) return;
        const { subject, name, email } = account;
        const linked = { key: accountKey({ issuer: publicUrl + samplePath, subject }), name, email };
        linkSamplePerson(change, id, profile, linked, { at: now().toISOString(), newId: newRecordId });
      },
    });
  }
  return {
    directory,
    mail,
    accounts,
    ownProfiles,
    invitations,
    asks,
    sessions,
    signIn,
    signedInChats,
    requests,
    onRequests,
    forPeople,
  };
}

/**
 * Mail that is to be sent, committed together with the change that caused it. A row holds template and data, never a
 * token or a code: those are derived when it is sent, so a retry is byte for byte the same.
 */
import type { Change, RecordType } from '../records/records.ts';

/** The profile that a mail is about; names as people wrote them, the renderer makes them harmless. */
interface OfProfile {
  readonly company: string;
  readonly portal: string;
  /** The name on the profile, to greet by. */
  readonly person?: string;
}

/** A mail about an invitation, whoever asked for it. */
interface OfInvitation extends OfProfile {
  /** Why staff sent it, as they wrote it; undefined: staff did not. */
  readonly staffReason?: string;
}

/** Every mail there is, by template, with what its text needs. Names and addresses are as people wrote them. */
export interface MailData {
  readonly invitation: OfInvitation & {
    readonly invitation: string;
    /** ISO 8601, UTC. */
    readonly expires: string;
    readonly purpose: 'associate' | 'reassociate';
    /** Who asked for it, where that is known and the receiver may know. */
    readonly invitedBy?: string;
  };
  /** Asked for by address, but linked already. `account` is masked. */
  readonly alreadyLinked: OfInvitation & { readonly account: string };
  /** Linked, moved or ended: to the profile's own address, old and new. `undo` names what can be undone. */
  readonly associationChanged: OfProfile & {
    readonly what: 'linked' | 'moved' | 'ended' | 'undone' | 'requested';
    readonly account?: string;
    readonly undo?: string;
    /** ISO 8601, UTC. */
    readonly undoUntil?: string;
  };
  /** Of a profile: to its address before and after. `newAddress` is masked. */
  readonly addressChanged: OfProfile & {
    readonly what: 'requested' | 'changed' | 'undone';
    readonly newAddress: string;
    readonly undo?: string;
    /** ISO 8601, UTC. */
    readonly undoUntil?: string;
  };
  /** Staff decided what had been asked for; `reason` is theirs, as they wrote it. */
  readonly decided: OfProfile & {
    readonly what: 'move' | 'address';
    readonly decision: 'approved' | 'refused';
    readonly reason: string;
  };
  /** An administrator of the company changed what somebody may do there. */
  readonly accessChanged: OfProfile & {
    readonly what: 'ended' | 'restored' | 'administrator' | 'member';
    /** The administrator's name. */
    readonly changedBy: string;
  };
  /** Staff withdrew the invitations of a profile, or a move with its own, or ended its link; `reason` is theirs, as they wrote it. */
  readonly byStaff: OfProfile & { readonly what: 'revoked' | 'moveRevoked' | 'ended'; readonly reason: string };
  /** No access any more: why, and whom to ask. `reason` is a sentence. */
  readonly noAccess: OfInvitation & { readonly reason: string };
  /** The code that proves a mailbox; derived from `proof` when it is sent. */
  readonly code: { readonly proof: string; readonly expires: string };
  /** To staff or a proven requester: a mail that could not be delivered. `to` is masked. */
  readonly undeliverable: { readonly to: string; readonly reason: string };
  /** To who asked: the ticket's number. What they wrote stays out, since the address may be somebody else's. */
  readonly ticketOpened: { readonly ticket: number };
  /** To who asked and is gone: what staff replied, read from the ticket when the mail is sent. `events`: ids of replies. */
  readonly ticketReply: { readonly ticket: number; readonly events: readonly string[] };
  readonly ticketResolved: { readonly ticket: number };
  /** To staff: nobody looked at it. What it says stays in the inbox. */
  readonly ticketWaiting: { readonly ticket: number; readonly urgency: 'normal' | 'urgent'; readonly isNew: boolean };
  /** To staff: nobody looked at a request that waits for a decision. */
  readonly requestWaiting: { readonly what: 'move' | 'address' };
  /** To staff: the secret of the bot's registration. `ends` is YYYY-MM-DD; `days` are left, less than 0 once it has ended. */
  readonly secretEnds: { readonly ends: string; readonly days: number };
}

export type Template = keyof MailData;

/** Whom a failure may be told: nobody where a stranger asked. */
export type Tell = 'nobody' | 'staff' | { readonly account: string };

export interface OutboxMail<Name extends Template = Template> {
  readonly template: Name;
  readonly data: MailData[Name];
  /** As it is written on the envelope; checked when the row is made, and again before it is sent. */
  readonly to: string;
  /** ISO 8601, UTC: when it was asked for, which is the Date header too. */
  readonly at: string;
  /** `dropped`: it meant nothing any more when its turn came, such as an invitation that was withdrawn. */
  readonly state: 'waiting' | 'sent' | 'failed' | 'dropped';
  /** Counted before each. */
  readonly attempts: number;
  /**
   * ISO 8601, UTC: not before this. While the mail is being sent this stays a few seconds ahead, so that others leave it
   * alone, and take it over soon after the sender has died.
   */
  readonly next: string;
  /** The server's last answer, or why there was none or no attempt; without addresses. */
  readonly answer?: string;
  readonly tell: Tell;
  /** The profile, invitation or ticket (`tickets ID`) this is about, for those who show its delivery. */
  readonly about?: string;
  /** ISO 8601, UTC: when it was sent, failed or dropped. */
  readonly doneAt?: string;
}

/** One mail of any template, its data belonging to it. */
export type AnyMail = { [Name in Template]: OutboxMail<Name> }[Template];

export const outbox: RecordType<OutboxMail> = {
  name: 'outbox',
  indexes: {
    state: ({ state }) => [state],
    about: ({ about }) => (about ? [about] : []),
  },
  partOf: ({ about = '' }) => {
    const [, collection, id] = /^(tickets) (\d+)$/.exec(about) ?? [];
    return collection && id ? { collection, id } : undefined;
  },
};

/** Adds a mail to the change that causes it. @param id - nobody else can guess it: Message-ID and boundaries come from it */
export function queueMail<Name extends Template>(
  change: Change,
  id: string,
  mail: Pick<OutboxMail<Name>, 'template' | 'data' | 'to' | 'at' | 'tell' | 'about'>,
): Change {
  return change.create(outbox, id, { ...mail, state: 'waiting', attempts: 0, next: mail.at } as OutboxMail);
}

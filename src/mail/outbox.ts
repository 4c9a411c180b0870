/**
 * Mail that is to be sent, committed together with the change that caused it. A row holds template and data, never a
 * token or a code: those are derived when it is sent, so a retry is byte for byte the same.
 */
import type { Change, RecordType } from '../records/records.ts';

/** Every mail there is, by template, with what its text needs. Names and addresses are as people wrote them. */
export interface MailData {
  readonly invitation: {
    readonly invitation: string;
    readonly company: string;
    readonly portal: string;
    /** ISO 8601, UTC. */
    readonly expires: string;
    readonly purpose: 'associate' | 'reassociate';
    /** Who asked for it, where that is known and the receiver may know. */
    readonly invitedBy?: string;
  };
  /** Asked for by address, but linked already. `account` is masked. */
  readonly alreadyLinked: { readonly company: string; readonly portal: string; readonly account: string };
  /** Linked, moved or ended: to the profile's own address, old and new. `undo` names what can be undone. */
  readonly associationChanged: {
    readonly company: string;
    readonly portal: string;
    readonly what: 'linked' | 'moved' | 'ended' | 'undone' | 'requested';
    readonly account?: string;
    readonly undo?: string;
    readonly undoUntil?: string;
  };
  /** No access any more: why, and whom to ask. */
  readonly noAccess: { readonly company: string; readonly portal: string; readonly reason: string };
  /** The code that proves a mailbox; derived from `proof` when it is sent. */
  readonly code: { readonly proof: string; readonly expires: string };
  /** To staff or a proven requester: a mail that could not be delivered. `to` is masked. */
  readonly undeliverable: { readonly to: string; readonly reason: string };
}

export type Template = keyof MailData;

export interface OutboxMail<Name extends Template = Template> {
  readonly template: Name;
  readonly data: MailData[Name];
  /** As it is written on the envelope; checked when the row is made. */
  readonly to: string;
  /** ISO 8601, UTC: when it was asked for, which is the Date header too. */
  readonly at: string;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly attempts: number;
  /** ISO 8601, UTC: not before this. */
  readonly next: string;
  /** The server's last answer, without addresses. */
  readonly answer?: string;
  /** Whom a failure may be told: nobody where a stranger asked. */
  readonly tell: 'nobody' | 'staff' | { readonly account: string };
  /** The profile or invitation this is about, for those who show its delivery. */
  readonly about?: string;
}

export const outbox: RecordType<OutboxMail> = {
  name: 'outbox',
  indexes: {
    state: ({ state }) => [state],
    about: ({ about }) => (about ? [about] : []),
  },
};

/** Adds a mail to the change that causes it. */
export function queueMail<Name extends Template>(
  change: Change,
  id: string,
  mail: Pick<OutboxMail<Name>, 'template' | 'data' | 'to' | 'at' | 'tell' | 'about'>,
): Change {
  return change.create(outbox, id, { ...mail, state: 'waiting', attempts: 0, next: mail.at } as OutboxMail);
}

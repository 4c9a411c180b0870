/**
 * What mails lead to. Tokens and codes are derived when a mail is sent, by the rooms they belong to. Undefined where it
 * means nothing any more: withdrawn, used, replaced or expired.
 */
export interface MailLinks {
  /** The address that redeems an invitation, in full, below PUBLIC_URL. */
  invitation(id: string): Promise<string | undefined>;
  /** The address that undoes a change, in full, below PUBLIC_URL. */
  undo(id: string): Promise<string | undefined>;
  /** The eight digits that prove a mailbox. */
  code(proof: string): Promise<string | undefined>;
  /** What staff replied to a ticket, by the ids of the replies. */
  replies(events: readonly string[]): Promise<readonly TicketReply[] | undefined>;
}

export interface TicketReply {
  /** Name of who replied, as they are called. */
  readonly from: string;
  /** As written. */
  readonly text: string;
}

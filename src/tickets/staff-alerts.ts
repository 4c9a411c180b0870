/**
 * Tells STAFF_EMAIL of what waits for somebody to look - new tickets, new messages of users, and what other rooms have -
 * when nobody of staff looked for two minutes and nobody has the inbox open. One mail for each until somebody looks at
 * it, and so many an hour: whoever opens tickets by the hundred fills no mailbox. What is to be told stands on the
 * documents themselves, so that a restart loses nothing, and what was too much is told later.
 */

import { inboxPlace, type Presence } from '../instances/presence.ts';
import type { Log } from '../log.ts';
import { queueMail } from '../mail/outbox.ts';
import { Change, type Records, type Stored } from '../records/records.ts';
import { Rounds } from '../rounds.ts';
import { type Ticket, tickets } from './ticket.ts';
import { aboutTicket } from './ticket-mails.ts';

/** One thing that nobody has looked at. */
export interface Unseen {
  /** Since when, ms since 1970. */
  readonly since: number;
  /** Adds to a change that staff are told of it, and the mail. @param at - ISO 8601, UTC */
  readonly addAlert: (change: Change, at: string) => void;
}

export interface StaffAlertsParts {
  readonly records: Records;
  /** What waits in other rooms; told of before tickets, since there are few. */
  readonly others?: () => Promise<readonly Unseen[]>;
  readonly presence: Pick<Presence, 'at'>;
  readonly staffEmail: string;
  readonly now: () => Date;
  /** Nobody can guess it. */
  readonly newId: () => string;
  /** Calls `wake` after so many ms; the result calls it off. */
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  readonly log: Pick<Log, 'error'>;
}

/** ms */
const waitsFor = 2 * 60_000;
const lookAgain = 60_000;
const hour = 3_600_000;
/** Beyond, whoever reads the ones before opens the inbox and finds the rest there. */
const mostPerHour = 30;

export class StaffAlerts extends Rounds {
  readonly #parts: StaffAlertsParts;
  /** When each mail of the last hour was sent; ms since 1970. */
  #sent: number[] = [];

  constructor(parts: StaffAlertsParts) {
    super({
      failed: (error) => parts.log.error({ err: error }, 'staff could not be told of what waits'),
      wakeAfter: parts.wakeAfter,
      afterFailure: lookAgain,
    });
    this.#parts = parts;
  }

  /** ms until it is to be looked at again. */
  protected async work(): Promise<number> {
    const { presence, now, others } = this.#parts;
    const { isThere, leftAt = 0 } = await presence.at(inboxPlace);
    if (isThere) return lookAgain;
    let next = lookAgain;
    for (const { since, addAlert } of [...((await others?.()) ?? []), ...(await this.#tickets())]) {
      const time = now().getTime();
      // Whatever staff did to it, somebody looked then.
      const wait = Math.max(since, leftAt) + waitsFor - time;
      this.#sent = this.#sent.filter((at) => at > time - hour);
      if (wait > 0) next = Math.min(next, wait);
      else if (this.#sent.length >= mostPerHour) break;
      // Not committed: it has just changed, and that wakes us.
      else if (await this.#tell(addAlert)) this.#sent.push(time);
    }
    return next;
  }

  async #tickets(): Promise<readonly Unseen[]> {
    const found = await this.#parts.records.find(tickets, 'alert', 'due');
    return found.map((ticket) => ({
      since: Date.parse(ticket.value.changedAt),
      addAlert: (change, at) => this.#addAlert(change, ticket, at),
    }));
  }

  #tell(addAlert: Unseen['addAlert']): Promise<boolean> {
    const { records, now } = this.#parts;
    const change = new Change();
    addAlert(change, now().toISOString());
    return records.commit(change);
  }

  #addAlert(change: Change, ticket: Stored<Ticket>, at: string): void {
    const { newId, staffEmail } = this.#parts;
    const { number, urgency, firstResponseAt, userWroteAt } = ticket.value;
    change.update(tickets, ticket, { ...ticket.value, alertedAt: at });
    queueMail(change, newId(), {
      template: 'ticketWaiting',
      data: { ticket: number, urgency, isNew: !firstResponseAt && !userWroteAt },
      to: staffEmail,
      at,
      tell: 'nobody',
      about: aboutTicket(number),
    });
  }
}

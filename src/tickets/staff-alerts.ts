/**
 * Tells STAFF_EMAIL of tickets that wait for somebody to look: new ones, and new messages of users, when nobody of staff
 * looked for two minutes and nobody has the inbox open. One mail for each ticket until somebody looks at it, and so many
 * an hour: whoever opens tickets by the hundred fills no mailbox. What is to be told stands on the tickets themselves, so
 * that a restart loses nothing, and what was too much is told later.
 */
import type { Log } from '../log.ts';
import { queueMail } from '../mail/outbox.ts';
import { Change, type Records, type Stored } from '../records/records.ts';
import type { StaffPresence } from './staff-presence.ts';
import { type Ticket, tickets } from './ticket.ts';
import { aboutTicket } from './ticket-mails.ts';

export interface StaffAlertsParts {
  readonly records: Records;
  readonly presence: StaffPresence;
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

export class StaffAlerts {
  readonly #parts: StaffAlertsParts;
  /** When each mail of the last hour was sent; ms since 1970. */
  #sent: number[] = [];
  #looking?: Promise<void>;
  #isNew = false;
  #callOff = () => {};
  #isClosed = false;

  constructor(parts: StaffAlertsParts) {
    this.#parts = parts;
  }

  /** A ticket changed, or it is time. Also begins the work. */
  notify(): void {
    if (this.#isClosed) return;
    this.#isNew = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#isNew) this.notify();
    });
  }

  /** Resolves when it has looked at everything there was. */
  async settled(): Promise<void> {
    while (this.#looking) await this.#looking;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#callOff();
    await this.#looking;
  }

  async #look(): Promise<void> {
    this.#callOff();
    this.#isNew = false;
    let next = lookAgain;
    try {
      next = await this.#alert();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'staff could not be told of tickets that wait');
    }
    if (!this.#isClosed) this.#callOff = this.#parts.wakeAfter(next, () => this.notify());
  }

  /** ms until it is to be looked at again. */
  async #alert(): Promise<number> {
    const { records, presence, now } = this.#parts;
    if (presence.isThere) return lookAgain;
    let next = lookAgain;
    for (const ticket of await records.find(tickets, 'alert', 'due')) {
      // Whatever staff did to it, somebody looked then.
      const since = Math.max(Date.parse(ticket.value.changedAt), presence.leftAt ?? 0);
      const time = now().getTime();
      const wait = since + waitsFor - time;
      this.#sent = this.#sent.filter((at) => at > time - hour);
      if (wait > 0) next = Math.min(next, wait);
      else if (this.#sent.length >= mostPerHour) break;
      // Not committed: it has just changed, and that wakes us.
      else if (await this.#tell(ticket)) this.#sent.push(time);
    }
    return next;
  }

  #tell(ticket: Stored<Ticket>): Promise<boolean> {
    const { records, newId, now, staffEmail } = this.#parts;
    const { number, urgency, firstResponseAt, userWroteAt } = ticket.value;
    const at = now().toISOString();
    const change = new Change().update(tickets, ticket, { ...ticket.value, alertedAt: at });
    queueMail(change, newId(), {
      template: 'ticketWaiting',
      data: { ticket: number, urgency, isNew: !firstResponseAt && !userWroteAt },
      to: staffEmail,
      at,
      tell: 'nobody',
      about: aboutTicket(number),
    });
    return records.commit(change);
  }
}

/**
 * Brings what staff reply to the user: one conversation's replies one after the other, many conversations at once.
 * Looks when it is told of new ones, when one is due, and once a minute. Whatever ends this process in between, the row
 * is still waiting and is said again under the same id, which the channel shows once.
 *
 * A user who has gone - nobody looks at the conversation for two minutes after a reply, or the channel takes none - gets
 * what came since in one mail, where the ticket has an address.
 */
import { type Hold, holdAlone } from '../instances/hold.ts';
import type { Log } from '../log.ts';
import { Change, changing, type Stored } from '../records/records.ts';
import { Rounds } from '../rounds.ts';
import { type ConversationPort, LineDelayed, LineRefused } from './desk.ts';
import { giveUpAfter, seenWithin, waitAfter } from './relay-times.ts';
import { type Relay, relays, type Ticket, ticketId, tickets } from './ticket.ts';
import { queueTicketMail, type TicketMailParts } from './ticket-mails.ts';
import type { TicketNews } from './ticket-news.ts';

export interface RelayWorkerParts extends TicketMailParts {
  readonly port: ConversationPort;
  readonly news: TicketNews;
  /** Of several processes one says what is due in a conversation. */
  readonly hold?: Hold;
  /** Calls `wake` after so many ms; the result calls it off. */
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}

/** ms */
const lookAgain = 60_000;
/** ms between two looks at whether the user came while a mail is due. */
const lookForUser = 10_000;
/** ms after which a mail is tried again for an address that had its mails for today. */
const mailAgain = 3600_000;
const conversationsAtOnce = 50;

export class RelayWorker extends Rounds {
  readonly #parts: RelayWorkerParts;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #pauses = new Set<() => void>();

  constructor(parts: RelayWorkerParts) {
    super({
      failed: (error) => parts.log.error({ err: error }, 'replies of staff could not be read'),
      wakeAfter: parts.wakeAfter,
      afterFailure: lookAgain,
    });
    this.#parts = parts;
  }

  /** Resolves when nothing is under way and nothing can be begun now. */
  override async idle(): Promise<void> {
    await super.idle();
    // Each asks for a round when it ends.
    while (this.#underWay.size > 0) {
      await Promise.all(this.#underWay.values());
      await super.idle();
    }
  }

  /** Lets what is under way end; the rest stays waiting. */
  override async close(): Promise<void> {
    const closed = super.close();
    for (const end of this.#pauses) end();
    await closed;
    await Promise.all(this.#underWay.values());
  }

  protected async work(): Promise<number> {
    return Math.min(await this.#sayDue(), await this.#mailDue());
  }

  /** Begins with every conversation whose first reply is due; ms until the next one is. */
  async #sayDue(): Promise<number> {
    const { records, now } = this.#parts;
    const first = new Map<string, Stored<Relay>>();
    for (const row of await records.find(relays, 'state', 'waiting')) {
      const other = first.get(row.value.conversation);
      if (!other || isBefore(row, other)) first.set(row.value.conversation, row);
    }
    const time = now().getTime();
    let next = lookAgain;
    for (const [conversation, row] of first) {
      if (this.#underWay.has(conversation)) continue;
      const wait = Date.parse(row.value.next) - time;
      if (wait > 0) next = Math.min(next, wait);
      else if (this.#underWay.size < conversationsAtOnce) this.#begin(conversation, row);
    }
    return next;
  }

  #begin(conversation: string, row: Stored<Relay>): void {
    const { hold = holdAlone } = this.#parts;
    const saying = hold(`relay/${conversation}`, () => this.#sayOnce(row))
      .catch((error: unknown) => {
        // Said or not, the row is as it was; trying at once would only fail at once.
        this.#parts.log.error({ err: error, relay: row.id }, 'what came of a reply could not be kept');
        return this.#pause(1000);
      })
      .finally(() => {
        this.#underWay.delete(conversation);
        this.wake();
      });
    this.#underWay.set(conversation, saying);
  }

  /** Unless another process was faster. */
  async #sayOnce(row: Stored<Relay>): Promise<void> {
    const { records, hold, now } = this.#parts;
    const seen = hold ? await records.get(relays, row.id) : row;
    if (seen?.value.state !== 'waiting' || Date.parse(seen.value.next) > now().getTime()) return;
    await this.#say(seen);
  }

  async #say({ id, ...row }: Stored<Relay>): Promise<void> {
    const { records, port, now, log, news } = this.#parts;
    const { conversation, person, from, text, ticket, notice } = row.value;
    const attempts = row.value.attempts + 1;
    const failure = await port.say({ id, conversation, person, from, text, notice, ticket }).then(
      () => undefined,
      (error: unknown) => error ?? new Error('refused without a reason'),
    );
    const time = now();
    if (failure === undefined) {
      const isSeen = await port.isPresent(conversation);
      await this.#change(id, ({ value }) => {
        const { answer: _, ...sent } = value;
        return {
          ...sent,
          attempts,
          state: 'sent',
          sentAt: time.toISOString(),
          ...(!isSeen && !notice && { mailAt: later(time, seenWithin) }),
        };
      });
    } else {
      const answer = reasonOf(failure);
      const isFinal = failure instanceof LineRefused;
      const wished = failure instanceof LineDelayed ? failure.retryAfter : 0;
      const hasAddress = !notice && Boolean((await records.get(tickets, ticketId(ticket)))?.value.requester.address);
      const age = time.getTime() - Date.parse(row.value.at);
      const isOver = isFinal || age >= giveUpAfter[hasAddress ? 'address' : 'none'];
      log[isOver ? 'warn' : 'info']({ relay: id, ticket, attempts, answer }, 'a reply of staff was not taken');
      if (isOver && hasAddress) await this.#mail(ticket, conversation, answer);
      else {
        await this.#change(id, ({ value }) =>
          isOver
            ? { ...value, attempts, answer, state: 'failed' }
            : { ...value, attempts, answer, next: later(time, Math.max(waitAfter(attempts), wished)) },
        );
      }
    }
    news.tell(ticket);
  }

  /** Only while it waits: nobody else ends it, but it may be erased. */
  #change(id: string, decide: (row: Stored<Relay>) => Relay): Promise<void> {
    const { records } = this.#parts;
    return changing(records, async () => {
      const row = await records.get(relays, id);
      if (row?.value.state !== 'waiting') return { result: undefined };
      return { change: new Change().update(relays, row, decide(row)), result: undefined };
    });
  }

  /** Mails what nobody saw for two minutes, unless the user came; ms until it is to be looked at again. */
  async #mailDue(): Promise<number> {
    const { records, port, now, news } = this.#parts;
    const unseen = await records.find(relays, 'state', 'unseen');
    if (unseen.length === 0) return lookAgain;
    const time = now().toISOString();
    const done = new Set<number>();
    for (const row of unseen) {
      const { conversation, ticket, mailAt = '', sentAt = '' } = row.value;
      const asked = await records.get(tickets, ticketId(ticket));
      const wroteSince = (asked?.value.userWroteAt ?? '') > sentAt;
      const isDue = mailAt <= time;
      const isUnreachable = isDue && !asked?.value.requester.address;
      if (isUnreachable || wroteSince || (await port.isPresent(conversation))) await this.#wasSeen(row.id);
      else if (isDue && !done.has(ticket)) {
        done.add(ticket);
        await this.#mail(ticket, conversation);
        news.tell(ticket);
      }
    }
    return lookForUser;
  }

  #wasSeen(id: string): Promise<void> {
    const { records } = this.#parts;
    return changing(records, async () => {
      const row = await records.get(relays, id);
      if (!row?.value.mailAt) return { result: undefined };
      const { mailAt: _, ...seen } = row.value;
      return { change: new Change().update(relays, row, seen), result: undefined };
    });
  }

  /**
   * One mail with everything of the ticket that nobody saw: what was sent since, and what waits where the channel takes
   * nothing.
   * @param answer - why the channel does not take what waits; undefined: what waits goes on waiting
   */
  #mail(number: number, conversation: string, answer?: string): Promise<void> {
    const { records, now } = this.#parts;
    return changing(records, async () => {
      const ticket = await records.get(tickets, ticketId(number));
      const rows = (await records.find(relays, 'ticket', String(number)))
        .filter(({ value }) => value.conversation === conversation && !value.notice)
        .filter(({ value }) => value.mailAt || (answer !== undefined && value.state === 'waiting'))
        .sort((a, b) => (isBefore(a, b) ? -1 : 1));
      if (!ticket || rows.length === 0) return { result: undefined };
      const change = new Change();
      const mail = await this.#queue(change, ticket.value, rows);
      for (const row of rows) {
        const { mailAt, ...value } = row.value;
        const why = answer !== undefined && value.state === 'waiting' ? { answer } : {};
        const postponed = mailAt
          ? { ...value, mailAt: later(now(), mailAgain) }
          : { ...value, ...why, state: 'failed' as const };
        change.update(relays, row, mail ? { ...value, ...why, state: 'mailed', mail } : postponed);
      }
      return { change, result: undefined };
    });
  }

  #queue(change: Change, ticket: Ticket, rows: readonly Stored<Relay>[]): Promise<string | undefined> {
    const data = { ticket: ticket.number, events: rows.map(({ value }) => value.event) };
    return queueTicketMail(change, ticket, { template: 'ticketReply', data }, this.#parts);
  }

  /** Ends early when the worker is closed. */
  #pause(ms: number): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    return new Promise((done) => {
      const end = () => {
        callOff();
        this.#pauses.delete(end);
        done();
      };
      const callOff = this.#parts.wakeAfter(ms, end);
      this.#pauses.add(end);
    });
  }
}

/** Replies of one conversation go in the order in which they were written; a ticket numbers its own, whatever the clock. */
function isBefore(one: Stored<Relay>, other: Stored<Relay>): boolean {
  if (one.value.ticket === other.value.ticket) return one.id < other.id;
  return one.value.at < other.value.at || (one.value.at === other.value.at && one.id < other.id);
}

function later(time: Date, ms: number): string {
  return new Date(time.getTime() + ms).toISOString();
}

/** For staff. What a channel says of itself may name the user, so of other errors only the kind is told. */
function reasonOf(error: unknown): string {
  if (error instanceof LineRefused || error instanceof LineDelayed) return error.message;
  const { code, name } = error as NodeJS.ErrnoException;
  return String(code ?? name ?? 'error').slice(0, 100);
}

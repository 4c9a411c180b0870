/**
 * Sends what is in the outbox: a few mails at once, each when it is due. Looks when it is told of new rows, when the
 * next one is due, and once a minute for what other processes put or left behind. Of several processes each takes the
 * rows that it sends for itself.
 */
import { Leases, leaseTime } from '../records/leases.ts';
import type { Stored } from '../records/records.ts';
import { Rounds } from '../rounds.ts';
import { MailServerState, type MailTrouble } from './mail-server-state.ts';
import { type OutboxMail, outbox } from './outbox.ts';
import { removeDone } from './remove-done.ts';
import { type Attempt, claimed, type SendParts, sendMail } from './send-mail.ts';

export interface OutboxParts extends SendParts {
  /** Calls `wake` after so many ms; the result calls it off. */
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  /** Takes away what belonged to rows that are gone; after rows of mail that is done were removed. */
  readonly cleaned?: () => Promise<void>;
  /** Told of every attempt. */
  readonly tried?: (attempt: AttemptSeen) => void;
}

export interface AttemptSeen {
  /** `failed`: it was refused for good, or is tried again. */
  readonly outcome: 'sent' | 'failed' | 'unneeded';
  /** Since it was asked for. */
  readonly seconds: number;
}

export interface OutboxStatus {
  readonly waiting: number;
  /** While no mail gets out. */
  readonly trouble?: MailTrouble;
}

/** Mails under way at once, so that one that hangs does not hold up the others. */
export const mailsAtOnce = 5;
/** ms */
const lookAgain = 60_000;
const cleanAgain = 24 * 3600 * 1000;
/** ms that mails under way may still take when the server stops. */
const longestGoodbye = 5000;
/** Rows taken from one look: with thousands waiting, a look for each would cost more than the mail. */
const batch = 100;

export class OutboxWorker extends Rounds {
  readonly #parts: OutboxParts;
  readonly #server: MailServerState;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  readonly #leases: Leases<OutboxMail>;
  #due: Stored<OutboxMail>[] = [];
  #cleanedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: OutboxParts) {
    super({
      failed: (error) => parts.log.error({ err: error }, 'the outbox could not be read'),
      wakeAfter: parts.wakeAfter,
      afterFailure: lookAgain,
    });
    this.#parts = parts;
    this.#server = new MailServerState(parts.log, parts.now);
    const { records, sharedNow, wakeAfter } = parts;
    const taken = (mail: OutboxMail, next: string) => ({ ...mail, next });
    this.#leases = new Leases({
      ...{ records, type: outbox, taken, wakeAfter },
      now: sharedNow,
      signal: this.#stop.signal,
    });
  }

  /** False while no mail gets out. */
  get isServerUp(): boolean {
    return this.#server.trouble === undefined;
  }

  async status(): Promise<OutboxStatus> {
    const waiting = await this.#parts.records.find(outbox, 'state', 'waiting');
    return { waiting: waiting.length, trouble: this.#server.trouble };
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

  /** Lets mails under way end, gives up on those that take longer than 5 seconds; they stay in the outbox. */
  override async close(): Promise<void> {
    await super.close();
    const callOff = this.#parts.wakeAfter(longestGoodbye, () => this.#stop.abort());
    await Promise.all(this.#underWay.values());
    callOff();
    await this.#parts.transport.close();
  }

  protected async work(): Promise<number> {
    await this.#clean();
    return this.#sendDue();
  }

  /** Begins as many as may be; ms to sleep. */
  async #sendDue(): Promise<number> {
    const { records, now, sharedNow } = this.#parts;
    const pause = this.#server.pausedUntil - now().getTime();
    if (pause > 0) return pause;
    // One tries whether mail gets out again, the others wait for it.
    const places = this.#server.trouble ? 1 : mailsAtOnce;
    let next = lookAgain;
    if (this.#due.length === 0) {
      const waiting = (await records.find(outbox, 'state', 'waiting')).filter(({ id }) => !this.#underWay.has(id));
      const time = sharedNow().getTime();
      const waits = waiting.map((row) => ({ row, ms: dueIn(row.value, time) }));
      this.#due = waits
        .filter(({ ms }) => !(ms > 0))
        .sort((one, other) => one.ms - other.ms)
        .slice(0, batch)
        .map(({ row }) => row);
      next = waits.reduce((least, { ms }) => (ms > 0 && ms < least ? ms : least), lookAgain);
    }
    while (this.#underWay.size < places && this.#due.length > 0) {
      const wanted = this.#due.splice(0, places - this.#underWay.size);
      const taken = await this.#leases.take(wanted, claimed);
      for (const row of taken) this.#begin(row);
      // Others send the rest, or will have died by then.
      if (taken.length < wanted.length) next = Math.min(next, leaseTime);
    }
    return next;
  }

  #begin(row: Stored<OutboxMail>): void {
    const sending = this.#send(row).finally(() => {
      this.#underWay.delete(row.id);
      this.wake();
    });
    this.#underWay.set(row.id, sending);
  }

  async #send(row: Stored<OutboxMail>): Promise<void> {
    const { signal } = this.#stop;
    try {
      const attempt = await sendMail(row, this.#leases, this.#parts, signal);
      this.#tell(row, attempt.outcome);
      if (signal.aborted || attempt.outcome === 'gone') return;
      const isDown = attempt.outcome === 'failed' && (attempt.kind === 'server' || attempt.kind === 'silent');
      if (isDown) this.#server.failed(attempt.answer);
      else this.#server.answered();
    } catch (error) {
      this.#parts.log.error({ err: error, mail: row.id }, 'what came of a mail could not be kept');
      this.#server.failed('The store cannot write: see its own message.');
    } finally {
      this.#leases.drop(row.id);
    }
  }

  #tell({ value }: Stored<OutboxMail>, came: Attempt['outcome']): void {
    const seconds = (this.#parts.now().getTime() - Date.parse(value.at)) / 1000;
    this.#parts.tried?.({ outcome: came === 'gone' ? 'unneeded' : came, seconds });
  }

  async #clean(): Promise<void> {
    const now = this.#parts.now();
    if (now.getTime() - this.#cleanedAt < cleanAgain) return;
    this.#cleanedAt = now.getTime();
    const removed = await removeDone(this.#parts.records, now);
    if (removed > 0) this.#parts.log.info({ removed }, 'removed rows of mail that was done long ago');
    await this.#parts.cleaned?.();
  }
}

/** ms; what nobody has begun with is due, whenever the clock of whoever asked for it said that was. */
function dueIn({ attempts, next }: OutboxMail, time: number): number {
  const ms = Date.parse(next) - time;
  return attempts === 0 ? Math.min(ms, 0) : ms;
}

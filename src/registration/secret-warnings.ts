/**
 * Tells staff before the secret of the bot's registration ends: 30, 7 and 1 days before and on the day, by mail, and by a
 * line in their channel in Teams where they have one. One document per secret says what was told. The mail is part of
 * the change that notes it, so it is there once, whatever restarts and however many instances there are. The line is
 * noted before it is sent: where a process dies in between it is missing, and the mail says the same.
 */
import type { Log } from '../log.ts';
import { queueMail } from '../mail/outbox.ts';
import { Change, changing, type Records, type RecordType, type Stored } from '../records/records.ts';
import { Rounds, stepAfter } from '../rounds.ts';
import { type ChannelPlace, placeOfStaff } from '../staff-channel/staff-channel.ts';
import { daysLeft, warningFor } from './secret-end.ts';

/** By the day the secret ends, YYYY-MM-DD. Warnings go by their days. */
export interface SecretWarned {
  /** The last one that was mailed. */
  readonly mailed?: number;
  /** The last one that was told in the channel, or is being told. */
  readonly shown?: number;
  /** Of the one that Teams did not take. */
  readonly tries: number;
  /** ISO 8601, UTC: not tried again before this. */
  readonly next?: string;
}

export const secretWarned: RecordType<SecretWarned> = { name: 'secret-warnings', indexes: {} };

export interface SecretWarning {
  /** YYYY-MM-DD */
  readonly ends: string;
  /** Days left; less than 0 once it has ended. */
  readonly days: number;
}

/** How the line gets into the channel. */
export interface SecretPort {
  /** Rejects where Teams does not take it. */
  tell(place: ChannelPlace, warning: SecretWarning): Promise<void>;
  failure(error: unknown): { readonly retryAfter?: number; readonly reason: string };
}

export interface SecretWarningsParts {
  readonly records: Records;
  readonly port: SecretPort;
  /** STAFF_TEAM_ID */
  readonly group: string;
  /** YYYY-MM-DD */
  readonly ends: string;
  readonly staffEmail: string;
  readonly now: () => Date;
  /** Nobody can guess it. */
  readonly newId: () => string;
  /** Calls `wake` after so many ms; the result calls it off. */
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/** ms */
const lookAgain = 60_000;
const waits = [60_000, 300_000, 1800_000] as const;
/** The mail says the same. */
const mostTries = 5;

export class SecretWarnings extends Rounds {
  readonly #parts: SecretWarningsParts;

  constructor(parts: SecretWarningsParts) {
    super({
      failed: (error) => parts.log.error({ err: error }, 'staff could not be told when the app secret ends'),
      wakeAfter: parts.wakeAfter,
      afterFailure: lookAgain,
    });
    this.#parts = parts;
  }

  protected async work(): Promise<number> {
    const { records, group, ends, now } = this.#parts;
    const days = daysLeft(ends, now());
    const due = warningFor(days);
    if (due === undefined) return lookAgain;
    await this.#mail({ ends, days }, due);
    const place = await placeOfStaff(records, group);
    if (place) await this.#show(place, { ends, days }, due);
    return lookAgain;
  }

  #mail(data: SecretWarning, due: number): Promise<unknown> {
    const { newId, staffEmail, now } = this.#parts;
    return this.#note(({ mailed, ...rest }, change) => {
      if (isPast(mailed, due)) return undefined;
      queueMail(change, newId(), {
        template: 'secretEnds',
        data,
        to: staffEmail,
        at: now().toISOString(),
        tell: 'nobody',
      });
      return { ...rest, mailed: due };
    });
  }

  async #show(place: ChannelPlace, warning: SecretWarning, due: number): Promise<void> {
    const { port, now, log } = this.#parts;
    const time = now().toISOString();
    const before = await this.#note((seen) => {
      if (isPast(seen.shown, due) || (seen.next ?? '') > time) return undefined;
      const { next: _, ...rest } = seen;
      return { ...rest, shown: due };
    });
    if (!before) return;
    try {
      await port.tell(place, warning);
      await this.#note(({ next: _, ...rest }) => ({ ...rest, tries: 0 }));
    } catch (error) {
      const { retryAfter = 0, reason } = port.failure(error);
      const tries = before.tries + 1;
      log.warn({ reason, tries }, 'when the app secret ends could not be told in the channel of staff');
      if (tries >= mostTries) return void (await this.#note((seen) => ({ ...seen, tries: 0 })));
      const wait = Math.max(stepAfter(waits, tries), retryAfter);
      const next = new Date(now().getTime() + wait).toISOString();
      await this.#note(({ shown: _, ...rest }) => ({
        ...rest,
        ...(before.shown !== undefined && { shown: before.shown }),
        tries,
        next,
      }));
    }
  }

  /**
   * Notes what was told of this secret.
   * @param noted - undefined: there is nothing to note
   * @returns what was noted before; undefined where nothing was changed
   */
  #note(noted: (seen: SecretWarned, change: Change) => SecretWarned | undefined): Promise<SecretWarned | undefined> {
    const { records, ends } = this.#parts;
    return changing(records, async () => {
      const seen: Stored<SecretWarned> | undefined = await records.get(secretWarned, ends);
      const before = seen?.value ?? { tries: 0 };
      const change = new Change();
      const value = noted(before, change);
      if (!value) return { result: undefined };
      if (seen) change.update(secretWarned, seen, value);
      else change.create(secretWarned, ends, value);
      return { change, result: before };
    });
  }
}

/** Whether this warning was told, or a later one: by a clock that is ahead of ours, of another instance. */
function isPast(told: number | undefined, due: number): boolean {
  return told !== undefined && told <= due;
}

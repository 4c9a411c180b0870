/**
 * Sees to it that a dialog that nobody answers is ended in time and not with the next message only. When one is begun, its
 * conversation is written down with the moment to look at it; then a turn in which nothing is said is run there, since
 * every turn begins with ending what has waited too long. So the turn decides, ends and tells at once or not at all, a
 * restart loses nothing, and of several instances the one that claims a row first does it. Where a process dies with a
 * turn under way, another turn is run: it ends a dialog that still waits, and tells nothing a second time.
 */
import type { Log } from '../log.ts';
import { Change, changing, type Records, type RecordType, type Stored } from '../records/records.ts';
import { Rounds } from '../rounds.ts';

export interface WaitingDialog {
  /** Whose dialog it is, `channel/user id`. */
  readonly person: string;
  /** Of the turn that is run next: one that its channel did not take is recognised when it is run again, and told again. */
  readonly turn: string;
  /** ISO 8601, UTC: when to look. */
  readonly due: string;
  /** Looks that failed. */
  readonly tries: number;
}

/** By `channel/conversation id`. */
export const waitingDialogs: RecordType<WaitingDialog> = {
  name: 'waiting-dialogs',
  indexes: { due: ({ due }) => [due] },
};

export interface Looked {
  readonly conversation: string;
  readonly person: string;
  /** Id of the turn's activity. */
  readonly turn: string;
}

export interface IdleDialogsParts {
  readonly records: Records;
  /** Runs the turn; rejects where what it says does not reach the conversation. */
  readonly look: (looked: Looked) => Promise<void>;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Calls `wake` after so many ms; the result calls it off. */
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  readonly log: Pick<Log, 'info' | 'error'>;
}

/** ms between two looks at what is due. */
const lookAgain = 60_000;
/** ms for which a row that is looked at is nobody else's. */
const lease = 60_000;
/** The channel does not take it: the user is told with their next message. */
const mostTries = 5;
const atOnce = 20;

export class IdleDialogs extends Rounds {
  readonly #parts: IdleDialogsParts;

  constructor(parts: IdleDialogsParts) {
    super({
      failed: (error) => parts.log.error({ err: error }, 'dialogs that wait could not be read'),
      wakeAfter: parts.wakeAfter,
      afterFailure: lookAgain,
    });
    this.#parts = parts;
  }

  /** The conversation is looked at then, and not before. */
  lookAt({ conversation, person }: Pick<Looked, 'conversation' | 'person'>, due: Date): Promise<void> {
    const { records, newId } = this.#parts;
    return changing(records, async () => {
      const seen = await records.get(waitingDialogs, conversation);
      const value: WaitingDialog = { person, turn: newId(), due: due.toISOString(), tries: 0 };
      const change = seen
        ? new Change().update(waitingDialogs, seen, value)
        : new Change().create(waitingDialogs, conversation, value);
      return { change, result: undefined };
    });
  }

  protected async work(): Promise<number> {
    const { records, now } = this.#parts;
    const time = now().toISOString();
    while (!this.isClosed) {
      // What was looked at is due later or gone, so that the next ones come first.
      const first = await records.sorted(waitingDialogs, 'due', '', atOnce);
      const due = first.filter(({ value }) => value.due <= time);
      if (due.length === 0) break;
      await Promise.all(due.map((row) => this.#lookAt(row)));
    }
    return lookAgain;
  }

  async #lookAt(row: Stored<WaitingDialog>): Promise<void> {
    const { records, look, now, newId, log } = this.#parts;
    const { id, version } = row;
    const { person, turn, tries } = row.value;
    if (tries >= mostTries) return void (await records.commit(new Change().delete(waitingDialogs, row)));
    const due = new Date(now().getTime() + lease).toISOString();
    const value: WaitingDialog = { person, turn: newId(), due, tries: tries + 1 };
    if (!(await records.commit(new Change().update(waitingDialogs, row, value)))) return;
    // Where the dialog was answered meanwhile, its turn wrote down a later moment, and the row stays as that.
    const claimed = { id, version: version + 1, value };
    const isTold = await look({ conversation: id, person, turn }).then(
      () => true,
      (error: unknown) => {
        log.info({ err: error }, 'the end of a dialog that nobody answers could not be told; it is tried again');
        return false;
      },
    );
    const change = new Change();
    if (isTold) change.delete(waitingDialogs, claimed);
    else change.update(waitingDialogs, claimed, { ...value, turn });
    await records.commit(change);
  }
}

/** Who watches a history, whichever store it is in. */
import type { HistoryLine } from '../history/history.ts';
import type { Log } from '../log.ts';

export type HistoryListener = (lines: readonly HistoryLine[]) => void;

export class HistoryListeners {
  readonly #log?: Pick<Log, 'warn'>;
  readonly #listeners = new Set<{ readonly listener: HistoryListener }>();

  constructor(log?: Pick<Log, 'warn'>) {
    this.#log = log;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Returns what ends it. */
  add(listener: HistoryListener): () => void {
    // An object of its own, so that one function may watch twice and end either.
    const watching = { listener };
    this.#listeners.add(watching);
    return () => {
      this.#listeners.delete(watching);
    };
  }

  /** Tells everybody who watches. What they throw is logged: the turn stays committed. */
  announce(lines: readonly HistoryLine[]): void {
    for (const { listener } of [...this.#listeners]) {
      try {
        const outcome: unknown = listener(lines);
        if (outcome instanceof Promise) outcome.catch((error) => this.#warn(error));
      } catch (error) {
        this.#warn(error);
      }
    }
  }

  #warn(error: unknown): void {
    this.#log?.warn({ err: error }, 'a listener to the history failed; what it was told of is stored');
  }
}

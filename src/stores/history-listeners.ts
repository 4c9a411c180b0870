/** Who watches a history, whichever store it is in. */
import type { HistoryLine } from '../history/history.ts';
import type { Log } from '../log.ts';

export type HistoryListener = (lines: readonly HistoryLine[]) => void;
export type Wants = (conversation: string) => boolean;

interface Watching {
  readonly listener: HistoryListener;
  readonly wants: Wants;
}

export class HistoryListeners {
  readonly #log?: Pick<Log, 'warn'>;
  readonly #listeners = new Set<Watching>();

  constructor(log?: Pick<Log, 'warn'>) {
    this.#log = log;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Whether anybody is to be told of a conversation. */
  want(conversation: string): boolean {
    for (const { wants } of this.#listeners) if (wants(conversation)) return true;
    return false;
  }

  /** Returns what ends it. */
  add(listener: HistoryListener, wants: Wants = () => true): () => void {
    // An object of its own, so that one function may watch twice and end either.
    const watching = { listener, wants };
    this.#listeners.add(watching);
    return () => {
      this.#listeners.delete(watching);
    };
  }

  /** Tells everybody who watches their conversation. What they throw is logged: the turn stays committed. */
  announce(lines: readonly HistoryLine[]): void {
    const conversation = lines[0]?.conversation ?? '';
    for (const { listener, wants } of [...this.#listeners]) {
      if (!wants(conversation)) continue;
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

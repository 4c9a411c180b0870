/** The history's side of the embedded store: reading lines and telling listeners of new ones. */
import type { HistoryLine, HistoryStore } from '../../history/history.ts';
import type { Log } from '../../log.ts';
import { fingerprint } from '../fingerprint.ts';
import { keyInConversation, read } from './documents.ts';
import type { Engine } from './engine.ts';
import type { LineIndex } from './line-index.ts';

type Listener = (lines: readonly HistoryLine[]) => void;

/** `HistoryStore` over the engine. It hands out the stored documents: they are only ever replaced, and frozen (line-index.ts). */
export class EmbeddedHistory implements HistoryStore {
  readonly #engine: Engine;
  readonly #index: LineIndex;
  readonly #log?: Pick<Log, 'warn'>;
  readonly #listeners = new Set<{ readonly listener: Listener }>();

  constructor(engine: Engine, index: LineIndex, log?: Pick<Log, 'warn'>) {
    this.#engine = engine;
    this.#index = index;
    this.#log = log;
  }

  async conversations(): Promise<readonly string[]> {
    return Array.from(this.#index.all(), ([conversation]) => conversation);
  }

  async read(conversation: string, after = 0, limit = Number.POSITIVE_INFINITY): Promise<readonly HistoryLine[]> {
    return this.#index.after(conversation, after).slice(0, Math.max(0, limit));
  }

  async find(conversation: string, id: string): Promise<HistoryLine | undefined> {
    return read(this.#engine, 'lines', keyInConversation(conversation, id));
  }

  async latest(conversation: string): Promise<number> {
    return read(this.#engine, 'heads', fingerprint(conversation))?.latest ?? 0;
  }

  watch(listener: Listener): () => void {
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

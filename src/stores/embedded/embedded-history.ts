/** The history's side of the embedded store: reading lines and telling listeners of new ones. */
import type { HistoryLine, HistoryStore } from '../../history/history.ts';
import type { Log } from '../../log.ts';
import { copyOf, fingerprint, keyInConversation, read } from './documents.ts';
import type { Engine } from './engine.ts';
import type { LineIndex } from './line-index.ts';

type Listener = (lines: readonly HistoryLine[]) => void;

/** `HistoryStore` over the engine. What it hands out are copies: changing one changes nothing here. */
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

  async read(conversation: string, after = 0, limit = Number.POSITIVE_INFINITY): Promise<readonly HistoryLine[]> {
    return this.#index.after(conversation, after).slice(0, Math.max(0, limit)).map(copyOf);
  }

  async find(conversation: string, id: string): Promise<HistoryLine | undefined> {
    const line = read(this.#engine, 'lines', keyInConversation(conversation, id));
    return line && copyOf(line);
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

  /** Tells everybody who watches. They get a copy each, and what they throw is logged: the turn stays committed. */
  announce(lines: readonly HistoryLine[]): void {
    for (const { listener } of [...this.#listeners]) {
      try {
        const outcome: unknown = listener(lines.map(copyOf));
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

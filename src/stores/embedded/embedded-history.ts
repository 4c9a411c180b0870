/** The history's side of the embedded store: reading lines and telling listeners of new ones. */
import type { HistoryLine, HistoryStore } from '../../history/history.ts';
import type { Log } from '../../log.ts';
import { fingerprint } from '../fingerprint.ts';
import { type HistoryListener, HistoryListeners, type Wants } from '../history-listeners.ts';
import { keyInConversation, read } from './documents.ts';
import type { Engine } from './engine.ts';
import type { LineIndex } from './line-index.ts';

/** `HistoryStore` over the engine. It hands out the stored documents: they are only ever replaced, and frozen (line-index.ts). */
export class EmbeddedHistory implements HistoryStore {
  readonly #engine: Engine;
  readonly #index: LineIndex;
  readonly #listeners: HistoryListeners;

  constructor(engine: Engine, index: LineIndex, log?: Pick<Log, 'warn'>) {
    this.#engine = engine;
    this.#index = index;
    this.#listeners = new HistoryListeners(log);
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

  watch(listener: HistoryListener, wants?: Wants): () => void {
    return this.#listeners.add(listener, wants);
  }

  announce(lines: readonly HistoryLine[]): void {
    this.#listeners.announce(lines);
  }
}

/** A store as the contract suite needs it; each implementation's test hands in how to open one. */
import type { TurnStore } from '../../src/bot/turn-store.ts';
import type { Erasure, HistoryStore } from '../../src/history/history.ts';
import type { VoteStore } from '../../src/usage/votes.ts';

export interface OpenedStore {
  readonly turns: TurnStore;
  readonly history: HistoryStore;
  readonly votes: VoteStore;
  readonly erasure: Erasure;
  close(): Promise<void>;
  /** Closes it and opens what it left. */
  reopen(): Promise<OpenedStore>;
}

/** Opens an empty store. */
export type OpenStore = (now: () => Date) => Promise<OpenedStore>;

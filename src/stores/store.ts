/** What every store gives: the embedded one and PostgreSQL alike. app/ and the commands open one by its address. */
import type { ConversationLock } from '../bot/conversation-lock.ts';
import type { TurnStore } from '../bot/turn-store.ts';
import type { Erasure, HistoryStore } from '../history/history.ts';
import type { Presence } from '../instances/presence.ts';
import type { Records } from '../records/records.ts';
import type { VoteStore } from '../usage/votes.ts';
import type { Copyable } from './copyable.ts';

export interface Store extends Copyable {
  readonly turns: TurnStore;
  readonly history: HistoryStore;
  readonly votes: VoteStore;
  readonly erasure: Erasure;
  readonly records: Records;
  /** What other processes share with this one; undefined where one process has the store for itself. */
  readonly shared?: Shared;
  /** The key made at first use, where the store may keep one; rejects with `ERR_STORE_KEY` where SECRET_KEY must give it. */
  secretKey(): Promise<string>;
  /** Writes something and reads it back, as a turn would; rejects with the reason when that does not work. */
  check(): Promise<void>;
  /** Finishes what was begun. */
  close(): Promise<void>;
}

/** What several instances on one store need of it. */
export interface Shared {
  readonly conversations: ConversationLock;
  /** How many connections this process has to the store, and how many wait for one. */
  connections(): Connections;
  readonly presence: Presence;
  /** One clock for all of them, whatever their machines' say: who has what in hand, and until when, goes by it. */
  readonly now: () => Date;
  /** Tells the others at once of what is not kept, if it is short; who does not hear it has missed it. */
  tellNow(conversation: string, what: object): void;
  /** Calls `listener` with what others tell at once. */
  onTold(listener: (conversation: string, what: object) => void): void;
  /** Calls `listener` with what other instances put, a moment after; without puts, anything may have changed. */
  onPut(listener: (puts: readonly ForeignPut[] | undefined) => void): void;
}

export interface ForeignPut {
  /** The record type's name. */
  readonly kind: string;
  /** Undefined where it was very many. */
  readonly id: string | undefined;
}

export interface Connections {
  readonly inUse: number;
  readonly idle: number;
  readonly waiting: number;
}

/** The store as it is, with every commit timed. app/ lays it over the store before any room gets it. */
import type { CompletedTurn, TurnStore } from '../bot/turn-store.ts';
import type { Change } from '../records/records.ts';
import { RecordsLayer } from '../records/records-layer.ts';
import type { Store } from '../stores/store.ts';

export interface CommitSeen {
  readonly kind: 'turn' | 'records';
  readonly outcome: 'done' | 'repeated' | 'conflict' | 'failed';
  readonly seconds: number;
}

type Tell = (commit: CommitSeen) => void;

export function measuredStore(store: Store, tell: Tell): Store {
  return { ...store, turns: measuredTurns(store.turns, tell), records: new MeasuredRecords(store.records, tell) };
}

class MeasuredRecords extends RecordsLayer {
  readonly #tell: Tell;

  constructor(below: Store['records'], tell: Tell) {
    super(below);
    this.#tell = tell;
  }

  override commit(change: Change): Promise<boolean> {
    return timed('records', this.#tell, super.commit(change), (isDone) => (isDone ? 'done' : 'conflict'));
  }
}

function measuredTurns(turns: TurnStore, tell: Tell): TurnStore {
  return {
    isRepeated: (activity) => turns.isRepeated(activity),
    isWelcomed: (person) => turns.isWelcomed(person),
    readState: (keys) => turns.readState(keys),
    replaceText: (...of) => turns.replaceText(...of),
    commit: (turn: CompletedTurn) =>
      timed('turn', tell, turns.commit(turn), (came) => (came === 'repeated' ? 'repeated' : 'done')),
  };
}

async function timed<T>(
  kind: CommitSeen['kind'],
  tell: Tell,
  commit: Promise<T>,
  outcomeOf: (result: T) => CommitSeen['outcome'],
): Promise<T> {
  const began = performance.now();
  const ended = (outcome: CommitSeen['outcome']) =>
    tell({ kind, outcome, seconds: (performance.now() - began) / 1000 });
  try {
    const result = await commit;
    ended(outcomeOf(result));
    return result;
  } catch (error) {
    ended('failed');
    throw error;
  }
}

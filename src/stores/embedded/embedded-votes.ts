/** The votes' side of the embedded store. */
import type { Vote, VoteStore } from '../../usage/votes.ts';
import { keyInConversation, read, readAll } from './documents.ts';
import type { Engine } from './engine.ts';

/** `VoteStore` over the engine; votes are written with the turn that cast them, and are flat: a shallow copy is a copy. */
export class EmbeddedVotes implements VoteStore {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async find(conversation: string, line: string): Promise<Vote | undefined> {
    const vote = read(this.#engine, 'votes', keyInConversation(conversation, line));
    return vote && { ...vote };
  }

  async list(): Promise<readonly Vote[]> {
    const votes = Array.from(readAll(this.#engine, 'votes'), ([, vote]) => ({ ...vote }));
    return votes.sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
  }
}

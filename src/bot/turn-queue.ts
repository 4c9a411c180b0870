/** One turn at a time per conversation: in parallel, all but one would fail to save after having replied. */
import { AccessDeskError } from '../errors.ts';

/** More waiting turns than any person causes; beyond it somebody is flooding. */
const longestQueue = 50;

export class TurnQueue {
  readonly #tails = new Map<string, { last: Promise<unknown>; waiting: number }>();
  #size = 0;

  /** Turns that are running or waiting. */
  get size(): number {
    return this.#size;
  }

  /**
   * Runs `turn` when all earlier turns of the conversation have ended, however they ended.
   * @throws AccessDeskError `ERR_TURN_QUEUE_FULL` when 50 are waiting already; `turn` is then not run.
   */
  run<T>(conversation: string, turn: () => Promise<T>): Promise<T> {
    const queue = this.#tails.get(conversation) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= longestQueue) {
      return Promise.reject(
        new AccessDeskError('ERR_TURN_QUEUE_FULL', `${longestQueue} turns are waiting in one conversation`),
      );
    }
    queue.waiting++;
    this.#size++;
    const result = queue.last.then(turn, turn);
    const ended = () => {
      this.#size--;
      if (--queue.waiting === 0) this.#tails.delete(conversation);
    };
    result.then(ended, ended);
    queue.last = result;
    this.#tails.set(conversation, queue);
    return result;
  }

  /** Resolves when no turn is running or waiting. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.allSettled([...this.#tails.values()].map((queue) => queue.last));
  }
}

/**
 * One turn of a conversation: from an incoming activity to the commit of all it changed. Every channel calls `run`;
 * what answers is in routes.ts. A failed turn keeps what the user said, an apology and nothing else.
 */
import type { Application } from '@microsoft/teams-ai/lib/Application.js';
import type { TurnContext } from 'botbuilder';
import type { Log } from '../log.ts';
import { sentence } from '../replies/reply.ts';
import type { Words } from '../words/words.ts';
import type { ConversationState } from './conversation-state.ts';
import { Turn } from './turn.ts';
import { TurnQueue } from './turn-queue.ts';
import type { TurnStore } from './turn-store.ts';
import { showTyping } from './typing.ts';

export interface BotParts {
  readonly routes: Application<ConversationState>;
  readonly turns: TurnStore;
  readonly words: Words;
  readonly now: () => Date;
  /** Ids of lines; unique without coordination. */
  readonly newId: () => string;
  /** A short id that a person can read out; the log line of a failure carries the same. */
  readonly newReference: () => string;
  readonly log: Log;
}

export class Bot {
  readonly #queue = new TurnQueue();

  constructor(private readonly parts: BotParts) {}

  /**
   * Runs the turn of `context` after all earlier ones of its conversation; a repeated activity does nothing.
   * @throws AccessDeskError `ERR_TURN_QUEUE_FULL`, or `ERR_STORE_WRITE` when nothing of the turn could be kept.
   */
  run(context: TurnContext): Promise<void> {
    const turn = new Turn(context, { store: this.parts.turns, now: this.parts.now, newId: this.parts.newId });
    return this.#queue.run(turn.conversation, () => this.#runTurn(turn));
  }

  /** Resolves when every turn that was begun has ended. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async #runTurn(turn: Turn): Promise<void> {
    const { routes, turns } = this.parts;
    if (turn.key && (await turns.isRepeated(turn.key))) return;
    const stopTyping = showTyping(turn.context);
    try {
      await routes.run(turn.context);
    } catch (error) {
      this.#apologise(turn, error);
    } finally {
      stopTyping();
    }
    const completed = turn.completed();
    if (completed && (await turns.commit(completed)) === 'repeated') return;
    await turn.release();
  }

  #apologise(turn: Turn, error: unknown): void {
    const reference = this.parts.newReference();
    this.parts.log.error({ err: error, reference }, 'a turn failed');
    turn.discard();
    turn.reply(sentence(this.parts.words.say('fault', { reference })));
  }
}

/**
 * One turn of a conversation: from an incoming activity to the commit of all it changed. Every channel calls `run`;
 * what answers is in routes.ts. A failed turn keeps what the user said, an apology and nothing else; one that a store
 * was away for keeps nothing.
 */
import type { Application } from '@microsoft/teams-ai/lib/Application.js';
import type { Activity, TurnContext } from 'botbuilder';
import { AccessDeskError, isStoreAway } from '../errors.ts';
import type { HistoryStore, LineFacts, NewLine } from '../history/history.ts';
import type { Log } from '../log.ts';
import { forChannel, teamsCard } from '../replies/for-channel.ts';
import { cardOf, resultOfPress } from '../replies/pressed-card.ts';
import { sentence } from '../replies/reply.ts';
import { isPress, isRefresh, isShared } from '../replies/teams.ts';
import { withinSize } from '../replies/within-size.ts';
import type { Desk } from '../tickets/desk.ts';
import type { Words } from '../words/words.ts';
import { changedMessage } from './changed-message.ts';
import type { ConversationLock } from './conversation-lock.ts';
import type { ConversationState } from './conversation-state.ts';
import { Turn } from './turn.ts';
import type { TurnFigures, TurnOutcome } from './turn-figures.ts';
import { TurnQueue } from './turn-queue.ts';
import type { TurnStore } from './turn-store.ts';
import { showTyping } from './typing.ts';

export interface BotParts {
  readonly routes: Application<ConversationState>;
  readonly turns: TurnStore;
  readonly history: HistoryStore;
  readonly words: Words;
  readonly now: () => Date;
  /** Ids of lines; unique without coordination. */
  readonly newId: () => string;
  /** A short id that a person can read out; the log line of a failure carries the same. */
  readonly newReference: () => string;
  readonly log: Log;
  readonly publicUrl: string;
  readonly desk: Pick<Desk, 'takeBack'>;
  /** Goes on with somebody in their personal chat, where the channel lets us. */
  readonly takeAside: (activity: Activity, words: string) => void;
  /** Where other processes run turns too. */
  readonly lock?: ConversationLock;
  readonly figures?: TurnFigures;
}

export interface AddedLine extends Omit<NewLine, 'at'> {
  readonly conversation: string;
  /** Whose conversation it is. */
  readonly person: string;
}

export class Bot {
  readonly #queue = new TurnQueue();

  /** Whether a message was changed or deleted, with nothing to answer. */
  readonly #changed: (turn: Turn) => Promise<boolean>;

  constructor(private readonly parts: BotParts) {
    this.#changed = changedMessage(parts);
  }

  /**
   * Runs the turn of `context` after all earlier ones of its conversation; a repeated activity changes nothing and gets
   * the same replies again.
   * @throws AccessDeskError `ERR_TURN_QUEUE_FULL`, `ERR_CONVERSATION_BUSY`; `ERR_STORE_READ` or `ERR_STORE_WRITE` when nothing of the turn is kept;
   *   `ERR_REPLY_NOT_SENT` when all of it is kept but its channel did not take the replies.
   */
  async run(context: TurnContext): Promise<void> {
    const turn = new Turn(context, { store: this.parts.turns, now: this.parts.now, newId: this.parts.newId });
    const began = performance.now();
    const ended = (outcome: TurnOutcome) =>
      this.parts.figures?.turnEnded(context.activity.channelId, outcome, secondsSince(began));
    try {
      await this.#inTurn(turn.conversation, () => this.#runTurn(turn, ended));
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome) ended(outcome);
      throw error;
    }
  }

  /** Turns, and lines that are added, under way or waiting behind another of their conversation. */
  get queued(): number {
    return this.#queue.size;
  }

  /**
   * Puts a line into a conversation that is not a reply to anything: what staff write, and what became of a request.
   * After all turns that were begun; the same id again changes nothing. Clients of this process read it from the
   * history it is in.
   * @throws AccessDeskError `ERR_STORE_WRITE`, `ERR_TURN_QUEUE_FULL`
   */
  async add({ conversation, person, ...line }: AddedLine): Promise<void> {
    const { turns, now } = this.parts;
    const at = now().toISOString();
    const lines = [{ ...line, at }];
    const turn = { conversation, person, at, lines, state: new Map(), votes: [], welcomed: [] };
    await this.#inTurn(conversation, () => turns.commit(turn));
  }

  /** Resolves when every turn that was begun has ended. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #inTurn<T>(conversation: string, work: () => Promise<T>): Promise<T> {
    const { lock } = this.parts;
    return this.#queue.run(conversation, lock ? () => lock.hold(conversation, work) : work);
  }

  /** @param ended - called once, as soon as what the turn changed is durable */
  async #runTurn(turn: Turn, ended: (outcome: TurnOutcome) => void): Promise<void> {
    const { routes, turns } = this.parts;
    const repeat = () => {
      ended('repeated');
      return this.#repeat(turn);
    };
    if (turn.key && (await turns.isRepeated(turn.key))) return repeat();
    if (await this.#changed(turn)) return ended('committed');
    let outcome: TurnOutcome = 'committed';
    const stopTyping = showTyping(turn.context);
    try {
      await routes.run(turn.context);
    } catch (error) {
      // Nothing of the turn is kept: who sent it is told so and sends it again, which may do what an apology could not.
      if (outcomeOf(error) === 'away') throw error;
      outcome = 'failed';
      this.#apologise(turn, error);
    } finally {
      stopTyping();
    }
    const completed = isRefresh(turn.context.activity) ? undefined : turn.completed();
    if (completed && (await turns.commit(completed)) === 'repeated') return repeat();
    ended(completed ? outcome : 'silent');
    if (completed) this.#countDecisions(turn);
    await this.#release(turn);
    if (turn.aside !== undefined) this.parts.takeAside(turn.context.activity, turn.aside);
  }

  /** A channel that sends an activity again has not got the replies: they are sent again, as the history holds them. */
  async #repeat(turn: Turn): Promise<void> {
    const lines = await this.parts.history.read(turn.conversation);
    turn.discard();
    for (const { activity, text } of lines)
      if (activity.replyToId === turn.id) turn.reply({ activity: { ...activity, text } });
    await this.#release(turn);
  }

  #countDecisions({ replies }: Turn): void {
    for (const { line } of replies) if (line.facts) this.parts.figures?.decided(line.facts.decision);
  }

  async #release(turn: Turn): Promise<void> {
    const began = performance.now();
    const replied = (outcome: 'taken' | 'untaken') =>
      this.parts.figures?.replied(turn.context.activity.channelId, outcome, secondsSince(began));
    try {
      const posted = isPress(turn.context.activity)
        ? await this.#answerPress(turn)
        : turn.replies.map((_, index) => index);
      await turn.release(posted.map((index) => this.#shown(turn, index)));
      if (turn.replies.length > 0) replied('taken');
    } catch (cause) {
      replied('untaken');
      throw new AccessDeskError('ERR_REPLY_NOT_SENT', 'A reply is kept but could not be delivered to its channel.', {
        cause,
      });
    }
  }

  /** The pressed card becomes what came of it. @returns which replies are posted beside that */
  async #answerPress(turn: Turn): Promise<readonly number[]> {
    const { value, from } = turn.context.activity;
    const { card, verb } = value as { card?: unknown; verb?: unknown };
    const lineOfCard = typeof card === 'string' ? card : '';
    const line = lineOfCard ? await this.parts.history.find(turn.conversation, lineOfCard) : undefined;
    const pressed = line && cardOf(line.activity as Partial<Activity>);
    const result = resultOfPress(
      pressed,
      verb,
      turn.replies.map(({ activity }) => activity),
    );
    const replaced = turn.replies[0];
    const { refresh } = (replaced?.activity.channelData ?? {}) as { refresh?: unknown };
    const isReplaced = result.posted.length === 0;
    const to = { line: isReplaced ? (replaced?.line.id ?? '') : lineOfCard, user: from.id };
    // Nobody pressed: nothing is closed, and nothing is posted.
    const isLook = isRefresh(turn.context.activity);
    const isUnchanged = isLook && turn.replies.length !== 1;
    const body =
      result.card && !isUnchanged
        ? {
            statusCode: 200,
            type: 'application/vnd.microsoft.card.adaptive',
            value: withinSize(teamsCard(result.card, to, isReplaced ? refresh : undefined), this.#readOn(line?.facts)),
          }
        : { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: '' };
    await turn.context.sendActivities([{ type: 'invokeResponse', value: { status: 200, body } }]);
    return isLook ? [] : result.posted;
  }

  #shown(turn: Turn, index: number): Partial<Activity> {
    const reply = turn.replies[index];
    if (!reply) throw new Error(`a turn has no reply ${index}`);
    const { activity: asked } = turn.context;
    const { facts, id } = reply.line;
    return forChannel(reply.activity, {
      channel: asked.channelId,
      isShared: isShared(asked),
      user: asked.from.id,
      line: id,
      readOn: this.#readOn(facts),
    });
  }

  /** A link to all of it, as Markdown. */
  #readOn(facts: LineFacts | undefined): string {
    const { publicUrl, words } = this.parts;
    const whole = facts?.decision === 'answer' && facts.id ? `${publicUrl}/entries/${facts.id}` : publicUrl;
    return `[${words.say('teams.readOn')}](${whole})`;
  }

  #apologise(turn: Turn, error: unknown): void {
    const reference = this.parts.newReference();
    this.parts.log.error({ err: error, reference }, 'a turn failed');
    turn.discard();
    turn.reply(sentence(this.parts.words.say('fault', { reference })));
  }
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}

/** Undefined where the turn had ended before, and only its replies were not taken. */
function outcomeOf(error: unknown): TurnOutcome | undefined {
  const { code } = error as { code?: string };
  if (code === 'ERR_REPLY_NOT_SENT') return undefined;
  if (code === 'ERR_TURN_QUEUE_FULL' || code === 'ERR_CONVERSATION_BUSY') return 'refused';
  return isStoreAway(error) ? 'away' : 'lost';
}

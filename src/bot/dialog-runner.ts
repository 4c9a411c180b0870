/**
 * Begins guided dialogs and takes them from turn to turn. Their stack is part of the conversation's memory. What runs
 * them (botbuilder-dialogs) is loaded with the first dialog: most conversations have none.
 */
import type { TurnContext } from 'botbuilder';
import type { Dialogs } from '../dialogs/create-dialogs.ts';
import { carryTalk, type Talk } from '../dialogs/talk.ts';
import { sentence } from '../replies/reply.ts';
import type { Words } from '../words/words.ts';
import type { ConversationMemory } from './conversation-state.ts';

/** ms without a word after which a dialog ends. */
const idle = 30 * 60_000;
/** ms for which a code may still be typed somewhere. */
const codeLasts = 10 * 60_000;
/** Receipts of dialogs that ended, for cards that are pressed once more. */
const mostReceipts = 5;
/** ms for which a second press is told what was done; later only that it was: names outlast no proof that showed them. */
const receiptLasts = 60_000;

export interface DialogRunnerParts {
  readonly load: () => Promise<Dialogs>;
  readonly words: Words;
  readonly now: () => Date;
  /** Sees to a turn in the conversation then, whether anybody speaks or not. */
  readonly lookAt: (talk: Talk, moment: Date) => Promise<void>;
}

export interface DialogTurn {
  readonly context: TurnContext;
  readonly memory: ConversationMemory;
  readonly talk: Talk;
}

/** Whose words they are, and what is remembered of their conversation. */
interface Spoken {
  readonly memory: ConversationMemory;
  readonly talk: Pick<Talk, 'person'>;
}

export class DialogRunner {
  #loading: Promise<Dialogs> | undefined;

  constructor(private readonly parts: DialogRunnerParts) {}

  /** Whether one of this person's own is under way. Where several people share a conversation, nobody answers for another. */
  isRunning({ memory: { dialogs, dialogOf }, talk }: Spoken): boolean {
    return (dialogs?.dialogStack.length ?? 0) > 0 && dialogOf === talk.person;
  }

  /** Whether what is said next is a code, which is not kept. */
  isSecret(turn: Spoken): boolean {
    const stack = turn.memory.dialogs?.dialogStack ?? [];
    return this.isRunning(turn) && stack.some(({ state }) => (state as { secret?: boolean }).secret === true);
  }

  /** Whether a code was asked for of late, so that one may be typed after its question is gone. */
  mayKnowCode({ codeAt }: ConversationMemory): boolean {
    return codeAt !== undefined && this.parts.now().getTime() - Date.parse(codeAt) < codeLasts;
  }

  /**
   * Ends a dialog that nobody has answered for half an hour, or that this server does not know, and says so.
   * @param isHeld - whether a person has the conversation: then nothing is said
   */
  async endOver(turn: DialogTurn, isHeld: () => Promise<boolean>): Promise<void> {
    const { memory, talk } = turn;
    const { words, now } = this.parts;
    if (!memory.dialogs?.dialogStack.length) return;
    const isIdle = now().getTime() - Date.parse(memory.dialogAt ?? '') >= idle;
    if (!isIdle && (await this.#dialogs()).isKnown(memory.dialogs)) return;
    const isOwn = this.isRunning(turn);
    this.#forget(memory);
    if (isOwn && !(await isHeld())) talk.say(sentence(words.say(isIdle ? 'dialog.idle' : 'dialog.unknown')));
  }

  /** Nobody has spoken: where the dialog of this turn's person still waits, it is looked at again when its time is over. */
  async goOnWaiting(turn: DialogTurn): Promise<void> {
    if (this.isRunning(turn)) await this.#lookWhenIdle(turn, Date.parse(turn.memory.dialogAt ?? ''));
  }

  async begin(turn: DialogTurn, name: string, options: object = {}): Promise<void> {
    const { memory, talk } = turn;
    if (memory.dialogs?.dialogStack.length && !this.isRunning(turn)) {
      return talk.say(sentence(this.parts.words.say('dialog.somebodyElse')));
    }
    const dialogs = await this.#dialogs();
    this.#forget(memory);
    memory.dialogOf = talk.person;
    await this.#lookWhenIdle(turn, this.parts.now().getTime());
    await this.#through(turn, await dialogs.begin(turn.context, this.#carried(turn), name, options));
  }

  /** Takes what was said to the dialog that runs. */
  async continue(turn: DialogTurn): Promise<void> {
    const dialogs = await this.#dialogs();
    await this.#through(turn, await dialogs.continue(turn.context, this.#carried(turn)));
  }

  /** A card of a dialog: acts while its question is the question, and otherwise says what became of it. */
  async press(turn: DialogTurn, nonce: string): Promise<void> {
    const { memory, talk } = turn;
    const { words } = this.parts;
    if ((await this.#dialogs()).isCurrent(memory.dialogs, nonce)) {
      if (this.isRunning(turn)) return this.continue(turn);
      return talk.say(sentence(words.say('dialog.notYours')));
    }
    const done = memory.receipts?.find(({ nonces }) => nonces.includes(nonce));
    if (!done?.text) return talk.say(sentence(words.say('dialog.oldCard')));
    const isToldAgain = this.parts.now().getTime() - Date.parse(done.at) < receiptLasts;
    talk.say(sentence(words.say('dialog.doneAlready', { receipt: isToldAgain ? done.text : '' }).trim()));
  }

  /** The question that this card asks, as it is now and under the same nonce; nothing where it is not the question any more. */
  async look(turn: DialogTurn, nonce: string): Promise<void> {
    if (!this.isRunning(turn) || !(await this.#dialogs()).isCurrent(turn.memory.dialogs, nonce)) return;
    await this.askAgain({ ...turn, talk: { ...turn.talk, newNonce: () => nonce } });
  }

  /** Gives up the dialog; says what was done and what was not. */
  async cancel(turn: DialogTurn): Promise<void> {
    const said = (await this.#dialogs()).cancelled(turn.memory.dialogs);
    this.#forget(turn.memory);
    turn.talk.say(sentence(said));
  }

  async back(turn: DialogTurn): Promise<void> {
    const dialogs = await this.#dialogs();
    const end = await dialogs.back(turn.context, this.#carried(turn));
    if (end !== 'first') return this.#through(turn, end);
    turn.talk.say(sentence(this.parts.words.say('dialog.noBack')));
    await this.askAgain(turn);
  }

  /** What the dialog is about, and its question once more. */
  async help(turn: DialogTurn): Promise<void> {
    const dialogs = await this.#dialogs();
    turn.talk.say(sentence(dialogs.help(turn.memory.dialogs)));
    await this.askAgain(turn);
  }

  /** Its question once more. */
  async askAgain(turn: DialogTurn): Promise<void> {
    await (await this.#dialogs()).reprompt(turn.context, this.#carried(turn));
  }

  /** What a person of staff gets to know of it. */
  async facts(turn: DialogTurn): Promise<readonly { label: string; value: string }[]> {
    return this.isRunning(turn) ? (await this.#dialogs()).facts(turn.memory.dialogs) : [];
  }

  async #through(turn: DialogTurn, end: Awaited<ReturnType<Dialogs['continue']>>): Promise<void> {
    const { memory } = turn;
    const at = this.parts.now().toISOString();
    memory.dialogAt = at;
    if (this.isSecret(turn)) memory.codeAt = at;
    if (!end) return;
    this.#forget(memory);
    const { nonces, receipt = '', follow } = end;
    const ended = { nonces, text: receipt, at };
    memory.receipts = [...(memory.receipts ?? []), ended].slice(-mostReceipts);
    if (follow) await this.begin(turn, follow.dialog, follow.options);
  }

  #carried({ context, memory, talk }: DialogTurn): ConversationMemory {
    carryTalk(context, talk);
    return memory;
  }

  /** @param since - ms since 1970: when it was spoken to last */
  #lookWhenIdle({ talk }: DialogTurn, since: number): Promise<void> {
    return this.parts.lookAt(talk, new Date(since + idle));
  }

  #forget(memory: ConversationMemory): void {
    delete memory.dialogs;
    delete memory.dialogAt;
    delete memory.dialogOf;
  }

  #dialogs(): Promise<Dialogs> {
    this.#loading ??= this.parts.load().catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }
}

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
/** Receipts of dialogs that ended, for cards that are pressed once more. */
const mostReceipts = 5;

export interface DialogRunnerParts {
  readonly load: () => Promise<Dialogs>;
  readonly words: Words;
  readonly now: () => Date;
}

export interface DialogTurn {
  readonly context: TurnContext;
  readonly memory: ConversationMemory;
  readonly talk: Talk;
}

export class DialogRunner {
  #loading: Promise<Dialogs> | undefined;

  constructor(private readonly parts: DialogRunnerParts) {}

  isRunning({ dialogs }: ConversationMemory): boolean {
    return (dialogs?.dialogStack.length ?? 0) > 0;
  }

  /** Whether what is said next is a code, which is not kept. */
  isSecret({ dialogs }: ConversationMemory): boolean {
    return (dialogs?.dialogStack ?? []).some(({ state }) => (state as { secret?: boolean }).secret === true);
  }

  /** Ends a dialog that nobody has answered for half an hour, and says so. */
  endIdle({ memory, talk }: DialogTurn): void {
    if (!this.isRunning(memory) || !memory.dialogAt) return;
    if (this.parts.now().getTime() - Date.parse(memory.dialogAt) < idle) return;
    this.#forget(memory);
    talk.say(sentence(this.parts.words.say('dialog.idle')));
  }

  async begin(turn: DialogTurn, name: string, options: object = {}): Promise<void> {
    const dialogs = await this.#dialogs();
    this.#forget(turn.memory);
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
    if (this.isRunning(memory) && (await this.#dialogs()).isCurrent(memory.dialogs, nonce)) return this.continue(turn);
    const done = memory.receipts?.find(({ nonces }) => nonces.includes(nonce));
    talk.say(
      sentence(done?.text ? words.say('dialog.doneAlready', { receipt: done.text }) : words.say('dialog.oldCard')),
    );
  }

  /** Gives up the dialog; says what was done and what was not. */
  async cancel(turn: DialogTurn): Promise<void> {
    const said = (await this.#dialogs()).cancelled(turn.memory.dialogs);
    this.#forget(turn.memory);
    turn.talk.say(sentence(said));
  }

  async back(turn: DialogTurn): Promise<void> {
    const dialogs = await this.#dialogs();
    const went = await dialogs.back(turn.context, this.#carried(turn));
    if (went) return;
    turn.talk.say(sentence(this.parts.words.say('dialog.noBack')));
    await dialogs.reprompt(turn.context, this.#carried(turn));
  }

  /** What the dialog is about, and its question once more. */
  async help(turn: DialogTurn): Promise<void> {
    const dialogs = await this.#dialogs();
    turn.talk.say(sentence(dialogs.help(turn.memory.dialogs)));
    await dialogs.reprompt(turn.context, this.#carried(turn));
  }

  /** What a person of staff gets to know of it. */
  async facts({ memory }: DialogTurn): Promise<readonly { label: string; value: string }[]> {
    return this.isRunning(memory) ? (await this.#dialogs()).facts(memory.dialogs) : [];
  }

  async #through(turn: DialogTurn, end: Awaited<ReturnType<Dialogs['continue']>>): Promise<void> {
    const { memory } = turn;
    memory.dialogAt = this.parts.now().toISOString();
    if (!end) return;
    const { nonces, receipt = '', then } = end;
    memory.receipts = [...(memory.receipts ?? []), { nonces, text: receipt }].slice(-mostReceipts);
    if (then) await this.begin(turn, then.dialog, then.options);
  }

  #carried({ context, memory, talk }: DialogTurn): ConversationMemory {
    carryTalk(context, talk);
    return memory;
  }

  #forget(memory: ConversationMemory): void {
    delete memory.dialogs;
    delete memory.dialogAt;
  }

  #dialogs(): Promise<Dialogs> {
    this.#loading ??= this.parts.load().catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }
}

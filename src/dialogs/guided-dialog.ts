/**
 * Runs a guided dialog: its steps in order, one question at a time, with what all of them have in common - choices by
 * number, three hints, going back, questions asked in between, cards that act once. A dialog of botbuilder-dialogs, so
 * its place on the stack and its answers are part of the conversation's state and outlive the server.
 */
import type { TurnContext } from 'botbuilder';
import {
  Dialog,
  type DialogContext,
  type DialogInstance,
  type DialogReason,
  type DialogTurnResult,
} from 'botbuilder-dialogs';
import { questionReply } from '../replies/question.ts';
import { sentence } from '../replies/reply.ts';
import type { Words } from '../words/words.ts';
import type { Answers, Guided, Move, Question } from './move.ts';
import { type Said, type Talk, talkOf } from './talk.ts';

/** What is kept of a dialog between two turns. */
export interface GuidedState {
  /** How many steps the dialog had that began it: of one that has others now no place can be told. */
  of: number;
  step: number;
  answers: Record<string, unknown>;
  /** The steps that asked something, with the name of the answer: the way back. */
  trail: { step: number; save: string }[];
  /** Answers in a row that could not be read. */
  misread: number;
  /** Of each question's card, the newest last: an older card is recognised and does nothing. */
  nonces: string[];
  secret: boolean;
  /** Under which name the result of a dialog that was begun meanwhile is kept. */
  finding?: string;
}

/** What the end of a dialog tells the bot, through the result of the dialog at the bottom of the stack. */
export interface GuidedEnd {
  readonly nonces: readonly string[];
  readonly receipt?: string;
  readonly follow?: { readonly dialog: string; readonly options: Answers };
}

/** Of one dialog; more is nobody's conversation. */
const mostNonces = 40;

export class GuidedDialog extends Dialog {
  constructor(
    readonly guided: Guided,
    private readonly words: Words,
  ) {
    super(guided.name);
  }

  override async beginDialog(dc: DialogContext, options: object = {}): Promise<DialogTurnResult> {
    const state: GuidedState = {
      of: this.guided.steps.length,
      step: 0,
      answers: { ...options },
      trail: [],
      misread: 0,
      nonces: [],
      secret: false,
    };
    Object.assign(stateOf(dc), state);
    return this.#run(dc);
  }

  override async continueDialog(dc: DialogContext): Promise<DialogTurnResult> {
    const state = stateOf(dc);
    const talk = talkOf(dc.context);
    const move = await this.#move(state, talk);
    if (!('ask' in move)) return this.#act(dc, move);
    const question = move.ask;
    const read = chosen(question, talk.said) ?? (await question.read?.(talk.said));
    if (read && 'value' in read) {
      state.answers = { ...state.answers, [question.save]: read.value };
      state.trail.push({ step: state.step, save: question.save });
      state.step++;
      state.misread = 0;
      return this.#run(dc);
    }
    const { text, form } = talk.said;
    const isCode = question.secret && /\p{Nd}/u.test(text);
    const maybeAsked = read === undefined && !form && !isCode && /\p{L}{2}/u.test(text);
    if (maybeAsked && talk.aside(text)) return this.#ask(dc, question);
    if (read?.isCounted) return this.#ask(dc, question, read.problem);
    const hint = read?.problem ?? question.hints[state.misread];
    state.misread++;
    if (hint === undefined || state.misread > question.hints.length) return this.#giveUp(dc);
    return this.#ask(dc, question, hint);
  }

  /** The dialog that was begun in between has ended; without a result there is nothing to go on with. */
  override async resumeDialog(dc: DialogContext, _reason: DialogReason, result?: unknown): Promise<DialogTurnResult> {
    const state = stateOf(dc);
    const { finding } = state;
    if (finding === undefined) return this.#run(dc);
    delete state.finding;
    if (result === undefined) return dc.endDialog(this.#end(state, {}));
    state.answers = { ...state.answers, [finding]: result };
    state.step++;
    return this.#run(dc);
  }

  override async repromptDialog(context: TurnContext, { state }: DialogInstance): Promise<void> {
    const move = await this.#move(state as GuidedState, talkOf(context));
    if ('ask' in move) this.#put(state as GuidedState, move.ask, talkOf(context));
  }

  /** One question back, where there was one. */
  async back(dc: DialogContext): Promise<DialogTurnResult> {
    const state = stateOf(dc);
    this.#rewind(state, state.trail.at(-1)?.step ?? state.step);
    return this.#run(dc);
  }

  async #run(dc: DialogContext): Promise<DialogTurnResult> {
    return this.#act(dc, await this.#move(stateOf(dc), talkOf(dc.context)));
  }

  async #move(state: GuidedState, talk: Talk): Promise<Move> {
    const step = this.guided.steps[state.step];
    if (!step) throw new Error(`${this.guided.name} has no step ${state.step}: its last step must end it`);
    return step(state.answers, talk);
  }

  async #act(dc: DialogContext, move: Move): Promise<DialogTurnResult> {
    const state = stateOf(dc);
    if ('ask' in move) return this.#ask(dc, move.ask);
    if ('next' in move) {
      state.answers = { ...state.answers, ...move.next };
      state.step++;
      return this.#run(dc);
    }
    if ('again' in move) {
      const step = this.guided.steps.indexOf(move.again);
      if (step < 0) throw new Error(`${this.guided.name} goes back to a step that it does not have`);
      this.#rewind(state, step);
      state.answers = { ...state.answers, ...move.keep };
      const next = await this.#move(state, talkOf(dc.context));
      if ('ask' in next) return this.#ask(dc, next.ask, move.because);
      if (move.because) talkOf(dc.context).say(sentence(move.because));
      return this.#act(dc, next);
    }
    if ('find' in move) {
      state.finding = move.find;
      state.secret = false;
      return dc.beginDialog(move.dialog, move.options);
    }
    if (move.end) talkOf(dc.context).say(move.end);
    // DialogContext keeps the newest at the end.
    const parent = dc.stack.at(-2);
    if (!parent) return dc.endDialog(this.#end(state, move));
    const began = parent.state as GuidedState;
    began.nonces = [...began.nonces, ...state.nonces].slice(-mostNonces);
    return dc.endDialog(move.result);
  }

  /** Forgets what was answered at this step and later. */
  #rewind(state: GuidedState, step: number): void {
    const later = state.trail.filter((asked) => asked.step >= step).map(({ save }) => save);
    state.trail = state.trail.filter((asked) => asked.step < step);
    state.answers = Object.fromEntries(Object.entries(state.answers).filter(([name]) => !later.includes(name)));
    state.step = step;
    state.misread = 0;
  }

  #ask(dc: DialogContext, question: Question, lead?: string): DialogTurnResult {
    this.#put(stateOf(dc), question, talkOf(dc.context), lead);
    return Dialog.EndOfTurn;
  }

  #put(state: GuidedState, question: Question, talk: Talk, lead?: string): void {
    const nonce = talk.newNonce();
    state.nonces = [...state.nonces, nonce].slice(-mostNonces);
    state.secret = question.secret ?? false;
    talk.say(questionReply({ ...question, lead, nonce }, this.words));
  }

  async #giveUp(dc: DialogContext): Promise<DialogTurnResult> {
    talkOf(dc.context).say(sentence(this.words.say('dialog.givenUp')));
    const follow = { dialog: 'handoff', options: { facts: factsOf(dc) } };
    const end = { nonces: dc.stack.flatMap(({ state }) => (state as GuidedState).nonces), follow };
    await dc.cancelAllDialogs();
    return { status: 'complete' as DialogTurnResult['status'], result: end };
  }

  #end(state: GuidedState, { receipt, follow }: Pick<GuidedEnd, 'receipt' | 'follow'>): GuidedEnd {
    return { nonces: state.nonces, ...(receipt && { receipt }), ...(follow && { follow }) };
  }
}

/** What a person who takes over gets to know of all dialogs that are under way. */
export function factsOf(dc: DialogContext): { label: string; value: string }[] {
  return dc.stack.flatMap(({ id, state }) => {
    const dialog = dc.dialogs.find(id);
    return dialog instanceof GuidedDialog ? [...(dialog.guided.facts?.((state as GuidedState).answers) ?? [])] : [];
  });
}

export function stateOf(dc: DialogContext): GuidedState {
  return dc.activeDialog?.state as GuidedState;
}

/** A choice by its title, its number, or the press of its button. */
function chosen({ rows = [], choices: others = [] }: Question, { text, form }: Said): { value: unknown } | undefined {
  const choices = [...rows, ...others];
  const pressed = form?.get('choice');
  if (pressed !== undefined) {
    const choice = choices.find(({ value }) => value === pressed);
    return choice && { value: choice.value };
  }
  if (form) return undefined;
  const plain = (words: string) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}@. ]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/\.$/, '');
  const number = /^\s*(\d{1,2})[.)]?\s*$/.exec(text)?.[1];
  const wanted = plain(text);
  const named = choices.filter(({ title, value }) => plain(title) === wanted || value === wanted);
  // Of two with the same title only the number tells which is meant.
  const choice = number ? choices[Number(number) - 1] : named.length === 1 ? named[0] : undefined;
  return choice && { value: choice.value };
}

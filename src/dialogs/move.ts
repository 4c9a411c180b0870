/** What a step of a dialog comes to: ask something, go on, end, or let another dialog find something out. */
import type { CardInput, CardLink, CardPanel } from '../replies/card.ts';
import type { RowChoice } from '../replies/question.ts';
import type { Reply } from '../replies/reply.ts';
import type { Said, Talk } from './talk.ts';

/** What the answers to a dialog's questions are kept as, by their names: JSON, and never a secret. */
export type Answers = Readonly<Record<string, unknown>>;

export interface Choice {
  /** What is kept when it is chosen. */
  readonly value: string;
  /** On the button, and what can be typed instead. */
  readonly title: string;
  /** The one that does it; at most one of a question without a form. */
  readonly isMain?: boolean;
}

export interface Question {
  /** Under which name the answer is kept. */
  readonly save: string;
  /** Markdown; says what can be typed. */
  readonly text: string;
  /** Of the card. */
  readonly heading?: string;
  /** Choices that are shown as a list, numbered before the others; at most six. */
  readonly rows?: readonly RowChoice[];
  readonly panels?: readonly CardPanel[];
  /** Markdown below rows, panels and fields. */
  readonly closing?: string;
  /** To press, to type, or to pick by number; at most four, links among them. */
  readonly choices?: readonly Choice[];
  /** Pages to open; the dialog is not told. */
  readonly links?: readonly CardLink[];
  /** To fill in on the card; `submit` is the button's word. */
  readonly form?: { readonly inputs: readonly CardInput[]; readonly submit: string };
  /** A code or number: what is said is not kept, so `read` does with it what is to be done and gives what came of it. */
  readonly secret?: boolean;
  /** What to say to an answer that cannot be read, one after the other; after the last one a person is offered. */
  readonly hints: readonly [string, string, string];
  /** Reads what is not one of the choices. Undefined: it cannot be read. `problem`: it can, and this is wrong with it. */
  readonly read?: (said: Said) => Read | Promise<Read>;
}

export type Read =
  | { readonly value: unknown }
  /** `isCounted`: somebody else counts such tries, so they do not lead to a person. */
  | { readonly problem: string; readonly isCounted?: boolean }
  | undefined;

export type Move =
  | { readonly ask: Question }
  /** On to the next step, with something found out on the way. */
  | { readonly next: Answers }
  /** Back to this step; what was answered from there on is forgotten, but for what is to be kept. */
  | { readonly again: Step; readonly because?: string; readonly keep?: Answers }
  /** Another dialog finds out what is kept under this name; undefined ends this one too. */
  | { readonly find: string; readonly dialog: string; readonly options: Answers }
  | {
      /** The last words; undefined: they were said, or the dialog that began this one goes on. */
      readonly end: Reply | undefined;
      /** What a card that is pressed once more is told, in a sentence. */
      readonly receipt?: string;
      /** Given to the dialog that began this one. */
      readonly result?: unknown;
      /** The dialog that follows. */
      readonly follow?: { readonly dialog: string; readonly options: Answers };
    };

/** A step is asked anew each time its question is put or answered, so asking must change nothing. */
export type Step = (answers: Answers, talk: Talk) => Move | Promise<Move>;

export interface Guided {
  readonly name: string;
  readonly steps: readonly Step[];
  /** What `help` says while it runs. */
  readonly help: string;
  /** What `cancel` says: what was done and what was not. */
  readonly cancelled: (answers: Answers) => string;
  /** What a person of staff gets to know when they take over. */
  readonly facts?: (answers: Answers) => readonly { readonly label: string; readonly value: string }[];
}

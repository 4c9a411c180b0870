/** Every guided dialog on one stack of botbuilder-dialogs; the bot's runner is the only one who calls it. */
import type { StatePropertyAccessor, TurnContext } from 'botbuilder';
import {
  type DialogContext,
  DialogContextError,
  DialogSet,
  type DialogState,
  DialogTurnStatus,
} from 'botbuilder-dialogs';
import type { Words } from '../words/words.ts';
import { GuidedDialog, type GuidedEnd, type GuidedState, stateOf } from './guided-dialog.ts';
import type { Guided } from './move.ts';

/** Where the stack is kept: an object of the conversation's state. */
export interface DialogMemory {
  dialogs?: DialogState;
}

export interface Dialogs {
  /** Undefined while it goes on. */
  begin(context: TurnContext, memory: DialogMemory, name: string, options: object): Promise<GuidedEnd | undefined>;
  continue(context: TurnContext, memory: DialogMemory): Promise<GuidedEnd | undefined>;
  reprompt(context: TurnContext, memory: DialogMemory): Promise<void>;
  /** `first`: there is no question before this one, and nothing was done. Else as `continue`. */
  back(context: TurnContext, memory: DialogMemory): Promise<GuidedEnd | undefined | 'first'>;
  /** Whether all of it can be gone on with: a newer server may not have a dialog that an older one began. */
  isKnown(state: DialogState | undefined): boolean;
  /** Whether the card with this nonce belongs to the question that is open. */
  isCurrent(state: DialogState | undefined, nonce: string): boolean;
  cancelled(state: DialogState | undefined): string;
  help(state: DialogState | undefined): string;
  facts(state: DialogState | undefined): { label: string; value: string }[];
}

export function createDialogs(all: readonly Guided[], words: Words): Dialogs {
  const dialogs = all.map((guided) => new GuidedDialog(guided, words));
  const open = (context: TurnContext, memory: DialogMemory): Promise<DialogContext> => {
    const set = new DialogSet(accessor(memory));
    for (const dialog of dialogs) set.add(dialog);
    return set.createContext(context);
  };
  const endOf = ({ status, result }: { status: DialogTurnStatus; result?: unknown }) =>
    status === DialogTurnStatus.complete ? ((result ?? { nonces: [] }) as GuidedEnd) : undefined;
  const top = (state: DialogState | undefined) => {
    const instance = state?.dialogStack.at(-1);
    const dialog = dialogs.find(({ id }) => id === instance?.id);
    return dialog && instance ? { guided: dialog.guided, state: instance.state as GuidedState } : undefined;
  };
  /** The one that the user began. */
  const bottom = (state: DialogState | undefined) => top(state && { dialogStack: state.dialogStack.slice(0, 1) });

  return {
    async begin(context, memory, name, options) {
      return endOf(await ofStep((await open(context, memory)).beginDialog(name, options)));
    },
    async continue(context, memory) {
      return endOf(await ofStep((await open(context, memory)).continueDialog()));
    },
    async reprompt(context, memory) {
      await ofStep((await open(context, memory)).repromptDialog());
    },
    async back(context, memory) {
      const dc = await open(context, memory);
      // At the first question of a dialog that another one began: back to that one's last question.
      const asked = dc.stack.findLastIndex(({ state }) => (state as GuidedState).trail.length > 0);
      if (asked < 0) return 'first';
      for (const { state } of dc.stack.splice(asked + 1)) {
        const left = dc.activeDialog?.state as GuidedState;
        left.nonces = [...left.nonces, ...(state as GuidedState).nonces];
      }
      delete stateOf(dc).finding;
      const dialog = dialogs.find(({ id }) => id === dc.activeDialog?.id);
      return dialog && endOf(await ofStep(dialog.back(dc)));
    },
    isKnown: (state) =>
      (state?.dialogStack ?? []).every(({ id, state: kept }) => {
        const dialog = dialogs.find((one) => one.id === id);
        return dialog?.guided.steps.length === (kept as GuidedState).of;
      }),
    isCurrent: (state, nonce) => top(state)?.state.nonces.at(-1) === nonce,
    cancelled: (state) => {
      const began = bottom(state);
      return began ? began.guided.cancelled(began.state.answers) : words.say('dialog.none');
    },
    help: (state) => bottom(state)?.guided.help ?? words.say('help'),
    facts: (state) =>
      (state?.dialogStack ?? []).flatMap((instance) => {
        const dialog = dialogs.find(({ id }) => id === instance.id);
        return [...(dialog?.guided.facts?.((instance.state as GuidedState).answers) ?? [])];
      }),
  };
}

/** What a step throws as it threw it: botbuilder-dialogs puts it into an error of its own, whose code nobody knows. */
async function ofStep<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw thrown instanceof DialogContextError && thrown.error instanceof Error ? thrown.error : thrown;
  }
}

/** teams-ai's own would keep the whole turn context, the app's password in it. */
function accessor(memory: DialogMemory): StatePropertyAccessor<DialogState> {
  return {
    async get(_context: TurnContext, initial?: DialogState) {
      memory.dialogs ??= initial ?? { dialogStack: [] };
      return memory.dialogs;
    },
    async set(_context, value) {
      memory.dialogs = value;
    },
    async delete() {
      delete memory.dialogs;
    },
  } as StatePropertyAccessor<DialogState>;
}

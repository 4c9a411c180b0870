/** Turn state as teams-ai wants it, loaded from and saved into the turn at hand instead of a storage of its own. */
import { TurnState } from '@microsoft/teams-ai/lib/TurnState.js';
import type { TurnContext } from 'botbuilder';
import type { DialogMemory } from '../dialogs/create-dialogs.ts';
import type { Asked } from '../dialogs/talk.ts';
import { turnOf } from './turn.ts';

/** What is remembered of a conversation from one turn to the next. */
export interface ConversationMemory extends DialogMemory {
  /** Questions in a row without an answer. */
  misses?: number;
  /** What "1", "2" … mean as the next message. */
  choices?: readonly string[];
  /** Id of the last line that was an answer: what a typed "this helped" is about. */
  answer?: string;
  /** The last question that was looked up: what a hand-off begins with. */
  asked?: Asked;
  /** ISO 8601, UTC: when the dialog that runs was last spoken to. */
  dialogAt?: string;
  /** Whose it is, `channel/user id`. */
  dialogOf?: string;
  /** ISO 8601, UTC: when a code was asked for last. */
  codeAt?: string;
  /** What became of the dialogs that ended last, by the nonces of their cards. */
  receipts?: readonly {
    readonly nonces: readonly string[];
    readonly text: string;
    /** ISO 8601, UTC */
    readonly at: string;
  }[];
}

export class ConversationState extends TurnState<ConversationMemory> {
  override load(context: TurnContext): Promise<boolean> {
    return super.load(context, turnOf(context).storage);
  }

  override save(context: TurnContext): Promise<void> {
    return super.save(context, turnOf(context).storage);
  }
}

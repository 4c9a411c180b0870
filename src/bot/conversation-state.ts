/** Turn state as teams-ai wants it, loaded from and saved into the turn at hand instead of a storage of its own. */
import { TurnState } from '@microsoft/teams-ai/lib/TurnState.js';
import type { TurnContext } from 'botbuilder';
import { turnOf } from './turn.ts';

/** What is remembered of a conversation from one turn to the next. */
export interface ConversationMemory {
  /** Questions in a row without an answer. */
  misses?: number;
  /** What "1", "2" … mean as the next message. */
  choices?: readonly string[];
  /** Id of the last line that was an answer: what a typed "this helped" is about. */
  answer?: string;
}

export class ConversationState extends TurnState<ConversationMemory> {
  override load(context: TurnContext): Promise<boolean> {
    return super.load(context, turnOf(context).storage);
  }

  override save(context: TurnContext): Promise<void> {
    return super.save(context, turnOf(context).storage);
  }
}

/**
 * Messages that their writers changed or deleted afterwards, where a channel tells of it. The history keeps what stands
 * there now. Who corrects a question at once wants the answer to what it says now; later, nobody waits for one.
 */
import { type Activity, ActivityTypes } from 'botbuilder';
import type { HistoryLine, HistoryStore } from '../history/history.ts';
import type { Desk } from '../tickets/desk.ts';
import { DELETED } from '../tickets/ticket-text.ts';
import { ConversationState } from './conversation-state.ts';
import type { Turn } from './turn.ts';
import type { TurnStore } from './turn-store.ts';

/** What stands in a conversation where somebody said a message anew below. */
const editedText = '[edited]';

/** ms for which a correction is answered. */
const soon = 2 * 60_000;
/** Nobody changes what stands further up. */
const linesBack = 500;

export interface ChangedMessageParts {
  readonly history: Pick<HistoryStore, 'read' | 'latest'>;
  readonly turns: Pick<TurnStore, 'replaceText' | 'commit'>;
  readonly desk: Pick<Desk, 'takeBack'>;
  readonly now: () => Date;
}

/** Takes the change over into the history. @returns whether that is all; else the activity is answered like any other */
export function changedMessage({ history, turns, desk, now }: ChangedMessageParts) {
  return async (turn: Turn): Promise<boolean> => {
    const { activity } = turn.context;
    const isDeleted = activity.type === ActivityTypes.MessageDelete;
    const isEdited = activity.valueType === 'edited';
    const isBack = activity.type === ActivityTypes.MessageUpdate && eventOf(activity) === 'undeleteMessage';
    if (!isDeleted && !isEdited && !isBack) return false;
    const line = await lineOf(turn, activity.id);
    if (!line) return !isEdited;
    const isLate = now().getTime() - Date.parse(line.at) > soon;
    const text = isDeleted ? DELETED : isEdited && !isLate ? editedText : (activity.text ?? '');
    // What was hidden stays hidden.
    const isHidden = /^\[\w+\]$/.test(line.text) && !(isBack && line.text === DELETED);
    const isAll = !isEdited || isLate;
    const { conversation, person } = turn;
    // What is found by its text comes first: where this is cut off, it is done when the channel sends it again.
    if (isDeleted) await desk.takeBack({ person, conversation, said: line, key: `deleted ${line.id}` });
    if (isAll && !isBack) await forgetAsked(turn, line.text);
    if (!isHidden || isDeleted) await turns.replaceText(conversation, line.id, text);
    return isAll;
  };

  /** No hand-off begins with what does not stand there any more. */
  async function forgetAsked(turn: Turn, text: string): Promise<void> {
    const state = new ConversationState();
    await state.load(turn.context);
    if (state.conversation.asked?.text !== text) return;
    delete state.conversation.asked;
    await state.save(turn.context);
    const completed = turn.completed();
    if (completed) await turns.commit({ ...completed, lines: [] });
  }

  /** Nobody changes what somebody else said. */
  async function lineOf({ conversation, person }: Turn, id: string | undefined): Promise<HistoryLine | undefined> {
    const latest = await history.latest(conversation);
    const lines = await history.read(conversation, Math.max(0, latest - linesBack));
    return lines.findLast((line) => line.from === 'user' && line.person === person && line.activity.id === id);
  }
}

function eventOf({ channelData }: Activity): unknown {
  return (channelData as { eventType?: unknown } | undefined)?.eventType;
}

/**
 * Messages that their writers changed or deleted afterwards, where a channel tells of it. The history keeps what stands
 * there now. Who corrects a question at once wants the answer to what it says now; later, nobody waits for one.
 */
import { type Activity, ActivityTypes } from 'botbuilder';
import type { HistoryLine, HistoryStore } from '../history/history.ts';
import type { Turn } from './turn.ts';
import type { TurnStore } from './turn-store.ts';

/** What stands in a conversation where somebody took a message back, or said it anew below. */
export const deletedText = '[deleted]';
export const editedText = '[edited]';

/** ms for which a correction is answered. */
const soon = 2 * 60_000;
/** Nobody changes what stands further up. */
const linesBack = 500;

export interface ChangedMessageParts {
  readonly history: Pick<HistoryStore, 'read' | 'latest'>;
  readonly turns: Pick<TurnStore, 'replaceText'>;
  readonly now: () => Date;
}

/** Takes the change over into the history. @returns whether that is all; else the activity is answered like any other */
export function changedMessage({ history, turns, now }: ChangedMessageParts) {
  return async (turn: Turn): Promise<boolean> => {
    const { activity } = turn.context;
    const isDeleted = activity.type === ActivityTypes.MessageDelete;
    const isEdited = activity.valueType === 'edited';
    const isBack = activity.type === ActivityTypes.MessageUpdate && eventOf(activity) === 'undeleteMessage';
    if (!isDeleted && !isEdited && !isBack) return false;
    const line = await lineOf(turn, activity.id);
    if (!line) return !isEdited;
    const isLate = now().getTime() - Date.parse(line.at) > soon;
    const text = isDeleted ? deletedText : isEdited && !isLate ? editedText : (activity.text ?? '');
    // What was hidden stays hidden.
    const isHidden = /^\[\w+\]$/.test(line.text) && !(isBack && line.text === deletedText);
    if (!isHidden || isDeleted) await turns.replaceText(turn.conversation, line.id, text);
    return !isEdited || isLate;
  };

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

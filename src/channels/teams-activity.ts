/** What Teams wraps around what people say and press, taken off before the bot sees it. */
import { type Activity, ActivityTypes } from 'botbuilder';
import { isPress, isShared } from '../replies/teams.ts';

/**
 * Takes mentions of the bot out of the text, and a card's data out of what it is wrapped in; what was edited is said
 * anew. Changes the activity.
 * @returns whether it is for the bot: in a channel or a group only what names it is
 */
export function unwrapTeams(activity: Activity): boolean {
  if (activity.channelId !== 'msteams') return true;
  if (isPress(activity)) {
    const { action, trigger } = objectOf(activity.value);
    activity.value = objectOf(objectOf(action).data);
    if (trigger === 'automatic') activity.valueType = 'refresh';
    return true;
  }
  const { eventType } = objectOf(activity.channelData);
  if (activity.type === ActivityTypes.MessageUpdate && eventType === 'editMessage') {
    activity.type = ActivityTypes.Message;
    activity.valueType = 'edited';
  }
  if (activity.type !== ActivityTypes.Message) return true;
  const isNamed = withoutMentions(activity);
  return isNamed || !isShared(activity);
}

/** Whether the bot was named. The text of a mention is what the client says it is, so it is taken out as a text. */
function withoutMentions(activity: Activity): boolean {
  let text = activity.text ?? '';
  let isNamed = false;
  for (const entity of activity.entities ?? []) {
    const { mentioned, text: shown } = entity as { mentioned?: { id?: unknown }; text?: unknown };
    if (entity.type !== 'mention' || mentioned?.id !== activity.recipient.id) continue;
    isNamed = true;
    if (typeof shown === 'string' && shown !== '') text = text.split(shown).join(' ');
  }
  // Teams writes a space that does not break where a mention ends.
  if (activity.text !== undefined) activity.text = text.replace(/\u00a0/g, ' ').trim();
  return isNamed;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What Teams wraps around what people say and press, taken off before the bot sees it. */
import { type Activity, ActivityTypes } from 'botbuilder';
import { isPress, isShared } from '../replies/teams.ts';

/**
 * Takes mentions of the bot and marks of quotations out of the text, and a card's data out of what it is wrapped in;
 * what was edited is said anew. Changes the activity.
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

/**
 * Whether the bot was named. The text of a mention is what the client says it is, so it is replaced as a text: the bot's
 * own by nothing, those of others by their names.
 */
function withoutMentions(activity: Activity): boolean {
  let text = activity.text ?? '';
  let isNamed = false;
  for (const { id, shown } of mentionsIn(activity)) {
    const isOwn = id === activity.recipient.id;
    isNamed ||= isOwn;
    if (shown !== '' && (isOwn || isWrapped(shown))) text = text.split(shown).join(isOwn ? ' ' : nameIn(shown));
  }
  if (activity.text !== undefined) activity.text = text.replace(noWords, ' ').trim();
  return isNamed;
}

/** Who else is named in the text, as it stands there. */
export function namesOf(activity: Activity): readonly string[] {
  return mentionsIn(activity).flatMap(({ shown }) => (isWrapped(shown) ? [nameIn(shown)] : []));
}

function mentionsIn({ entities }: Activity): readonly { readonly id: unknown; readonly shown: string }[] {
  return (entities ?? []).flatMap((entity) => {
    const { mentioned, text } = entity as { mentioned?: { id?: unknown }; text?: unknown };
    return entity.type === 'mention' ? [{ id: mentioned?.id, shown: typeof text === 'string' ? text : '' }] : [];
  });
}

/** What Teams writes for a message that is answered by quoting it, and the space that does not break where a mention ends. */
const noWords = /<quoted\b[^<>]*\/>|\u00a0/gi;

const isWrapped = (shown: string) => /^<at\b[^>]*>[^<]*[^<\s][^<]*<\/at>$/i.test(shown);

/** `@Ben Okafor` */
function nameIn(shown: string): string {
  return `@${shown.replace(/<[^>]*>/g, '').trim()}`;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What Teams calls things, for whoever builds replies for it or reads what it sends. */
import type { Activity } from 'botbuilder';

/** The name under which Teams brings the press of a card's button. */
const cardAction = 'adaptiveCard/action';

/** Whether several people share the conversation. */
export function isShared({ channelId, conversation }: Pick<Activity, 'channelId' | 'conversation'>): boolean {
  const { conversationType, isGroup } = conversation;
  return channelId === 'msteams' && (conversationType ? conversationType !== 'personal' : isGroup === true);
}

/** Whether a button was pressed whose card can be answered in its place. */
export function isPress({ type, name }: Pick<Activity, 'type' | 'name'>): boolean {
  return type === 'invoke' && name === cardAction;
}

/** Whether the client only wants to know what the card shows by now. */
export function isRefresh(activity: Pick<Activity, 'type' | 'name' | 'valueType'>): boolean {
  return isPress(activity) && activity.valueType === 'refresh';
}

/** Of Entra, or a digit longer, as Agents Playground has them unless it is told otherwise. */
const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12,13}$/i;

/**
 * Who is in a personal chat, by the ids that Teams vouches for; undefined elsewhere. Names and addresses prove nothing.
 * An object id means something in its tenant alone: a guest is known here by the ids of the tenant they are a guest in,
 * never by those of home, and where an activity names two tenants nobody is known.
 */
export function teamsIdentity(activity: Activity): { readonly tenant: string; readonly objectId: string } | undefined {
  if (activity.channelId !== 'msteams' || isShared(activity)) return undefined;
  const { tenant } = (activity.channelData ?? {}) as { tenant?: { id?: unknown } };
  const { aadObjectId, tenantId: own } = activity.from as Activity['from'] & { tenantId?: unknown };
  const named = [activity.conversation.tenantId, tenant?.id, own].filter((one) => one !== undefined && one !== null);
  const [id] = named;
  if (typeof id !== 'string' || typeof aadObjectId !== 'string') return undefined;
  const isSame = (one: unknown) => typeof one === 'string' && one.toLowerCase() === id.toLowerCase();
  if (!named.every(isSame) || !guid.test(id) || !guid.test(aadObjectId)) return undefined;
  return { tenant: id.toLowerCase(), objectId: aadObjectId.toLowerCase() };
}

/** What Teams sends of every text, and of one that it answers. */
const isOfText = /^text\/|messageReference$/i;

/** Whether pictures or files come with it, which get nowhere. */
export function bringsFiles({ attachments }: Pick<Activity, 'attachments'>): boolean {
  // Some clients write null for none.
  return (attachments ?? []).some(({ contentType }) => !isOfText.test(contentType));
}

/** Opens the personal chat with the bot, with these words in the box. Teams reads no + as a space. */
export function personalChatLink(botId: string, words: string): string {
  const query = new URLSearchParams({ users: botId, message: words });
  return `https://teams.microsoft.com/l/chat/0/0?${query.toString().replaceAll('+', '%20')}`;
}

/**
 * A reply as its channel wants it. Replies are built once, for every channel alike; Teams shows text and card both, wants
 * its own actions, and takes no more than so much at once. The history keeps what was built.
 */
import type { Activity } from 'botbuilder';
import { shortened } from './shortened.ts';
import { teamsMarkdown } from './teams-markdown.ts';
import { withinSize } from './within-size.ts';

export interface Destination {
  readonly channel: string;
  /** Whether several people read it. */
  readonly isShared: boolean;
  /** Who it is for, as the channel calls them. */
  readonly user: string;
  /** Id of the line in the history: what a button under it names. */
  readonly line: string;
  /** A link to where all of it can be read, where it is too long; Markdown. */
  readonly readOn: string;
}

type Node = Record<string, unknown>;

export const adaptiveCardType = 'application/vnd.microsoft.card.adaptive';

export function forChannel(activity: Partial<Activity>, to: Destination): Partial<Activity> {
  if (to.channel !== 'msteams') return activity;
  const { channelData, suggestedActions, text = '', attachments, ...rest } = activity;
  const { textIsFallback: _, refresh, ...data } = (channelData ?? {}) as Node;
  const cards = attachments?.map((one) => {
    return one.contentType === adaptiveCardType ? { ...one, content: teamsCard(one.content, to, refresh) } : one;
  });
  const hasCard = cards?.some(({ contentType }) => contentType === adaptiveCardType) ?? false;
  const shown: Partial<Activity> = {
    ...rest,
    // Suggested actions are for one person: Teams shows them in personal chats alone.
    ...(suggestedActions && !to.isShared && { suggestedActions }),
    ...(hasCard ? { summary: plainLine(text), attachments: cards } : { text, ...(cards && { attachments: cards }) }),
    ...(Object.keys(data).length > 0 && { channelData: data }),
  };
  return withinSize(shown, to.readOn);
}

/**
 * Texts keep to the Markdown of Teams. Buttons that bring data act through Action.Execute, so that the card can be
 * answered in its place; the others say their words.
 * @param to - `user`: whose client looks at the card anew; '': everybody's (Teams does so for up to sixty people)
 */
export function teamsCard(card: unknown, to: Pick<Destination, 'line' | 'user'>, refresh?: unknown): Node {
  const { line, user } = to;
  const execute = (data: Node) => ({ verb: String(data.verb ?? ''), data: { ...data, card: line } });
  const change = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(change);
    if (typeof node !== 'object' || node === null) return node;
    const { type, data, ...more } = node as Node;
    if (type === 'TextBlock') return { ...node, text: teamsMarkdown(String(more.text ?? '')) };
    if (type !== 'Action.Submit') {
      return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, change(value)]));
    }
    if (typeof data === 'string') return { type, ...more, data: { msteams: { type: 'imBack', value: data } } };
    return { type: 'Action.Execute', ...more, ...execute((data ?? {}) as Node) };
  };
  const changed = change(card) as Node;
  if (typeof refresh !== 'object' || refresh === null) return changed;
  const action = { type: 'Action.Execute', ...execute(refresh as Node) };
  return { ...changed, refresh: { action, ...(user !== '' && { userIds: [user] }) } };
}

/** For the toast: a line without Markdown. */
function plainLine(text: string): string {
  const line = text.split('\n').find((one) => /[\p{L}\p{N}]/u.test(one)) ?? '';
  return shortened(line.replace(/\\([\\`*_[\]<>~|])|[*_`#]+/g, '$1').trim(), 200);
}

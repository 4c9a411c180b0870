/**
 * Adaptive Cards 1.5 as every reply builds them: a heading, text, buttons. Where a client shows the card, the text of
 * the activity says the same again; `channelData.textIsFallback` lets the web chat leave it out.
 */
import type { Activity, Attachment } from 'botbuilder';

export interface CardButton {
  readonly title: string;
  /** What the bot gets when it is pressed: a sentence that the user says by it, or data. */
  readonly press: string | Readonly<Record<string, unknown>>;
}

export interface CardContent {
  /** Markdown; see `escaped`. */
  readonly heading?: string;
  /** Markdown, as trusted as the knowledge base; text of users is escaped by the caller. */
  readonly text: string;
  /** At most four (the design's rule for cards). */
  readonly buttons: readonly CardButton[];
}

/** An activity with the card, and `fallback` as its text for clients that show no cards. */
export function cardActivity(content: CardContent, fallback: string): Partial<Activity> {
  return {
    type: 'message',
    text: fallback,
    textFormat: 'markdown',
    attachments: [adaptiveCard(content)],
    channelData: { textIsFallback: true },
  };
}

function adaptiveCard({ heading, text, buttons }: CardContent): Attachment {
  const title = heading && {
    type: 'TextBlock',
    text: heading,
    size: 'medium',
    weight: 'bolder',
    wrap: true,
    style: 'heading',
  };
  return {
    contentType: 'application/vnd.microsoft.card.adaptive',
    content: {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.5',
      body: [...(title ? [title] : []), { type: 'TextBlock', text, wrap: true }],
      actions: buttons.map(({ title: label, press }) => ({ type: 'Action.Submit', title: label, data: press })),
    },
  };
}

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

/** A field to fill in. What comes back went through the user's hands. */
export interface CardInput {
  /** A lower-case word; the name of the field in what comes back. */
  readonly id: string;
  readonly label: string;
  readonly value?: string;
  readonly kind: 'text' | 'long' | 'email';
  /** In UTF-16 units; whoever reads the field checks it again. */
  readonly longest: number;
}

export interface CardContent {
  /** Markdown; see `escaped`. */
  readonly heading?: string;
  /** Markdown, as trusted as the knowledge base; text of users is escaped by the caller. */
  readonly text: string;
  readonly inputs?: readonly CardInput[];
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

function adaptiveCard({ heading, text, inputs = [], buttons }: CardContent): Attachment {
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
      body: [...(title ? [title] : []), { type: 'TextBlock', text, wrap: true }, ...inputs.map(input)],
      actions: buttons.map(({ title: label, press }) => ({ type: 'Action.Submit', title: label, data: press })),
    },
  };
}

function input({ id, label, value, kind, longest }: CardInput): Record<string, unknown> {
  return {
    type: 'Input.Text',
    id,
    label,
    maxLength: longest,
    ...(value && { value }),
    ...(kind === 'long' && { isMultiline: true }),
    ...(kind === 'email' && { style: 'Email' }),
  };
}

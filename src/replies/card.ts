/**
 * Adaptive Cards 1.5 as every reply builds them: a heading, text, rows, panels, fields, buttons. Where a client shows the
 * card, the text of the activity says the same again; `channelData.textIsFallback` lets the web chat leave it out.
 */
import type { Activity, Attachment } from 'botbuilder';

export interface CardButton {
  readonly title: string;
  /** What the bot gets when it is pressed: a sentence that the user says by it, or data. */
  readonly press: string | Readonly<Record<string, unknown>>;
  /** The one that does it; at most one of a card. */
  readonly isMain?: boolean;
}

/** A button that opens a page. */
export interface CardLink {
  readonly title: string;
  readonly url: string;
  /** The one that does it; at most one of a card, buttons among them. */
  readonly isMain?: boolean;
}

/** A field to fill in. What comes back went through the user's hands. */
export type CardInput = {
  /** A lower-case word; the name of the field in what comes back. */
  readonly id: string;
  readonly label: string;
  readonly value?: string;
} & (
  | {
      readonly kind: 'text' | 'long' | 'email' | 'code';
      /** In UTF-16 units; whoever reads the field checks it again. */
      readonly longest: number;
    }
  | { readonly kind: 'choice'; readonly choices: readonly { readonly value: string; readonly title: string }[] }
);

/** A line of a list; pressed as a whole where it has something to send. Texts are Markdown. */
export interface CardRow {
  readonly title: string;
  readonly detail: string;
  readonly state?: { readonly word: string; readonly tone: 'good' | 'warning' | 'attention' | 'default' };
  readonly press?: Readonly<Record<string, unknown>>;
}

/** What is, or what will be. Texts are Markdown. */
export interface CardPanel {
  readonly label: string;
  readonly text: string;
  readonly style: 'emphasis' | 'accent';
}

export interface CardContent {
  /** Markdown; see `escaped`. */
  readonly heading?: string;
  /** Markdown, as trusted as the knowledge base; text of users is escaped by the caller. */
  readonly text: string;
  readonly rows?: readonly CardRow[];
  readonly panels?: readonly CardPanel[];
  readonly inputs?: readonly CardInput[];
  /** Sends the fields: right below them, where `closing` speaks of the other buttons. */
  readonly submit?: CardButton;
  /** Markdown below rows, panels and fields. */
  readonly closing?: string;
  /** At most four together with `links` (the design's rule for cards). */
  readonly buttons: readonly CardButton[];
  readonly links?: readonly CardLink[];
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

/** The same, looked at anew by clients that can: `data` comes back, and what it is by now takes the card's place. */
export function refreshing(activity: Partial<Activity>, data: Readonly<Record<string, unknown>>): Partial<Activity> {
  return { ...activity, channelData: { ...activity.channelData, refresh: data } };
}

function adaptiveCard(content: CardContent): Attachment {
  const { heading, text, rows = [], panels = [], inputs = [], submit, closing, buttons, links = [] } = content;
  return {
    contentType: 'application/vnd.microsoft.card.adaptive',
    content: {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.5',
      body: [
        ...(heading ? [block(heading, { size: 'medium', weight: 'bolder', style: 'heading' })] : []),
        block(text),
        ...rows.map(rowOf),
        ...panels.map(panelOf),
        ...inputs.map(inputOf),
        ...(submit ? [{ type: 'ActionSet', actions: [actionOf(submit)] }] : []),
        ...(closing ? [block(closing, submit && { separator: true, spacing: 'large' })] : []),
      ],
      actions: [...links.map(linkOf), ...buttons.map(actionOf)],
    },
  };
}

function actionOf({ title, press, isMain }: CardButton): Record<string, unknown> {
  return { ...sending(title, press), ...(isMain && main) };
}

function linkOf({ title, url, isMain }: CardLink): Record<string, unknown> {
  return { type: 'Action.OpenUrl', title, url, ...(isMain && main) };
}

/** Teams may show it like any other, so the main one stands first as well. */
const main = { style: 'positive' };

/** The one place where a button's data becomes an action. */
function sending(title: string, data: CardButton['press']): Record<string, unknown> {
  return { type: 'Action.Submit', title, data };
}

function block(text: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { type: 'TextBlock', text, wrap: true, ...more };
}

function rowOf({ title, detail, state, press }: CardRow): Record<string, unknown> {
  const colour = state && state.tone !== 'default' ? { color: state.tone } : {};
  return {
    type: 'ColumnSet',
    separator: true,
    columns: [
      {
        type: 'Column',
        width: 'stretch',
        items: [block(title, { weight: 'bolder' }), block(detail, { isSubtle: true, spacing: 'none' })],
      },
      ...(state ? [{ type: 'Column', width: 'auto', items: [block(state.word, colour)] }] : []),
    ],
    // Its title is what is read out: two rows may be of the same company.
    ...(press && { selectAction: sending(`${title}, ${detail}`, press) }),
  };
}

function panelOf({ label, text, style }: CardPanel): Record<string, unknown> {
  return {
    type: 'Container',
    style,
    items: [block(label, { isSubtle: true, size: 'small' }), block(text, { spacing: 'none' })],
  };
}

function inputOf(input: CardInput): Record<string, unknown> {
  const { id, label, value, kind } = input;
  if (kind === 'choice') return { type: 'Input.ChoiceSet', id, label, choices: input.choices, ...(value && { value }) };
  return {
    type: 'Input.Text',
    id,
    label,
    maxLength: input.longest,
    ...(value && { value }),
    ...(kind === 'long' && { isMultiline: true }),
    ...(kind === 'email' && { style: 'Email' }),
    ...(kind === 'code' && { style: 'Tel' }),
  };
}

/**
 * What becomes of a card whose button was pressed, where the channel lets it be replaced: the next question or the result
 * takes its place, or it stays as it is without buttons, with what was said to the press below.
 */
import type { Activity } from 'botbuilder';
import { adaptiveCardType } from './for-channel.ts';

type Card = Record<string, unknown>;

export interface PressResult {
  /** What takes the card's place, as replies are built; undefined: the card is not known any more. */
  readonly card?: Card;
  /** What is posted below. */
  readonly posted: readonly number[];
}

/**
 * @param pressed - the card, as it was built
 * @param verb - of the button
 * @param replies - what the turn says
 */
export function resultOfPress(
  pressed: Card | undefined,
  verb: unknown,
  replies: readonly Partial<Activity>[],
): PressResult {
  const [only] = replies;
  const all = replies.map((_, index) => index);
  if (replies.length === 1 && only && (verb === 'dialog' || verb === 'request' || verb === 'ticket')) {
    return { card: cardOf(only) ?? textCard(only.text ?? ''), posted: [] };
  }
  if (!pressed) return { posted: all };
  if (replies.length === 1 && only && !cardOf(only)) return { card: closed(pressed, only.text), posted: [] };
  return { card: closed(pressed), posted: all };
}

export function cardOf({ attachments = [] }: Partial<Activity>): Card | undefined {
  return attachments.find(({ contentType }) => contentType === adaptiveCardType)?.content as Card | undefined;
}

function textCard(text: string): Card {
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    body: [{ type: 'TextBlock', text, wrap: true }],
  };
}

/** Without anything to press or fill in. */
function closed({ actions: _, refresh: __, ...card }: Card, said?: string): Card {
  const body = ((card.body ?? []) as Card[]).filter(
    ({ type }) => type !== 'ActionSet' && !String(type).startsWith('Input.'),
  );
  const below = said ? [{ type: 'TextBlock', text: said, wrap: true, isSubtle: true, separator: true }] : [];
  return { ...card, body: [...body, ...below] };
}

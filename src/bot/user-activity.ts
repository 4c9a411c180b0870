/** What is kept of an activity that a user sent: known fields only, since anything else in it may be anything. */
import type { Activity } from 'botbuilder';
import { isPress } from '../replies/teams.ts';
import { longestText } from '../skills/small-talk.ts';

/** The text and the activity to keep, or undefined when the user said nothing (an update of the conversation, typing). */
export function userActivity(activity: Activity): { text: string; activity: Record<string, unknown> } | undefined {
  if (activity.type !== 'message' && !isPress(activity)) return undefined;
  const text = saidText(activity).slice(0, longestText);
  const clientActivityID = (activity.channelData as { clientActivityID?: unknown } | undefined)?.clientActivityID;
  const button = pressedButton(activity);
  const attachments = (activity.attachments ?? []).slice(0, 5).map(({ contentType, name }) => ({
    contentType: contentType.slice(0, 100),
    name: (name ?? '').slice(0, 200),
  }));
  return {
    text,
    activity: {
      type: 'message',
      id: activity.id,
      timestamp: activity.timestamp,
      from: { id: activity.from.id, role: 'user' },
      textFormat: 'plain', // shown as it was typed, whatever it looks like
      ...(activity.locale && { locale: activity.locale.slice(0, 35) }),
      ...(attachments.length > 0 && { attachments }),
      ...(button && { value: button }),
      ...(typeof clientActivityID === 'string' && {
        channelData: { clientActivityID: clientActivityID.slice(0, 100) },
      }),
    },
  };
}

/** The user's words: the text, or what a card's button says when its data is a sentence. */
export function saidText({ text, value }: Pick<Activity, 'text' | 'value'>): string {
  if (typeof text === 'string' && text !== '') return text;
  return typeof value === 'string' ? value : '';
}

/** A button of our own cards. Its data came through the user's hands: every field is checked, nothing else is taken. */
export type PressedButton =
  | { readonly verb: 'vote'; readonly line: string; readonly helped: boolean }
  | { readonly verb: 'person' }
  | { readonly verb: 'request'; readonly act: RequestAct; readonly number: number }
  | { readonly verb: 'request'; readonly act: 'list' }
  | { readonly verb: 'dialog'; readonly nonce: string };

const requestActs = ['show', 'add', 'withdraw', 'reopen'] as const;
export type RequestAct = (typeof requestActs)[number];

/** The pressed button, or undefined when the data is not that of one of our cards. */
export function pressedButton({ value }: Pick<Activity, 'value'>): PressedButton | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { verb, line, helped, nonce, act, number } = value as Record<string, unknown>;
  if (verb === 'person') return { verb };
  if (verb === 'vote' && isName(line) && typeof helped === 'boolean') return { verb, line, helped };
  if (verb === 'dialog' && isName(nonce)) return { verb, nonce };
  if (verb === 'request' && act === 'list') return { verb, act };
  const requested = requestActs.find((one) => one === act);
  if (verb === 'request' && requested && typeof number === 'number' && Number.isSafeInteger(number) && number > 0)
    return { verb, act: requested, number };
  return undefined;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 100;
}

/**
 * The fields of a card that was sent: texts only, under names that our cards use. Too long ones are cut to one character
 * more than a text may have, so that who reads them sees it.
 */
export function formFields({ value }: Pick<Activity, 'value'>): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, field] of Object.entries((value ?? {}) as object).slice(0, 20)) {
    if (/^[a-z][a-z\d-]{0,30}$/.test(name) && typeof field === 'string')
      fields.set(name, field.slice(0, longestText + 1));
  }
  return fields;
}

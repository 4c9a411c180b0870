/** "Is it one of these?": up to three titles and "None of these", to press, to say, or to pick by number. */
import type { LineFacts } from '../history/history.ts';
import type { Words } from '../words/words.ts';
import { cardActivity } from './card.ts';
import type { Reply } from './reply.ts';

export interface SuggestionsContent {
  readonly lead: string;
  /** The questions or wishes, as a press says them; at most three. */
  readonly titles: readonly string[];
  readonly facts?: LineFacts;
}

export function suggestionsReply({ lead, titles, facts }: SuggestionsContent, words: Words): Reply {
  const choices = [...titles.slice(0, 3), words.say('suggest.none')];
  const numbered = choices.map((choice, index) => `${index + 1}. ${choice}`).join('\n');
  const card = { text: lead, buttons: choices.map((choice) => ({ title: choice, press: choice })) };
  return {
    activity: cardActivity(card, `${lead}\n\n${numbered}\n\n${words.say('suggest.typed')}`),
    choices,
    ...(facts && { facts }),
  };
}

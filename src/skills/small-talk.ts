/** Messages that ask nothing: greetings, thanks, emoji, files. Each gets a short reply and is never searched for. */
import { type Reply, sentence } from '../replies/reply.ts';
import type { WordKey, Words } from '../words/words.ts';

/** Longest text that is read and kept, in UTF-16 units; what a ticket may carry too. */
export const longestText = 4000;

/** The reply, or undefined when the message has words to look up. */
export function smallTalk(text: string, attachments: number, words: Words): Reply | undefined {
  const key = kindOf(text, attachments, words);
  return key && sentence(words.say(key, { limit: longestText }));
}

function kindOf(text: string, attachments: number, words: Words): WordKey | undefined {
  if (text.length > longestText) return 'smallTalk.tooLong';
  if (!/[\p{L}\p{N}]/u.test(text)) {
    if (attachments > 0) return 'smallTalk.attachment';
    return /\p{Extended_Pictographic}/u.test(text) ? 'smallTalk.emoji' : 'smallTalk.empty';
  }
  if (words.hears('heard.greeting', text)) return 'smallTalk.greeting';
  if (words.hears('heard.thanks', text)) return 'smallTalk.thanks';
  if (words.hears('heard.bye', text)) return 'smallTalk.bye';
  return undefined;
}

/** What is wrong with a text that a ticket cannot carry. Nothing is cut: nobody would know which half arrived. */
import type { Words } from '../words/words.ts';

/** UTF-16 units; what the bot reads of a message, too. */
export const longestText = 4000;

export function tooLong({ say }: Words): { readonly problem: string } {
  return { problem: say('handoff.tooLong', { limit: longestText }) };
}

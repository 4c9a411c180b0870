/** Conversations as tables: what a user says, and what of the bot's replies has to be there. */
import { expect } from 'chai';
import type { Chat } from './dialog-bench.ts';

type Expected = string | RegExp | readonly (string | RegExp)[];
/** What is said may be found out when its turn comes, such as the code in a mail. */
type Said = string | ((chat: Chat) => string | Promise<string>);

export async function converse(chat: Chat, rows: readonly (readonly [Said, Expected])[]): Promise<void> {
  for (const [said, expected] of rows) {
    const text = typeof said === 'string' ? said : await said(chat);
    const replied = await chat.say(text);
    for (const one of Array.isArray(expected) ? expected : [expected]) {
      if (typeof one === 'string') expect(replied, `to "${text}"`).to.include(one);
      else expect(replied, `to "${text}"`).to.match(one as RegExp);
    }
  }
}

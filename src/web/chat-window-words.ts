/** The words of the chat's window, for the scripts that open it. */
import type { Words } from '../words/words.ts';
import type { ChatWindowWords } from './client/chat-window.ts';

export function chatWindowWords(words: Words): ChatWindowWords {
  return {
    title: words.say('page.chatFrame'),
    opening: words.say('chat.loading'),
    close: words.say('page.closeChat'),
    blocked: words.say('chat.blocked'),
    openInTab: words.say('chat.openInTab'),
  };
}

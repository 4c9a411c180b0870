/** What a page needs to open the chat, whoever serves Direct Line. */
import type { ChatIdentity, ChatTokens } from './direct-line/tokens.ts';
import { lifetimes } from './direct-line/tokens.ts';

export interface ChatToken {
  /** Base of Direct Line's routes. */
  readonly domain: string;
  readonly token: string;
  /** Chosen by the server and part of the token. */
  readonly userId: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Present when an earlier conversation goes on. */
  readonly conversationId?: string;
}

/** Gives a token; `previous` is one the page had before, to go on with its conversation if that still can be. */
export type ChatAccess = (previous: string | undefined) => Promise<ChatToken>;

/** Access to the Direct Line of this process. */
export function localDirectLine(tokens: ChatTokens, newIdentity: () => ChatIdentity, publicUrl: string): ChatAccess {
  return async (previous) => {
    const resumed = previous === undefined ? undefined : await tokens.resume(previous);
    const identity = resumed ?? newIdentity();
    return {
      domain: `${publicUrl}/v3/directline`,
      token: await tokens.sign('token', identity),
      userId: identity.userId,
      expiresIn: lifetimes.token,
      ...(resumed && { conversationId: resumed.conversationId }),
    };
  };
}

/** Opens chats for those who are signed in: what a page's token is, when the page's visitor is known. */
import type { ChatAccess, ChatToken } from './chat-access.ts';

/** Which chats are bound to a sign-in. The port; the rules stand behind it. */
export interface KnownPeople<Session> {
  /** Whether a chat that was opened before may go on here. */
  mayGoOn(person: string, session: Session | undefined): Promise<boolean>;
  bind(person: string, session: Session): Promise<void>;
}

/**
 * A token for a page. One that only renews its token goes on with the conversation as it is. One that opens the chat
 * may get a new conversation instead: of a person who is bound to the session from the beginning.
 * @param session - of the page's visitor; undefined also where the request may come from somebody else's page
 */
export type OpenChat<Session> = (
  previous: string | undefined,
  isOpening: boolean,
  session: Session | undefined,
) => Promise<ChatToken>;

export function knownChat<Session>(
  access: ChatAccess,
  people: KnownPeople<Session>,
  channel: string,
): OpenChat<Session> {
  return async (previous, isOpening, session) => {
    const token = await access(previous);
    if (!isOpening) return token;
    const isResumed = token.conversationId !== undefined && previous !== undefined;
    const person = ({ userId }: ChatToken) => `${channel}/${userId}`;
    const opened = !isResumed || (await people.mayGoOn(person(token), session)) ? token : await access(undefined);
    if (session) await people.bind(person(opened), session);
    return opened;
  };
}

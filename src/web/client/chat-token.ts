/** The token that opens a conversation, and the memory of it that lets the next visit go on. */

export interface ChatToken {
  readonly domain: string;
  readonly token: string;
  readonly conversationId?: string;
  /** What was remembered when it was asked for: an earlier token of the same conversation, if that goes on. */
  readonly previous?: string;
}

/** The server said no, in words for the person. */
export class TokenRefused extends Error {
  constructor(
    message: string,
    /** ms; 0 when the server did not say. */
    readonly retryAfter: number,
  ) {
    super(message);
  }
}

/** A network that swallows everything answers nothing; ms. */
const longestWait = 15_000;

const remembered = 'accessdesk.chat';

/**
 * For the conversation that is remembered, unless a new one is wanted. A chat that opens may be given another one than
 * it remembers, where somebody else has signed in or out; one that lost its connection never is.
 * @throws TokenRefused when too much was asked for, any other Error when the server cannot be reached or fails.
 */
export async function fetchToken({ isNew = false, opens = false } = {}): Promise<ChatToken> {
  const previous = isNew ? undefined : recall();
  const response = await fetch('/chat/token', {
    method: 'POST',
    signal: AbortSignal.timeout(longestWait),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: previous, opens }),
  });
  if (response.status === 429) {
    const { error } = (await response.json().catch(() => ({}))) as { error?: { message?: string } };
    throw new TokenRefused(error?.message ?? '', Number(response.headers.get('retry-after') ?? 0) * 1000 || 0);
  }
  if (!response.ok) throw new Error(`no chat token: ${response.status}`);
  return { ...((await response.json()) as ChatToken), previous };
}

/** The next token begins a new conversation. */
export function forgetConversation(): void {
  try {
    localStorage.removeItem(remembered);
  } catch {}
}

/**
 * A conversation that its server has ended is not asked for again; one that is only busy is. The answer may come late:
 * what was begun meanwhile, here or in another tab, is left alone.
 */
export async function forgetIfGone({ domain, conversationId, token, previous }: ChatToken): Promise<void> {
  if (!conversationId) return;
  const response = await fetch(`${domain}/conversations/${conversationId}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(longestWait),
  }).catch(() => undefined);
  const known = recall();
  if (response?.status === 404 && (known === token || known === previous)) forgetConversation();
}

/**
 * To be called once its conversation was begun: another cannot be gone on with.
 * Storage may be switched off or full; the chat then begins anew at each visit.
 */
export function rememberConversation({ token }: ChatToken): void {
  try {
    localStorage.setItem(remembered, token);
  } catch {}
}

function recall(): string | undefined {
  try {
    return localStorage.getItem(remembered) ?? undefined;
  } catch {
    return undefined;
  }
}

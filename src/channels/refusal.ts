/** Errors of a turn that are the sender's affair, as what the sender is told; used by every channel. */
import { HttpError } from '../errors.ts';

type Refusal = readonly [status: number, kind: string, message: string];

const refusals: Readonly<Record<string, Refusal>> = {
  ERR_NOT_AUTHENTICATED: [401, 'Unauthorized', 'the token is missing or not valid'],
  ERR_KEYS_UNAVAILABLE: [
    503,
    'KeysUnavailable',
    "Bot Framework's keys cannot be fetched now, so no token can be checked",
  ],
  ERR_TURN_QUEUE_FULL: [
    429,
    'TooManyMessages',
    'too many messages are waiting in this conversation; send again in a moment',
  ],
  ERR_STORE_WRITE: [503, 'NotStored', 'the message could not be kept and had no effect; send it again'],
  ERR_STORE_READ: [503, 'NotStored', 'nothing can be looked up now, and the message had no effect; send it again'],
  ERR_CONVERSATION_BUSY: [503, 'Busy', 'the conversation is busy; send the message again'],
  ERR_REPLY_NOT_SENT: [
    502,
    'ReplyNotSent',
    'the message was kept, but the reply could not be delivered; send the same activity again to get it',
  ],
};

/** Undefined for an error that is this server's own fault. */
export function refusal(error: unknown): HttpError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '' } = error as { code?: string };
  const known = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  if (known) return new HttpError(...known, { cause: error, retryAfter: known[0] === 429 ? 1 : undefined });
  // A connector's client: what it could not send is tried again with the activity.
  if (/^(?:RestError|AbortError)$/.test(error.name))
    return new HttpError(...(refusals.ERR_REPLY_NOT_SENT as Refusal), { cause: error });
  return undefined;
}

/** Errors of a turn that are the sender's affair, as what the sender is told; used by every channel. */
import { HttpError } from '../errors.ts';

const refusals: Readonly<Record<string, [status: number, kind: string, message: string]>> = {
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

/** Undefined for an error that is this server's own fault. Names instead of classes: they come from packages inside packages. */
export function refusal(error: unknown): HttpError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '' } = error as { code?: string };
  const known = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  if (known) return new HttpError(...known, { cause: error, retryAfter: known[0] === 429 ? 1 : undefined });
  if (/^(AuthenticationError|JsonWebTokenError|TokenExpiredError|NotBeforeError)$/.test(error.constructor.name)) {
    return new HttpError(401, 'Unauthorized', 'the token is missing or not valid', { cause: error });
  }
  if (!isNetworkFailure(error)) return undefined;
  const message = "Bot Framework's keys cannot be fetched now, so no token can be checked";
  return new HttpError(503, 'KeysUnavailable', message, { cause: error });
}

function isNetworkFailure(error: Error): boolean {
  const { code } = (error.cause ?? error) as { code?: unknown };
  return (
    typeof code === 'string' &&
    /^(ENOTFOUND|ECONN\w+|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|REQUEST_SEND_ERROR)$/.test(code)
  );
}

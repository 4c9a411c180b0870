/** Errors of a turn that are the sender's affair, as what the sender is told; used by every channel. */
import { AccessDeskError, HttpError } from '../errors.ts';

/** Undefined for an error that is this server's own fault. Names instead of classes: they come from packages inside packages. */
export function refusal(error: unknown): HttpError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (/^(AuthenticationError|JsonWebTokenError|TokenExpiredError|NotBeforeError)$/.test(error.constructor.name)) {
    return new HttpError(401, 'Unauthorized', 'the token is missing or not valid');
  }
  if (error instanceof AccessDeskError && error.code === 'ERR_TURN_QUEUE_FULL') {
    return new HttpError(
      429,
      'TooManyMessages',
      'too many messages are waiting in this conversation; send again in a moment',
    );
  }
  if (error instanceof AccessDeskError && error.code === 'ERR_STORE_WRITE') {
    return new HttpError(503, 'NotStored', 'the message could not be kept and had no effect; send it again');
  }
  return undefined;
}

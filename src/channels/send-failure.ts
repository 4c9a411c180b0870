/** What a connector's refusal means for whoever wants to send something. */

export interface SendFailure {
  /** HTTP; undefined: no answer came. */
  readonly status?: number;
  /** ms to wait, where it said so. */
  readonly retryAfter?: number;
  /** It will not be taken later either: the user is gone, has blocked the bot, or it is wrong as it is. */
  readonly isFinal: boolean;
  /** For staff and the log, without what the channel says of the user. */
  readonly reason: string;
}

/** An hour at most, whatever a channel says. */
const longestWait = 3600_000;

export function sendFailure(error: unknown): SendFailure {
  const { statusCode, response, code } = error as {
    statusCode?: unknown;
    code?: unknown;
    response?: { headers?: { get(name: string): string | undefined | null } };
  };
  if (typeof statusCode !== 'number') return { isFinal: false, reason: `no answer (${String(code ?? 'timeout')})` };
  // 401 is our own sign-in, and 412 a conflict that Teams asks to try again.
  const isFinal = [400, 403, 404, 405, 413].includes(statusCode);
  const told = Number(response?.headers?.get('retry-after') ?? Number.NaN);
  return {
    status: statusCode,
    ...(told >= 0 && { retryAfter: Math.min(told * 1000, longestWait) }),
    isFinal,
    reason: `status ${statusCode}`,
  };
}

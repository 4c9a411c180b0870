/**
 * The base of every error this project throws on purpose. `code` is stable and may be relied on;
 * the message tells the one who can act what happened and what to do.
 */
export class AccessDeskError extends Error {
  constructor(
    readonly code: `ERR_${string}`,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Whether nothing is wrong but that the store could not be read or written at this moment. */
export function isStoreAway(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ERR_STORE_READ' || code === 'ERR_STORE_WRITE';
}

/** A request that is refused: the web server answers with this status and lets the sender read kind and message. */
export class HttpError extends AccessDeskError {
  /** Seconds after which the same request may be served. */
  readonly retryAfter: number | undefined;

  constructor(
    /** 400-599. */
    readonly statusCode: number,
    /** Stable, as Bot Framework and Direct Line name theirs ("BadArgument"). */
    readonly kind: string,
    message: string,
    options?: { cause?: unknown; retryAfter?: number },
  ) {
    super('ERR_HTTP', message, options);
    this.retryAfter = options?.retryAfter;
  }
}

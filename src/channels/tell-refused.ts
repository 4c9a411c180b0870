/**
 * Tells the log what of Bot Framework's channels is refused, and why: whoever sets the bot up sees nothing else of it. Once
 * a minute for each reason, since anybody can send what is refused.
 */
import { HttpError } from '../errors.ts';
import type { Log } from '../log.ts';

/** ms */
const again = 60_000;
/** Different ones that are told of within that time. */
const most = 50;

export interface Refused {
  readonly serviceUrl?: unknown;
}

export function tellRefused(log: Pick<Log, 'warn'>, now: () => Date) {
  const told = new Map<string, number>();
  return (error: unknown, { serviceUrl }: Refused): void => {
    if (!(error instanceof HttpError) || error.statusCode > 403) return;
    const { statusCode, kind, message, cause } = error;
    const reason = cause instanceof Error ? cause.message : message;
    const host = kind === 'ServiceNotAllowed' ? hostOf(serviceUrl) : undefined;
    if (!isNews(`${reason} ${host}`)) return;
    log.warn({ status: statusCode, kind, reason, ...(host && { host }) }, 'an activity was refused');
  };

  function isNews(what: string): boolean {
    const time = now().getTime();
    for (const [one, at] of told) if (time - at >= again) told.delete(one);
    if (told.has(what) || told.size >= most) return false;
    told.set(what, time);
    return true;
  }
}

/** What SERVICE_HOSTS would have to name. */
function hostOf(serviceUrl: unknown): string | undefined {
  return typeof serviceUrl === 'string' && URL.canParse(serviceUrl)
    ? new URL(serviceUrl).host.slice(0, 253)
    : undefined;
}

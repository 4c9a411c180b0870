/** What the app does not make itself. */
import type { BotFrameworkSurroundings } from '../channels/bot-adapter.ts';
import type { LoadKnowledge } from '../faq/loading-thread.ts';
import type { LimitTable } from '../limits/limits.ts';
import type { Log } from '../log.ts';
import type { SmtpTimeouts } from '../mail/smtp-transport.ts';
import type { ConnectionRules } from '../web/connections.ts';

/** What surrounds the app; tests give their own. */
export interface Surroundings {
  readonly log: Log;
  /** Folder of the built browser files. */
  readonly assets: string;
  readonly loadKnowledge: LoadKnowledge;
  readonly now?: () => Date;
  readonly newId?: () => string;
  readonly fetch?: typeof fetch;
  /** ms after which a reply that its channel does not take has failed. */
  readonly sendTimeout?: number;
  readonly botFramework?: BotFrameworkSurroundings;
  /** ms after which an activity is answered, whatever is still under way. */
  readonly answersWithin?: number;
  /** Numbers of limits that differ. */
  readonly limits?: Partial<LimitTable>;
  /** Rules for connections that differ. */
  readonly connections?: Partial<ConnectionRules>;
  /** How long mail servers may take, where it differs. */
  readonly smtpTimeouts?: Partial<SmtpTimeouts>;
}

/** What ends each part, in the order they were made. */
export type Closers = (() => Promise<void>)[];

/** Calls `wake` after so many ms; the result calls it off. */
export function wakeAfter(ms: number, wake: () => void): () => void {
  const timer = setTimeout(wake, ms);
  return () => clearTimeout(timer);
}

/**
 * The log: JSON lines on standard output. What people wrote, tokens and keys are never passed in; errors are, and of an
 * error no more than what it is: some carry along what was at hand, such as all that a dialog was told.
 */
import { type DestinationStream, pino } from 'pino';

export type Log = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error'>;

/** `stream` replaces standard output, for tests that read the log. */
export function createLog(level: string, stream?: DestinationStream): Log {
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorLogged } },
    stream ?? pino.destination({ dest: 1, sync: false }),
  );
}

/** Of what causes what; more is a circle. */
const deepest = 5;

function errorLogged(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error) || depth === deepest) return undefined;
  // `error` is what botbuilder-dialogs calls the cause of one of its own.
  const { name, message, stack, code, cause, error: inner } = error as NodeJS.ErrnoException & { error?: unknown };
  const because = errorLogged(cause ?? inner, depth + 1);
  return {
    type: name,
    message,
    stack,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(because !== undefined && { cause: because }),
  };
}

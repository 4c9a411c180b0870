/** The log: JSON lines on standard output. What people wrote, tokens and keys are never passed in; errors are. */
import { type DestinationStream, pino } from 'pino';

export type Log = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error'>;

/** `stream` replaces standard output, for tests that read the log. */
export function createLog(level: string, stream?: DestinationStream): Log {
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    stream ?? pino.destination({ dest: 1, sync: false }),
  );
}

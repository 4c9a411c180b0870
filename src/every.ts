/** What is done at the start and again every so often, for as long as the server runs. */
import { inTime } from './in-time.ts';

export interface EveryParts {
  /** Between two beginnings. */
  readonly ms: number;
  readonly work: () => Promise<void>;
  /** Told why a run broke off; the next one comes all the same. */
  readonly failed: (error: unknown) => void;
}

/** ms that `close` waits: what removes much, or a store that hangs, must not keep a process that is to end. */
const longestWait = 2000;

/**
 * The timer keeps no process alive; `close` resolves when the run under way has ended, or is left to itself, and none
 * follows.
 */
export function every({ ms, work, failed }: EveryParts): { close(): Promise<void> } {
  let running: Promise<void>;
  let isLeft = false;
  const begin = () => {
    running = work().catch((error) => {
      if (!isLeft) failed(error);
    });
  };
  begin();
  const timer = setInterval(begin, ms).unref();
  return {
    close() {
      clearInterval(timer);
      return inTime(running, longestWait, () => {
        isLeft = true;
      });
    },
  };
}

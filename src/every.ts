/** What is done at the start and again every so often, for as long as the server runs. */

export interface EveryParts {
  /** Between two beginnings. */
  readonly ms: number;
  readonly work: () => Promise<void>;
  /** Told why a run broke off; the next one comes all the same. */
  readonly failed: (error: unknown) => void;
}

/** The timer keeps no process alive; `close` resolves when the run under way has ended, and none follows. */
export function every({ ms, work, failed }: EveryParts): { close(): Promise<void> } {
  let running: Promise<void>;
  const begin = () => {
    running = work().catch(failed);
  };
  begin();
  const timer = setInterval(begin, ms).unref();
  return {
    close() {
      clearInterval(timer);
      return running;
    },
  };
}

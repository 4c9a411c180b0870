import { setTimeout } from 'node:timers/promises';

/** Asks until it is so, for what tells nobody when it happens. The pauses leave the processor to whoever is asked. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(20);
}

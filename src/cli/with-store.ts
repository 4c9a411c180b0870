/** How a command gets at the store: through the running server that has the folder, or by opening the store itself. */
import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import { askServer } from '../control/ask-server.ts';
import { recordTypes } from '../record-types.ts';
import { openStore } from '../stores/open-store.ts';
import type { Store } from '../stores/store.ts';
import { CommandFailed } from './command.ts';

export interface StoreCommand {
  /** What the server is asked, where one has the folder; with a database nobody is asked. */
  readonly command: string;
  readonly argument?: string;
  /** Gets what the server tells meanwhile. */
  readonly onPart?: (part: unknown) => void;
  /** Whether a folder that is not there yet is made. */
  readonly mayBegin?: boolean;
}

/** @throws CommandFailed where there is no store yet */
export async function withStore<T>(
  config: Config['store'],
  { command, argument = '', onPart, mayBegin = false }: StoreCommand,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  if (config.url === undefined) {
    const asked = await askServer(config.folder, command, argument, onPart);
    if (asked) return asked.result as T;
    if (!mayBegin && !existsSync(config.folder))
      throw new CommandFailed(`There is no store in ${config.folder}. Check STORE_URL.`);
  }
  const store = await openStore({ ...config, now: () => new Date(), recordTypes });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

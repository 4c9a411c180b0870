/** Opens the store that an address names. Called by app/ and the commands. */
import type { Log } from '../log.ts';
import type { AnyRecordType } from '../records/records.ts';
import { openEmbeddedStore } from './embedded/embedded-store.ts';
import type { Store } from './store.ts';

export interface OpenStoreOptions {
  /** Of a PostgreSQL database; undefined: the embedded store in `folder`. */
  readonly url: string | undefined;
  readonly folder: string;
  readonly now: () => Date;
  readonly log?: Log;
  readonly recordTypes?: readonly AnyRecordType[];
}

/** Rejects as the store does that is opened. */
export async function openStore({ url, folder, ...options }: OpenStoreOptions): Promise<Store> {
  if (url === undefined) return openEmbeddedStore({ folder, ...options });
  // Loaded only where it is used: the start of everybody else does not wait for it.
  const { openPostgresStore } = await import('./postgres/postgres-store.ts');
  return openPostgresStore({ url, ...options });
}

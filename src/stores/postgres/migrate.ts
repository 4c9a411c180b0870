/** Brings the tables of the database up to what this version needs. Two instances may do so at once: the second waits. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { AccessDeskError } from '../../errors.ts';
import { type Database, isBroken, isTimeout } from './database.ts';

/** A process that starts has much to load: a connection that timed out may have had nobody to attend to it. */
const mostTries = 3;

/**
 * @throws AccessDeskError `ERR_STORE_SCHEMA` when the database is of a newer version, `ERR_STORE_OPEN` when it cannot
 *   be reached or used
 */
export async function migrate(database: Database): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await migrateOnce(database);
    } catch (error) {
      if (tries >= mostTries || !isTimeout((error as Error).cause)) throw error;
    }
  }
}

async function migrateOnce(database: Database): Promise<void> {
  const folder = migrationsFolder();
  if (await isUpToDate(database, folder)) return;
  const client = new pg.Client(database.connectionAtLength());
  client.on('error', () => {}); // what is under way rejects with the same
  try {
    await client.connect();
    await checkEncoding(client);
    await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      migrationsTable: 'migrations',
      advisoryLockMode: 'wait',
      log: () => {},
    });
  } catch (error) {
    throw openError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Another takes most texts and refuses some, in the middle of a turn. */
async function checkEncoding(client: pg.Client): Promise<void> {
  const { rows } = await client.query('SHOW server_encoding');
  const encoding = rows[0]?.server_encoding;
  if (encoding === 'UTF8') return;
  throw new AccessDeskError(
    'ERR_STORE_OPEN',
    `The database has the encoding ${encoding}. Make it with ENCODING 'UTF8' TEMPLATE template0: people write in any script.`,
  );
}

/** Nearly always; asked in one round trip. */
async function isUpToDate(database: Database, folder: string): Promise<boolean> {
  const files = (await readdir(folder)).map((file) => basename(file, '.sql')).sort();
  const done = await migrationsDone(database);
  // The library would go on with tables that this version knows nothing of.
  const later = done?.find((name) => !files.includes(name));
  if (later) throw newerError(later);
  return done?.length === files.length;
}

/** Undefined where none was ever run. */
async function migrationsDone(database: Database): Promise<readonly string[] | undefined> {
  try {
    return (await database.query('SELECT name FROM migrations')).map(({ name }) => name);
  } catch (error) {
    // No table yet, or no database: the way of the caller says which.
    if (isBroken((error as Error).cause)) throw openError((error as Error).cause);
    return undefined;
  }
}

/** Beside this file, or, when everything is bundled, in the folder of the bundle. */
function migrationsFolder(): string {
  const places = ['./migrations/', '../migrations/'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error(`the migrations are missing: ${places.join(', ')}`);
  return found;
}

function openError(error: unknown): AccessDeskError {
  if (error instanceof AccessDeskError) return error;
  // The library puts its stack into the message.
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  if (/preceding already run migration|Not run migration/.test(reason)) {
    return newerError(reason, error);
  }
  return new AccessDeskError('ERR_STORE_OPEN', `The database cannot be used: ${reason}. ${adviceOn(error, reason)}`, {
    cause: error,
  });
}

function adviceOn(error: unknown, reason: string): string {
  if (/unsupported startup parameter/.test(reason))
    return 'A pooler in between does not pass on what a connection asks for: write the database itself to STORE_URL.';
  const isFileMissing = (error as NodeJS.ErrnoException).syscall === 'open';
  // Of a server that lets nobody in from here it says in what way somebody came.
  if (isFileMissing || /SSL(?! encryption)|certificate|no encryption/i.test(reason))
    return 'Check sslmode and the files that STORE_URL names.';
  if (isBroken(error)) return 'See that it runs, and check host and port in STORE_URL.';
  return 'Check user, password and database in STORE_URL, and that this user may create tables.';
}

function newerError(reason: string, cause?: unknown): AccessDeskError {
  return new AccessDeskError(
    'ERR_STORE_SCHEMA',
    `The database was changed by a newer version of AccessDesk (${reason}). Run that version, or restore a backup.`,
    { cause },
  );
}

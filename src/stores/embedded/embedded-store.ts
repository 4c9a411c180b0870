/**
 * Opens the embedded store: takes the folder, loads it, and joins the stores over one engine. Called by app/ and the
 * commands.
 */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { AccessDeskError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { AnyRecordType } from '../../records/records.ts';
import type { Store } from '../store.ts';
import { putOf, read } from './documents.ts';
import { EmbeddedCopy } from './embedded-copy.ts';
import { EmbeddedErasure } from './embedded-erasure.ts';
import { EmbeddedHistory } from './embedded-history.ts';
import { EmbeddedRecords } from './embedded-records.ts';
import { EmbeddedTurns } from './embedded-turns.ts';
import { EmbeddedVotes } from './embedded-votes.ts';
import { Engine, type JournalLimits } from './engine.ts';
import { disk, type FileSystem } from './file-system.ts';
import { lockFolder } from './folder-lock.ts';
import { LineIndex } from './line-index.ts';
import { RecordIndex } from './record-index.ts';
import { readSecretKey } from './secret-key.ts';

/** A record costs 15 to 25 microseconds at the next start (measured), about as much as a document of the snapshot. */
export const LIMITS: JournalLimits = { records: 20_000, bytes: 32 * 1024 * 1024, part: 1 };

export interface EmbeddedStoreOptions {
  /** Made with mode 0700 where it is missing. */
  readonly folder: string;
  readonly now: () => Date;
  readonly log?: Pick<Log, 'warn'>;
  /** The kinds of documents that rooms keep; without them their keys cannot be looked up. */
  readonly recordTypes?: readonly AnyRecordType[];
  /** When to write a snapshot; for tests. */
  readonly limits?: JournalLimits;
  /** The disk; for tests. */
  readonly files?: FileSystem;
  /** That many random bytes; for tests. */
  readonly random?: (bytes: number) => Buffer;
}

/** Everything the program keeps, in one folder of one process. The key is made at first use, in `FOLDER/secret-key`. */
export type EmbeddedStore = Store;

/**
 * Opens the store in a folder. Every commit that was acknowledged is there again, however the last process ended.
 * @throws AccessDeskError `ERR_STORE_IN_USE` while another process has the folder; `ERR_STORE_DAMAGED` or
 *   `ERR_STORE_SCHEMA` naming the file, and nothing was changed; `ERR_STORE_FOLDER` when the folder cannot be used
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const { now, log, files = disk, random = randomBytes, limits = LIMITS, recordTypes = [] } = options;
  const folder = resolve(options.folder);
  const release = await takeFolder(folder, files);
  try {
    const unique = () => random(6).toString('hex');
    const index = new LineIndex();
    const recordIndex = new RecordIndex(recordTypes);
    const engine = await Engine.open({
      folder,
      files,
      limits,
      log,
      unique,
      observe: (collection, id, before, after) => {
        index.observe(collection, before, after);
        recordIndex.observe(collection, id, before, after);
      },
    });
    const history = new EmbeddedHistory(engine, index, log);
    const copy = new EmbeddedCopy(engine);
    let key: Promise<string> | undefined;
    return {
      turns: new EmbeddedTurns(engine, now, (lines) => history.announce(lines)),
      history,
      votes: new EmbeddedVotes(engine),
      erasure: new EmbeddedErasure(engine, index, recordTypes, unique),
      records: new EmbeddedRecords(engine, recordIndex),
      secretKey: () => {
        key ??= readSecretKey(folder, files, random).catch((error) => {
          key = undefined;
          throw asFolderError(error, folder);
        });
        return key;
      },
      check: () => check(engine, now().toISOString()),
      dump: () => copy.dump(),
      load: (...what) => copy.load(...what),
      close: () => engine.close().finally(release),
    };
  } catch (error) {
    await release();
    throw asFolderError(error, folder);
  }
}

async function takeFolder(folder: string, files: FileSystem): Promise<() => Promise<void>> {
  try {
    await files.makeFolder(folder, 0o700);
    return await lockFolder(folder, files);
  } catch (error) {
    throw asFolderError(error, folder);
  }
}

async function check(engine: Engine, at: string): Promise<void> {
  await engine.commit(() => ({ put: [putOf('checks', 'check', { at })], result: undefined }));
  if (read(engine, 'checks', 'check') === undefined) {
    throw new AccessDeskError(
      'ERR_STORE_READ',
      'The store does not give back what was just written. Restart AccessDesk.',
    );
  }
}

function asFolderError(error: unknown, folder: string): unknown {
  if (error instanceof AccessDeskError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new AccessDeskError(
    'ERR_STORE_FOLDER',
    `The store's folder ${folder} cannot be used: ${reason}. Give this user the right to read and write it, or set STORE_URL to another.`,
    { cause: error },
  );
}

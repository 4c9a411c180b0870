/** What happens to the journals when the store is opened. */
import { join } from 'node:path';
import type { Log } from '../../log.ts';
import { damage } from './damage.ts';
import { type FileSystem, syncFolder } from './file-system.ts';
import { Journal } from './journal.ts';
import { readRecords } from './journal-record.ts';
import { applyRecord, type Model, type Observer } from './model.ts';

const JOURNAL = /^journal-([1-9]\d{0,15})\.jsonl$/;
const TEMPORARY = /^(?:db\.json|secret-key)\.[\w-]+\.tmp$/;

/**
 * Brings the model of the snapshot up to the last acknowledged record and returns the journal to go on with. Only when
 * every file was found in order is the folder tidied: a torn end cut off, journals that the snapshot holds and
 * temporary files of an interrupted write removed.
 * @throws AccessDeskError `ERR_STORE_DAMAGED`; no file was changed
 */
export async function replay(
  folder: string,
  files: FileSystem,
  model: Model,
  observe: Observer,
  log?: Pick<Log, 'warn'>,
): Promise<Journal> {
  const names = await files.readdir(folder);
  const found = journalsAmong(names);
  const snapshotSeq = model.seq;
  const covered: string[] = [];
  const kept: string[] = [];
  let expected = found[0]?.firstSeq;
  let length = 0;
  let records = 0;
  let torn = 0;
  for (const [index, { name, firstSeq }] of found.entries()) {
    const path = join(folder, name);
    if (firstSeq !== expected || firstSeq > model.seq + 1) {
      throw damage(
        path,
        `record ${firstSeq} comes first, but ${Math.min(expected ?? 1, model.seq + 1)} is the next; a file was removed`,
      );
    }
    const bytes = await files.readFile(path);
    const read = readRecords(path, bytes, firstSeq, index === found.length - 1);
    for (const record of read.records) if (record.seq > snapshotSeq) applyRecord(model, record, observe);
    expected = firstSeq + read.records.length;
    length = read.length;
    torn = bytes.length - length;
    if (expected - 1 <= snapshotSeq) {
      covered.push(name);
    } else {
      kept.push(name);
      records += read.records.length;
    }
  }

  const tidied = names.filter((name) => TEMPORARY.test(name)).concat(covered);
  for (const name of tidied) await files.unlink(join(folder, name));
  if (tidied.length > 0) await syncFolder(files, folder);
  if (torn > 0) {
    log?.warn(
      { file: found.at(-1)?.name, bytes: torn },
      'cut off a record that was not acknowledged when the process ended',
    );
  }
  const journal = new Journal(folder, files, kept, length, records);
  await journal.trim();
  return journal;
}

/** Names of the journals with the number of their first record, oldest first. */
function journalsAmong(names: readonly string[]): { name: string; firstSeq: number }[] {
  return names
    .flatMap((name) => {
      const firstSeq = JOURNAL.exec(name)?.[1];
      return firstSeq === undefined ? [] : [{ name, firstSeq: Number(firstSeq) }];
    })
    .sort((one, other) => one.firstSeq - other.firstSeq);
}

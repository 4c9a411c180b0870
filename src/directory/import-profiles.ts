/** `profiles import`: a CSV file into the directory, as a whole or not at all. */
import type { FileHandle } from 'node:fs/promises';
import { AccessDeskError } from '../errors.ts';
import { Pace } from '../pace.ts';
import type { Records } from '../records/records.ts';
import type { Words } from '../words/words.ts';
import { type ImportCounts, planImport } from './import-plan.ts';
import { type ImportProblem, ImportProblems } from './import-problems.ts';
import { readHeader, readRow } from './import-row.ts';
import { openRegularFile, readCsv } from './read-csv.ts';
import { RowsOfFile } from './rows-of-file.ts';

export interface ImportParts {
  readonly records: Records;
  readonly words: Words;
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface ImportProgress {
  readonly step: 'reading' | 'comparing' | 'storing';
  /** From 0 to 1, of the whole. */
  readonly done: number;
}

export type ImportResult =
  | { readonly imported: ImportCounts }
  /** Nothing was imported. `count` is of all problems, of which the first are named. */
  | { readonly problems: readonly ImportProblem[]; readonly count: number };

/** All rows are in memory until they are stored, about 1 kB each; beyond this a file has to be cut. */
const mostRows = 500_000;
/** How often progress is told, in ms. */
const often = 100;

/**
 * Adds the file's profiles and organisations to the directory and changes those that are there; who is not in the file
 * stays as they are. Waits for nothing longer than a few milliseconds.
 * @param tell - told of progress now and then; where it rejects, the import ends and nothing was imported
 * @throws AccessDeskError `ERR_FILE`, those of `Records.commit`
 */
export async function importProfiles(
  path: string,
  isDryRun: boolean,
  parts: ImportParts,
  tell: (progress: ImportProgress) => Promise<void> = async () => {},
): Promise<ImportResult> {
  const { file, size } = await openRegularFile(path);
  try {
    const problems = new ImportProblems();
    const { rows, repeated } = await readRows(file, parts.words, problems, (bytes) =>
      tell({ step: 'reading', done: 0.5 * Math.min(1, bytes / Math.max(1, size)) }),
    );
    for (let tries = 0; tries < 5; tries += 1) {
      await tell({ step: 'comparing', done: 0.5 });
      const at = parts.now().toISOString();
      const { change, counts } = await planImport(rows, { ...parts, at, report: problems.report, pace: new Pace() });
      if (problems.count > 0) return { problems: problems.named, count: problems.count };
      await tell({ step: 'storing', done: 0.75 });
      if (isDryRun || change.puts.length === 0 || (await parts.records.commit(change))) {
        const { added, changed, unchanged } = counts.profiles;
        const profiles = { added, changed, unchanged: unchanged + repeated };
        return { imported: { ...counts, rows: rows.length + repeated, profiles } };
      }
    }
    throw new AccessDeskError(
      'ERR_DIRECTORY_BUSY',
      'The directory changed again and again meanwhile; nothing was imported. Try again in a moment.',
    );
  } finally {
    await file.close();
  }
}

/**
 * The import as a command: its argument is JSON, `{path, isDryRun}`. One import at a time: of two at once both might
 * make the same organisation.
 */
export function importer(
  parts: ImportParts,
): (argument: string, tell: (progress: ImportProgress) => Promise<void>) => Promise<ImportResult> {
  let last: Promise<unknown> = Promise.resolve();
  return (argument, tell) => {
    const { path, isDryRun } = JSON.parse(argument) as { path: string; isDryRun: boolean };
    const imported = last.catch(() => {}).then(() => importProfiles(path, isDryRun, parts, tell));
    last = imported;
    return imported;
  };
}

async function readRows(
  file: FileHandle,
  words: Words,
  problems: ImportProblems,
  tell: (bytes: number) => Promise<void>,
): Promise<RowsOfFile> {
  const rows = new RowsOfFile(problems.report);
  const pace = new Pace();
  let header: ReturnType<typeof readHeader> | undefined;
  let read = 0;
  let told = Number.NEGATIVE_INFINITY;
  const onRead = (bytes: number) => {
    read = bytes;
  };
  for await (const { line, cells } of readCsv(file, problems.report, onRead)) {
    if (!header) {
      header = readHeader(cells);
      if (header.problem) {
        problems.report({ line, message: header.problem });
        break;
      }
      continue;
    }
    const row = readRow(line, cells, header.at, words, (message) => problems.report({ line, message }));
    if (row) rows.add(row);
    if (rows.rows.length > mostRows) {
      problems.report({ line, message: `more than ${mostRows} profiles at once. Cut the file into several.` });
      break;
    }
    if (pace.isDue) {
      if (performance.now() - told > often) {
        told = performance.now();
        await tell(read);
      }
      await pace.rest();
    }
  }
  if (!header && problems.count === 0)
    problems.report({ line: 1, message: 'the file is empty; a header row comes first' });
  return rows;
}

/** CSV by RFC 4180 from a file, record by record with its line, however long the file is. */
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type CsvError, type Options, parse } from 'csv-parse';
import { AccessDeskError } from '../errors.ts';
import type { ImportProblem } from './import-problems.ts';

export interface CsvRecord {
  /** On which it begins; the first is 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Nobody's record is longer; more is a quote that was not closed. */
const longestRecord = 20_000;
const chunk = 32 * 1024;
const newline = 0x0a;
const endings: readonly string[] = ['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE'];

/**
 * Opens a file for reading; anything but a regular file could keep the reader waiting for ever.
 * @throws AccessDeskError `ERR_FILE`
 */
export async function openRegularFile(path: string): Promise<{ file: FileHandle; size: number }> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await file.stat();
    if (stats.isFile()) return { file, size: stats.size };
    await file.close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AccessDeskError('ERR_FILE', `${path} cannot be read (${code}). Check its name and the rights on it.`);
  }
  throw new AccessDeskError('ERR_FILE', `${path} is not a file. Write the name of a CSV file.`);
}

/**
 * The records of a file, blank lines left out. What is not CSV, or not UTF-8, is reported and ends the reading where
 * what follows cannot be told.
 * @param onRead - called with the bytes read so far
 */
export async function* readCsv(
  file: FileHandle,
  report: (problem: ImportProblem) => void,
  onRead: (bytes: number) => void,
): AsyncGenerator<CsvRecord> {
  /** csv-parse counts a line break of two characters inside quotes as two lines. */
  let countedTwice = 0;
  let end = 0;
  let skipped = 0;
  const options: Options<CsvRecord, string[]> = {
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: longestRecord,
    on_record: (cells, { lines }) => {
      const breaks = cells.join('').match(/\r\n|\r|\n/g) ?? [];
      countedTwice += breaks.filter((one) => one === '\r\n').length;
      end = lines - countedTwice;
      return { line: end - breaks.length, cells };
    },
    on_skip: (error) => {
      // After these nobody can tell where the next record begins; thrown, they end the reading.
      if (error && endings.includes(error.code)) throw error;
      const line = Number(error?.lines) - countedTwice;
      // A second quotation mark in the same cell is no second problem.
      if (error && line !== skipped) report({ line, message: advice(error) });
      skipped = line;
      return undefined;
    },
  };
  // Its types know no records of another shape without named columns.
  const parser = parse(options as unknown as Options);
  const bytes = Readable.from(utf8(file, report, onRead));
  bytes.once('error', (error) => parser.destroy(error)).pipe(parser);
  try {
    for await (const record of parser as AsyncIterable<CsvRecord>) yield record;
  } catch (error) {
    if (!isCsvError(error)) throw error;
    report({ line: end + 1, message: advice(error) });
  } finally {
    bytes.destroy();
  }
}

/** The bytes of the file as far as they are UTF-8. */
async function* utf8(
  file: FileHandle,
  report: (problem: ImportProblem) => void,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let line = 1;
  let position = 0;
  /** What follows the last line break: a character may be cut in two, a line break never is. */
  let rest = Buffer.alloc(0);
  for (let isLast = false; !isLast; ) {
    const buffer = Buffer.allocUnsafe(chunk);
    const { bytesRead } = await file.read(buffer, 0, chunk, position);
    position += bytesRead;
    isLast = bytesRead === 0;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const whole = isLast ? bytes.length : bytes.lastIndexOf(newline) + 1;
    // A line without an end is not kept waiting for: as long a record is refused anyway.
    const until = whole === 0 && bytes.length > 2 * longestRecord ? bytes.length : whole;
    const ready = bytes.subarray(0, until);
    rest = bytes.subarray(until);
    if (!isUtf8(ready)) {
      for (let start = 0; start < ready.length; line += 1) {
        const end = ready.indexOf(newline, start) + 1 || ready.length;
        if (!isUtf8(ready.subarray(start, end))) break;
        start = end;
      }
      report({
        line,
        message: 'this is not UTF-8. Save the file as “CSV UTF-8” and import that; nothing after this line was read.',
      });
      return;
    }
    for (let at = ready.indexOf(newline); at >= 0; at = ready.indexOf(newline, at + 1)) line += 1;
    onRead(position);
    if (ready.length > 0) yield ready;
  }
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof Error && 'code' in error && /^(?:CSV_|INVALID_)/.test(String(error.code));
}

function advice({ code, message }: CsvError): string {
  if (endings.includes(code))
    return 'a record begins here that does not end: a quotation mark is not closed. Nothing after this line was read.';
  if (code === 'INVALID_OPENING_QUOTE' || code === 'CSV_INVALID_CLOSING_QUOTE')
    return 'a quotation mark stands in the middle of a cell. Put the cell into quotation marks and write "" for one.';
  return `this is not CSV (${message}).`;
}

/** The lines of a journal: how one is written, and how a file of them is read and checked. */
import { crc32 } from 'node:zlib';
import { damage } from './damage.ts';
import { isRecord, type JournalRecord } from './model.ts';

const NEWLINE = 0x0a;
/** Length of the checksum and the space after it. */
const PREFIX = 9;

/** A record as a line of a journal: CRC-32 of the JSON in eight hexadecimal digits, a space, the JSON, a newline. */
export function recordLine(json: string): string {
  return `${linePrefix(crc32(json))}${json}\n`;
}

/** What stands before the JSON with this CRC-32. */
export function linePrefix(checksum: number): string {
  return `${checksum.toString(16).padStart(8, '0')} `;
}

/**
 * Reads the records of one journal, which begin at `firstSeq` and follow each other without a gap.
 * @param path - for messages only
 * @param isLast - whether no journal follows. Only there can a line be torn: everything before was synced and
 *   acknowledged before the next group was written.
 * @returns the records, and the length in bytes without a torn last line
 * @throws AccessDeskError `ERR_STORE_DAMAGED` with file and line for a line that is neither whole nor a torn end
 */
export function readRecords(
  path: string,
  bytes: Buffer,
  firstSeq: number,
  isLast: boolean,
): { records: JournalRecord[]; length: number } {
  const records: JournalRecord[] = [];
  for (let start = 0, line = 1; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(NEWLINE, start);
    const json = newline < 0 ? undefined : checked(bytes.subarray(start, newline));
    if (json === undefined) {
      if (isLast && isTorn(bytes, start, newline)) return { records, length: start };
      throw damage(`${path}:${line}`, 'the line does not match its checksum');
    }
    const record: unknown = JSON.parse(json);
    if (!isRecord(record)) throw damage(`${path}:${line}`, 'the line is not a record');
    if (record.seq !== firstSeq + records.length) {
      throw damage(`${path}:${line}`, `record ${record.seq} stands where ${firstSeq + records.length} belongs`);
    }
    records.push(record);
    start = newline + 1;
  }
  return { records, length: bytes.length };
}

/**
 * Whether the line is what a write leaves that was cut short: no newline, or, after a loss of power, zeros where a part
 * never reached the disk. A whole last line with another byte in it was acknowledged and is damaged.
 */
function isTorn(bytes: Buffer, start: number, newline: number): boolean {
  return newline < 0 || (newline === bytes.length - 1 && bytes.subarray(start, newline).includes(0));
}

/** The JSON of a line; undefined where it does not match its checksum. */
function checked(line: Buffer): string | undefined {
  const expected = /^([0-9a-f]{8}) $/.exec(line.toString('latin1', 0, PREFIX))?.[1];
  const json = line.subarray(PREFIX);
  return expected !== undefined && Number.parseInt(expected, 16) === crc32(json) ? json.toString('utf8') : undefined;
}

/** The lines of a journal: how one is written, and how a file of them is read and checked. */
import { crc32 } from 'node:zlib';
import { damage } from './damage.ts';
import { isRecord, type JournalRecord } from './model.ts';

const NEWLINE = 0x0a;
/** Length of the checksum and the space after it. */
const PREFIX = 9;

/** Bytes that a code unit of a text takes at most. */
const WIDEST = 3;
/** Bytes that are kept for the next group: few groups need more. */
const KEPT = 256 * 1024;

/** Lines of a journal, put together in memory that the next ones are put together in too. */
export class Lines {
  #memory = Buffer.allocUnsafeSlow(KEPT);
  #length = 0;

  /** All lines since `clear`, which hold until then. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a record: CRC-32 of the JSON in eight hexadecimal digits, a space, the JSON, a newline. */
  add(json: string): void {
    this.#makeRoom(PREFIX + WIDEST * json.length + 1);
    const start = this.#length + PREFIX;
    const end = start + this.#memory.write(json, start, 'utf8');
    this.#memory.write(linePrefix(crc32(this.#memory.subarray(start, end))), this.#length, 'latin1');
    this.#memory[end] = NEWLINE;
    this.#length = end + 1;
  }

  clear(): void {
    if (this.#memory.length > KEPT) this.#memory = Buffer.allocUnsafeSlow(KEPT);
    this.#length = 0;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#memory.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * needed);
    this.#memory.copy(larger, 0, 0, this.#length);
    this.#memory = larger;
  }
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

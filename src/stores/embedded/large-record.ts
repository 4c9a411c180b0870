/** The record of a change of very many documents: the same line of the journal, put together in stretches. */
import { crc32 } from 'node:zlib';
import { AccessDeskError } from '../../errors.ts';
import { Pace } from '../../pace.ts';
import { linePrefix } from './journal-record.ts';
import type { Deletion, Document, EncodedPut, JournalRecord, Put } from './model.ts';

/** Characters that are turned into bytes, summed up and written at once. */
const PART = 256 * 1024;

/** A replay reads a line as one string, and node has none longer than 512 MiB; half of it is a million profiles. */
const LONGEST = 256 * 1024 * 1024;

export interface LargeDecision {
  readonly delete: readonly Deletion[];
  /** Encoded one after the other, when they are needed. */
  readonly put: Iterable<EncodedPut>;
}

/**
 * @returns the line in parts, and the record as a replay of the line would read it
 * @throws AccessDeskError `ERR_STORE_TOO_LARGE`
 */
export async function encodeLarge(
  seq: number,
  decision: LargeDecision,
  longest = LONGEST,
): Promise<{ parts: Uint8Array[]; record: JournalRecord }> {
  const pace = new Pace();
  const parts: Buffer[] = [];
  const put: Put[] = [];
  let checksum = 0;
  let length = 0;
  let text = `{"seq":${seq},"delete":${JSON.stringify(decision.delete)},"put":[`;
  const flush = () => {
    const part = Buffer.from(text);
    checksum = crc32(part, checksum);
    length += part.length;
    parts.push(part);
    text = '';
    if (length > longest) throw tooLarge(longest);
  };
  for (const [collection, id, json] of decision.put) {
    text += `${put.length > 0 ? ',' : ''}[${JSON.stringify(collection)},${JSON.stringify(id)},${json}]`;
    put.push([collection, id, JSON.parse(json) as Document]);
    if (text.length >= PART) flush();
    if (pace.isDue) await pace.rest();
  }
  text += ']}';
  flush();
  return {
    parts: [Buffer.from(linePrefix(checksum)), ...parts, Buffer.from('\n')],
    record: { seq, delete: decision.delete, put },
  };
}

function tooLarge(longest: number): AccessDeskError {
  return new AccessDeskError(
    'ERR_STORE_TOO_LARGE',
    `One change can have ${Math.round(longest / 1024 / 1024)} MB at most; nothing was written. Make it in several parts.`,
  );
}

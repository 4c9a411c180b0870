/** Writing the journal; reading it is in journal-record.ts and replay.ts. */
import { join } from 'node:path';
import { type FileSystem, hasCode, type OpenFile, syncFolder, writeFully } from './file-system.ts';

/**
 * The journal files of a folder, as the engine writes them: `journal-SEQ.jsonl` begins with record SEQ, and only the
 * newest is written to. What `append` acknowledged is durable; what it refused is taken off the file again.
 */
export class Journal {
  readonly #folder: string;
  readonly #files: FileSystem;
  /** Names of the files that hold records, oldest first. */
  #names: string[];
  #open?: OpenFile;
  /** Length of the newest file up to the last acknowledged record. */
  #length: number;
  /** Bytes after `#length` that were refused and could not be taken off yet. */
  #hasRest = false;
  #records: number;

  /**
   * @param names - files found at start, oldest first
   * @param length - bytes of the newest file that hold whole records; anything after is cut off before the next write
   * @param records - number of records in all of them
   */
  constructor(folder: string, files: FileSystem, names: readonly string[], length: number, records: number) {
    this.#folder = folder;
    this.#files = files;
    this.#names = [...names];
    this.#length = length;
    this.#records = records;
    this.#hasRest = names.length > 0;
  }

  /** Records and bytes since the newest file was begun; after a start, records of all files. */
  get size(): { records: number; bytes: number } {
    return { records: this.#records, bytes: this.#length };
  }

  /** Whether there is no file with records. */
  get isEmpty(): boolean {
    return this.#names.length === 0;
  }

  /** Cuts off what a crash or a failed write left after the last whole record. Until this worked, nothing is written. */
  async trim(): Promise<void> {
    const newest = this.#names.at(-1);
    if (!this.#hasRest || newest === undefined) return;
    this.#open ??= await this.#files.open(join(this.#folder, newest), 'r+');
    await this.#open.truncate(this.#length);
    await this.#open.datasync();
    this.#hasRest = false;
  }

  /**
   * Writes `count` lines, given in parts, the first of which is record `firstSeq`, and syncs them.
   * @throws the file system's error. The file then ends as before; where even that failed, the rest is cut off before
   *   the next write or, after a crash, at the next start as far as it is torn.
   */
  async append(parts: readonly Uint8Array[], firstSeq: number, count: number): Promise<void> {
    await this.trim();
    const file = this.#open ?? (await this.#begin(firstSeq));
    let end = this.#length;
    try {
      for (const part of parts) {
        await writeFully(file, part, end);
        end += part.length;
      }
      await file.datasync();
    } catch (error) {
      this.#hasRest = true;
      await this.trim().catch(() => {});
      throw error;
    }
    this.#length = end;
    this.#records += count;
  }

  /**
   * The next record goes into a new file. Returns the names of the files so far, for `drop` once a snapshot holds
   * their records; undefined, and nothing is done, while the newest has a rest that must not stay in the middle.
   */
  rotate(): readonly string[] | undefined {
    if (this.#hasRest) return undefined;
    // An open file without a record already is the new one; it must not be dropped with the others.
    if (this.#open && this.#length === 0) return this.#names.slice(0, -1);
    // Everything in it is synced; nothing depends on how closing ends.
    this.#open?.close().catch(() => {});
    this.#open = undefined;
    this.#length = 0;
    this.#records = 0;
    return this.#names.slice();
  }

  /** Removes files whose records a snapshot holds. */
  async drop(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.#files.unlink(join(this.#folder, name)).catch((error) => {
        if (!hasCode(error, 'ENOENT')) throw error;
      });
      this.#names = this.#names.filter((kept) => kept !== name);
    }
    if (names.length > 0) await syncFolder(this.#files, this.#folder);
  }

  async close(): Promise<void> {
    const file = this.#open;
    this.#open = undefined;
    await file?.close();
  }

  async #begin(firstSeq: number): Promise<OpenFile> {
    const name = `journal-${firstSeq}.jsonl`;
    const path = join(this.#folder, name);
    // 'w': a file of this name can only be left from an attempt that failed below, before any record was in it.
    const file = await this.#files.open(path, 'w', 0o600);
    try {
      await syncFolder(this.#files, this.#folder);
    } catch (error) {
      await file.close().catch(() => {});
      await this.#files.unlink(path).catch(() => {});
      throw error;
    }
    this.#open = file;
    this.#names.push(name);
    this.#length = 0;
    return file;
  }
}

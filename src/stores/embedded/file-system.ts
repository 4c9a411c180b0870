/** The disk as the embedded store sees it, and the few habits of writing to it durably. */
import { close, fdatasync, fsync, ftruncate, open, write } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const call = {
  open: promisify(open),
  write: promisify(write),
  fdatasync: promisify(fdatasync),
  fsync: promisify(fsync),
  ftruncate: promisify(ftruncate),
  close: promisify(close),
};

/**
 * The few file operations the embedded store is made of, as a port: the tests put a full or failing disk in its place.
 */
export interface FileSystem {
  open(path: string, flags: string, mode?: number): Promise<OpenFile>;
  readFile(path: string): Promise<Buffer>;
  readdir(path: string): Promise<string[]>;
  /** Also makes the folders above; an existing folder is fine. */
  makeFolder(path: string, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Device and inode tell whether two paths are one folder. */
  stat(path: string, options: { bigint: true }): Promise<{ dev: bigint; ino: bigint }>;
}

/** What the store does with an open file. */
export interface OpenFile {
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  datasync(): Promise<void>;
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** A second time does nothing. */
  close(): Promise<void>;
}

/** A bare descriptor: a write and a sync through node's FileHandle take a third longer (measured with one writer). */
class DiskFile implements OpenFile {
  #descriptor: number | undefined;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }> {
    return call.write(this.#opened, bytes, offset, length, position);
  }

  datasync(): Promise<void> {
    return call.fdatasync(this.#opened);
  }

  sync(): Promise<void> {
    return call.fsync(this.#opened);
  }

  truncate(length: number): Promise<void> {
    return call.ftruncate(this.#opened, length);
  }

  async close(): Promise<void> {
    const descriptor = this.#descriptor;
    // Once only: the number may be another file's by the second time.
    this.#descriptor = undefined;
    if (descriptor !== undefined) await call.close(descriptor);
  }

  get #opened(): number {
    if (this.#descriptor === undefined) throw new Error('the file is closed');
    return this.#descriptor;
  }
}

/** Node's own way (`recursive`) never comes back where nothing can be made, as below /proc (Node.js 20). */
async function makeFolder(path: string, mode: number): Promise<void> {
  try {
    return await makeOne(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
  }
  await makeFolder(dirname(path), mode);
  await makeOne(path, mode);
}

/** Below one that is there; another process may be as fast. */
async function makeOne(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await stat(path)).isDirectory();
    if (!isThere) throw error;
  }
}

/** The real disk. */
export const disk: FileSystem = {
  open: async (path, flags, mode) => new DiskFile(await call.open(path, flags, mode)),
  readFile,
  readdir,
  makeFolder,
  rename,
  unlink,
  stat,
};

/** Writes all of `bytes` at `position`; a disk may take less than it is given. */
export async function writeFully(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error('the disk took none of the bytes');
    done += bytesWritten;
  }
}

/**
 * Makes a file's appearance, new name or removal in `folder` durable. Windows cannot open a folder and needs none of
 * it: NTFS journals its names.
 */
export async function syncFolder(files: FileSystem, folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await files.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether `error` is the file system's with this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The real disk, except for what a test lets fail. */
import { disk, type FileSystem, type OpenFile } from '../../src/stores/embedded/file-system.ts';

export type Operation = 'open' | 'write' | 'datasync' | 'sync' | 'truncate' | 'rename' | 'unlink';

export class FaultyDisk implements FileSystem {
  /** Operations that fail, on files whose path contains `only`. */
  readonly failing = new Set<Operation>();
  only = '';
  /** Awaited before a file is opened or renamed. */
  before: (operation: Operation, path: string) => Promise<void> = async () => {};
  readonly readFile = disk.readFile;
  readonly readdir = disk.readdir;
  readonly makeFolder = disk.makeFolder;
  readonly stat = disk.stat;

  async open(path: string, flags: string, mode?: number): Promise<OpenFile> {
    await this.before('open', path);
    this.#check('open', path);
    const file = await disk.open(path, flags, mode);
    return {
      write: async (bytes, offset, length, position) => {
        // A full disk takes what still fits before it refuses.
        if (this.#fails('write', path)) await file.write(bytes, offset, Math.floor(length / 2), position);
        this.#check('write', path);
        return file.write(bytes, offset, length, position);
      },
      datasync: async () => {
        this.#check('datasync', path);
        await file.datasync();
      },
      sync: async () => {
        this.#check('sync', path);
        await file.sync();
      },
      truncate: async (length) => {
        this.#check('truncate', path);
        await file.truncate(length);
      },
      close: () => file.close(),
    };
  }

  async rename(from: string, to: string): Promise<void> {
    await this.before('rename', from);
    this.#check('rename', from);
    await disk.rename(from, to);
  }

  async unlink(path: string): Promise<void> {
    this.#check('unlink', path);
    await disk.unlink(path);
  }

  #fails(operation: Operation, path: string): boolean {
    return this.failing.has(operation) && path.includes(this.only);
  }

  #check(operation: Operation, path: string): void {
    if (!this.#fails(operation, path)) return;
    throw Object.assign(new Error(`ENOSPC: no space left on device, ${operation}`), { code: 'ENOSPC' });
  }
}

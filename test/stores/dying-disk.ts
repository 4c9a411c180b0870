/** The real disk until a number of steps were taken; the step after that is half done, and nothing happens any more. */
import { randomBytes } from 'node:crypto';
import { disk, type FileSystem, type OpenFile } from '../../src/stores/embedded/file-system.ts';

export class DyingDisk implements FileSystem {
  readonly readFile = disk.readFile;
  readonly readdir = disk.readdir;
  readonly makeFolder = disk.makeFolder;
  /** Resolves once nothing is being done any more. */
  readonly death: Promise<void>;
  #steps: number;
  #underWay = 0;
  #isDead = false;
  #die: () => void = () => {};

  constructor(steps: number) {
    this.#steps = steps;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  async open(path: string, flags: string, mode?: number): Promise<OpenFile> {
    const file = await this.#step(() => disk.open(path, flags, mode));
    return {
      write: (bytes, offset, length, position) =>
        this.#step(
          () => file.write(bytes, offset, length, position),
          () => file.write(bytes, offset, length >> 1, position),
        ),
      datasync: () => this.#step(() => file.datasync()),
      sync: () => this.#step(() => file.sync()),
      truncate: (length) => this.#step(() => file.truncate(length)),
      close: () => this.#step(() => file.close()),
    };
  }

  /** Of no real folder: nobody frees the lock of a store that dies here, and the number of a removed folder goes to another. */
  async stat(): Promise<{ dev: bigint; ino: bigint }> {
    return { dev: 0n, ino: randomBytes(8).readBigUInt64BE() };
  }

  rename(from: string, to: string): Promise<void> {
    return this.#step(() => disk.rename(from, to));
  }

  unlink(path: string): Promise<void> {
    return this.#step(() => disk.unlink(path));
  }

  async #step<T>(work: () => Promise<T>, half: () => Promise<unknown> = async () => {}): Promise<T> {
    const isLast = this.#steps === 0;
    this.#steps -= 1;
    if (!isLast && !this.#isDead) {
      this.#underWay += 1;
      try {
        return await work();
      } finally {
        this.#underWay -= 1;
        if (this.#isDead && this.#underWay === 0) this.#die();
      }
    }
    if (isLast) {
      await half();
      this.#isDead = true;
      if (this.#underWay === 0) this.#die();
    }
    return new Promise(() => {});
  }
}

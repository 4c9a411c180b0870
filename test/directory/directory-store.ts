/** A store with the directory in a folder of its own, and files to import into it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportProfiles } from '../../src/directory/export-profiles.ts';
import { type ImportResult, importProfiles } from '../../src/directory/import-profiles.ts';
import { recordTypes } from '../../src/record-types.ts';
import type { RecordType, Stored } from '../../src/records/records.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { createWords } from '../../src/words/words.ts';

export const header = 'portal,organisation,plan,plan_until,name,email,role';

export class DirectoryStore {
  readonly folder: string;
  store: EmbeddedStore;
  /** The clock of imports. */
  time = new Date('2026-03-02T09:00:00.000Z');
  #ids = 0;

  private constructor(folder: string, store: EmbeddedStore) {
    this.folder = folder;
    this.store = store;
  }

  static async open(): Promise<DirectoryStore> {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-directory-'));
    return new DirectoryStore(folder, await open(folder));
  }

  readonly newId = () => `id-${String(++this.#ids).padStart(6, '0')}`;

  async import(content: string | Uint8Array, isDryRun = false): Promise<ImportResult> {
    const path = join(this.folder, 'profiles.csv');
    await writeFile(path, content);
    return importProfiles(path, isDryRun, this.parts);
  }

  get parts() {
    return { records: this.store.records, words: createWords('en'), now: () => this.time, newId: this.newId };
  }

  /** What is wrong with a file, as the command prints it. */
  async problems(content: string | Uint8Array): Promise<string[]> {
    const result = await this.import(content);
    return 'problems' in result ? result.problems.map(({ line, message }) => `${line}: ${message}`) : [];
  }

  async export(): Promise<string> {
    let text = '';
    await exportProfiles(this.store.records, async (piece) => {
      text += piece;
    });
    return text;
  }

  async all<T extends object>(type: RecordType<T>): Promise<Stored<T>[]> {
    const found: Stored<T>[] = [];
    for await (const one of this.store.records.all(type)) found.push(one);
    return found;
  }

  async reopen(): Promise<void> {
    await this.store.close();
    this.store = await open(this.folder);
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.folder, { recursive: true });
  }
}

function open(folder: string): Promise<EmbeddedStore> {
  return openEmbeddedStore({ folder: join(folder, 'data'), now: () => new Date(), recordTypes });
}

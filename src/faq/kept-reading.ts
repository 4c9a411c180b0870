/**
 * Keeps what was read of a knowledge base in a file, so that the next start need not parse and learn again: that takes
 * longer than the rest of a start. A kept reading is used only where the files, the settings and the code that read them
 * are the same to the byte; where nothing but the settings differ, at least what was learned of the files is. PUBLIC_URL,
 * which hangs on the port, is no such setting: readings are kept under a stand-in for it.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import type { FaqSettings } from './entry.ts';
import { withoutSlash } from './fill-settings.ts';
import type { Learned, LoadedKnowledgeBase } from './load-knowledge-base.ts';
import type { LoadKnowledge, LoadWithLearned } from './loading-thread.ts';
import { readMarkdownFiles } from './read-markdown-files.ts';
import { hashOf, versionOf } from './version-of.ts';

export interface KeptReadingParts {
  readonly load: LoadWithLearned;
  /** The built file that reads knowledge bases; it names all it imports by their hash. */
  readonly reader: URL;
  /** Files that may hold a reading. */
  readonly kept: readonly string[];
  /** Where a new one is kept; undefined: nowhere. What cannot be written there is done without. */
  readonly keepIn: string | undefined;
}

/** Addresses in Markdown that no link can need to escape. */
const plainAddress = /^https?:\/\/[\w.:/~%-]+$/;
/** Stands for PUBLIC_URL; nobody can have this address (RFC 2606). */
const standIn = 'https://this-site.invalid';

interface Kept {
  /** Hash of the reader. */
  readonly reader: string;
  readonly settings: FaqSettings;
  readonly loaded: LoadedKnowledgeBase;
}

/** As `load`, from a kept reading where one fits. A check is always read anew. */
export function keptReading({ load, reader, kept, keepIn }: KeptReadingParts): LoadKnowledge {
  let lastKept: string | undefined;

  /** Of the same files, read by the same code. */
  async function find(folder: string, code: string): Promise<readonly Kept[]> {
    const { files, problems } = await readMarkdownFiles(folder);
    if (problems.length > 0) return [];
    const version = versionOf(files);
    const found = await Promise.all(kept.map(readKept));
    return found.filter((one): one is Kept => one?.reader === code && one.loaded?.base.version === version);
  }

  async function keep(kept: Kept): Promise<void> {
    const { base, problems } = kept.loaded;
    if (!keepIn || lastKept === base.version || problems.some(({ severity }) => severity === 'error')) return;
    lastKept = base.version;
    await writeWhole(keepIn, serialize(kept)).catch(() => {});
  }

  async function read(folder: string, settings: FaqSettings): Promise<LoadedKnowledgeBase> {
    const code = hashOf(await readFile(reader));
    const found = await find(folder, code);
    const same = found.find((one) => isDeepStrictEqual(one.settings, settings));
    if (same) return same.loaded;
    // Settings fill in addresses and a number: nothing that would teach the matcher otherwise.
    const loaded = await load(folder, settings, undefined, found[0] && learnedOf(found[0].loaded));
    await keep({ reader: code, settings, loaded });
    return loaded;
  }

  const readAnywhere = underAnyAddress(read);
  return (folder, settings, check) => (check ? load(folder, settings, check) : readAnywhere(folder, settings));
}

/** Reads under the stand-in, so that `read` may be asked once for sites that differ in their address alone. */
export function underAnyAddress(read: LoadKnowledge): LoadKnowledge {
  return async (folder, settings) => {
    const address = withoutSlash(settings.PUBLIC_URL);
    if (!plainAddress.test(address)) return read(folder, settings);
    return withAddress(await read(folder, { ...settings, PUBLIC_URL: standIn }), address);
  };
}

/** The same with this address in the place of the stand-in, wherever a text has it. */
function withAddress<T>(value: T, address: string): T {
  if (typeof value === 'string') return value.replaceAll(standIn, address) as T;
  if (Array.isArray(value)) return value.map((one) => withAddress(one, address)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withAddress(one, address)])) as T;
}

function learnedOf({ base: { version, weights } }: LoadedKnowledgeBase): Learned | undefined {
  return weights && { version, weights };
}

/** undefined where there is none, or none that this version of Node can read. */
async function readKept(file: string): Promise<Partial<Kept> | undefined> {
  try {
    return deserialize(await readFile(file)) as Partial<Kept>;
  } catch {
    return undefined;
  }
}

async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  try {
    await writeFile(beside, bytes);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

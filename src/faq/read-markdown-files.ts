/**
 * Reads the Markdown files of a folder, and nothing that is not plainly one: no subfolders but `pages`, no links that lead out of
 * the folder, no pipes or devices, nothing oversized, nothing that is not UTF-8. Called by the loader.
 */
import { constants, type Dirent } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Problem } from './entry.ts';

/** One file's content. */
export interface MarkdownFile {
  /** Relative to the folder. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly text: string;
}

/** The files that could be read, by name, and why others could not. */
export interface MarkdownFiles {
  readonly files: readonly MarkdownFile[];
  readonly problems: readonly Problem[];
}

/** What a file of the folder may come to hold: read in the place of what it holds now. */
export interface Draft {
  /** Relative to the folder. */
  readonly file: string;
  readonly text: string;
}

/** The one subfolder that is read: texts that are no answers. */
export const pagesFolder = 'pages';

const MOST_BYTES = 1024 * 1024;

/** @returns an error for the folder itself (line 1 of its path) when it cannot be listed */
export async function readMarkdownFiles(folder: string, draft?: Draft): Promise<MarkdownFiles> {
  let root: string;
  let listed: Dirent[];
  try {
    root = await realpath(folder);
    listed = await readdir(root, { withFileTypes: true });
  } catch (error) {
    const message = `this folder cannot be read (${codeOf(error)}); set FAQ_DIR to a folder with Markdown files`;
    return { files: [], problems: [{ severity: 'error', source: { file: folder, line: 1 }, message }] };
  }
  const files: MarkdownFile[] = [];
  const problems: Problem[] = [];
  const names = wanted(listed);
  if (listed.some((item) => item.isDirectory() && item.name === pagesFolder)) {
    const inside = await readdir(join(root, pagesFolder), { withFileTypes: true }).catch(() => []);
    names.push(...wanted(inside).map((name) => `${pagesFolder}/${name}`));
  }
  for (const name of names.sort()) {
    const read = name === draft?.file ? fitting(Buffer.from(draft.text)) : await readOne(root, name);
    if (typeof read === 'string') problems.push({ severity: 'error', source: { file: name, line: 1 }, message: read });
    else if (read) {
      const text = decode(read);
      if (typeof text === 'string') files.push({ name, bytes: read, text });
      else {
        const message = 'this line is not UTF-8; save the file with the encoding UTF-8';
        problems.push({ severity: 'error', source: { file: name, line: text.badLine }, message });
      }
    }
  }
  return { files, problems };
}

function wanted(listed: readonly Dirent[]): string[] {
  return listed.filter((item) => !item.isDirectory() && isWanted(item.name)).map(({ name }) => name);
}

/** Names that begin with a dot belong to editors and version control. */
function isWanted(name: string): boolean {
  const lower = name.toLowerCase();
  return lower.endsWith('.md') && !lower.startsWith('.') && lower !== 'readme.md';
}

function fitting(bytes: Buffer): Buffer | string {
  return bytes.length > MOST_BYTES ? tooLarge(bytes.length) : bytes;
}

function tooLarge(bytes: number): string {
  return `this file has ${bytes} bytes, more than 1 MiB; split it into several topics`;
}

/** The bytes, why they are refused, or undefined when the file has gone since it was listed. */
async function readOne(root: string, name: string): Promise<Buffer | string | undefined> {
  try {
    const path = await realpath(join(root, name));
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
      return 'this link leads out of the folder; copy the file itself here';
    }
    // Without O_NONBLOCK, opening a named pipe would wait for its other end.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) return 'this is no regular file; move it out of the folder';
      if (stats.size > MOST_BYTES) return tooLarge(stats.size);
      const bytes = Buffer.alloc(stats.size);
      const { bytesRead } = await file.read(bytes, 0, stats.size, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    return `this file cannot be read (${codeOf(error)}); check its permissions`;
  }
}

function decode(bytes: Buffer): string | { badLine: number } {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { badLine: firstBadLine(bytes) };
  }
}

/** No multi-byte character of UTF-8 holds a line feed, so each line can be judged alone. */
function firstBadLine(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end;
    try {
      decoder.decode(bytes.subarray(start, stop));
    } catch {
      return line;
    }
    start = stop + 1;
  }
  return 1;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

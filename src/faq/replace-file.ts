/** Puts a new version of a file in the place of the old one, so that nobody ever reads half of it. */
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AccessDeskError } from '../errors.ts';

export interface Replacement {
  /** Puts it there. */
  commit(): Promise<void>;
  /** Takes it away again. */
  discard(): Promise<void>;
}

/** What the system says where somebody may read only. */
const readOnly = ['EROFS', 'EACCES', 'EPERM'];

/**
 * Writes `text` beside the file, whole and on the disk; a link is followed, and the file keeps its mode. One at a time
 * per file and process.
 * @param path - of a file of the knowledge base, which there is
 * @throws AccessDeskError `ERR_KNOWLEDGE_READ_ONLY` or `ERR_KNOWLEDGE_WRITE`; the file is as it was
 */
export async function replaceFile(path: string, text: string): Promise<Replacement> {
  return telling(path, async () => {
    const target = await realpath(path);
    // Names with a dot in front are not read as part of the knowledge base.
    const beside = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
    const discard = () => rm(beside, { force: true });
    const { mode } = await stat(target);
    try {
      const file = await open(beside, 'w', mode);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await discard();
      throw error;
    }
    return {
      commit: () => telling(path, () => rename(beside, target)),
      discard,
    };
  });
}

async function telling<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const file = basename(path);
    if (!readOnly.includes(code)) {
      const message = `${file} could not be written (${code}). Nothing was changed. Tell whoever runs this server.`;
      throw new AccessDeskError('ERR_KNOWLEDGE_WRITE', message, { cause: error });
    }
    const advice = `Ask whoever runs it to let it write to FAQ_DIR, or to add this to ${file} by hand.`;
    const message = `This server may only read the knowledge base (${code}). Nothing was changed. ${advice}`;
    throw new AccessDeskError('ERR_KNOWLEDGE_READ_ONLY', message, { cause: error });
  }
}

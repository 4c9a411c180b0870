/** The made SECRET_KEY, beside the store and never in it. */
import { join } from 'node:path';
import { AccessDeskError } from '../../errors.ts';
import { type FileSystem, hasCode, syncFolder, writeFully } from './file-system.ts';

/**
 * The key of this installation: 32 random bytes as base64url. It is made once, in a file of its own beside the store,
 * so that neither a copy of the database nor its backup contains it.
 * @param random - that many random bytes
 * @throws AccessDeskError `ERR_STORE_KEY` when the file holds something else
 */
export async function readSecretKey(
  folder: string,
  files: FileSystem,
  random: (bytes: number) => Buffer,
): Promise<string> {
  const path = join(folder, 'secret-key');
  try {
    const key = (await files.readFile(path)).toString('latin1').trim();
    if (/^[\w-]{43}$/.test(key)) return key;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return makeSecretKey(path, folder, files, random);
    throw error;
  }
  throw new AccessDeskError(
    'ERR_STORE_KEY',
    `${path} does not hold a key as this program made it. Restore it from a backup, or delete it for a new one: ` +
      'what was signed with the old one, such as open web chats, then ends.',
  );
}

async function makeSecretKey(
  path: string,
  folder: string,
  files: FileSystem,
  random: (bytes: number) => Buffer,
): Promise<string> {
  const key = random(32).toString('base64url');
  // Under a name of its own until it is whole, so that a crash leaves no half key; the folder's lock keeps others away.
  const temporary = `${path}.${random(6).toString('hex')}.tmp`;
  const file = await files.open(temporary, 'wx', 0o600);
  try {
    await writeFully(file, Buffer.from(`${key}\n`), 0);
    await file.sync();
    await file.close();
    await files.rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => {});
    await files.unlink(temporary).catch(() => {});
    throw new AccessDeskError(
      'ERR_STORE_WRITE',
      `${path} could not be written. Free space on the disk or repair it, then start again.`,
      {
        cause: error,
      },
    );
  }
  await syncFolder(files, folder);
  return key;
}

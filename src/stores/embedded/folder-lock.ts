/** One process to a folder: two would overwrite each other's files. */
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { AccessDeskError } from '../../errors.ts';
import { type FileSystem, hasCode } from './file-system.ts';

/** Releases the folder for the next process. */
export type Release = () => Promise<void>;

/**
 * Takes `folder` for this process alone by listening on a local socket that is named after it. The operating system
 * frees the name when the process ends, however it ends.
 *
 * On Linux the name is abstract (unix(7)) and holds within one network namespace: two containers that mount one
 * volume do not see each other's lock, so do not let them share a folder. On Windows it is a named pipe. Elsewhere it
 * is a file in the folder, and one that nobody answers on was left by a process that ended.
 * @throws AccessDeskError `ERR_STORE_IN_USE`
 */
export async function lockFolder(folder: string, files: FileSystem): Promise<Release> {
  const name = await lockName(folder, files);
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, name);
  } catch (error) {
    if (!hasCode(error, 'EADDRINUSE')) throw error;
    const isLeftOver = name.startsWith(folder) && !(await answers(name));
    if (!isLeftOver) {
      throw new AccessDeskError(
        'ERR_STORE_IN_USE',
        `Another process uses the store in ${folder}. Stop it first, or give this one a folder of its own in STORE_URL.`,
        { cause: error },
      );
    }
    await files.unlink(name);
    await listen(server, name);
  }
  server.unref();
  return () => new Promise((released) => server.close(() => released()));
}

/** Device and inode name a folder better than its path: links lead to one folder, containers reuse paths. */
async function lockName(folder: string, files: FileSystem): Promise<string> {
  const { dev, ino } = await files.stat(folder, { bigint: true });
  if (process.platform === 'linux') return `\0accessdesk-store-${dev}-${ino}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\accessdesk-store-${dev}-${ino}`;
  return join(folder, 'lock.sock');
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((held, refused) => {
    server.once('error', refused);
    server.listen({ path }, () => {
      server.off('error', refused);
      held();
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * How commands reach a running server, which alone may touch the embedded store: a Unix socket file in the store's
 * folder, for its owner only. One JSON line in, `{command, argument}`; out as many lines `{part}` as the command has to
 * tell meanwhile, and at the end one line `{result}` or `{error}`.
 */
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join, relative } from 'node:path';
import { AccessDeskError } from '../errors.ts';
import type { Log } from '../log.ts';

/**
 * Tells whoever gave a command something before its end: progress, or a piece of a long result. Resolves when there is
 * room for more; rejects with `ERR_CONTROL` when nobody listens any more.
 */
export type Tell = (part: unknown) => Promise<void>;

/** A command's name and what it does with its one argument; parts and result must survive JSON. */
export type Commands = Readonly<Record<string, (argument: string, tell: Tell) => Promise<unknown>>>;

/** The kernel's limit for a socket's path is 107 bytes (unix(7)). */
const longestPath = 107;
const longestRequest = 10_000;

/** Where the socket of a store's folder is, as the shorter of two names for it; undefined where the system has none. */
export function controlPath(folder: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  const absolute = join(folder, 'control.sock');
  const near = relative(process.cwd(), absolute);
  const path = near.length < absolute.length ? near : absolute;
  return Buffer.byteLength(path) <= longestPath ? path : undefined;
}

/** Call it while holding the folder's lock: a socket file that is there already was left by a killed process. */
export async function openControlSocket(
  folder: string,
  commands: Commands,
  log: Log,
): Promise<{ close(): Promise<void> }> {
  const path = controlPath(folder);
  if (!path) {
    log.warn(
      { folder },
      'commands cannot reach this server here: stop it to run them, or give STORE_URL a shorter folder',
    );
    return { close: async () => {} };
  }
  await rm(path, { force: true });
  const silent = new Set<Socket>();
  const server = createServer((socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    serve(socket, commands, log, () => silent.delete(socket));
  });
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(path, listening));
  await chmod(path, 0o600);
  return {
    close() {
      for (const socket of silent) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** @param onCommand - called when a whole command has come: from then on the connection ends by itself */
function serve(socket: Socket, commands: Commands, log: Log, onCommand: () => void): void {
  let request = '';
  socket.setEncoding('utf8').on('error', () => socket.destroy());
  socket.on('data', async (part: string) => {
    request += part;
    if (request.length > longestRequest) return socket.destroy();
    if (!request.endsWith('\n')) return undefined;
    onCommand();
    const tell: Tell = (part) => write(socket, `${JSON.stringify({ part })}\n`);
    return socket.end(`${JSON.stringify(await answer(request, commands, log, tell))}\n`);
  });
}

async function write(socket: Socket, text: string): Promise<void> {
  if (socket.writable && !socket.write(text)) {
    await new Promise<void>((ready) => {
      const isReady = () => {
        socket.off('drain', isReady).off('close', isReady);
        ready();
      };
      socket.on('drain', isReady).on('close', isReady);
    });
  }
  if (!socket.writable) throw new AccessDeskError('ERR_CONTROL', 'Whoever gave the command is gone; it was ended.');
}

async function answer(
  request: string,
  commands: Commands,
  log: Log,
  tell: Tell,
): Promise<{ result: unknown } | { error: { code: string; message: string } }> {
  try {
    const { command, argument } = JSON.parse(request) as Record<string, unknown>;
    const run = typeof command === 'string' && Object.hasOwn(commands, command) ? commands[command] : undefined;
    if (!run)
      throw new AccessDeskError(
        'ERR_COMMAND_UNKNOWN',
        `The running server does not know the command ${command}. Restart it: it may be of another version.`,
      );
    return { result: await run(String(argument), tell) };
  } catch (error) {
    log.error({ err: error }, 'a command failed');
    const { code = 'ERR_COMMAND', message } = error as AccessDeskError;
    return { error: { code, message } };
  }
}

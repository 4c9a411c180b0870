/** The command line's side of the control socket. */
import { connect } from 'node:net';
import { AccessDeskError } from '../errors.ts';
import { controlPath } from './control-socket.ts';

/**
 * Lets the server that runs on `folder` do a command; undefined when none runs.
 * @throws AccessDeskError as the server answered it.
 */
export async function askServer(
  folder: string,
  command: string,
  argument: string,
): Promise<{ result: unknown } | undefined> {
  const path = controlPath(folder);
  const reply = path && (await exchange(path, `${JSON.stringify({ command, argument })}\n`));
  if (!reply) return undefined;
  const { result, error } = JSON.parse(reply) as {
    result?: unknown;
    error?: { code: `ERR_${string}`; message: string };
  };
  if (error) throw new AccessDeskError(error.code, error.message);
  return { result };
}

function exchange(path: string, request: string): Promise<string | undefined> {
  return new Promise((done, failed) => {
    let reply = '';
    const socket = connect(path, () => socket.write(request));
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      reply += part;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') done(undefined);
      else
        failed(
          new AccessDeskError(
            'ERR_CONTROL',
            `The running server could not be asked (${error.code}). Run the command as the user the server runs as.`,
            { cause: error },
          ),
        );
    });
    socket.on('close', () => done(reply || undefined));
  });
}

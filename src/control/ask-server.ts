/** The command line's side of the control socket. */
import { connect } from 'node:net';
import { AccessDeskError } from '../errors.ts';
import { controlPath } from './control-socket.ts';

/**
 * Lets the server that runs on `folder` do a command; undefined when none runs.
 * @param onPart - gets what the command tells before its end
 * @throws AccessDeskError as the server answered it.
 */
export async function askServer(
  folder: string,
  command: string,
  argument: string,
  onPart: (part: unknown) => void = () => {},
): Promise<{ result: unknown } | undefined> {
  const path = controlPath(folder);
  const answer = path && (await exchange(path, `${JSON.stringify({ command, argument })}\n`, onPart));
  if (!answer) return undefined;
  const { result, error } = answer;
  if (error) throw new AccessDeskError(error.code, error.message);
  return { result };
}

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: `ERR_${string}`; readonly message: string };
}

function exchange(path: string, request: string, onPart: (part: unknown) => void): Promise<Answer | undefined> {
  return new Promise((done, failed) => {
    let rest = '';
    let isHeard = false;
    let answer: Answer | undefined;
    const socket = connect(path, () => socket.write(request));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      isHeard = true;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const told = JSON.parse(line) as Answer & { part?: unknown };
        if ('part' in told) onPart(told.part);
        else answer = told;
      }
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
    socket.on('close', () => {
      if (answer || !isHeard) done(answer);
      else failed(new AccessDeskError('ERR_CONTROL', 'The server ended before the command did. Look into its log.'));
    });
  });
}

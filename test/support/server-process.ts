/** The built server as a process of its own: what kill -9, signals and settings do to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './test-app.ts';

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Standard output and error so far. */
  readonly output: () => string;
  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Starts `dist/index.js`; resolves when it listens or has ended. */
export async function startServer(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(root, 'dist/index.js')], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  let output = '';
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const listening = new Promise<void>((resolve) => {
    const collect = (part: Buffer) => {
      output += part;
      if (output.includes('Help page and chat: ')) resolve();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
  });
  await Promise.race([listening, ended]);
  return { child, output: () => output, ended };
}

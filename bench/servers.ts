/** Server processes to measure: start, processor time used, stop. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export interface Server {
  readonly port: number;
  /** Of the store. */
  readonly folder: string;
  readonly child: ChildProcess;
  /** Processor time used so far in ms, children not included; Linux only, else 0. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Runs `node ...words` with a free PORT and a store of its own until it says that it listens. */
export async function startServer(words: readonly string[], settings: Record<string, string> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'accessdesk-bench-'));
  const port = await freePort();
  const env = {
    ...process.env,
    PORT: String(port),
    STORE_URL: `file:${join(folder, 'data')}`,
    LOG_LEVEL: 'warn',
    TRUSTED_PROXIES: 'loopback',
    ...settings,
  };
  const child = spawn(process.execPath, words, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error(`${words.join(' ')} ended`))),
  ]);
  return {
    port,
    folder: join(folder, 'data'),
    child,
    cpu: () => processorTime(child.pid ?? 0),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** utime + stime of proc(5), in ticks of 10 ms. */
function processorTime(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

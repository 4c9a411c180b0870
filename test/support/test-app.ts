/** A whole app on a free port, with a folder of its own: journeys run through it over real HTTP. */
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type App, createApp, type Surroundings } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { underAnyAddress } from '../../src/faq/kept-reading.ts';
import { type LoadMemory, loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import type { LoadKnowledge } from '../../src/faq/loading-thread.ts';
import { createLog } from '../../src/log.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const assets = join(root, 'dist/assets');

export interface TestApp {
  readonly url: string;
  readonly port: number;
  /** Folder of the store. */
  readonly folder: string;
  /** The support desk of the app that runs. */
  readonly desk: App['desk'];
  /** What was logged, as one text. */
  readonly log: () => string;
  /** Resolves as soon as something with this text is in the log. */
  logged(text: string): Promise<void>;
  /** Makes what the first question would wait for, as the server does at once. */
  prepare(): void;
  /** Closes the app; `start` starts it again on the same port and store. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Both, one after the other. */
  restart(): Promise<void>;
  /** Closes the app and removes its folder. */
  close(): Promise<void>;
}

export async function startTestApp(
  env: Record<string, string> = {},
  surroundings: Partial<Surroundings> = {},
): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'accessdesk-test-'));
  const port = Number(env.PORT ?? (await freePort()));
  const lines: string[] = [];
  const written = new EventEmitter().setMaxListeners(0);
  const log = createLog('debug', {
    write(line: string) {
      lines.push(line);
      written.emit('line');
    },
  });
  const settings = {
    PORT: String(port),
    STORE_URL: `file:${join(folder, 'data')}`,
    FAQ_DIR: join(root, 'faq'),
    ...env,
  };
  const start = async () => {
    const app = await createApp(loadConfig(settings, root), {
      log,
      assets,
      loadKnowledge,
      ...surroundings,
    });
    await app.listen();
    return app;
  };
  let app: App = await start();
  return {
    url: `http://localhost:${port}`,
    port,
    folder: join(folder, 'data'),
    get desk() {
      return app.desk;
    },
    log: () => lines.join(''),
    async logged(text) {
      while (!lines.some((line) => line.includes(text))) await once(written, 'line');
    },
    prepare: () => app.prepare(),
    stop: () => app.close(),
    async start() {
      app = await start();
    },
    async restart() {
      await app.close();
      app = await start();
    },
    async close() {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a knowledge base holds and teaches is read once for all apps of a run, wherever their pages are. */
const memories = new Map<string, LoadMemory>();

const loadOnce = underAnyAddress((folder, settings) => {
  const key = JSON.stringify([folder, settings]);
  const memory = memories.get(key) ?? { files: new Map() };
  memories.set(key, memory);
  return loadKnowledgeBase(folder, settings, undefined, memory);
});

export const loadKnowledge: LoadKnowledge = (folder, settings, check) =>
  check ? loadKnowledgeBase(folder, settings, check) : loadOnce(folder, settings);

/** What a server has to be told that others than this machine can reach. Nothing of it is asked before somebody signs in. */
export const openToAll: Record<string, string> = {
  PUBLIC_URL: 'https://help.contoso.example',
  SECRET_KEY: 'x'.repeat(32),
  MAIL_URL: 'smtp://127.0.0.1:9',
  SIGN_IN_ISSUER: 'https://login.microsoftonline.com/consumers/v2.0',
  SIGN_IN_CLIENT_ID: '11111111-2222-3333-4444-555555555555',
  STAFF_SIGN_IN_ISSUER: 'https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0',
  STAFF_SIGN_IN_CLIENT_ID: '11111111-2222-3333-4444-555555555555',
};

/** Below those that a system chooses where any will do, for connections too. */
const ports = { first: 12_000, perProcess: 1000, processes: 20 };
const ownPorts =
  ports.first + ports.perProcess * (Number(process.env.MOCHA_WORKER_ID ?? process.pid) % ports.processes);
let portsGiven = Math.floor(Math.random() * ports.perProcess);

/** A port that nobody listens on now, nor before it is used: each process of a run has its own, and none comes twice. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = ownPorts + (portsGiven++ % ports.perProcess);
    const server = createServer();
    const isFree = await new Promise<boolean>((found) => {
      server.once('error', () => found(false));
      server.listen(port, '127.0.0.1', () => found(true));
    });
    if (!isFree) continue;
    await new Promise((closed) => server.close(closed));
    return port;
  }
}

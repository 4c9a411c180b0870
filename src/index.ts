/** Process entry: settings in, the app out, signals and exit codes. Prints where the pages are; everything else is logged. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App } from './app.ts';
import { projectFolder, readEnvironment } from './cli/environment.ts';
import { loadConfig } from './config.ts';
import { keptReading } from './faq/kept-reading.ts';
import { LoadingThread } from './faq/loading-thread.ts';
import { createLog } from './log.ts';

try {
  const folder = projectFolder(import.meta.url);
  const config = loadConfig(readEnvironment(folder, process.env), folder);
  const log = createLog(config.logLevel);
  let running: App | undefined;
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) process.exit(1); // asked twice: somebody does not want to wait
    isStopping = true;
    log.info({ signal }, 'stopping');
    if (!running) process.exit(0); // nobody was answered yet
    running.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  // From the start on: the first process of a container gets no signal that it does not ask for.
  process.on('SIGTERM', stop).on('SIGINT', stop);
  const reader = new URL('./faq/load-worker.js', import.meta.url);
  const own = config.store.url === undefined ? join(config.store.folder, 'knowledge-base') : undefined;
  const loadKnowledge = keptReading({
    load: new LoadingThread(reader).load,
    reader,
    kept: [...(own ? [own] : []), fileURLToPath(new URL('./faq/knowledge-base', import.meta.url))],
    keepIn: own,
  });
  // Read now and again when its folder is watched: the first reading goes on while the packages below are loaded.
  loadKnowledge(config.faq.folder, config.faq.settings).catch(() => {});
  const { createApp } = await import('./app.ts');
  const app = await createApp(config, {
    log,
    assets: fileURLToPath(new URL('./assets/', import.meta.url)),
    loadKnowledge,
  });
  await app.listen();
  running = app;
  // At once, so that whoever waits for the first line has the others too.
  process.stdout.write(
    [
      `Help page and chat: ${config.web.publicUrl}/`,
      `Staff inbox: ${config.web.publicUrl}/staff`,
      ...(config.mail.server ? [] : [`Captured mail: ${config.web.publicUrl}/dev/mail`]),
      ...(app.sampleAccounts.length > 0 ? ['Sample accounts to sign in with, no password:'] : []),
      ...app.sampleAccounts.map(({ name, email, part }) => `  ${name} <${email}>, ${part}`),
      ...(config.channels.messagesOpen ? [] : ['/api/messages is closed: set MicrosoftAppId to open it.']),
      '',
    ].join('\n'),
  );
  setImmediate(() => app.prepare());
} catch (error) {
  fail(error);
}

/** A known error says what to do; of any other the developer wants the stack. */
function fail(error: unknown): void {
  const known = error instanceof Error && 'code' in error;
  process.stderr.write(
    `${known ? explain(error as NodeJS.ErrnoException) : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}

function explain(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE')
    return `The port is taken by another process (${error.message}). Set PORT to a free one.`;
  if (error.syscall === 'listen') return `Cannot listen there (${error.message}). Change HOST or PORT.`;
  if (error.syscall === 'getaddrinfo') return `No address of this machine (${error.message}). Change HOST.`;
  return error.message;
}

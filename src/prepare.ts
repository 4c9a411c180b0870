/** What the build asks of what it has built: a first reading of the shipped knowledge base, with the default settings. */
import { fileURLToPath } from 'node:url';
import { projectFolder } from './cli/environment.ts';
import { loadConfig } from './config.ts';
import { keptReading } from './faq/kept-reading.ts';
import { LoadingThread } from './faq/loading-thread.ts';

/** Keeps the reading beside the reader. What is wrong with the folder is told by the start. */
export async function keepReading(): Promise<void> {
  const { folder, settings } = loadConfig({}, projectFolder(import.meta.url)).faq;
  const reader = new URL('./faq/load-worker.js', import.meta.url);
  const keepIn = fileURLToPath(new URL('./faq/knowledge-base', import.meta.url));
  const thread = new LoadingThread(reader);
  try {
    await keptReading({ load: thread.load, reader, kept: [], keepIn })(folder, settings);
  } finally {
    await thread.close();
  }
}

/** Runs in a thread of its own: reads the knowledge base when asked, and keeps what it parsed for the next time. */
import { parentPort } from 'node:worker_threads';
import { type LoadMemory, loadKnowledgeBase } from './load-knowledge-base.ts';
import type { LoadAnswer, LoadRequest } from './loading-thread.ts';

/** By folder and settings, since the settings' values are part of what was parsed. */
const memories = new Map<string, LoadMemory>();

parentPort?.on('message', async ({ id, folder, settings, check, learned }: LoadRequest) => {
  const key = JSON.stringify([folder, settings]);
  const memory: LoadMemory = memories.get(key) ?? { files: new Map() };
  memories.set(key, memory);
  memory.learned ??= learned;
  let answer: LoadAnswer;
  try {
    answer = { id, loaded: await loadKnowledgeBase(folder, settings, check, memory) };
  } catch (error) {
    answer = { id, error: String(error) };
  }
  parentPort?.postMessage(answer);
});

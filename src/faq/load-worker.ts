/** Runs in a thread of its own: reads the knowledge base when asked, and keeps what it parsed for the next time. */
import { parentPort } from 'node:worker_threads';
import { loadKnowledgeBase, type ParsedFiles } from './load-knowledge-base.ts';
import type { LoadAnswer, LoadRequest } from './loading-thread.ts';

/** Parsed files by folder and settings, since the settings' values are part of what was parsed. */
const parsed = new Map<string, ParsedFiles>();

parentPort?.on('message', async ({ id, folder, settings }: LoadRequest) => {
  const key = JSON.stringify([folder, settings]);
  const before = parsed.get(key) ?? new Map();
  parsed.set(key, before);
  let answer: LoadAnswer;
  try {
    answer = { id, loaded: await loadKnowledgeBase(folder, settings, before) };
  } catch (error) {
    answer = { id, error: String(error) };
  }
  parentPort?.postMessage(answer);
});

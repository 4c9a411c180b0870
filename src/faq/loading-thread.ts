/**
 * Reads the knowledge base in a second thread: parsing Markdown takes its time, at the start as well as at each change,
 * and nobody's conversation should wait for it.
 */
import { Worker } from 'node:worker_threads';
import { AccessDeskError } from '../errors.ts';
import type { FaqSettings } from './entry.ts';
import type { Check, Learned, LoadedKnowledgeBase } from './load-knowledge-base.ts';

/**
 * How a knowledge base is read: in this thread (`loadKnowledgeBase`) or in another.
 * @param check - given where it is read to look at it only
 */
export type LoadKnowledge = (folder: string, settings: FaqSettings, check?: Check) => Promise<LoadedKnowledgeBase>;

/** @param learned - what need not be learned again while the files are what it was learned from */
export type LoadWithLearned = (
  ...of: [...Parameters<LoadKnowledge>, learned?: Learned]
) => Promise<LoadedKnowledgeBase>;

/** What goes to the thread ... */
export interface LoadRequest {
  readonly id: number;
  readonly folder: string;
  readonly settings: FaqSettings;
  readonly check?: Check;
  readonly learned?: Learned;
}

/** ... and comes back. */
export type LoadAnswer =
  | { readonly id: number; readonly loaded: LoadedKnowledgeBase }
  | { readonly id: number; readonly error: string };

interface Waiting {
  readonly resolve: (loaded: LoadedKnowledgeBase) => void;
  readonly reject: (error: Error) => void;
}

export class LoadingThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  /** @param file - the built load-worker.ts */
  constructor(private readonly file: URL) {}

  /**
   * @throws AccessDeskError `ERR_FAQ_THREAD` when the thread fails, as for want of memory; the next call starts another
   */
  readonly load: LoadWithLearned = (folder, settings, check, learned) => {
    this.#worker ??= this.#start();
    const request: LoadRequest = { id: ++this.#lastId, folder, settings, check, learned };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker?.postMessage(request);
    });
  };

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.file);
    worker.unref();
    worker.on('message', (answer: LoadAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('loaded' in answer) waiting?.resolve(answer.loaded);
      else
        waiting?.reject(new AccessDeskError('ERR_FAQ_THREAD', `The knowledge base could not be read: ${answer.error}`));
    });
    let reason = 'it ended';
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      const failure = new AccessDeskError(
        'ERR_FAQ_THREAD',
        `The thread that reads the knowledge base failed: ${reason}`,
      );
      for (const { reject } of this.#waiting.values()) reject(failure);
      this.#waiting.clear();
    });
    return worker;
  }
}

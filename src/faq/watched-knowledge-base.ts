/**
 * Holds the knowledge base in service and follows its folder: a change on disk is live within a second, and a bad one
 * leaves the last good version where it is. Opened once when the server starts.
 */
import { stat } from 'node:fs/promises';
import { type FSWatcher, watch } from 'chokidar';
import type { FaqSettings, KnowledgeBase, Problem } from './entry.ts';
import { FaqInvalidError } from './faq-invalid-error.ts';
import type { LoadKnowledge } from './loading-thread.ts';
import { problemText } from './problem-text.ts';

/** Where the folder's problems and reloads are told. */
export interface FaqLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Told of each new version in service. */
export type KnowledgeBaseListener = (base: KnowledgeBase) => void;

/** What openKnowledgeBase needs. */
export interface KnowledgeBaseOptions {
  readonly folder: string;
  readonly settings: FaqSettings;
  readonly load: LoadKnowledge;
  readonly log: FaqLog;
}

/** Quiet time before a reload, in milliseconds: editors write a file in several steps. */
const QUIET = 100;
/** The longest that ongoing changes put a reload off, in milliseconds, so that it is done within the second. */
const LONGEST_WAIT = 400;
/**
 * How often to see whether the folder is still the same one, in milliseconds. Watching does not tell of a folder that
 * is made anew or put in another one's place, as a deployment does it.
 */
const FOLDER_CHECK = 500;

/**
 * Loads the folder and begins to follow it.
 * @throws FaqInvalidError (ERR_FAQ_INVALID) when it holds errors: there is no good version to keep yet
 */
export async function openKnowledgeBase(options: KnowledgeBaseOptions): Promise<WatchedKnowledgeBase> {
  const watched = new WatchedKnowledgeBase(options);
  try {
    await watched.open();
  } catch (error) {
    await watched.close();
    throw error;
  }
  return watched;
}

/** A knowledge base that follows its folder; made by openKnowledgeBase. */
export class WatchedKnowledgeBase {
  readonly #options: KnowledgeBaseOptions;
  readonly #listeners = new Set<KnowledgeBaseListener>();
  #current: KnowledgeBase | undefined;
  #problems: readonly Problem[] = [];
  #failedReloads = 0;
  #watcher: FSWatcher | undefined;
  /** Which folder the watcher follows; undefined while there is none. */
  #watched: string | undefined;
  #folderCheck: NodeJS.Timeout | undefined;
  #reloadTimer: NodeJS.Timeout | undefined;
  /** When the first change came that no reload has taken in yet, in milliseconds of a clock that never jumps. */
  #changedAt: number | undefined;
  #reloading: Promise<void> | undefined;
  #closed = false;

  constructor(options: KnowledgeBaseOptions) {
    this.#options = options;
  }

  /** The last good version. */
  get current(): KnowledgeBase {
    if (!this.#current) throw new TypeError('The knowledge base is asked for before it is open.');
    return this.#current;
  }

  /** What was wrong at the last attempt to load, warnings included. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Errors at the last attempt to load; while there are any, a former version is in service. */
  get errors(): number {
    return this.#problems.filter(isError).length;
  }

  /** Reloads that left the former version in service. */
  get failedReloads(): number {
    return this.#failedReloads;
  }

  /** @returns ends the subscription */
  subscribe(listener: KnowledgeBaseListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called by openKnowledgeBase. Watches before it reads, so that no change falls between. */
  async open(): Promise<void> {
    await this.#watchFolder();
    const { base, problems } = await this.#options.load(this.#options.folder, this.#options.settings);
    if (hasErrors(problems)) throw new FaqInvalidError(this.#options.folder, problems);
    this.#tell(problems);
    this.#current = base;
    this.#checkFolderLater();
  }

  /** Stops following; a reload under way is awaited and no listener is called after. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reloadTimer);
    clearTimeout(this.#folderCheck);
    await this.#watcher?.close();
    await this.#reloading;
  }

  async #watchFolder(): Promise<void> {
    await this.#watcher?.close();
    this.#watched = await folderIdentity(this.#options.folder);
    if (this.#watched === undefined || this.#closed) return;
    const watcher = watch(this.#options.folder, { depth: 1, ignoreInitial: true });
    this.#watcher = watcher;
    watcher.on('all', (event, path) => {
      if (event === 'unlinkDir' && path === this.#options.folder) this.#watched = undefined;
      this.#changed();
    });
    watcher.on('error', (error) => {
      this.#options.log.error(`The knowledge base's folder cannot be watched: ${String(error)}`);
    });
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
  }

  #checkFolderLater(): void {
    if (this.#closed) return;
    this.#folderCheck = setTimeout(async () => {
      const isSame = (await folderIdentity(this.#options.folder)) === this.#watched;
      if (!isSame && !this.#closed) {
        await this.#watchFolder();
        this.#changed();
      }
      this.#checkFolderLater();
    }, FOLDER_CHECK).unref();
  }

  /** Plans a reload; one that is under way when a change comes is followed by another. */
  #changed(): void {
    if (this.#closed) return;
    const now = performance.now();
    this.#changedAt ??= now;
    if (this.#reloading) return;
    clearTimeout(this.#reloadTimer);
    const wait = Math.max(0, Math.min(QUIET, this.#changedAt + LONGEST_WAIT - now));
    this.#reloadTimer = setTimeout(() => {
      this.#reloading = this.#reload().finally(() => {
        this.#reloading = undefined;
        if (this.#changedAt !== undefined) this.#changed();
      });
    }, wait);
  }

  async #reload(): Promise<void> {
    const { folder, settings, load, log } = this.#options;
    this.#changedAt = undefined;
    try {
      const { base, problems } = await load(folder, settings);
      if (this.#closed) return;
      const hadErrors = hasErrors(this.#problems);
      this.#tell(problems);
      if (hasErrors(problems)) {
        this.#failedReloads += 1;
        log.error('The knowledge base stays as it was before this change until the errors are corrected.');
        return;
      }
      if (base.version === this.#current?.version) {
        if (hadErrors) log.info('The knowledge base is without errors again, and as it was before them.');
        return;
      }
      this.#current = base;
      log.info(`The knowledge base was reloaded: ${base.entries.length} entries, version ${base.version}.`);
      for (const listener of this.#listeners) this.#notify(listener, base);
    } catch (error) {
      this.#failedReloads += 1;
      log.error(`The knowledge base could not be reloaded and stays as it was: ${String(error)}`);
    }
  }

  #notify(listener: KnowledgeBaseListener, base: KnowledgeBase): void {
    try {
      listener(base);
    } catch (error) {
      this.#options.log.error(`A listener to the knowledge base failed: ${String(error)}`);
    }
  }

  /** Logs what has not been said at the attempt before. */
  #tell(problems: readonly Problem[]): void {
    const said = new Set(this.#problems.map(problemText));
    this.#problems = problems;
    for (const problem of problems) {
      const text = problemText(problem);
      if (said.has(text)) continue;
      if (problem.severity === 'error') this.#options.log.error(text);
      else this.#options.log.warn(text);
    }
  }
}

function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(isError);
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

/** Tells one folder from another that took its place; undefined when there is none. */
async function folderIdentity(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeMs } = await stat(folder);
    return `${dev}:${ino}:${birthtimeMs}`;
  } catch {
    return undefined;
  }
}

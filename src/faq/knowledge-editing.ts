/**
 * The knowledge base as staff change it from the desk: another phrasing for an entry, or a new answer, written into the
 * Markdown of FAQ_DIR and into the audit trail. What the reader would warn of is refused; the live base reloads by itself.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditEntry, recordInAudit } from '../audit/audit.ts';
import { AccessDeskError } from '../errors.ts';
import { type Hold, holdAlone } from '../instances/hold.ts';
import { addDone, findDone } from '../records/done-once.ts';
import { Change, type Records } from '../records/records.ts';
import { holdAnswer, type NewAnswer, newProblems, probe, sameQuestion, writeAnswer } from './add-answer.ts';
import { lineOfPhrasing, type PhrasedSection, withPhrasing } from './add-phrasing.ts';
import { type FaqSettings, type KnowledgeBase, phrasingsOf } from './entry.ts';
import { hasHiddenSigns } from './hidden-signs.ts';
import type { LoadedKnowledgeBase } from './load-knowledge-base.ts';
import type { LoadKnowledge } from './loading-thread.ts';
import { problemText } from './problem-text.ts';
import { replaceFile } from './replace-file.ts';
import { oneLine } from './split-sections.ts';

export interface KnowledgeEditingParts {
  /** FAQ_DIR, and the values that its files name. */
  readonly folder: string;
  readonly settings: FaqSettings;
  /** Reads the folder, with a draft in it too; another thread's, so that nobody waits for the parsing. */
  readonly load: LoadKnowledge;
  /** The base in service. */
  readonly current: () => KnowledgeBase;
  readonly records: Pick<Records, 'get' | 'commit'>;
  readonly now: () => Date;
  /** Unique, and sorted by time. */
  readonly newId: () => string;
  /** Where several processes write into the folder. */
  readonly hold?: Hold;
}

/** Who edits, for the trail. */
export type Editor = Pick<AuditEntry, 'actor' | 'proof' | 'from'>;

/** A file that answers can be added to. */
export interface EditableTopic {
  readonly id: string;
  readonly title: string;
  readonly file: string;
}

/** Where it was written. */
export interface Written {
  /** Of the entry, or `do:NAME`. */
  readonly id: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** That this form was sent before. After a crash between the two, its edit may be missing all the same. */
type KnownEdit = Awaited<ReturnType<typeof findDone>>;

/** Longer ones are no question any more. */
const longestPhrasing = 200;
/** Somebody else may write the same file meanwhile, hardly this often. */
const mostTries = 3;

export class KnowledgeEditing {
  readonly #parts: KnowledgeEditingParts;
  /** One edit at a time: each is held against all files, as the one before left them. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: KnowledgeEditingParts) {
    this.#parts = parts;
  }

  /** In the order of the pages. */
  topics(): EditableTopic[] {
    const { topics, entries } = this.#parts.current();
    return topics.flatMap(({ id, title }) => {
      const file = entries.find(({ topic }) => topic === id)?.source.file;
      return file ? [{ id, title, file }] : [];
    });
  }

  /**
   * @param id - of an entry, or `do:NAME`
   * @param key - of the form that asks for it: the same key writes once
   * @throws AccessDeskError `ERR_PHRASING`, `ERR_KNOWLEDGE_INVALID`, `ERR_KNOWLEDGE_READ_ONLY` or `ERR_KNOWLEDGE_WRITE`,
   *   saying what to do; nothing was changed then
   */
  addPhrasing(id: string, text: string, by: Editor, key?: string): Promise<Written> {
    return this.#edit(key, async (before, known) => {
      const phrased = [...before.base.entries, ...before.base.actions].find((one) => one.id === id);
      if (!phrased) throw refusedPhrasing(`There is no ${id} any more. Open the list anew.`);
      const phrasing = checkedPhrasing(text);
      const isWritten = phrasingsOf(phrased).some((one) => one.toLowerCase() === phrasing.toLowerCase());
      if (isWritten && known) return writtenIn(known);
      if (isWritten) throw refusedPhrasing(`“${phrasing}” is written there already.`);
      const same = sameQuestion(phrasing, id, before);
      if (same) throw refusedPhrasing(`“${phrasing}” asks the same as ${same}. Keep it in one of them.`);
      const { file } = phrased.source;
      const seen = await this.#textOf(file);
      const wanted = { id, phrasing, file, text: seen };
      const written = withPhrasing(wanted, sectionsIn(file, before));
      const after = await this.#read({ file, text: written });
      const problems = newProblems(before, after);
      if (problems.length > 0) throw refusedPhrasing(problems.map(problemText).join('\n'));
      const line = lineOfPhrasing(wanted, sectionsIn(file, before), sectionsIn(file, after));
      const row = { ...by, action: 'knowledge.phrasing', details: { entry: id, file, phrasing } } as const;
      const done = { key, known, written: { id, file, line } };
      return (await this.#replace(file, seen, written, row, done)) && done.written;
    });
  }

  /**
   * @param wanted - the topic by its id
   * @param key - of the form that asks for it: the same key writes once
   * @throws AccessDeskError `ERR_ANSWER`, `ERR_KNOWLEDGE_INVALID`, `ERR_KNOWLEDGE_READ_ONLY` or `ERR_KNOWLEDGE_WRITE`,
   *   saying what to do; nothing was changed then
   */
  addAnswer({ topic, ...wanted }: NewAnswer & { readonly topic: string }, by: Editor, key?: string): Promise<Written> {
    return this.#edit(key, async (before, known) => {
      const isThere = known && before.base.entries.some(({ id }) => id === writtenIn(known).id);
      if (isThere) return writtenIn(known);
      const file = before.base.entries.find((entry) => entry.topic === topic)?.source.file;
      if (!file) throw new AccessDeskError('ERR_ANSWER', 'This topic is gone. Choose another one.');
      const seen = await this.#textOf(file);
      const written = writeAnswer(wanted, seen, before);
      const { id, line, question } = written;
      const probeId = `probe-${id}`;
      const after = await this.#read({ file, text: written.text + probe(probeId) });
      holdAnswer(written, file, probeId, before, after);
      const row = { ...by, action: 'knowledge.answer', details: { entry: id, file, question } } as const;
      const done = { key, known, written: { id, file, line } };
      return (await this.#replace(file, seen, written.text, row, done)) && done.written;
    });
  }

  /** @param attempt - false where a file was written by somebody else meanwhile: then all is read again */
  #edit<T>(
    key: string | undefined,
    attempt: (before: LoadedKnowledgeBase, known: KnownEdit) => Promise<T | false>,
  ): Promise<T> {
    const tryAll = async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        const known = key === undefined ? undefined : await findDone(this.#parts.records, key);
        const done = await attempt(await this.#read(), known);
        if (done !== false) return done;
      }
      throw beingWritten();
    };
    const { hold = holdAlone } = this.#parts;
    const held = () => hold('knowledge', tryAll).catch(busyAsWritten);
    const done = this.#last.then(held, held);
    this.#last = done.catch(() => {});
    return done;
  }

  /** @param draft - what a file may come to hold */
  async #read(draft?: { file: string; text: string }): Promise<LoadedKnowledgeBase> {
    const { folder, settings, load } = this.#parts;
    const loaded = await load(folder, settings, { draft });
    const error = draft ? undefined : loaded.problems.find(({ severity }) => severity === 'error');
    if (!error) return loaded;
    const message = `The knowledge base has an error. Correct it first: ${problemText(error)}`;
    throw new AccessDeskError('ERR_KNOWLEDGE_INVALID', message);
  }

  #textOf(file: string): Promise<string> {
    return readFile(join(this.#parts.folder, file), 'utf8');
  }

  /** Writes the text beside the file, then into the trail, then puts it in its place; false where the file is not as seen. */
  async #replace(
    file: string,
    seen: string,
    text: string,
    row: Omit<AuditEntry, 'at'>,
    { key, known, written }: { readonly key?: string; readonly known: KnownEdit; readonly written: Written },
  ): Promise<boolean> {
    const { folder, records, now, newId } = this.#parts;
    const replacement = await replaceFile(join(folder, file), text);
    try {
      if ((await this.#textOf(file)) !== seen) return false;
      // The trail first: a row too many after a crash is better than an edit that nobody made.
      const change = recordInAudit(new Change(), newId(), { at: now().toISOString(), ...row });
      if (key !== undefined) addDone(change, key, JSON.stringify(written), now(), known);
      if (!(await records.commit(change))) return false;
      await replacement.commit();
      return true;
    } finally {
      await replacement.discard();
    }
  }
}

/** Where the edit was written that a form brought about before. */
function writtenIn({ value }: NonNullable<KnownEdit>): Written {
  return JSON.parse(value.outcome) as Written;
}

function sectionsIn(file: string, { sections = [] }: LoadedKnowledgeBase): PhrasedSection[] {
  return sections.filter((section) => section.file === file);
}

/** Everybody may read it, so it is nobody's. */
function checkedPhrasing(text: string): string {
  const phrasing = oneLine(text);
  if (phrasing === '') throw refusedPhrasing('Write the phrasing.');
  if (phrasing.length > longestPhrasing) throw refusedPhrasing(`Say it in at most ${longestPhrasing} characters.`);
  if (hasHiddenSigns(phrasing)) throw refusedPhrasing('Take out the signs that nobody sees: type it anew.');
  if (/[@＠]/.test(phrasing)) throw refusedPhrasing('Take the e-mail address out: everybody may read this.');
  return phrasing;
}

function beingWritten(cause?: unknown): AccessDeskError {
  const message = 'Somebody else is writing this file. Nothing was changed. Try again in a minute.';
  return new AccessDeskError('ERR_KNOWLEDGE_WRITE', message, { cause });
}

/** @throws what it is given, in our words where another process was at it for too long */
function busyAsWritten(error: unknown): never {
  throw (error as { code?: unknown }).code === 'ERR_CONVERSATION_BUSY' ? beingWritten(error) : error;
}

function refusedPhrasing(message: string): AccessDeskError {
  return new AccessDeskError('ERR_PHRASING', message);
}

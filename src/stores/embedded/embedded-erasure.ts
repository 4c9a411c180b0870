/** Forgetting and pruning in the embedded store, so that what is gone is in none of its files. */
import type { Erased, Erasure, HistoryLine } from '../../history/history.ts';
import { Pace } from '../../pace.ts';
import type { AnyRecordType } from '../../records/records.ts';
import { ErasedPerson } from '../erased-person.ts';
import { changeTexts, ERASED } from '../mention.ts';
import { type Documents, idInChannel, keyInConversation, read, readAll } from './documents.ts';
import type { Engine, Rewriting } from './engine.ts';
import type { LineIndex } from './line-index.ts';
import type { Document } from './model.ts';
import type { RecordDocument } from './record-index.ts';

/** Documents removed by one transaction of `prune`. */
const BATCH = 500;

/**
 * Erasing from the embedded store. `forget` rewrites the whole store in one step, so that it happens entirely or not
 * at all; `prune` works in small transactions between the turns. Both end with a new snapshot and without the old
 * journals: what is gone is in no file of the folder.
 */
export class EmbeddedErasure implements Erasure {
  readonly #engine: Engine;
  readonly #index: LineIndex;
  readonly #recordTypes: ReadonlyMap<string, AnyRecordType>;
  readonly #unique: () => string;

  /** @param unique - a text that was not given before */
  constructor(engine: Engine, index: LineIndex, recordTypes: readonly AnyRecordType[], unique: () => string) {
    this.#engine = engine;
    this.#index = index;
    this.#recordTypes = new Map(recordTypes.map((type) => [type.name, type]));
    this.#unique = unique;
  }

  forget(person: string): Promise<Erased> {
    return this.#engine.rewrite(() => this.#planForgetting(person));
  }

  async prune(before: Date): Promise<Erased> {
    const isOld = (at: string) => Date.parse(at) < before.getTime();
    const lines = await this.#remove('lines', ({ at }) => isOld(at));
    const conversations = new Set(lines.map(({ conversation }) => conversation).filter((one) => !this.#index.has(one)));
    await this.#remove('state', (state, key) => isOld(state.at) && !this.#isInUse(key, state));
    await this.#remove('welcomes', ({ at }, person) => isOld(at) && !this.#index.hasPerson(person));
    const votes = await this.#remove('votes', ({ at }) => isOld(at));
    await this.#engine.snapshot();
    return {
      conversations: conversations.size,
      lines: lines.length,
      votes: votes.length,
      redacted: 0,
      documents: { removed: 0, redacted: 0 },
    };
  }

  async #planForgetting(person: string): Promise<Rewriting<Erased>> {
    const erasedPerson = await this.#namesOf(person);
    const { ids, hasAddress } = erasedPerson;
    const names = (text: string) => hasAddress && erasedPerson.isMentionedIn(text);
    const isThem = (key: string) => ids.has(idInChannel(key)) || names(key);

    /** Conversations in which nobody else spoke. */
    const own = new Set<string>();
    const pace = new Pace();
    for (const [conversation, lines] of this.#index.all()) {
      const isOwn = lines.every((line) => isThem(line.person));
      if (isOwn || names(conversation)) own.add(conversation);
      if (pace.isDue) await pace.rest();
    }
    const isTheirLine = (line: HistoryLine) => own.has(line.conversation) || isThem(line.person) || names(line.id);

    const withoutMentions = (text: string) => (hasAddress ? erasedPerson.withoutMentions(text) : text);
    const changeText = (text: string) => (ids.has(idInChannel(text)) ? ERASED : withoutMentions(text));
    /** An account in somebody else's activity: always inside of an object, so the activity's own fields stay. */
    const changeInside = (text: string, _property: string, depth: number) => (depth > 0 ? changeText(text) : text);

    const documents = { removed: 0, redacted: 0 };
    const erased = { conversations: own.size, lines: 0, votes: 0, redacted: 0, documents };
    const transformers: { [Name in keyof Documents]: (document: Documents[Name], id: string) => object | undefined } = {
      lines: (line) => {
        if (isTheirLine(line)) {
          erased.lines += 1;
          return undefined;
        }
        const unmentioned = hasAddress ? changeTexts(line, withoutMentions) : line;
        const changed = withActivity(unmentioned, changeTexts(unmentioned.activity, changeInside));
        if (changed !== line) erased.redacted += 1;
        return changed;
      },
      state: (state, key) => {
        if (own.has(state.conversation) || isThem(state.person) || names(key) || endsWithOne(key, ids))
          return undefined;
        const value = changeTexts(state.value, changeText);
        return value === state.value ? state : { ...state, value };
      },
      votes: (vote) => {
        const line = read(this.#engine, 'lines', keyInConversation(vote.conversation, vote.line));
        if (!isThem(vote.person) && !names(vote.line) && !own.has(vote.conversation) && !(line && isTheirLine(line)))
          return vote;
        erased.votes += 1;
        return undefined;
      },
      welcomes: (welcome, welcomed) => (isThem(welcomed) ? undefined : welcome),
      heads: (head) => head,
      activities: (activity) => activity,
      checks: (check) => check,
    };
    /** Records are whatever is not the store's own. The version tells whoever has read one before that it is another. */
    const transformRecord = (collection: string, id: string, document: RecordDocument): Document | undefined => {
      const type = this.#recordTypes.get(collection);
      const value = this.#isPartOfTheirs(type, document, erasedPerson)
        ? undefined
        : erasedPerson.erasedFrom(type ?? {}, id, document.value);
      if (value === document.value) return document;
      documents[value ? 'redacted' : 'removed'] += 1;
      return value && { version: document.version + 1, value };
    };
    return {
      transform: (collection, id, document) => {
        const transformer = transformers[collection as keyof Documents] as
          | ((document: Document, id: string) => object)
          | undefined;
        return transformer
          ? (transformer(document, id) as Document | undefined)
          : transformRecord(collection, id, document as RecordDocument);
      },
      result: () => erased,
    };
  }

  /** The person with everything that documents standing for people (profiles) tell of them: one leads to the next. */
  async #namesOf(person: string): Promise<ErasedPerson> {
    const found = new ErasedPerson(person, this.#unique());
    const types = [...this.#recordTypes.values()].filter((type) => type.person !== undefined);
    const pace = new Pace();
    for (let isNew = true; isNew; ) {
      isNew = false;
      for (const type of types) {
        for (const [id, document] of this.#engine.entries(type.name)) {
          const names = [id, ...(type.person?.((document as RecordDocument).value as never) ?? [])];
          if (names.some((one) => found.isName(one))) for (const one of names) if (found.add(one)) isNew = true;
          if (pace.isDue) await pace.rest();
        }
      }
    }
    return found;
  }

  #isPartOfTheirs(type: AnyRecordType | undefined, { value }: RecordDocument, person: ErasedPerson): boolean {
    const whole = type?.partOf?.(value as never);
    const document = whole && (this.#engine.get(whole.collection, whole.id) as RecordDocument | undefined);
    if (!document) return false;
    return person.owns(this.#recordTypes.get(whole.collection) ?? {}, whole.id, document.value);
  }

  /** Removes what `isOutdated` says, asked again in the transaction: a turn may have renewed it meanwhile. */
  async #remove<Name extends keyof Documents>(
    collection: Name,
    isOutdated: (document: Documents[Name], id: string) => boolean,
  ): Promise<Documents[Name][]> {
    const outdated: string[] = [];
    const pace = new Pace();
    for (const [id, document] of readAll(this.#engine, collection)) {
      if (isOutdated(document, id)) outdated.push(id);
      if (pace.isDue) await pace.rest();
    }
    const removed: Documents[Name][] = [];
    while (outdated.length > 0) {
      const batch = outdated.splice(-BATCH);
      const gone = await this.#engine.commit((view) => {
        const documents = batch.flatMap((id) => {
          const document = read(view, collection, id);
          return document && isOutdated(document, id) ? [{ id, document }] : [];
        });
        return { delete: documents.map(({ id }) => [collection, id] as const), result: documents };
      });
      removed.push(...gone.map(({ document }) => document));
    }
    return removed;
  }

  /**
   * Whether the conversation or person that a state document is about still has lines. The last part of its key tells
   * which of the two; where it tells neither, either keeps it.
   */
  #isInUse(key: string, { conversation, person }: Documents['state']): boolean {
    if (key.endsWith(`/${idInChannel(conversation)}`)) return this.#index.has(conversation);
    if (key.endsWith(`/${idInChannel(person)}`)) return this.#index.hasPerson(person);
    return this.#index.has(conversation) || this.#index.hasPerson(person);
  }
}

function endsWithOne(key: string, ids: ReadonlySet<string>): boolean {
  for (const id of ids) if (key.endsWith(`/${id}`)) return true;
  return false;
}

function withActivity(line: HistoryLine, activity: HistoryLine['activity']): HistoryLine {
  return activity === line.activity ? line : { ...line, activity };
}

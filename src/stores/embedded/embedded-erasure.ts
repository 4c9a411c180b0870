/** Forgetting and pruning in the embedded store, so that what is gone is in none of its files. */
import type { Erased, Erasure } from '../../history/history.ts';
import { Pace } from '../../pace.ts';
import type { AnyRecordType } from '../../records/records.ts';
import { ErasedPerson } from '../erased-person.ts';
import { Forgetting, findNames, idInChannel, type Whole } from '../forgetting.ts';
import { type Documents, keyInConversation, read, readAll } from './documents.ts';
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

  async #planForgetting(name: string): Promise<Rewriting<Erased>> {
    const person = new ErasedPerson(name, this.#unique());
    const pace = new Pace();
    const engine = this.#engine;
    await findNames(person, this.#recordTypes.values(), async function* (type) {
      for (const [id, document] of engine.entries(type.name)) {
        yield { id, value: (document as RecordDocument).value };
        if (pace.isDue) await pace.rest();
      }
    });
    const forgetting = new Forgetting(person);
    for (const [conversation, lines] of this.#index.all()) {
      forgetting.conversation(conversation, new Set(lines.map((line) => line.person)));
      if (pace.isDue) await pace.rest();
    }
    const transformers: { [Name in keyof Documents]: (document: Documents[Name], id: string) => object | undefined } = {
      lines: (line) => forgetting.line(line),
      state: (state, key) => forgetting.state(key, state),
      votes: (vote) => forgetting.vote(vote, read(engine, 'lines', keyInConversation(vote.conversation, vote.line))),
      welcomes: (welcome, welcomed) => (forgetting.isWelcomeOf(welcomed) ? undefined : welcome),
      heads: (head) => head,
      activities: (activity) => activity,
      checks: (check) => check,
    };
    /** Records are whatever is not the store's own. The version tells whoever has read one before that it is another. */
    const transformRecord = (collection: string, id: string, document: RecordDocument): Document | undefined => {
      const type = this.#recordTypes.get(collection);
      const value = forgetting.record(type, id, document.value, this.#wholeOf(type, document));
      if (value === document.value) return document;
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
      result: () => forgetting.erased,
    };
  }

  #wholeOf(type: AnyRecordType | undefined, { value }: RecordDocument): Whole | undefined {
    const whole = type?.partOf?.(value as never);
    const document = whole && (this.#engine.get(whole.collection, whole.id) as RecordDocument | undefined);
    return document && { type: this.#recordTypes.get(whole.collection), id: whole.id, value: document.value };
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

/** What becomes of each document when a person is erased; every store goes through its own by it. */
import type { Erased, HistoryLine } from '../history/history.ts';
import type { AnyRecordType } from '../records/records.ts';
import type { Vote } from '../usage/votes.ts';
import type { ErasedPerson } from './erased-person.ts';
import { changeTexts, ERASED } from './mention.ts';

/** Turn state as stores keep it. */
export interface StateDocument {
  readonly conversation: string;
  readonly person: string;
  readonly at: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The document that another one is a part of. */
export interface Whole {
  readonly type: AnyRecordType | undefined;
  readonly id: string;
  readonly value: object;
}

/** One erasure: each method returns what is left of a document, the same object where nothing changes, and counts. */
export class Forgetting {
  readonly #count = { lines: 0, votes: 0, redacted: 0, removedDocuments: 0, redactedDocuments: 0 };
  readonly #person: ErasedPerson;
  readonly #own = new Set<string>();

  constructor(person: ErasedPerson) {
    this.#person = person;
  }

  get erased(): Erased {
    const { lines, votes, redacted, removedDocuments, redactedDocuments } = this.#count;
    const documents = { removed: removedDocuments, redacted: redactedDocuments };
    return { conversations: this.#own.size, lines, votes, redacted, documents };
  }

  /** Conversations in which nobody else spoke. */
  get own(): ReadonlySet<string> {
    return this.#own;
  }

  /** To be told of every conversation first, with the people whose turns its lines are of. */
  conversation(conversation: string, people: Iterable<string>): void {
    const isOwn = [...people].every((person) => this.#isThem(person));
    if (isOwn || this.#names(conversation)) this.#own.add(conversation);
  }

  line(line: HistoryLine): HistoryLine | undefined {
    if (this.#isTheirLine(line)) {
      this.#count.lines += 1;
      return undefined;
    }
    const unmentioned = this.#person.hasAddress ? changeTexts(line, (text) => this.#withoutMentions(text)) : line;
    /** An account in somebody else's activity: always inside of an object, so the activity's own fields stay. */
    const inside = (text: string, _property: string, depth: number) => (depth > 0 ? this.#changed(text) : text);
    const activity = changeTexts(unmentioned.activity, inside);
    const changed = activity === unmentioned.activity ? unmentioned : { ...unmentioned, activity };
    if (changed !== line) this.#count.redacted += 1;
    return changed;
  }

  state(key: string, state: StateDocument): StateDocument | undefined {
    const isTheirs = this.#own.has(state.conversation) || this.#isThem(state.person) || this.#names(key);
    if (isTheirs || this.#endsWithOne(key)) return undefined;
    const value = changeTexts(state.value, (text) => this.#changed(text));
    return value === state.value ? state : { ...state, value };
  }

  /** @param line - that was voted on, where it is there */
  vote(vote: Vote, line: Pick<HistoryLine, 'conversation' | 'person' | 'id'> | undefined): Vote | undefined {
    const isTheirs = this.#isThem(vote.person) || this.#names(vote.line) || this.#own.has(vote.conversation);
    if (!isTheirs && !(line && this.#isTheirLine(line))) return vote;
    this.#count.votes += 1;
    return undefined;
  }

  isWelcomeOf(welcomed: string): boolean {
    return this.#isThem(welcomed);
  }

  /** @param whole - as `partOf` tells, where it is there */
  record<T extends object>(
    type: AnyRecordType | undefined,
    id: string,
    value: T,
    whole: Whole | undefined,
  ): T | undefined {
    const isPart = whole !== undefined && this.#person.owns(whole.type ?? {}, whole.id, whole.value);
    const left = isPart ? undefined : this.#person.erasedFrom(type ?? {}, id, value);
    if (left !== value) this.#count[left ? 'redactedDocuments' : 'removedDocuments'] += 1;
    return left;
  }

  #isTheirLine({ conversation, person, id }: Pick<HistoryLine, 'conversation' | 'person' | 'id'>): boolean {
    return this.#own.has(conversation) || this.#isThem(person) || this.#names(id);
  }

  #isThem(key: string): boolean {
    return this.#person.ids.has(idInChannel(key)) || this.#names(key);
  }

  #names(text: string): boolean {
    return this.#person.hasAddress && this.#person.isMentionedIn(text);
  }

  #endsWithOne(key: string): boolean {
    for (const id of this.#person.ids) if (key.endsWith(`/${id}`)) return true;
    return false;
  }

  #changed(text: string): string {
    return this.#person.ids.has(idInChannel(text)) ? ERASED : this.#withoutMentions(text);
  }

  #withoutMentions(text: string): string {
    return this.#person.hasAddress ? this.#person.withoutMentions(text) : text;
  }
}

/**
 * Adds to the person everything that documents standing for people (profiles) tell of them: one leads to the next.
 * @param documents - all of a kind, as often as it is asked
 */
export async function findNames(
  person: ErasedPerson,
  types: Iterable<AnyRecordType>,
  documents: (type: AnyRecordType) => AsyncIterable<{ readonly id: string; readonly value: object }>,
): Promise<void> {
  const people = [...types].filter((type) => type.person !== undefined);
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const type of people) {
      for await (const { id, value } of documents(type)) {
        const names = [id, ...(type.person?.(value as never) ?? [])];
        if (names.some((one) => person.isName(one))) for (const one of names) if (person.add(one)) isNew = true;
      }
    }
  }
}

/** The part of `${channelId}/${id}` after the channel. */
export function idInChannel(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

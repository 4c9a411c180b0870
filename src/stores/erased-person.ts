/** Whom an erasure is about, and what becomes of texts and documents that name them; every store erases by it. */
import type { AnyRecordType } from '../records/records.ts';
import { changeTexts, ERASED, isAddress, mentionOf } from './mention.ts';

/** How a kind of document is erased. */
export type Erasing = Pick<AnyRecordType, 'erasing' | 'names'>;

/** What an address is masked to; in a row about the person it is their own, an old one perhaps. */
const masked = /[^\s@]\.\.\.@[^\s,;]+/gu;

/**
 * All names of one person: what was asked for, and what else stands for them. An address is found anywhere in a text.
 * An id is a whole text, or follows a channel (`CHANNEL/USER`) or what it is an id of (`account:ISSUER|SUBJECT`).
 */
export class ErasedPerson {
  readonly #ids = new Set<string>();
  /** Ids that are known to be a person's: a chat user may be called `member`, and that is also a role. */
  readonly #known = new Set<string>();
  readonly #mentions = new Map<string, RegExp>();
  readonly #opaque: string;

  /** @param unique - drawn anew each time, so that what stands in the trail leads back to nobody */
  constructor(person: string, unique: string) {
    this.#opaque = `erased-${unique}`;
    if (isAddress(person) || person.includes('|')) this.add(person);
    else this.#ids.add(person);
  }

  /** @returns whether it was not known to be theirs */
  add(name: string): boolean {
    if (this.#known.has(name) || this.#mentions.has(name)) return false;
    if (isAddress(name)) this.#mentions.set(name, mentionOf(name));
    else {
      this.#known.add(name);
      this.#ids.add(name);
    }
    return true;
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  get hasAddress(): boolean {
    return this.#mentions.size > 0;
  }

  /** Whether one of their addresses is in the text. */
  isMentionedIn(text: string): boolean {
    for (const mention of this.#mentions.values()) if (text.search(mention) >= 0) return true;
    return false;
  }

  /** The text with their addresses replaced. */
  withoutMentions(text: string, replaced = ERASED): string {
    let changed = text;
    for (const mention of this.#mentions.values()) changed = changed.replace(mention, replaced);
    return changed;
  }

  /** Whether the text is one of their names and nothing else. */
  isName(text: string): boolean {
    return this.#ids.has(text) || this.withoutMentions(text, '') === '';
  }

  /**
   * What becomes of a document of records. One that names them in a property of its own, or where its kind says, is
   * theirs and goes; elsewhere mentions are replaced. In the trail an opaque id takes their place, and it keeps what
   * happened, but not the reason that staff wrote down for it: that is about them, by their name perhaps.
   * @returns `value` itself where nothing in it is theirs
   */
  erasedFrom<T extends object>(kind: Erasing, id: string, value: T): T | undefined {
    const isTrail = kind.erasing === 'trail';
    const isTheirs = this.owns(kind, id, value);
    if (isTheirs && !isTrail) return undefined;
    const isAboutThem = isTrail && this.#known.has((value as { profile?: string }).profile ?? '');
    return changeTexts(value, (text, property) => {
      if (isAboutThem && property === 'reason') return ERASED;
      const changed = this.#inPlace(text, isTrail ? this.#opaque : ERASED);
      return isTrail && isTheirs && property !== '' ? changed.replace(masked, ERASED) : changed;
    });
  }

  /** Whether a document of records is theirs. */
  owns({ names }: Erasing, id: string, value: object): boolean {
    if (this.#known.has(id)) return true;
    const inside = names?.(value as never) ?? [];
    return [...Object.values(value), ...inside].some((text) => typeof text === 'string' && this.#refers(text));
  }

  #refers(text: string): boolean {
    return text !== '' && (this.#idIn(text) !== undefined || this.withoutMentions(text, '') === '');
  }

  #inPlace(text: string, replaced: string): string {
    const id = this.#idIn(text);
    return id === undefined ? this.withoutMentions(text, replaced) : text.slice(0, -id.length) + replaced;
  }

  #idIn(text: string): string | undefined {
    const kind = /^(?:account|chat|staff):/.exec(text)?.[0] ?? '';
    const alone = text.slice(kind.length);
    if (this.#known.has(alone) || (kind !== '' && this.#ids.has(alone))) return alone;
    const channel = /^[\w-]+\//.exec(alone)?.[0];
    const user = channel && alone.slice(channel.length);
    return user && this.#ids.has(user) ? user : undefined;
  }
}

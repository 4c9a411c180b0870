/**
 * Takes back what a notice told of, once, and with it what came of it since: whoever changes a thing twice does not get
 * rid of the link in the first notice. What was changed in a way that no notice can take back stays.
 */

import type { By } from '../audit/audit.ts';
import type { Directory, Member } from '../directory/directory.ts';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import { type DerivedTokens, tokenHash } from './derived-token.ts';
import { isOfLinks, type Undo, type Undoable, type UndoKind, undos } from './undo.ts';

/** Knows how to take one kind of change back. */
export interface TakesBack {
  holds(member: Member, what: Undoable): Promise<boolean>;
  /** Adds to the change all that follows, notices and trail among it; false, and nothing is added, where it does not hold. */
  takeBack(change: Change, member: Member, what: Undoable, by: By): Promise<boolean>;
}

export interface UndosParts {
  readonly records: Records;
  readonly directory: Directory;
  /** Of the purpose `undo`. */
  readonly tokens: DerivedTokens;
  readonly now: () => Date;
  readonly takers: Readonly<Record<UndoKind, TakesBack>>;
}

export type UndoState =
  | {
      readonly state: 'open' | 'used' | 'expired' | 'overtaken';
      readonly kind: UndoKind;
      readonly undo: Stored<Undo>;
      readonly member: Member;
    }
  | { readonly state: 'unknown' };

export class Undos {
  readonly #parts: UndosParts;

  constructor(parts: UndosParts) {
    this.#parts = parts;
  }

  /** What a link in a notice would take back. Looking changes nothing. */
  async find(token: string): Promise<UndoState> {
    const { records, directory, now, takers } = this.#parts;
    const hash = tokenHash(token);
    const [undo] = hash === '' ? [] : await records.find(undos, 'token', hash);
    const member = undo && (await directory.member(undo.value.profile));
    if (!undo || !member) return { state: 'unknown' };
    const found = { kind: undo.value.kind ?? 'link', undo, member } as const;
    if (undo.value.usedAt !== undefined) return { state: 'used', ...found };
    if (undo.value.until <= now().toISOString()) return { state: 'expired', ...found };
    const what = await this.#withLater(undo);
    return { state: (await takers[found.kind].holds(member, what)) ? 'open' : 'overtaken', ...found };
  }

  /** Takes a change back, once, and while it still holds. */
  async undo(token: string, by: By): Promise<UndoState['state'] | 'undone'> {
    const { records, now, takers } = this.#parts;
    return changing(records, async () => {
      const found = await this.find(token);
      if (found.state !== 'open') return { result: found.state };
      const { undo, member, kind } = found;
      const change = new Change().update(undos, undo, { ...undo.value, usedAt: now().toISOString() });
      const isDone = await takers[kind].takeBack(change, member, await this.#withLater(undo), by);
      return isDone ? { change, result: 'undone' as const } : { result: 'overtaken' as const };
    });
  }

  /** The change with what it has become by later ones that can be taken back as well. */
  async #withLater({ id, value }: Stored<Undo>): Promise<Undoable> {
    if (value.kind === 'move-request' || value.kind === 'address-request') return value;
    const ofProfile = await this.#parts.records.find(undos, 'profile', value.profile);
    const later = ofProfile.filter((one) => one.id > id && one.value.usedAt === undefined);
    let what: Undoable = value;
    for (const { value: next } of later.sort((a, b) => (a.id < b.id ? -1 : 1))) {
      if (isOfLinks(what) && isOfLinks(next) && next.before?.key === what.after?.key)
        what = { ...what, after: next.after };
      if (what.kind === 'address' && next.kind === 'address' && next.before.address === what.after.address)
        what = { ...what, after: next.after };
    }
    return what;
  }

  /** The token of an undo that a notice is about to carry; undefined where it is used or over. */
  async token(id: string): Promise<string | undefined> {
    const { records, tokens, now } = this.#parts;
    const undo = await records.get(undos, id);
    if (!undo || undo.value.usedAt !== undefined || undo.value.until <= now().toISOString()) return undefined;
    return tokens.tokenOf({ id, ...undo.value });
  }
}

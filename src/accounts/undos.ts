/** Takes back what a notice told of. Whatever it was, the link works once, and only while it still holds. */

import type { By } from '../audit/audit.ts';
import type { Directory, Member } from '../directory/directory.ts';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import { type DerivedTokens, tokenHash } from './derived-token.ts';
import { type Undo, type Undoable, type UndoKind, undos } from './undo.ts';

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
    return { state: (await takers[found.kind].holds(member, undo.value)) ? 'open' : 'overtaken', ...found };
  }

  /** Takes a change back, once, and while it still holds. */
  async undo(token: string, by: By): Promise<UndoState['state'] | 'undone'> {
    const { records, now, takers } = this.#parts;
    return changing(records, async () => {
      const found = await this.find(token);
      if (found.state !== 'open') return { result: found.state };
      const { undo, member, kind } = found;
      const change = new Change().update(undos, undo, { ...undo.value, usedAt: now().toISOString() });
      const isDone = await takers[kind].takeBack(change, member, undo.value, by);
      return isDone ? { change, result: 'undone' as const } : { result: 'overtaken' as const };
    });
  }

  /** The token of an undo that a notice is about to carry; undefined where it is used or over. */
  async token(id: string): Promise<string | undefined> {
    const { records, tokens, now } = this.#parts;
    const undo = await records.get(undos, id);
    if (!undo || undo.value.usedAt !== undefined || undo.value.until <= now().toISOString()) return undefined;
    return tokens.tokenOf({ id, ...undo.value });
  }
}

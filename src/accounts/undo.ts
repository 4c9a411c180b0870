/** What a notice lets its reader take back, for seven days: "this was not me". */
import type { Change, RecordType } from '../records/records.ts';
import type { Account } from './association.ts';
import type { DerivedTokens, TokenSeed } from './derived-token.ts';

/** An address as it was written, and canonical. */
export interface KnownAddress {
  readonly email: string;
  readonly address: string;
}

/** What can be taken back: only while it still holds. */
export type Undoable =
  /** Of links to accounts; `before` undefined: linked to nothing. */
  | { readonly kind?: 'link'; readonly before?: Account; readonly after?: Account }
  | { readonly kind: 'address'; readonly before: KnownAddress; readonly after: KnownAddress }
  /** Asked for, not done yet: taking it back cancels it. */
  | { readonly kind: 'move-request' | 'address-request'; readonly request: string };

export type UndoKind = NonNullable<Undoable['kind']>;

export type Undo = Omit<TokenSeed, 'id'> & {
  readonly profile: string;
  /** ISO 8601, UTC. */
  readonly until: string;
  readonly usedAt?: string;
} & Undoable;

export const undos: RecordType<Undo> = {
  name: 'undos',
  indexes: { token: ({ tokenHash }) => [tokenHash], profile: ({ profile }) => [profile] },
  // Nothing goes back to an account or an address that was erased.
  names: (undo) => {
    if (undo.kind === 'address') return [undo.before.address, undo.after.address];
    return isOfLinks(undo) ? [undo.before, undo.after].flatMap((account) => (account ? [account.key] : [])) : [];
  },
};

/** Seven days, in ms. */
export const undoWithin = 7 * 24 * 60 * 60 * 1000;

export function isOfLinks(what: Undoable): what is Extract<Undoable, { readonly kind?: 'link' }> {
  return what.kind === undefined || what.kind === 'link';
}

export interface OfferParts {
  /** Of the purpose `undo`. */
  readonly tokens: DerivedTokens;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Random, 128 bits or more. */
  readonly newNonce: () => string;
}

/** Adds the undo to the change that it takes back; the result is for the notice's data. */
export function offerUndo(
  change: Change,
  profile: string,
  what: Undoable,
  { tokens, now, newId, newNonce }: OfferParts,
): { readonly undo: string; readonly undoUntil: string } {
  const seed = { id: newId(), generation: 1, nonce: newNonce() };
  const until = new Date(now().getTime() + undoWithin).toISOString();
  const { id, generation, nonce } = seed;
  change.create(undos, id, { generation, nonce, tokenHash: tokens.hashFor(seed), profile, ...what, until });
  return { undo: id, undoUntil: until };
}

/**
 * Links profiles to accounts, moves and ends such links, and takes that back. Every change is one step with the mails
 * that tell of it and its line in the trail.
 */
import { type AuditEntry, recordInAudit } from '../audit/audit.ts';
import type { Directory, Member } from '../directory/directory.ts';
import { readEmailAddress } from '../mail/email-address.ts';
import { type MailData, queueMail } from '../mail/outbox.ts';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import {
  type Account,
  type Association,
  associations,
  type EndReason,
  pastAssociations,
  shownAccount,
} from './association.ts';
import { type DerivedTokens, tokenHash } from './derived-token.ts';
import { type Undo, undos, undoWithin } from './undo.ts';

export interface AccountsParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly tokens: DerivedTokens;
  readonly now: () => Date;
  /** Unique, and sorts by time. */
  readonly newId: () => string;
  /** Random, 128 bits or more. */
  readonly newNonce: () => string;
}

/** Who does something, for the trail. */
export type By = Pick<AuditEntry, 'actor' | 'proof' | 'from'>;

/** What is linked to what, as a page shows it. */
export interface Linked {
  readonly member: Member;
  readonly association: Stored<Association>;
}

export type UndoState =
  | { readonly state: 'open' | 'used' | 'expired' | 'overtaken'; readonly undo: Stored<Undo>; readonly member: Member }
  | { readonly state: 'unknown' };

type Told = MailData['associationChanged']['what'];

export class Accounts {
  readonly #parts: AccountsParts;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  association(profile: string): Promise<Stored<Association> | undefined> {
    return this.#parts.records.get(associations, profile);
  }

  /** Every profile that an account is linked to. */
  async linkedTo(account: string): Promise<Linked[]> {
    const { records, directory } = this.#parts;
    const found = await records.find(associations, 'account', account);
    const linked = await Promise.all(
      found.map(async (association) => {
        const member = await directory.member(association.value.profile);
        return member && { member, association };
      }),
    );
    return linked.filter((one) => one !== undefined);
  }

  /**
   * Where whoever signs in with an account can be told of a mail that failed: an address on a profile of theirs, never
   * one that the account claims, and never the one that failed. The organisation that the mail was about comes first.
   */
  async addressOf(
    account: string,
    failed: { readonly to: string; readonly about?: string },
  ): Promise<string | undefined> {
    const about = failed.about && (await this.#parts.directory.member(failed.about))?.organisation.id;
    const failing = readEmailAddress(failed.to).ok?.canonical;
    const own = (await this.linkedTo(account)).filter(
      ({ member: { profile } }) => profile.value.endedAt === undefined && profile.value.address !== failing,
    );
    const best = own.find(({ member }) => member.organisation.id === about) ?? own[0];
    return best?.member.profile.value.email;
  }

  /**
   * Adds to a change that the profile is linked to this account from now on, with what is due then: the former link as
   * history, notices that can undo it, the trail.
   * @param seen - the link that this replaces; undefined: there was none, and the change holds only while there is none
   */
  link(change: Change, member: Member, account: Account, seen: Stored<Association> | undefined, by: By): Change {
    const since = this.#parts.now().toISOString();
    const value: Association = { profile: member.profile.id, account, since };
    if (seen) this.#archive(change, seen.value, 'moved');
    if (seen) change.update(associations, seen, value);
    else change.create(associations, member.profile.id, value);
    const what: Told = seen ? 'moved' : 'linked';
    this.#tell(change, member, what, account, { before: seen?.value.account, after: account });
    return this.#audit(change, member, seen ? 'association.moved' : 'association.created', by, {
      ...(seen && { before: seen.value.account.key }),
      after: account.key,
    });
  }

  /** Ends a link, as when a colleague has left; false when there is none. */
  async end(profile: string, by: By): Promise<boolean> {
    const { records, directory } = this.#parts;
    return changing(records, async () => {
      const [member, seen] = await Promise.all([directory.member(profile), this.association(profile)]);
      if (!member || !seen) return { result: false };
      const change = new Change().delete(associations, seen);
      this.#archive(change, seen.value, 'ended');
      this.#tell(change, member, 'ended', seen.value.account, { before: seen.value.account });
      this.#audit(change, member, 'association.ended', by, { before: seen.value.account.key });
      return { change, result: true };
    });
  }

  /** What a link in a notice would take back. Looking changes nothing. */
  async undoOf(token: string): Promise<UndoState> {
    const { records, directory, now } = this.#parts;
    const hash = tokenHash(token);
    const [undo] = hash === '' ? [] : await records.find(undos, 'token', hash);
    const member = undo && (await directory.member(undo.value.profile));
    if (!undo || !member) return { state: 'unknown' };
    if (undo.value.usedAt !== undefined) return { state: 'used', undo, member };
    if (undo.value.until <= now().toISOString()) return { state: 'expired', undo, member };
    const linked = await this.association(undo.value.profile);
    const isOvertaken = linked?.value.account.key !== undo.value.after?.key;
    return { state: isOvertaken ? 'overtaken' : 'open', undo, member };
  }

  /** Takes a change back, once, and while it still holds. */
  async undo(token: string, by: By): Promise<UndoState['state'] | 'undone'> {
    return changing(this.#parts.records, async () => {
      const found = await this.undoOf(token);
      if (found.state !== 'open') return { result: found.state };
      const { undo, member } = found;
      const { before, after, profile } = undo.value;
      const at = this.#parts.now().toISOString();
      const change = new Change().update(undos, undo, { ...undo.value, usedAt: at });
      const linked = await this.association(profile);
      if (linked) this.#archive(change, linked.value, 'undone');
      if (linked && before) change.update(associations, linked, { profile, account: before, since: at });
      else if (linked) change.delete(associations, linked);
      else if (before) change.create(associations, profile, { profile, account: before, since: at });
      this.#tell(change, member, 'undone', before ?? after, undefined);
      this.#audit(change, member, 'association.undone', by, {
        ...(after && { before: after.key }),
        ...(before && { after: before.key }),
      });
      return { change, result: 'undone' as const };
    });
  }

  /** The token of an undo that a notice is about to carry; undefined where it is used or over. */
  async undoToken(id: string): Promise<string | undefined> {
    const { records, tokens, now } = this.#parts;
    const undo = await records.get(undos, id);
    if (!undo || undo.value.usedAt !== undefined || undo.value.until <= now().toISOString()) return undefined;
    return tokens.tokenOf({ id, ...undo.value });
  }

  #archive(change: Change, past: Association, reason: EndReason): void {
    const { newId, now } = this.#parts;
    change.create(pastAssociations, newId(), { ...past, until: now().toISOString(), reason });
  }

  /** To the profile's own address, never to one that a sign-in claims. */
  #tell(
    change: Change,
    { profile, organisation }: Member,
    what: Told,
    account: Account | undefined,
    back: { before?: Account; after?: Account } | undefined,
  ): void {
    const { newId, newNonce, now, tokens } = this.#parts;
    const at = now();
    const undo = back && newId();
    const until = new Date(at.getTime() + undoWithin).toISOString();
    if (undo) {
      const seed = { id: undo, generation: 1, nonce: newNonce() };
      const { generation, nonce } = seed;
      change.create(undos, undo, {
        generation,
        nonce,
        tokenHash: tokens.hashFor(seed),
        profile: profile.id,
        ...back,
        until,
      });
    }
    queueMail(change, newId(), {
      template: 'associationChanged',
      data: {
        company: organisation.value.name,
        portal: organisation.value.portal,
        person: profile.value.name,
        what,
        ...(account && { account: shownAccount(account) }),
        ...(undo && { undo, undoUntil: until }),
      },
      to: profile.value.email,
      at: at.toISOString(),
      tell: 'staff',
      about: profile.id,
    });
  }

  #audit(
    change: Change,
    { profile, organisation }: Member,
    action: AuditEntry['action'],
    by: By,
    details: Record<string, string>,
  ): Change {
    const { newId, now } = this.#parts;
    const entry = {
      ...by,
      at: now().toISOString(),
      action,
      profile: profile.id,
      organisation: organisation.id,
      details,
    };
    return recordInAudit(change, newId(), entry);
  }
}

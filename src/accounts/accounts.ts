/**
 * Links profiles to accounts, moves and ends such links, and takes that back. Every change is one step with the mails
 * that tell of it and its line in the trail.
 */
import { type AuditEntry, type By, recordInAudit } from '../audit/audit.ts';
import type { Directory, Member } from '../directory/directory.ts';
import { readEmailAddress } from '../mail/email-address.ts';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import { type Account, type Association, associations, type EndReason, pastAssociations } from './association.ts';
import { type AssociationNotice, tellOfAssociation } from './notice.ts';
import { isOfLinks, type OfferParts, offerUndo, type Undoable } from './undo.ts';
import type { TakesBack } from './undos.ts';

export interface AccountsParts extends OfferParts {
  readonly records: Records;
  readonly directory: Directory;
}

/** What is linked to what, as a page shows it. */
export interface Linked {
  readonly member: Member;
  readonly association: Stored<Association>;
}

export class Accounts implements TakesBack {
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
   * @param alsoTo - addresses to tell beside the profile's
   */
  link(
    change: Change,
    member: Member,
    account: Account,
    seen: Stored<Association> | undefined,
    by: By,
    alsoTo: readonly string[] = [],
  ): Change {
    const since = this.#parts.now().toISOString();
    const value: Association = { profile: member.profile.id, account, since };
    if (seen) this.#archive(change, seen.value, 'moved');
    if (seen) change.update(associations, seen, value);
    else change.create(associations, member.profile.id, value);
    const undoable = { ...(seen && { before: seen.value.account }), after: account };
    this.#tell(change, member, { what: seen ? 'moved' : 'linked', account, alsoTo }, undoable);
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
      const change = new Change();
      this.addEnd(change, member, seen, by);
      this.#tell(change, member, { what: 'ended', account: seen.value.account }, { before: seen.value.account });
      return { change, result: true };
    });
  }

  /**
   * Adds to a change that this link ends; whoever begins the change tells of it.
   * @param at - the moment by which `endedAt` finds it again; now, unless the change has one already
   */
  addEnd(
    change: Change,
    member: Member,
    seen: Stored<Association>,
    by: By,
    details?: Readonly<Record<string, string>>,
    at = this.#parts.now().toISOString(),
  ): Change {
    change.delete(associations, seen);
    this.#archive(change, seen.value, 'ended', at);
    return this.#audit(change, member, 'association.ended', by, { ...details, before: seen.value.account.key });
  }

  /** The link that ended at that moment, if nothing took its place. @param at - ISO 8601, UTC */
  async endedAt(profile: string, at: string): Promise<Association | undefined> {
    const past = await this.#parts.records.find(pastAssociations, 'profile', profile);
    return past.find(({ value }) => value.reason === 'ended' && value.until === at)?.value;
  }

  /** Adds to a change that an ended link holds again; only while there is none. */
  addAgain(
    change: Change,
    member: Member,
    { account }: Association,
    by: By,
    details?: Readonly<Record<string, string>>,
  ): Change {
    const since = this.#parts.now().toISOString();
    change.create(associations, member.profile.id, { profile: member.profile.id, account, since });
    return this.#audit(change, member, 'association.restored', by, { ...details, after: account.key });
  }

  async holds({ profile }: Member, what: Undoable): Promise<boolean> {
    if (!isOfLinks(what) || what.before?.key === what.after?.key) return false;
    return (await this.association(profile.id))?.value.account.key === what.after?.key;
  }

  async takeBack(change: Change, member: Member, what: Undoable, by: By): Promise<boolean> {
    if (!isOfLinks(what)) return false;
    const { before, after } = what;
    const profile = member.profile.id;
    const since = this.#parts.now().toISOString();
    const linked = await this.association(profile);
    if (linked?.value.account.key !== after?.key || before?.key === after?.key) return false;
    if (linked) this.#archive(change, linked.value, 'undone');
    if (linked && before) change.update(associations, linked, { profile, account: before, since });
    else if (linked) change.delete(associations, linked);
    else if (before) change.create(associations, profile, { profile, account: before, since });
    const account = before ?? after;
    this.#tell(change, member, { what: 'undone', ...(account && { account }) });
    this.#audit(change, member, 'association.undone', by, {
      ...(after && { before: after.key }),
      ...(before && { after: before.key }),
    });
    return true;
  }

  #archive(change: Change, past: Association, reason: EndReason, until = this.#parts.now().toISOString()): void {
    change.create(pastAssociations, this.#parts.newId(), { ...past, until, reason });
  }

  #tell(change: Change, member: Member, notice: AssociationNotice, undoable?: Undoable): void {
    const undo = undoable && offerUndo(change, member.profile.id, undoable, this.#parts);
    tellOfAssociation(change, member, { ...notice, ...(undo && { undo }) }, this.#parts);
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

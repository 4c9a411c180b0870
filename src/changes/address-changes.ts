/** Changes the address of a profile: the new one is checked by a code, the old one is told and can undo it for seven days. */
import { type OfferParts, offerUndo, type Undoable, undoWithin } from '../accounts/undo.ts';
import type { TakesBack } from '../accounts/undos.ts';
import type { AuditEntry, By } from '../audit/audit.ts';
import { accessOf } from '../directory/access.ts';
import {
  claimDirectory,
  claimOrganisation,
  type Directory,
  directoryHead,
  type Member,
  type Profile,
  profiles,
} from '../directory/directory.ts';
import type { Limits } from '../limits/limits.ts';
import { type AddressProblem, maskedAddress, readEmailAddress } from '../mail/email-address.ts';
import { type MailData, queueMail } from '../mail/outbox.ts';
import type { MailboxCodes } from '../proofs/mailbox-codes.ts';
import { type Asker, byOf } from '../proofs/proof.ts';
import { hashOf } from '../proofs/proofs.ts';
import type { Reach } from '../proofs/reach.ts';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import { type AddressChange, addressChangeState, addressChanges } from './address-change.ts';
import {
  type Awaiting,
  auditChange,
  awaitingApproval,
  type Cancelled,
  type Canceller,
  type CancelParts,
  cancelPending,
  type Decided,
  isDecided,
  requestLasts,
  tellDecision,
} from './pending.ts';
import type { Reassociations } from './reassociations.ts';

export interface AddressChangesParts extends OfferParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly reassociations: Reassociations;
  readonly codes: MailboxCodes;
  readonly reach: Reach;
  readonly limits: Pick<Limits, 'takeAll'>;
}

export type AddressProposed =
  /** ISO 8601, UTC: how long the code works. */
  | { readonly outcome: 'code-sent'; readonly until: string; readonly newEmail: string }
  | { readonly outcome: 'wrong-address'; readonly problem: AddressProblem }
  | { readonly outcome: 'too-many'; readonly retryAfter: number }
  /** `same`: it is the address already. `pending`: another one waits for staff. */
  | { readonly outcome: 'same' | 'pending' | 'not-allowed' | 'no-access' };

export type AddressConfirmed =
  | { readonly outcome: 'changed' | 'awaiting-approval'; readonly change: AddressChange }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  /** `taken`: somebody else of the organisation has it. `none`: no code was asked for here. */
  | { readonly outcome: 'locked' | 'expired' | 'none' | 'taken' | 'not-allowed' };

export class AddressChanges implements TakesBack {
  readonly #parts: AddressChangesParts;

  constructor(parts: AddressChangesParts) {
    this.#parts = parts;
  }

  /** Sends a code to the new address; once more: a new code, or another address. Whether somebody has it is not told. */
  async propose(profile: string, typed: string, asker: Asker): Promise<AddressProposed> {
    const { records, directory, codes, reach, limits, now, newId } = this.#parts;
    if ((await reach.judge('change-address', asker.proof, profile)) === 'not-enough') return { outcome: 'not-allowed' };
    const { ok: address, problem } = readEmailAddress(typed);
    if (!address) return { outcome: 'wrong-address', problem };
    const decline = async (): Promise<AddressProposed | undefined> => {
      const member = await directory.member(profile);
      if (!member) return { outcome: 'not-allowed' };
      if (!accessOf(member.profile.value, member.organisation.value, now()).given) return { outcome: 'no-access' };
      if (isSameAddress(member.profile.value, address.written)) return { outcome: 'same' };
      const pending = await this.pendingOf(profile);
      return pending?.value.state === 'awaiting-approval' ? { outcome: 'pending' } : undefined;
    };
    const declined = await decline();
    if (declined) return declined;
    const full = await limits.takeAll([['changeRequest', profile]]);
    if (full !== undefined) return { outcome: 'too-many', retryAfter: full };
    const asked = await codes.ask(codeHolder(asker, profile), address, 'new-address');
    if (asked.outcome === 'too-many') return asked;
    return changing<AddressProposed>(records, async () => {
      const [member, seen, declinedNow] = [
        await directory.member(profile),
        await this.latestOf(profile),
        await decline(),
      ];
      if (declinedNow || !member) return { result: declinedNow ?? { outcome: 'not-allowed' } };
      const at = now().toISOString();
      const by = byOf(asker);
      const { formerEmail, formerUntil } = seen?.value ?? {};
      const proposed: AddressChange = {
        request: newId(),
        profile,
        state: 'code-sent',
        proof: asker.proof.level,
        actor: by.actor,
        holder: hashOf(asker.holder.id),
        oldEmail: member.profile.value.email,
        oldAddress: member.profile.value.address,
        newEmail: address.written,
        newAddress: address.canonical,
        requestedAt: at,
        until: asked.until,
        changedAt: at,
        ...(formerEmail && formerUntil && { formerEmail, formerUntil }),
      };
      const change = seen
        ? new Change().update(addressChanges, seen, proposed)
        : new Change().create(addressChanges, profile, proposed);
      auditChange(change, member, 'address.proposed', by, this.#parts);
      return { change, result: { outcome: 'code-sent', until: asked.until, newEmail: address.written } };
    });
  }

  /** The code that came to the new address. */
  async confirm(profile: string, typed: string, asker: Asker): Promise<AddressConfirmed> {
    const { directory, codes, reach, now } = this.#parts;
    const judgement = await reach.judge('change-address', asker.proof, profile);
    if (judgement === 'not-enough') return { outcome: 'not-allowed' };
    const proposed = await this.#proposedBy(profile, asker);
    if (!proposed) return { outcome: 'none' };
    const by = byOf(asker);
    const of = {
      holder: codeHolder(asker, profile),
      address: proposed.value.newAddress,
      purpose: 'new-address',
    } as const;
    const checked = await codes.use<AddressConfirmed>(of, typed, async (change) => {
      const [member, seen] = [await directory.member(profile), await this.#proposedBy(profile, asker)];
      if (!member || seen?.value.newAddress !== of.address) return { outcome: 'none' };
      if (await this.#isTaken(member, of.address)) return { outcome: 'taken' };
      if (judgement === 'enough') return { outcome: 'changed', change: await this.#apply(change, member, seen, by) };
      const until = new Date(now().getTime() + requestLasts).toISOString();
      const waiting = this.#put(change, seen, { state: 'awaiting-approval', until });
      auditChange(change, member, 'address.requested', by, this.#parts);
      const { request } = waiting;
      const undo = offerUndo(change, profile, { kind: 'address-request', request }, this.#parts);
      this.#tell(
        change,
        member,
        { what: 'requested', newAddress: waiting.newEmail, ...undo },
        member.profile.value.email,
      );
      return { outcome: 'awaiting-approval', change: waiting };
    });
    return checked.outcome === 'verified' ? checked.result : checked;
  }

  /** The one that is under way, `code-sent` among it. */
  async pendingOf(profile: string): Promise<Stored<AddressChange> | undefined> {
    const latest = await this.latestOf(profile);
    return latest && isUnderWay(latest.value, this.#parts.now()) ? latest : undefined;
  }

  /** The newest one, whatever became of it (`addressChangeState`). */
  latestOf(profile: string): Promise<Stored<AddressChange> | undefined> {
    return this.#parts.records.get(addressChanges, profile);
  }

  /** By whoever's proof reaches the profile, and by staff. */
  cancel(profile: string, canceller: Canceller): Promise<Cancelled> {
    const addCancel: CancelParts['addCancel'] = (...of) => this.addCancel(...of);
    return cancelPending(profile, canceller, { ...this.#parts, action: 'change-address', addCancel });
  }

  /** Adds to a change that what is under way is cancelled; false, and nothing is added, where nothing is. */
  async addCancel(change: Change, member: Member, by: By, details?: AuditEntry['details']): Promise<boolean> {
    const pending = await this.pendingOf(member.profile.id);
    if (!pending) return false;
    this.#put(change, pending, { state: 'cancelled' });
    auditChange(change, member, 'address.cancelled', by, this.#parts, details);
    return true;
  }

  /** @param request - the one that was looked at; @param reason - goes to the profile's address */
  approve(profile: string, request: string, staff: By, reason: string): Promise<Decided | 'taken'> {
    return this.#decide(profile, request, staff, reason, 'approved');
  }

  async refuse(profile: string, request: string, staff: By, reason: string): Promise<Decided> {
    const decided = await this.#decide(profile, request, staff, reason, 'refused');
    return decided === 'taken' ? 'gone' : decided;
  }

  /** What waits for staff, oldest first. */
  awaitingApproval(): Promise<readonly Awaiting<AddressChange>[]> {
    return awaitingApproval(addressChanges, (request) => isUnderWay(request, this.#parts.now()), this.#parts);
  }

  async holds(member: Member, what: Undoable): Promise<boolean> {
    if (what.kind === 'address') {
      const isStill = member.profile.value.address === what.after.address && what.before.address !== what.after.address;
      return isStill && !(await this.#isTaken(member, what.before.address));
    }
    const pending = await this.pendingOf(member.profile.id);
    return what.kind === 'address-request' && pending?.value.request === what.request;
  }

  async takeBack(change: Change, member: Member, what: Undoable, by: By): Promise<boolean> {
    if (!(await this.holds(member, what))) return false;
    if (what.kind !== 'address') return this.addCancel(change, member, by);
    const { profile } = member;
    const value: Profile = { ...profile.value, ...what.before };
    await this.#readdress(change, member, value, by);
    const latest = await this.latestOf(profile.id);
    if (latest) {
      const { formerEmail: _, formerUntil: __, ...others } = latest.value;
      const isThis = latest.value.state === 'done' && latest.value.newAddress === what.after.address;
      const state = isThis ? 'undone' : isUnderWay(latest.value, this.#parts.now()) ? 'cancelled' : others.state;
      change.update(addressChanges, latest, { ...others, state, changedAt: this.#parts.now().toISOString() });
    }
    auditChange(change, member, 'address.undone', by, this.#parts, {
      before: maskedAddress(what.after.email),
      after: maskedAddress(what.before.email),
    });
    const data = { what: 'undone', newAddress: what.before.email } as const;
    for (const to of [what.before.email, what.after.email]) this.#tell(change, member, data, to);
    return true;
  }

  #decide(
    profile: string,
    request: string,
    staff: By,
    reason: string,
    decision: 'approved' | 'refused',
  ): Promise<Decided | 'taken'> {
    const { records, directory, now } = this.#parts;
    return changing<Decided | 'taken'>(records, async () => {
      const latest = await this.latestOf(profile);
      const wanted = { request, by: staff.actor, reason, isRefusal: decision === 'refused' };
      if (latest && isDecided(latest.value, wanted)) return { result: 'done' };
      const [member, pending] = await Promise.all([directory.member(profile), this.pendingOf(profile)]);
      const isThat = pending?.value.request === request && pending.value.state === 'awaiting-approval';
      if (!member || !isThat) return { result: 'gone' };
      const change = new Change();
      const decided = { decision: { by: staff.actor, reason } };
      if (decision === 'refused') {
        change.unchanged(profiles, member.profile);
        this.#put(change, pending, { state: 'refused', ...decided });
        auditChange(change, member, 'address.refused', staff, this.#parts, { reason });
      } else {
        if (!accessOf(member.profile.value, member.organisation.value, now()).given) return { result: 'no-access' };
        if (await this.#isTaken(member, pending.value.newAddress)) return { result: 'taken' };
        auditChange(change, member, 'address.approved', staff, this.#parts, { reason });
        await this.#apply(change, member, pending, staff, decided);
      }
      tellDecision(change, member, { what: 'address', decision, reason }, this.#parts);
      return { change, result: 'done' };
    });
  }

  async #apply(
    change: Change,
    member: Member,
    seen: Stored<AddressChange>,
    by: By,
    decided: Partial<AddressChange> = {},
  ): Promise<AddressChange> {
    const { profile } = member;
    const { newEmail: email, newAddress: address } = seen.value;
    const before = { email: profile.value.email, address: profile.value.address };
    await this.#readdress(change, member, { ...profile.value, email, address }, by);
    const done = this.#put(change, seen, {
      state: 'done',
      ...decided,
      formerEmail: before.email,
      formerUntil: new Date(this.#parts.now().getTime() + undoWithin).toISOString(),
    });
    auditChange(change, member, 'address.changed', by, this.#parts, {
      before: maskedAddress(before.email),
      after: maskedAddress(email),
    });
    const undo = offerUndo(change, profile.id, { kind: 'address', before, after: { email, address } }, this.#parts);
    this.#tell(change, member, { what: 'changed', newAddress: email, ...undo }, before.email);
    // Who reads the new one knows already that it was theirs to give; there is nothing to undo for them.
    this.#tell(change, member, { what: 'changed', newAddress: email }, email);
    return done;
  }

  async #readdress(change: Change, member: Member, readdressed: Profile, by: By): Promise<void> {
    const value = await this.#withoutSharedTeams(change, member, readdressed, by);
    change.update(profiles, member.profile, value);
    claimOrganisation(change, member.organisation);
    const after = { ...member, profile: { ...member.profile, value } };
    await this.#parts.reassociations.addReaddressing(change, after, by);
  }

  /**
   * A Teams identity stands for one address. Where it is on another profile that keeps its address, it stays there
   * alone: whether both are still one person, nobody has proved.
   */
  async #withoutSharedTeams(change: Change, member: Member, value: Profile, by: By): Promise<Profile> {
    const { records, directory } = this.#parts;
    const { teams, ...others } = value;
    if (!teams) return value;
    const head = await directoryHead(records);
    const holders = await directory.membersByTeams(teams);
    claimDirectory(change, head);
    if (holders.every(({ profile }) => profile.id === member.profile.id || profile.value.address === value.address))
      return value;
    auditChange(change, member, 'teams.changed', by, this.#parts);
    return others;
  }

  /** No address is twice in one organisation. */
  async #isTaken({ profile, organisation }: Member, address: string): Promise<boolean> {
    const found = await this.#parts.records.find(profiles, 'address', address);
    return found.some(({ id, value }) => value.organisation === organisation.id && id !== profile.id);
  }

  /** What this holder proposed and has not confirmed; over time the code decides. */
  async #proposedBy(profile: string, { holder }: Asker): Promise<Stored<AddressChange> | undefined> {
    const latest = await this.latestOf(profile);
    return latest?.value.state === 'code-sent' && latest.value.holder === hashOf(holder.id) ? latest : undefined;
  }

  #put(change: Change, seen: Stored<AddressChange>, changed: Partial<AddressChange>): AddressChange {
    const value = { ...seen.value, ...changed, changedAt: this.#parts.now().toISOString() };
    change.update(addressChanges, seen, value);
    return value;
  }

  #tell(
    change: Change,
    { profile, organisation }: Member,
    data: Pick<MailData['addressChanged'], 'what' | 'newAddress' | 'undo' | 'undoUntil'>,
    to: string,
  ): void {
    queueMail(change, this.#parts.newId(), {
      template: 'addressChanged',
      data: {
        company: organisation.value.name,
        portal: organisation.value.portal,
        person: profile.value.name,
        ...data,
        newAddress: maskedAddress(data.newAddress),
      },
      to,
      at: this.#parts.now().toISOString(),
      tell: 'staff',
      about: profile.id,
    });
  }
}

/** Codes for several profiles do not get into each other's way. */
function codeHolder({ holder }: Asker, profile: string): Asker['holder'] {
  return { ...holder, id: `${holder.id} ${profile}` };
}

/** Another spelling of the same address is a change: it is what people see. */
function isSameAddress({ email }: Profile, written: string): boolean {
  return email === written;
}

function isUnderWay(change: AddressChange, now: Date): boolean {
  const state = addressChangeState(change, now);
  return state === 'awaiting-approval' || state === 'code-sent';
}

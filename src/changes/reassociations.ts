/** Moves profiles to other accounts: request, approval, invitation, completion. The link that is there stays until the end. */
import type { Accounts } from '../accounts/accounts.ts';
import { associations } from '../accounts/association.ts';
import { tellOfAssociation } from '../accounts/notice.ts';
import { type OfferParts, offerUndo, type Undoable } from '../accounts/undo.ts';
import type { TakesBack } from '../accounts/undos.ts';
import type { AuditEntry, By } from '../audit/audit.ts';
import { accessOf } from '../directory/access.ts';
import { type Directory, type Member, profiles } from '../directory/directory.ts';
import type { Asked, Invitations } from '../invitations/invitations.ts';
import type { Limits } from '../limits/limits.ts';
import { type Asker, byOf } from '../proofs/proof.ts';
import type { Reach } from '../proofs/reach.ts';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import { addressChanges } from './address-change.ts';
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
import { type Reassociation, reassociationState, reassociations } from './reassociation.ts';

export interface ReassociationsParts extends OfferParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly accounts: Accounts;
  readonly invitations: Invitations;
  readonly reach: Reach;
  readonly limits: Pick<Limits, 'takeAll'>;
}

export type ReassociationRequested =
  | { readonly outcome: 'invited' | 'awaiting-approval'; readonly reassociation: Reassociation }
  /** `pending`: one is under way already. `not-linked`: there is nothing to move, an invitation links it. */
  | { readonly outcome: 'pending' | 'not-allowed' | 'not-linked' | 'no-access' | 'too-many' };

export class Reassociations implements TakesBack {
  readonly #parts: ReassociationsParts;

  constructor(parts: ReassociationsParts) {
    this.#parts = parts;
  }

  /** Sends the invitation, or waits for staff, as the level of the proof asks for. A profile that it does not reach is as one that is not there. */
  async request(profile: string, asker: Asker): Promise<ReassociationRequested> {
    const { records, directory, accounts, reach, limits, now, newId } = this.#parts;
    const judgement = await reach.judge('move-association', asker.proof, profile);
    if (judgement === 'not-enough') return { outcome: 'not-allowed' };
    if (await this.pendingOf(profile)) return { outcome: 'pending' };
    if ((await limits.takeAll([['changeRequest', profile]])) !== undefined) return { outcome: 'too-many' };
    const by = byOf(asker);
    return changing<ReassociationRequested>(records, async () => {
      const [member, linked, seen] = await Promise.all([
        directory.member(profile),
        accounts.association(profile),
        this.latestOf(profile),
      ]);
      if (!member) return { result: { outcome: 'not-allowed' } };
      if (!linked) return { result: { outcome: 'not-linked' } };
      if (!accessOf(member.profile.value, member.organisation.value, now()).given)
        return { result: { outcome: 'no-access' } };
      if (seen && isUnderWay(seen.value, now())) return { result: { outcome: 'pending' } };

      const at = now();
      const reassociation: Reassociation = {
        request: newId(),
        profile,
        state: judgement === 'enough' ? 'invited' : 'awaiting-approval',
        proof: asker.proof.level,
        actor: by.actor,
        requestedAt: at.toISOString(),
        until: new Date(at.getTime() + requestLasts).toISOString(),
        changedAt: at.toISOString(),
      };
      const change = new Change().unchanged(profiles, member.profile).unchanged(associations, linked);
      if (seen) change.update(reassociations, seen, reassociation);
      else change.create(reassociations, profile, reassociation);
      auditChange(change, member, 'move.requested', by, this.#parts);
      const undo = offerUndo(change, profile, { kind: 'move-request', request: reassociation.request }, this.#parts);
      const alsoTo = await this.formerAddresses(member);
      tellOfAssociation(change, member, { what: 'requested', undo, alsoTo }, this.#parts);
      if (judgement === 'enough') await this.#invite(change, member, by);
      return { change, result: { outcome: judgement === 'enough' ? 'invited' : 'awaiting-approval', reassociation } };
    });
  }

  /** The one that is under way. */
  async pendingOf(profile: string): Promise<Stored<Reassociation> | undefined> {
    const latest = await this.latestOf(profile);
    return latest && isUnderWay(latest.value, this.#parts.now()) ? latest : undefined;
  }

  /** The newest one, whatever became of it (`reassociationState`). */
  latestOf(profile: string): Promise<Stored<Reassociation> | undefined> {
    return this.#parts.records.get(reassociations, profile);
  }

  /** Mails the invitation of the one that is under way once more; limits of the profile hold. */
  async resend(profile: string, asker: Asker): Promise<Asked | 'gone' | 'not-allowed'> {
    const { reach, invitations } = this.#parts;
    if ((await reach.judge('move-association', asker.proof, profile)) === 'not-enough') return 'not-allowed';
    const pending = await this.pendingOf(profile);
    if (pending?.value.state !== 'invited') return 'gone';
    return invitations.ask(profile, { purpose: 'reassociate', asked: 'proven', by: byOf(asker), tell: 'staff' });
  }

  /** By whoever's proof reaches the profile, and by staff. Its invitation is withdrawn. */
  cancel(profile: string, canceller: Canceller): Promise<Cancelled> {
    const addCancel: CancelParts['addCancel'] = (...of) => this.addCancel(...of);
    return cancelPending(profile, canceller, { ...this.#parts, action: 'move-association', addCancel });
  }

  /** Adds to a change that what is under way is cancelled; false, and nothing is added, where nothing is. */
  async addCancel(change: Change, member: Member, by: By, details?: AuditEntry['details']): Promise<boolean> {
    const pending = await this.pendingOf(member.profile.id);
    if (!pending) return false;
    this.#put(change, pending, { state: 'cancelled' });
    await this.#parts.invitations.addEnds(change, member, 'revoked', by, 'reassociate', details);
    auditChange(change, member, 'move.cancelled', by, this.#parts, details);
    return true;
  }

  /** @param request - the one that was looked at; @param reason - goes to the profile's address */
  approve(profile: string, request: string, staff: By, reason: string): Promise<Decided> {
    return this.#decide(profile, request, staff, reason, 'approved');
  }

  refuse(profile: string, request: string, staff: By, reason: string): Promise<Decided> {
    return this.#decide(profile, request, staff, reason, 'refused');
  }

  /** What waits for staff, oldest first. */
  awaitingApproval(): Promise<readonly Awaiting<Reassociation>[]> {
    return awaitingApproval(reassociations, (request) => isUnderWay(request, this.#parts.now()), this.#parts);
  }

  /** Adds to the change by which the profile is moved that this is done; which addresses to tell beside the profile's. */
  async addCompletion(change: Change, member: Member, by: By): Promise<readonly string[]> {
    const pending = await this.pendingOf(member.profile.id);
    if (pending?.value.state === 'invited') {
      this.#put(change, pending, { state: 'completed' });
      auditChange(change, member, 'move.completed', by, this.#parts);
    }
    return this.formerAddresses(member);
  }

  /**
   * Adds to a change of the profile's address what follows for its links: those to the old address end, and where a move
   * is under way, its invitation goes to the new one.
   * @param member - as it is after the change
   */
  async addReaddressing(change: Change, member: Member, by: By): Promise<void> {
    const pending = await this.pendingOf(member.profile.id);
    if (pending?.value.state === 'invited') {
      change.unchanged(reassociations, pending);
      await this.#invite(change, member, by);
    } else await this.#parts.invitations.addEnds(change, member, 'superseded', by);
  }

  async holds({ profile }: Member, what: Undoable): Promise<boolean> {
    const pending = await this.pendingOf(profile.id);
    return what.kind === 'move-request' && pending?.value.request === what.request;
  }

  async takeBack(change: Change, member: Member, what: Undoable, by: By): Promise<boolean> {
    return (await this.holds(member, what)) && (await this.addCancel(change, member, by));
  }

  #decide(
    profile: string,
    request: string,
    staff: By,
    reason: string,
    decision: 'approved' | 'refused',
  ): Promise<Decided> {
    const { records, directory, now } = this.#parts;
    return changing<Decided>(records, async () => {
      const latest = await this.latestOf(profile);
      const wanted = { request, by: staff.actor, reason, isRefusal: decision === 'refused' };
      if (latest && isDecided(latest.value, wanted)) return { result: 'done' };
      const [member, pending] = await Promise.all([directory.member(profile), this.pendingOf(profile)]);
      const isThat = pending?.value.request === request && pending.value.state === 'awaiting-approval';
      if (!member || !isThat) return { result: 'gone' };
      const isGiven = accessOf(member.profile.value, member.organisation.value, now()).given;
      if (decision === 'approved' && !isGiven) return { result: 'no-access' };
      const change = new Change().unchanged(profiles, member.profile);
      const decided = { decision: { by: staff.actor, reason } };
      if (decision === 'refused') this.#put(change, pending, { state: 'refused', ...decided });
      else {
        const until = new Date(now().getTime() + requestLasts).toISOString();
        this.#put(change, pending, { state: 'invited', until, ...decided });
        await this.#invite(change, member, staff);
      }
      auditChange(change, member, `move.${decision}`, staff, this.#parts, { reason });
      tellDecision(change, member, { what: 'move', decision, reason }, this.#parts);
      return { change, result: 'done' };
    });
  }

  /** Not paced: else a stranger who asks for invitations could stop it. */
  async #invite(change: Change, member: Member, by: By): Promise<void> {
    await this.#parts.invitations.addAsk(change, member, {
      purpose: 'reassociate',
      asked: 'proven',
      by,
      tell: 'staff',
      isPaced: false,
    });
  }

  #put(change: Change, seen: Stored<Reassociation>, changed: Partial<Reassociation>): void {
    const changedAt = this.#parts.now().toISOString();
    change.update(reassociations, seen, { ...seen.value, ...changed, changedAt });
  }

  /** Where the address changed of late, whoever read the one before is told too. */
  async formerAddresses({ profile }: Member): Promise<readonly string[]> {
    const { formerEmail, formerUntil = '' } = (await this.#parts.records.get(addressChanges, profile.id))?.value ?? {};
    return formerEmail && formerUntil > this.#parts.now().toISOString() ? [formerEmail] : [];
  }
}

function isUnderWay(reassociation: Reassociation, now: Date): boolean {
  const state = reassociationState(reassociation, now);
  return state === 'awaiting-approval' || state === 'invited';
}

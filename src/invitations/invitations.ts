/** Issues, resends, revokes and redeems invitations; each is one step with its mails and its line in the trail. */
import type { Accounts } from '../accounts/accounts.ts';
import { type Account, type Association, associations, shownAccount } from '../accounts/association.ts';
import { type DerivedTokens, tokenHash } from '../accounts/derived-token.ts';
import { type AuditEntry, type By, recordInAudit } from '../audit/audit.ts';
import { accessOf } from '../directory/access.ts';
import { type Directory, type Member, profiles } from '../directory/directory.ts';
import { type MailData, outbox, queueMail, type Tell, type Template } from '../mail/outbox.ts';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import {
  type Invitation,
  type InvitationHead,
  type InvitationState,
  invitationHeads,
  invitationLimits,
  invitations,
  stateOf,
} from './invitation.ts';

export interface InvitationsParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly accounts: Accounts;
  readonly tokens: DerivedTokens;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly newNonce: () => string;
  /** Why a profile gives no access, as a sentence for its owner. */
  readonly whyNoAccess: (member: Member, reason: 'planEnded' | 'profileEnded', since: string) => string;
  /** Adds to the change by which a profile is moved what else follows; resolves with further addresses to tell of it. */
  readonly onMoved: (change: Change, member: Member, by: By) => Promise<readonly string[]>;
}

/** What became of asking for an invitation; a stranger is never told. */
export type Asked =
  | 'done-before'
  | 'invited'
  | 'mailed-again'
  | 'already-linked'
  | 'no-access'
  | 'too-soon'
  | 'too-many'
  | 'unknown';

export type Redeemed =
  | { readonly outcome: 'linked' | 'already-yours'; readonly member: Member }
  /** `same-account`: it is to move to another, and is with this one; the link stays good for the other. */
  | { readonly outcome: 'taken' | 'no-access' | 'same-account'; readonly member: Member }
  | { readonly outcome: 'not-valid'; readonly state: InvitationState | 'unknown' };

export interface FoundInvitation {
  readonly invitation: Stored<Invitation>;
  readonly state: InvitationState;
  readonly member: Member;
  /** What the profile is linked to now. */
  readonly linked?: Stored<Association>;
}

/** How an invitation was asked for. */
export interface Asking {
  readonly purpose: Invitation['purpose'];
  readonly asked: Invitation['asked'];
  readonly by: By;
  /** Shown in the mail where the receiver may know. */
  readonly invitedBy?: string;
  readonly tell: Tell;
  /** Id for the mail, unguessable, where the same asking may be worked off again after a crash: it is mailed once. */
  readonly mail?: string;
  /** Whether the profile's limits hold, the default. Not for what has limits of its own. */
  readonly isPaced?: boolean;
  /** For the trail. */
  readonly details?: AuditEntry['details'];
  /** Why staff send it, as they wrote it: told in the mail, and in the trail. */
  readonly reason?: string;
}

export class Invitations {
  readonly #parts: InvitationsParts;

  constructor(parts: InvitationsParts) {
    this.#parts = parts;
  }

  /** Sends an invitation, or says by mail why there is none. Limits of the profile are silent. */
  async ask(profile: string, asking: Asking): Promise<Asked> {
    const { records, directory } = this.#parts;
    return changing(records, async () => {
      const member = await directory.member(profile);
      if (!member) return { result: 'unknown' as const };
      if (asking.mail && (await records.get(outbox, asking.mail))) return { result: 'done-before' as const };
      // Its address may be another at this moment.
      const change = new Change().unchanged(profiles, member.profile);
      const result = await this.addAsk(change, member, asking);
      return result === 'too-soon' || result === 'too-many' ? { result } : { change, result };
    });
  }

  /**
   * As `ask`, as part of a change. Nothing is added where limits forbid it.
   * @param member - as it is after the change, which is based on what it was
   */
  async addAsk(change: Change, member: Member, asking: Asking): Promise<Exclude<Asked, 'unknown' | 'done-before'>> {
    const { records, accounts, now } = this.#parts;
    const profile = member.profile.id;
    const at = now();
    const head = await records.get(invitationHeads, profile);
    const ofLastDay = (times: readonly string[] = []) =>
      times.filter((time) => Date.parse(time) > at.getTime() - invitationLimits.day);
    const mailedAt = ofLastDay(head?.value.mailedAt);
    const provenAt = ofLastDay(head?.value.provenAt);
    const isProven = asking.asked === 'proven';
    if (asking.isPaced ?? true) {
      // Strangers wait for everybody, who has proof for those with proof only: no stranger can use up what is theirs.
      const counted = isProven ? provenAt : mailedAt;
      if (counted.length >= invitationLimits.mostPerDay) return 'too-many';
      if (Date.parse(counted.at(-1) ?? '') > at.getTime() - invitationLimits.pause) return 'too-soon';
    }
    const generation = (head?.value.generation ?? 0) + 1;
    const time = at.toISOString();
    const nextHead: InvitationHead = {
      generation,
      mailedAt: [...mailedAt, time],
      provenAt: isProven ? [...provenAt, time] : provenAt,
    };
    if (head) change.update(invitationHeads, head, nextHead);
    else change.create(invitationHeads, profile, nextHead);

    const access = accessOf(member.profile.value, member.organisation.value, at);
    if (!access.given) {
      const reason = this.#parts.whyNoAccess(member, access.reason, access.since);
      this.#mail(change, member, 'noAccess', { reason }, asking);
      this.#auditDeclined(change, member, 'no-access', asking);
      return 'no-access';
    }
    const linked = await accounts.association(profile);
    if (linked && asking.purpose === 'associate') {
      change.unchanged(associations, linked);
      this.#mail(change, member, 'alreadyLinked', { account: shownAccount(linked.value.account) }, asking);
      this.#auditDeclined(change, member, 'already-linked', asking);
      return 'already-linked';
    }
    const live = await this.#live(profile);
    const newest = live.at(-1);
    if (asking.asked === 'without-proof' && live.length >= invitationLimits.mostAlive && newest) {
      // Nobody may end another's link, and a fourth would only be one more to guess at: the newest is mailed again.
      this.#mailInvitation(change, member, newest.id, newest.value, asking);
      return 'mailed-again';
    }
    if (isProven) for (const other of live) this.#endOne(change, other, 'superseded');
    this.#issue(change, member, generation, asking);
    return 'invited';
  }

  /** What a link stands for. Looking changes nothing: mail scanners open every link. */
  async find(token: string): Promise<FoundInvitation | undefined> {
    const { records, directory, accounts, now } = this.#parts;
    const hash = tokenHash(token);
    const [invitation] = hash === '' ? [] : await records.find(invitations, 'token', hash);
    if (!invitation) return undefined;
    const { profile } = invitation.value;
    const [member, linked] = await Promise.all([directory.member(profile), accounts.association(profile)]);
    if (!member) return undefined;
    return { invitation, state: stateOf(invitation.value, now()), member, ...(linked && { linked }) };
  }

  /** Links the profile to this account and uses the invitation up, with everything that follows from it, in one step. */
  async redeem(token: string, account: Account, by: By): Promise<Redeemed> {
    const { records, accounts, now } = this.#parts;
    return changing<Redeemed>(records, async () => {
      const found = await this.find(token);
      if (!found) return { result: { outcome: 'not-valid', state: 'unknown' } };
      const { invitation, state, member, linked } = found;
      const isMove = invitation.value.purpose === 'reassociate';
      const isTheirs = linked?.value.account.key === account.key;
      if (isTheirs && state === 'used') return { result: { outcome: 'already-yours', member } };
      if (state !== 'valid') return { result: { outcome: 'not-valid', state } };
      if (!accessOf(member.profile.value, member.organisation.value, now()).given) {
        return { result: { outcome: 'no-access', member } };
      }
      if (isTheirs && isMove) return { result: { outcome: 'same-account', member } };
      if (linked && !isTheirs && !isMove) return { result: { outcome: 'taken', member } };
      const change = new Change().unchanged(profiles, member.profile);
      const at = now().toISOString();
      // Whoever asks for another one at this moment meets this change, and sees the link.
      const [head, live] = await Promise.all([
        records.get(invitationHeads, member.profile.id),
        this.#live(member.profile.id),
      ]);
      if (head) change.update(invitationHeads, head, head.value);
      change.update(invitations, invitation, {
        ...invitation.value,
        ended: 'redeemed',
        endedAt: at,
        account: account.key,
      });
      for (const other of live) if (other.id !== invitation.id) this.#endOne(change, other, 'superseded');
      this.#audit(change, member, 'invitation.redeemed', by, { invitation: invitation.id });
      const alsoTo = isMove ? await this.#parts.onMoved(change, member, by) : [];
      if (linked && isTheirs) {
        return { change: change.unchanged(associations, linked), result: { outcome: 'already-yours', member } };
      }
      accounts.link(change, member, account, linked, by, alsoTo);
      return { change, result: { outcome: 'linked', member } };
    });
  }

  /** Withdraws every live invitation of a profile; how many there were. @param purpose - undefined: of both */
  async revoke(profile: string, by: By, purpose?: Invitation['purpose']): Promise<number> {
    const { records, directory } = this.#parts;
    return changing(records, async () => {
      const member = await directory.member(profile);
      const change = new Change();
      const result = member ? await this.addEnds(change, member, 'revoked', by, purpose) : 0;
      return result > 0 ? { change, result } : { result };
    });
  }

  /** Adds to a change that a profile's live invitations end; how many there are. */
  async addEnds(
    change: Change,
    member: Member,
    ended: 'revoked' | 'superseded',
    by: By,
    purpose?: Invitation['purpose'],
    details?: AuditEntry['details'],
  ): Promise<number> {
    const live = await this.#live(member.profile.id);
    const those = purpose ? live.filter(({ value }) => value.purpose === purpose) : live;
    for (const one of those) {
      this.#endOne(change, one, ended);
      if (ended === 'revoked') {
        const more = { invitation: one.id, ...(details && { details }) };
        this.#audit(change, member, 'invitation.revoked', by, more);
      }
    }
    return those.length;
  }

  /** All that were ever issued for a profile, oldest first. */
  async ofProfile(profile: string): Promise<readonly Stored<Invitation>[]> {
    const found = await this.#parts.records.find(invitations, 'profile', profile);
    return [...found].sort((a, b) => a.value.generation - b.value.generation);
  }

  /** The token that a mail is about to carry; undefined where the invitation is over. */
  async token(id: string): Promise<string | undefined> {
    const { records, tokens, now } = this.#parts;
    const invitation = await records.get(invitations, id);
    if (!invitation || stateOf(invitation.value, now()) !== 'valid') return undefined;
    return tokens.tokenOf({ id, ...invitation.value });
  }

  async #live(profile: string): Promise<readonly Stored<Invitation>[]> {
    const at = this.#parts.now();
    return (await this.ofProfile(profile)).filter(({ value }) => stateOf(value, at) === 'valid');
  }

  #issue(change: Change, member: Member, generation: number, asking: Asking): void {
    const { newId, newNonce, tokens, now } = this.#parts;
    const seed = { id: newId(), generation, nonce: newNonce() };
    const at = now();
    const invitation: Invitation = {
      generation,
      nonce: seed.nonce,
      tokenHash: tokens.hashFor(seed),
      profile: member.profile.id,
      purpose: asking.purpose,
      asked: asking.asked,
      issuedAt: at.toISOString(),
      expiresAt: new Date(at.getTime() + invitationLimits.lifetime).toISOString(),
    };
    change.create(invitations, seed.id, invitation);
    this.#mailInvitation(change, member, seed.id, invitation, asking);
    const { by, reason } = asking;
    const details = { ...asking.details, ...(reason && { reason }) };
    const isSaid = Object.keys(details).length > 0;
    this.#audit(change, member, 'invitation.issued', by, { invitation: seed.id, ...(isSaid && { details }) });
  }

  /** What staff did stands in the trail, also where the mail only says why there is no invitation. */
  #auditDeclined(change: Change, member: Member, why: 'no-access' | 'already-linked', { by, reason }: Asking): void {
    if (reason) this.#audit(change, member, 'invitation.declined', by, { details: { reason, why } });
  }

  #endOne(change: Change, seen: Stored<Invitation>, ended: 'revoked' | 'superseded'): void {
    change.update(invitations, seen, { ...seen.value, ended, endedAt: this.#parts.now().toISOString() });
  }

  #mailInvitation(change: Change, member: Member, id: string, invitation: Invitation, asking: Asking): void {
    const { invitedBy } = asking;
    const { purpose, expiresAt: expires } = invitation;
    this.#mail(
      change,
      member,
      'invitation',
      { invitation: id, expires, purpose, ...(invitedBy && { invitedBy }) },
      asking,
    );
  }

  #mail<Name extends Template>(
    change: Change,
    { profile, organisation }: Member,
    template: Name,
    data: Omit<MailData[Name], 'company' | 'portal' | 'person' | 'staffReason'>,
    { tell, mail, reason: staffReason }: Asking,
  ): void {
    const { newId, now } = this.#parts;
    const { name: company, portal } = organisation.value;
    queueMail<Name>(change, mail ?? newId(), {
      template,
      data: {
        company,
        portal,
        person: profile.value.name,
        ...(staffReason && { staffReason }),
        ...data,
      } as unknown as MailData[Name],
      to: profile.value.email,
      at: now().toISOString(),
      tell,
      about: profile.id,
    });
  }

  #audit(
    change: Change,
    member: Member,
    action: AuditEntry['action'],
    by: By,
    more: Pick<AuditEntry, 'invitation' | 'details'>,
  ): void {
    const { newId, now } = this.#parts;
    const { profile, organisation } = member;
    const entry = {
      ...by,
      at: now().toISOString(),
      action,
      profile: profile.id,
      organisation: organisation.id,
      ...more,
    };
    recordInAudit(change, newId(), entry);
  }
}

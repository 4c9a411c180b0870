/**
 * What an administrator sees and does about the people of the organisation. Each verb checks against the store that
 * the proof reaches the administrator's profile, that it is one, has access, and that the other is of the same organisation;
 * verbs that change something hold only while that is so.
 */
import type { Accounts } from '../accounts/accounts.ts';
import { associations } from '../accounts/association.ts';
import { type AuditEntry, type By, recordInAudit } from '../audit/audit.ts';
import type { AddressChanges } from '../changes/address-changes.ts';
import { asAdministrator } from '../changes/profile-history.ts';
import type { Reassociations } from '../changes/reassociations.ts';
import { accessOf } from '../directory/access.ts';
import {
  claimOrganisation,
  type Directory,
  type Member,
  type Profile,
  profiles,
  type Role,
} from '../directory/directory.ts';
import { readPersonName } from '../directory/person-name.ts';
import type { Asking, Invitations } from '../invitations/invitations.ts';
import type { Limits } from '../limits/limits.ts';
import { readEmailAddress } from '../mail/email-address.ts';
import { type MailData, queueMail } from '../mail/outbox.ts';
import { type Asker, byOf } from '../proofs/proof.ts';
import type { Reach } from '../proofs/reach.ts';
import { Change, changing, type Records } from '../records/records.ts';
import { type ColleaguePage, type InvitedRow, type InviteRow, mostInvited, restorableFor } from './colleague.ts';
import { type ListedPeople, listColleagues } from './list-colleagues.ts';

export interface ColleaguesParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly accounts: Accounts;
  readonly invitations: Invitations;
  readonly reassociations: Reassociations;
  readonly addressChanges: AddressChanges;
  readonly reach: Reach;
  readonly limits: Pick<Limits, 'takeAll'>;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Who acts, as which of their profiles. */
export interface Administrator {
  readonly profile: string;
  readonly asker: Asker;
}

/** Another organisation's ids are as unknown as those that never were. */
export type Refused = { readonly outcome: 'not-allowed' | 'unknown' };

const notAllowed = { outcome: 'not-allowed' } as const;
const unknown = { outcome: 'unknown' } as const;

export class Colleagues {
  readonly #parts: ColleaguesParts;

  constructor(parts: ColleaguesParts) {
    this.#parts = parts;
  }

  /** By name, page by page: everybody, or those that `of` asks for. */
  async list(by: Administrator, of: ListedPeople): Promise<ColleaguePage | Refused> {
    const { records, accounts, invitations, now } = this.#parts;
    const you = await this.#administrator(by);
    return you ? listColleagues(you, of, { records, accounts, invitations, now }) : notAllowed;
  }

  /** Invites up to 20; each row for itself, in the order of the list. */
  async invite(
    by: Administrator,
    rows: readonly InviteRow[],
  ): Promise<readonly InvitedRow[] | Refused | { readonly outcome: 'too-long' }> {
    const administrator = await this.#administrator(by);
    if (!administrator) return notAllowed;
    if (rows.length > mostInvited) return { outcome: 'too-long' };
    const addresses = new Set<string>();
    const invited: InvitedRow[] = [];
    for (const row of rows) {
      const { ok: address, problem } = readEmailAddress(row.email);
      const known = address && row.name === '' ? await this.#nameAt(administrator, address.canonical) : undefined;
      const name = readPersonName(known ?? row.name);
      if (!address) invited.push({ ...row, outcome: 'wrong-address', problem });
      else if (addresses.has(address.canonical)) invited.push({ ...row, outcome: 'same-twice' });
      else if (name.ok === undefined) invited.push({ ...row, outcome: 'wrong-name', problem: name.problem });
      else {
        addresses.add(address.canonical);
        invited.push({ ...row, ...(await this.#inviteOne(by, name.ok, address.written, address.canonical)) });
      }
    }
    return invited;
  }

  async resend(
    by: Administrator,
    profile: string,
  ): Promise<
    | { readonly outcome: 'invited' | 'already-there' | 'ended' | 'too-soon' }
    | { readonly outcome: 'limit'; readonly retryAfter: number }
    | Refused
  > {
    const { accounts, limits } = this.#parts;
    const [you, member] = await this.#both(by, profile);
    if (!you) return notAllowed;
    if (!member) return unknown;
    if (this.#hasEnded(member)) return { outcome: 'ended' };
    if (await accounts.association(profile)) return { outcome: 'already-there' };
    const retryAfter = await limits.takeAll([['invite', by.profile]]);
    if (retryAfter !== undefined) return { outcome: 'limit', retryAfter };
    return this.#changing<'invited' | 'already-there' | 'too-soon'>(by, profile, 'invited', async (change, ...both) => {
      const asked = await this.#invite(change, ...both, by);
      if (asked === 'already-linked') return 'already-there';
      return asked === 'invited' || asked === 'mailed-again' ? 'invited' : 'too-soon';
    });
  }

  /** Withdraws live invitations to link; `nothing` where there are none. */
  async revoke(by: Administrator, profile: string): Promise<{ readonly outcome: 'revoked' | 'nothing' } | Refused> {
    return this.#changing<'revoked' | 'nothing'>(by, profile, 'revoked', async (change, _you, member) => {
      const count = await this.#parts.invitations.addEnds(
        change,
        member,
        'revoked',
        byOf(by.asker),
        'associate',
        asAdministrator,
      );
      return count > 0 ? 'revoked' : 'nothing';
    });
  }

  /** `last-administrator`: nobody would be left to do this. */
  async changeRole(
    by: Administrator,
    profile: string,
    role: Role,
  ): Promise<{ readonly outcome: 'changed' | 'same' | 'ended' | 'last-administrator' } | Refused> {
    return this.#changing<'changed' | 'same' | 'ended' | 'last-administrator'>(
      by,
      profile,
      'changed',
      async (change, you, member) => {
        const before = member.profile.value.role;
        if (this.#hasEnded(member)) return 'ended';
        if (before === role) return 'same';
        if (role === 'member' && !(await this.#hasAnotherAdministrator(member))) return 'last-administrator';
        change.update(profiles, member.profile, { ...member.profile.value, role });
        this.#audit(change, member, 'role.changed', byOf(by.asker), { before, after: role });
        this.#tell(change, you, member, role);
        return 'changed';
      },
    );
  }

  /** Unlinks, withdraws, and tells the person. `yourself`: another administrator has to do that. */
  async endAccess(
    by: Administrator,
    profile: string,
  ): Promise<{ readonly outcome: 'ended' | 'ended-before' | 'yourself' } | Refused> {
    const { accounts, invitations, reassociations, addressChanges, now } = this.#parts;
    return this.#changing<'ended' | 'ended-before' | 'yourself'>(by, profile, 'ended', async (change, you, member) => {
      if (profile === by.profile) return 'yourself';
      if (member.profile.value.endedAt !== undefined) return 'ended-before';
      const acts = byOf(by.asker);
      const endedAt = now().toISOString();
      change.update(profiles, member.profile, { ...member.profile.value, endedAt });
      const linked = await accounts.association(profile);
      if (linked) accounts.addEnd(change, member, linked, acts, asAdministrator, endedAt);
      else change.absent(associations, profile);
      await reassociations.addCancel(change, member, acts, asAdministrator);
      await addressChanges.addCancel(change, member, acts, asAdministrator);
      await invitations.addEnds(change, member, 'revoked', acts, 'associate', asAdministrator);
      this.#audit(change, member, 'access.ended', acts);
      this.#tell(change, you, member, 'ended');
      return 'ended';
    });
  }

  /** Within seven days, linked as before. */
  async restore(
    by: Administrator,
    profile: string,
  ): Promise<{ readonly outcome: 'restored' | 'not-ended' | 'too-late' } | Refused> {
    const { accounts, now } = this.#parts;
    return this.#changing<'restored' | 'not-ended' | 'too-late'>(
      by,
      profile,
      'restored',
      async (change, you, member) => {
        const { endedAt, ...value } = member.profile.value;
        if (endedAt === undefined) return 'not-ended';
        if (Date.parse(endedAt) <= now().getTime() - restorableFor) return 'too-late';
        const acts = byOf(by.asker);
        change.update(profiles, member.profile, value);
        const past = await accounts.endedAt(profile, endedAt);
        if (past && !(await accounts.association(profile)))
          accounts.addAgain(change, member, past, acts, asAdministrator);
        this.#audit(change, member, 'access.restored', acts);
        this.#tell(change, you, member, 'restored');
        return 'restored';
      },
    );
  }

  /** What somebody is called who has a profile here already: nobody has to type it. */
  async #nameAt({ organisation }: Member, address: string): Promise<string | undefined> {
    const there = await this.#parts.records.find(profiles, 'address', address);
    return there.find(({ value }) => value.organisation === organisation.id)?.value.name;
  }

  async #inviteOne(
    by: Administrator,
    name: string,
    email: string,
    address: string,
  ): Promise<Pick<InvitedRow, 'outcome' | 'profile' | 'retryAfter'>> {
    const { records, accounts, limits, newId } = this.#parts;
    const at = async () => {
      const you = await this.#administrator(by);
      const there = await records.find(profiles, 'address', address);
      return { you, seen: there.find(({ value }) => value.organisation === you?.organisation.id) };
    };
    /** Why there is nothing to send; each mail that may go out counts, so this is asked first. */
    const declined = async ({ you, seen }: Awaited<ReturnType<typeof at>>) => {
      if (!you || !seen) return undefined;
      if (this.#hasEnded({ ...you, profile: seen })) return { outcome: 'ended', profile: seen.id } as const;
      const isLinked = (await accounts.association(seen.id)) !== undefined;
      return isLinked ? ({ outcome: 'already-there', profile: seen.id } as const) : undefined;
    };
    const before = await declined(await at());
    if (before) return before;
    const retryAfter = await limits.takeAll([['invite', by.profile]]);
    if (retryAfter !== undefined) return { outcome: 'limit', retryAfter };
    return changing<Pick<InvitedRow, 'outcome' | 'profile'>>(records, async () => {
      const found = await at();
      const { you, seen } = found;
      // They were an administrator when the list began; a moment later they are not, and nothing goes out in their name.
      if (!you) return { result: { outcome: 'not-allowed' } };
      const nothing = await declined(found);
      if (nothing) return { result: nothing };
      const change = new Change();
      const isOneself = seen?.id === you.profile.id;
      if (!isOneself) change.unchanged(profiles, you.profile);
      const value: Profile = { organisation: you.organisation.id, name, email, address, role: 'member' };
      const profile = seen ?? { id: newId(), version: 1, value };
      const member: Member = { profile, organisation: you.organisation };
      if (seen) change.unchanged(profiles, seen);
      else {
        change.create(profiles, profile.id, value);
        claimOrganisation(change, you.organisation);
        this.#audit(change, member, 'profile.added', byOf(by.asker));
      }
      const asked = await this.#invite(change, you, member, by);
      if (asked === 'invited' || asked === 'mailed-again')
        return { change, result: { outcome: seen ? 'invited-again' : 'invited', profile: profile.id } };
      return { result: { outcome: 'too-soon', profile: profile.id } };
    });
  }

  #invite(change: Change, you: Member, member: Member, { asker }: Administrator) {
    const asking: Asking = {
      purpose: 'associate',
      asked: 'proven',
      by: byOf(asker),
      invitedBy: you.profile.value.name,
      tell: asker.proof.level === 'sign-in' ? { account: asker.proof.account } : 'staff',
      details: asAdministrator,
    };
    return this.#parts.invitations.addAsk(change, member, asking);
  }

  /**
   * One step about one colleague, which holds only while the one who acts may, and while nobody else changes who is an
   * administrator here: of two at once the second sees the first.
   * @param done - the outcome with which it is written
   */
  async #changing<Outcome extends string>(
    by: Administrator,
    profile: string,
    done: Outcome,
    act: (change: Change, you: Member, member: Member) => Promise<Outcome>,
  ): Promise<{ readonly outcome: Outcome } | Refused> {
    return changing<{ readonly outcome: Outcome } | Refused>(this.#parts.records, async () => {
      const [you, member] = await this.#both(by, profile);
      if (!you) return { result: notAllowed };
      if (!member) return { result: unknown };
      const change = claimOrganisation(new Change(), you.organisation);
      change.unchanged(profiles, you.profile).unchanged(profiles, member.profile);
      const outcome = await act(change, you, member);
      return outcome === done ? { change, result: { outcome } } : { result: { outcome } };
    });
  }

  /** The one who acts, where they may; and the other, where they are of the same organisation. */
  async #both(by: Administrator, profile: string): Promise<[Member | undefined, Member | undefined]> {
    const you = await this.#administrator(by);
    const member = you && (await this.#parts.directory.member(profile));
    return [you, member?.organisation.id === you?.organisation.id ? member : undefined];
  }

  async #administrator({ profile, asker }: Administrator): Promise<Member | undefined> {
    const { reach, directory, now } = this.#parts;
    if ((await reach.judge('invite-colleague', asker.proof, profile)) !== 'enough') return undefined;
    const member = await directory.member(profile);
    const isOne = member?.profile.value.role === 'administrator';
    return isOne && accessOf(member.profile.value, member.organisation.value, now()).given ? member : undefined;
  }

  async #hasAnotherAdministrator({ profile, organisation }: Member): Promise<boolean> {
    const people = await this.#parts.records.find(profiles, 'organisation', organisation.id);
    return people.some(
      (one) =>
        one.id !== profile.id && one.value.role === 'administrator' && !this.#hasEnded({ organisation, profile: one }),
    );
  }

  #hasEnded({ profile }: Member): boolean {
    const { endedAt } = profile.value;
    return endedAt !== undefined && Date.parse(endedAt) <= this.#parts.now().getTime();
  }

  /** To the one whose access it is. */
  #tell(change: Change, you: Member, { profile, organisation }: Member, what: MailData['accessChanged']['what']): void {
    queueMail(change, this.#parts.newId(), {
      template: 'accessChanged',
      data: {
        company: organisation.value.name,
        portal: organisation.value.portal,
        person: profile.value.name,
        what,
        changedBy: you.profile.value.name,
      },
      to: profile.value.email,
      at: this.#parts.now().toISOString(),
      tell: 'staff',
      about: profile.id,
    });
  }

  #audit(
    change: Change,
    { profile, organisation }: Member,
    action: AuditEntry['action'],
    by: By,
    details?: Readonly<Record<string, string>>,
  ): void {
    const { newId, now } = this.#parts;
    recordInAudit(change, newId(), {
      ...by,
      at: now().toISOString(),
      action,
      profile: profile.id,
      organisation: organisation.id,
      details: { ...asAdministrator, ...details },
    });
  }
}

/** What staff do to a profile on somebody's behalf, each with a reason: it is told to the profile's address and stands in the trail. */
import type { Accounts } from '../accounts/accounts.ts';
import type { By } from '../audit/audit.ts';
import { type Directory, type Member, profiles } from '../directory/directory.ts';
import type { Asked, Invitations } from '../invitations/invitations.ts';
import { type MailData, queueMail } from '../mail/outbox.ts';
import { Change, changing, type Records } from '../records/records.ts';
import type { Reassociations } from './reassociations.ts';

export interface ActsOfStaffParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly accounts: Pick<Accounts, 'association' | 'addEnd'>;
  readonly invitations: Pick<Invitations, 'ask' | 'addEnds'>;
  readonly reassociations: Pick<Reassociations, 'pendingOf' | 'addCancel' | 'formerAddresses'>;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Who of staff, and why. */
export interface Act {
  readonly by: By;
  readonly reason: string;
}

export class ActsOfStaff {
  readonly #parts: ActsOfStaffParts;

  constructor(parts: ActsOfStaffParts) {
    this.#parts = parts;
  }

  /**
   * Sends the invitation that the profile can use now. Limits do not hold: a person decided.
   * @param mail - id of the mail, unguessable and the same where this is repeated: it is sent once
   */
  async resend(profile: string, mail: string, { by, reason }: Act): Promise<Asked> {
    const { invitations, reassociations } = this.#parts;
    const moving = (await reassociations.pendingOf(profile))?.value.state === 'invited';
    const purpose = moving ? 'reassociate' : 'associate';
    return invitations.ask(profile, {
      purpose,
      asked: 'proven',
      by,
      tell: 'staff',
      mail,
      isPaced: false,
      reason,
    });
  }

  /** Withdraws every invitation that could still be used, and the move that one of them was for; whether there was any. */
  revoke(profile: string, { by, reason }: Act): Promise<boolean> {
    return this.#change(profile, async (change, member) => {
      const details = { reason };
      const isMoving = await this.#parts.reassociations.addCancel(change, member, by, details);
      const purpose = isMoving ? 'associate' : undefined;
      const ended = await this.#parts.invitations.addEnds(change, member, 'revoked', by, purpose, details);
      if (ended === 0 && !isMoving) return false;
      this.#tell(change, member, { what: isMoving ? 'moveRevoked' : 'revoked', reason });
      return true;
    });
  }

  /**
   * Ends the link to the account; whether there was one. The notice takes nothing back: a mailbox, which is all that
   * an undo proves, must not overrule what a person decided, nor may an older notice reach past it. A new invitation does.
   */
  end(profile: string, { by, reason }: Act): Promise<boolean> {
    return this.#change(profile, async (change, member) => {
      const linked = await this.#parts.accounts.association(profile);
      if (!linked) return false;
      this.#parts.accounts.addEnd(change, member, linked, by, { reason });
      // Whoever took over the address must not be alone in hearing of it.
      const alsoTo = await this.#parts.reassociations.formerAddresses(member);
      this.#tell(change, member, { what: 'ended', reason }, alsoTo);
      return true;
    });
  }

  #change(profile: string, add: (change: Change, member: Member) => Promise<boolean>): Promise<boolean> {
    const { records, directory } = this.#parts;
    return changing(records, async () => {
      const member = await directory.member(profile);
      if (!member) return { result: false };
      const change = new Change().unchanged(profiles, member.profile);
      return (await add(change, member)) ? { change, result: true } : { result: false };
    });
  }

  #tell(
    change: Change,
    { profile, organisation }: Member,
    told: Pick<MailData['byStaff'], 'what' | 'reason'>,
    alsoTo: readonly string[] = [],
  ): void {
    const { now, newId } = this.#parts;
    const { name: company, portal } = organisation.value;
    for (const to of [profile.value.email, ...alsoTo]) {
      queueMail(change, newId(), {
        template: 'byStaff',
        data: { company, portal, person: profile.value.name, ...told },
        to,
        at: now().toISOString(),
        tell: 'staff',
        about: profile.id,
      });
    }
  }
}

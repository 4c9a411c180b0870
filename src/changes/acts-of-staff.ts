/** What staff do to a profile on somebody's behalf, each with a reason: it is told to the profile's address and stands in the trail. */
import type { Accounts } from '../accounts/accounts.ts';
import type { By } from '../audit/audit.ts';
import { type Directory, type Member, profiles } from '../directory/directory.ts';
import type { Invitations } from '../invitations/invitations.ts';
import { type MailData, queueMail } from '../mail/outbox.ts';
import { addDone, findDone } from '../records/done-once.ts';
import { Change, changing, type Records } from '../records/records.ts';
import type { Reassociations } from './reassociations.ts';

export interface ActsOfStaffParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly accounts: Pick<Accounts, 'association' | 'addEnd'>;
  readonly invitations: Pick<Invitations, 'addAsk' | 'addEnds'>;
  readonly reassociations: Pick<Reassociations, 'pendingOf' | 'addCancel' | 'formerAddresses'>;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Who of staff, and why. */
export interface Act {
  readonly by: By;
  readonly reason: string;
  /** Of the form that asks for it: the same key acts once, and gets the same answer again. */
  readonly key: string;
}

/** `unknown`: there is no such profile. */
type Sent = Awaited<ReturnType<Invitations['addAsk']>> | 'unknown';

export class ActsOfStaff {
  readonly #parts: ActsOfStaffParts;

  constructor(parts: ActsOfStaffParts) {
    this.#parts = parts;
  }

  /** Sends the invitation that the profile can use now. Limits do not hold: a person decided. */
  resend(profile: string, act: Act): Promise<Sent> {
    const { invitations, reassociations } = this.#parts;
    const { by, reason } = act;
    return this.#change<Sent>(profile, act, 'unknown', async (change, member) => {
      const moving = (await reassociations.pendingOf(profile))?.value.state === 'invited';
      const purpose = moving ? 'reassociate' : 'associate';
      const asking = { purpose, asked: 'proven', by, tell: 'staff', isPaced: false, reason } as const;
      return invitations.addAsk(change, member, asking);
    });
  }

  /** Withdraws every invitation that could still be used, and the move that one of them was for; `nothing`: there was none. */
  revoke(profile: string, act: Act): Promise<'done' | 'nothing'> {
    const { by, reason } = act;
    return this.#change(profile, act, 'nothing', async (change, member) => {
      const details = { reason };
      const isMoving = await this.#parts.reassociations.addCancel(change, member, by, details);
      const purpose = isMoving ? 'associate' : undefined;
      const ended = await this.#parts.invitations.addEnds(change, member, 'revoked', by, purpose, details);
      if (ended === 0 && !isMoving) return undefined;
      this.#tell(change, member, { what: isMoving ? 'moveRevoked' : 'revoked', reason });
      return 'done';
    });
  }

  /**
   * Ends the link to the account; `nothing`: there was none. The notice takes nothing back: a mailbox, which is all that
   * an undo proves, must not overrule what a person decided, nor may an older notice reach past it. A new invitation does.
   */
  end(profile: string, act: Act): Promise<'done' | 'nothing'> {
    const { by, reason } = act;
    return this.#change(profile, act, 'nothing', async (change, member) => {
      const linked = await this.#parts.accounts.association(profile);
      if (!linked) return undefined;
      this.#parts.accounts.addEnd(change, member, linked, by, { reason });
      // Whoever took over the address must not be alone in hearing of it.
      const alsoTo = await this.#parts.reassociations.formerAddresses(member);
      this.#tell(change, member, { what: 'ended', reason }, alsoTo);
      return 'done';
    });
  }

  /** @param none - what it comes to where there is no such profile, or nothing to do */
  #change<Outcome extends string>(
    profile: string,
    { key }: Act,
    none: Outcome,
    add: (change: Change, member: Member) => Promise<Outcome | undefined>,
  ): Promise<Outcome> {
    const { records, directory, now } = this.#parts;
    return changing(records, async () => {
      const before = await findDone(records, key);
      if (before) return { result: before.value.outcome as Outcome };
      const member = await directory.member(profile);
      if (!member) return { result: none };
      const change = new Change().unchanged(profiles, member.profile);
      const outcome = await add(change, member);
      if (outcome === undefined) return { result: none };
      return { change: addDone(change, key, outcome, now()), result: outcome };
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

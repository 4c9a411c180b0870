/** What requests of both kinds - another account, another address - have in common: who decides, who may cancel, who is told. */
import { type AuditEntry, type By, recordInAudit } from '../audit/audit.ts';
import type { Directory, Member } from '../directory/directory.ts';
import { type MailData, queueMail } from '../mail/outbox.ts';
import type { Action } from '../proofs/levels.ts';
import { type Asker, byOf } from '../proofs/proof.ts';
import type { Reach } from '../proofs/reach.ts';
import { Change, changing, type Records, type RecordType } from '../records/records.ts';
import type { Decision } from './decision.ts';

/** What became of a decision; `gone`: it was decided, cancelled or over before. */
export type Decided = 'done' | 'gone' | 'no-access';

export interface Awaiting<Request> {
  readonly member: Member;
  readonly request: Request;
}

/** What staff know of a request that waits for them; ISO 8601, UTC. */
export interface Looked {
  /** When somebody first saw it. */
  readonly seenAt?: string;
  /** When staff were told by mail that nobody had. */
  readonly alertedAt?: string;
}

/** Whether nobody looked at it and nobody was told: the key of an index. */
export function alertKeys({ state, seenAt, alertedAt }: Looked & { readonly state: string }): readonly string[] {
  return state === 'awaiting-approval' && !seenAt && !alertedAt ? ['due'] : [];
}

/** What waits for staff, oldest first. */
export async function awaitingApproval<Request extends { readonly profile: string; readonly requestedAt: string }>(
  type: RecordType<Request>,
  isUnderWay: (request: Request) => boolean,
  { records, directory }: { readonly records: Records; readonly directory: Directory },
): Promise<readonly Awaiting<Request>[]> {
  const found = await records.find(type, 'state', 'awaiting-approval');
  const waiting = await Promise.all(
    found
      .filter(({ value }) => isUnderWay(value))
      .map(async ({ value }) => {
        const member = await directory.member(value.profile);
        return member && { member, request: value };
      }),
  );
  return waiting
    .filter((one) => one !== undefined)
    .sort((one, other) => (one.request.requestedAt < other.request.requestedAt ? -1 : 1));
}

/** Whoever's proof reaches the profile may cancel, and staff. */
export type Canceller = Asker | { readonly staff: By };

/** Seven days, in ms: how long a request waits. */
export const requestLasts = 7 * 24 * 60 * 60 * 1000;

interface Parts {
  readonly now: () => Date;
  readonly newId: () => string;
}

export type Cancelled = 'cancelled' | 'gone' | 'not-allowed';

export interface CancelParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly reach: Reach;
  /** What is cancelled. */
  readonly action: Action;
  /** Adds to a change that what is under way is cancelled; false where nothing is. */
  readonly addCancel: (change: Change, member: Member, by: By) => Promise<boolean>;
}

/** Cancels what is under way for a profile, for who may do that. */
export async function cancelPending(profile: string, canceller: Canceller, parts: CancelParts): Promise<Cancelled> {
  const { records, directory, reach, action, addCancel } = parts;
  const by = await cancellerOf(canceller, action, profile, reach);
  if (!by) return 'not-allowed';
  return changing<Cancelled>(records, async () => {
    const member = await directory.member(profile);
    const change = new Change();
    const isThere = member && (await addCancel(change, member, by));
    return isThere ? { change, result: 'cancelled' } : { result: 'gone' };
  });
}

/** Who cancels, for the trail; undefined where they may not. */
async function cancellerOf(
  canceller: Canceller,
  action: Action,
  profile: string,
  reach: Reach,
): Promise<By | undefined> {
  if ('staff' in canceller) return canceller.staff;
  const judgement = await reach.judge(action, canceller.proof, profile);
  return judgement === 'not-enough' ? undefined : byOf(canceller);
}

interface Decidable {
  readonly request: string;
  readonly state: string;
  readonly decision?: Decision;
}

/** Whether this is what was decided of it, by the same person for the same reason: the form was sent again. */
export function isDecided(
  { request, state, decision }: Decidable,
  wanted: { readonly request: string; readonly by: string; readonly reason: string; readonly isRefusal: boolean },
): boolean {
  const isThat = request === wanted.request && (state === 'refused') === wanted.isRefusal;
  return isThat && decision?.by === wanted.by && decision.reason === wanted.reason;
}

export function auditChange(
  change: Change,
  { profile, organisation }: Member,
  action: AuditEntry['action'],
  by: By,
  { now, newId }: Parts,
  details?: Readonly<Record<string, string>>,
): void {
  recordInAudit(change, newId(), {
    ...by,
    at: now().toISOString(),
    action,
    profile: profile.id,
    organisation: organisation.id,
    ...(details && { details }),
  });
}

/** Tells the profile what staff decided, and why. */
export function tellDecision(
  change: Change,
  { profile, organisation }: Member,
  decision: Pick<MailData['decided'], 'what' | 'decision' | 'reason'>,
  { now, newId }: Parts,
): void {
  queueMail(change, newId(), {
    template: 'decided',
    data: {
      company: organisation.value.name,
      portal: organisation.value.portal,
      person: profile.value.name,
      ...decision,
    },
    to: profile.value.email,
    at: now().toISOString(),
    tell: 'staff',
    about: profile.id,
  });
}

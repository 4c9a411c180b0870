/** What has been proven where: kept for 15 minutes, for its holder only. */
import { createHash } from 'node:crypto';
import { recordInAudit } from '../audit/audit.ts';
import type { Member, TeamsIdentity } from '../directory/directory.ts';
import { Change, type Records, type RecordType } from '../records/records.ts';
import { byOf, type Holder, isLive, type KeptProof, type Proof, proofRecords } from './proof.ts';

export interface ProofsParts {
  readonly records: Records;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** A proof without its time: what is to be kept. */
export type Proven =
  | { readonly level: 'mailbox'; readonly address: string }
  | { readonly level: 'sign-in'; readonly account: string; readonly session?: string }
  | { readonly level: 'teams'; readonly teams: TeamsIdentity };

export class Proofs {
  readonly #parts: ProofsParts;

  constructor(parts: ProofsParts) {
    this.#parts = parts;
  }

  /** The strongest proof of this holder that has not run out, the newest of those; undefined where there is none. */
  async of(holder: Holder): Promise<Proof | undefined> {
    return (await this.all(holder))[0];
  }

  /** Every proof of this holder that has not run out, strongest first. */
  async all(holder: Holder): Promise<readonly Proof[]> {
    const { records, now } = this.#parts;
    const found = await records.find(proofRecords, 'holder', hashOf(holder.id));
    const strength = ({ level }: Proof) => (level === 'mailbox' ? 0 : 1);
    return found
      .map(({ value }) => proofOf(value))
      .filter((proof) => isLive(proof, now()))
      .sort((one, other) => strength(other) - strength(one) || (one.verifiedAt < other.verifiedAt ? 1 : -1));
  }

  /**
   * Keeps what was proven elsewhere: a sign-in that a page knows, the identity of an authenticated Teams activity.
   * @param at - when it was proven; undefined: now
   */
  async keep(holder: Holder, proven: Proven, at?: Date): Promise<Proof> {
    const change = new Change();
    const proof = this.add(change, holder, proven, [], at);
    await this.#parts.records.commit(change);
    return proof;
  }

  /**
   * Adds to the change that proves it, and to the trail.
   * @param members - whom it is about, where the proof itself does not name them
   */
  add(
    change: Change,
    holder: Holder,
    proven: Proven,
    members: readonly Member[] = [],
    at: Date = this.#parts.now(),
  ): Proof {
    const { id, person } = holder;
    const verifiedAt = at.toISOString();
    const { level } = proven;
    const named = proven.level === 'teams' ? proven.teams : { ...proven };
    const kept: KeptProof = { ...named, holder: hashOf(id), person, level, verifiedAt };
    change.create(proofRecords, this.#parts.newId(), kept);
    const proof = proofOf(kept);
    const row = {
      ...byOf({ holder, proof }),
      at: this.#parts.now().toISOString(),
      action: 'proof.verified',
      ...(proof.level === 'sign-in' && { details: { in: person } }),
    } as const;
    for (const about of members.length > 0 ? members.map(aboutOf) : [{}])
      recordInAudit(change, this.#parts.newId(), { ...row, ...about });
    return proof;
  }

  /** Ends every proof of this holder, as when somebody says that they are done. */
  async end(holder: Holder): Promise<void> {
    const { records } = this.#parts;
    for (const proof of await records.find(proofRecords, 'holder', hashOf(holder.id)))
      await records.commit(new Change().delete(proofRecords, proof));
  }

  /** Adds to a change that a session is signed out that what it lent to chats ends too. */
  async addEndOfSession(change: Change, session: string): Promise<void> {
    for (const proof of await this.#parts.records.find(proofRecords, 'session', session))
      change.delete(proofRecords, proof);
  }
}

function aboutOf({ profile, organisation }: Member) {
  return { profile: profile.id, organisation: organisation.id };
}

function proofOf({ level, verifiedAt, address = '', account = '', session, ...teams }: KeptProof): Proof {
  const { tenant = '', objectId = '' } = teams;
  if (level === 'mailbox') return { level, verifiedAt, address };
  if (level === 'sign-in') return { level, verifiedAt, account, ...(session && { session }) };
  return { level, verifiedAt, teams: { tenant, objectId } };
}

/** Under which what belongs to a holder is kept, so that the store tells nobody's conversation. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Removes documents whose time is over. @param timeOf - ISO 8601, UTC: over from then on */
export async function removeOver<T extends object>(
  records: Records,
  type: RecordType<T>,
  timeOf: (value: T) => string,
  now: Date,
): Promise<number> {
  let removed = 0;
  for await (const seen of records.all(type)) {
    const isOver = timeOf(seen.value) <= now.toISOString();
    if (isOver && (await records.commit(new Change().delete(type, seen)))) removed += 1;
  }
  return removed;
}

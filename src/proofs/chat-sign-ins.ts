/**
 * Signing in for a chat. The chat gets a link; whoever opens it and signs in is shown a number; the sign-in counts once that
 * number is given in the chat that asked. So a link that is passed on to somebody else proves nothing.
 */
import { type AuditEntry, type By, recordInAudit } from '../audit/audit.ts';
import type { Limits } from '../limits/limits.ts';
import { Change, changing, type Records, type RecordType } from '../records/records.ts';
import { type Challenge, challengeLasts, mostTries, type Tried, tryDigits } from './challenge.ts';
import type { DerivedDigits } from './derived-digits.ts';
import type { Action } from './levels.ts';
import { byStranger, type Holder, type Proof } from './proof.ts';
import { hashOf, type Proofs } from './proofs.ts';

/** The newest one of a holder. The id is the link's. */
export interface ChatSignIn extends Challenge {
  readonly action: Action;
  /** Who signed in by the link; undefined: nobody yet. */
  readonly account?: string;
  /** Id of the session they signed in with. */
  readonly session?: string;
}

export const chatSignIns: RecordType<ChatSignIn> = { name: 'chat-sign-ins', indexes: { id: ({ id }) => [id] } };

export interface ChatSignInsParts {
  readonly records: Records;
  readonly proofs: Proofs;
  readonly limits: Pick<Limits, 'takeAll'>;
  /** Of six. */
  readonly digits: DerivedDigits;
  readonly now: () => Date;
  /** Sorts by time. */
  readonly newId: () => string;
  /** Random, 128 bits or more: ids of links, and what numbers are made of. */
  readonly newNonce: () => string;
}

export interface ChatSignInFound {
  /** Whose chat it is, as the trail names it, for the page to name the channel. */
  readonly person: string;
  /** What the chat asks it for, for the page to name. */
  readonly action: Action;
  readonly state: 'open' | 'offered';
  /** ISO 8601, UTC. */
  readonly until: string;
}

export type Offered =
  | {
      readonly outcome: 'offered';
      /** Six digits. */
      readonly number: string;
      readonly until: string;
      readonly action: Action;
      readonly person: string;
    }
  | { readonly outcome: 'over' };

export type NumberChecked =
  /** `none`: nothing was asked for here, or it is done. */
  | Tried<Proof>
  /** Nobody has signed in by the link yet. */
  | { readonly outcome: 'not-offered' };

export type SignInRequested =
  | { readonly outcome: 'requested' /** Of /sign-in/chat/:id. */; readonly id: string; readonly until: string }
  | { readonly outcome: 'too-many'; readonly retryAfter: number };

export class ChatSignIns {
  readonly #parts: ChatSignInsParts;

  constructor(parts: ChatSignInsParts) {
    this.#parts = parts;
  }

  /** Begins one, which replaces the one before of this holder. */
  async request(holder: Holder, action: Action): Promise<SignInRequested> {
    const { records, limits, digits, newNonce } = this.#parts;
    const retryAfter = await limits.takeAll([['chatSignIn', holder.person]]);
    if (retryAfter !== undefined) return { outcome: 'too-many', retryAfter };
    const document = hashOf(holder.id);
    return changing(records, async () => {
      const seen = await records.get(chatSignIns, document);
      const value: ChatSignIn = {
        id: newNonce(),
        generation: 1,
        nonce: newNonce(),
        key: digits.key,
        person: holder.person,
        action,
        tries: 0,
        until: this.#until(),
      };
      const change = seen
        ? new Change().update(chatSignIns, seen, value)
        : new Change().create(chatSignIns, document, value);
      this.#audit(change, 'sign-in.asked', byStranger(holder), { action });
      return { change, result: { outcome: 'requested', id: value.id, until: value.until } as const };
    });
  }

  /** What the page shows before somebody signs in; looking changes nothing. Undefined where it is over. */
  async find(id: string): Promise<ChatSignInFound | undefined> {
    const seen = await this.#open(id);
    if (!seen) return undefined;
    const { person, action, account, until } = seen.value;
    return { person, action, state: account === undefined ? 'open' : 'offered', until };
  }

  /**
   * The number to show to who signed in; the same again for the same account, tries go on counting.
   * @param session - id of theirs; the proof ends with it
   */
  async offer(id: string, account: string, session?: string): Promise<Offered> {
    const { records, digits, newNonce } = this.#parts;
    return changing<Offered>(records, async () => {
      const seen = await this.#open(id);
      if (!seen) return { result: { outcome: 'over' } };
      const isSame = seen.value.account === account;
      const { generation } = seen.value;
      const signedIn = { ...seen.value, account, ...(session && { session }) };
      const value: ChatSignIn = isSame
        ? signedIn
        : { ...signedIn, generation: generation + 1, nonce: newNonce(), until: this.#until() };
      const number = digits.of(value);
      if (number === undefined) return { result: { outcome: 'over' } };
      const { until, action, person } = value;
      const result = { outcome: 'offered', number, until, action, person } as const;
      if (isSame && seen.value.session === session) return { result };
      const change = new Change().update(chatSignIns, seen, value);
      if (!isSame)
        this.#audit(
          change,
          'sign-in.offered',
          { actor: `account:${account}`, proof: 'sign-in' },
          { action, in: person },
        );
      return { change, result };
    });
  }

  /** Proves the account for this holder, if the digits are right. */
  async verify(holder: Holder, typed: string): Promise<NumberChecked> {
    const { records, proofs, digits, now } = this.#parts;
    const document = hashOf(holder.id);
    const seen = await records.get(chatSignIns, document);
    if (seen && !seen.value.isUsed && seen.value.account === undefined && seen.value.until > now().toISOString())
      return { outcome: 'not-offered' };
    return tryDigits<ChatSignIn, Proof>({
      records,
      type: chatSignIns,
      document,
      now,
      digits,
      typed,
      isMeant: ({ account }) => account !== undefined,
      lock: (change) => this.#audit(change, 'sign-in.locked', byStranger(holder)),
      allow: async (change, { account = '', session }) =>
        proofs.add(change, holder, { level: 'sign-in', account, ...(session && { session }) }),
    });
  }

  #audit(change: Change, action: AuditEntry['action'], by: By, details?: AuditEntry['details']): void {
    const { newId, now } = this.#parts;
    recordInAudit(change, newId(), { ...by, at: now().toISOString(), action, ...(details && { details }) });
  }

  async #open(id: string) {
    const [seen] = await this.#parts.records.find(chatSignIns, 'id', id);
    const isOver =
      !seen ||
      seen.value.isUsed ||
      seen.value.tries >= mostTries ||
      seen.value.until <= this.#parts.now().toISOString();
    return isOver ? undefined : seen;
  }

  #until(): string {
    return new Date(this.#parts.now().getTime() + challengeLasts).toISOString();
  }
}

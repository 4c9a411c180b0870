/**
 * Codes that prove a mailbox: eight digits by mail, for ten minutes, five tries, once, for the holder that asked and the
 * address that was asked for. Asking is the same - result, work, what is written - whether anybody has the address: who it
 * belongs to is looked up afterwards. No code is stored, nor its hash.
 */
import { recordInAudit } from '../audit/audit.ts';
import type { Directory } from '../directory/directory.ts';
import type { Limits } from '../limits/limits.ts';
import type { Log } from '../log.ts';
import type { EmailAddress } from '../mail/email-address.ts';
import { queueMail } from '../mail/outbox.ts';
import { Change, changing, type Records, type RecordType, type Stored } from '../records/records.ts';
import { Rounds } from '../rounds.ts';
import { type Challenge, challengeLasts, mostTries, type Tried, tryDigits } from './challenge.ts';
import type { DerivedDigits } from './derived-digits.ts';
import { byStranger, type Holder, type Proof } from './proof.ts';
import { hashOf, type Proofs } from './proofs.ts';

/** What a code is for: to know whose profiles these are, or whether a profile's new address is read by who asks. */
export type CodePurpose = 'identity' | 'new-address';

/** The newest code of a holder and purpose. */
export interface MailboxCode extends Challenge {
  readonly purpose: CodePurpose;
  /** As written, and canonical. */
  readonly email: string;
  readonly address: string;
  /** `withheld`: the address had enough. */
  readonly mail: 'due' | 'done' | 'withheld';
}

export const mailboxCodes: RecordType<MailboxCode> = {
  name: 'mailbox-codes',
  indexes: { id: ({ id }) => [id], mail: ({ mail }) => [mail] },
};

/** An address on more profiles than these is nobody's own: the trail names no more of them. */
const mostProfiles = 50;

export interface MailboxCodesParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly proofs: Proofs;
  readonly limits: Pick<Limits, 'takeAll'>;
  /** Of eight. */
  readonly digits: DerivedDigits;
  /** Wakes whoever sends mail. */
  readonly mailIsDue: () => void;
  readonly log: Log;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly newNonce: () => string;
}

export type CodeAsked =
  /** Whether a mail goes out is told to nobody. ISO 8601, UTC. */
  | { readonly outcome: 'asked'; readonly until: string }
  /** The asker's own limit. */
  | { readonly outcome: 'too-many'; readonly retryAfter: number };

/** `none`: no code was asked for here, for this address, or it was used already. */
export type CodeChecked<T> = Tried<T>;

export class MailboxCodes extends Rounds {
  readonly #parts: MailboxCodesParts;

  constructor(parts: MailboxCodesParts) {
    super({
      failed: (error) =>
        parts.log.error({ err: error }, 'a code that was asked for could not be mailed; it is tried at the next ask'),
    });
    this.#parts = parts;
  }

  /** Sends a code, which replaces the one before. Limits of an address are silent: the code before then still counts. */
  async ask(
    holder: Holder,
    { written, canonical }: EmailAddress,
    purpose: CodePurpose = 'identity',
  ): Promise<CodeAsked> {
    const { records, limits, digits, now, newId, newNonce } = this.#parts;
    const { id, person, from } = holder;
    const retryAfter = await limits.takeAll([['codePerson', person], ...(from ? [['codeClient', from] as const] : [])]);
    if (retryAfter !== undefined) return { outcome: 'too-many', retryAfter };
    const ofAddress = (['codeDay', 'codeHour', 'codeMinute'] as const).map((name) => [name, canonical] as const);
    const hasRoom = (await limits.takeAll(ofAddress)) === undefined;

    const document = documentOf(purpose, id);
    const until = await changing(records, async () => {
      const seen = await records.get(mailboxCodes, document);
      if (!hasRoom && seen && seen.value.address === canonical && isOpen(seen.value, now()))
        return { result: seen.value.until };
      const code: MailboxCode = {
        id: newId(),
        generation: (seen?.value.generation ?? 0) + 1,
        nonce: newNonce(),
        key: digits.key,
        person,
        purpose,
        email: written,
        address: canonical,
        tries: 0,
        until: new Date(now().getTime() + challengeLasts).toISOString(),
        mail: hasRoom ? 'due' : 'withheld',
      };
      const change = seen
        ? new Change().update(mailboxCodes, seen, code)
        : new Change().create(mailboxCodes, document, code);
      // Another address is in the trail with the profile that it is for.
      if (purpose === 'identity')
        recordInAudit(change, newId(), { ...byStranger(holder), at: now().toISOString(), action: 'code.asked' });
      return { change, result: code.until };
    });
    this.wake();
    return { outcome: 'asked', until };
  }

  /** Proves the mailbox for this holder, if the digits are right. Blanks and dashes within them do not count. */
  verify(holder: Holder, address: string, typed: string): Promise<CodeChecked<Proof>> {
    const { directory, proofs } = this.#parts;
    return this.use({ holder, address, purpose: 'identity' }, typed, async (change) =>
      proofs.add(
        change,
        holder,
        { level: 'mailbox', address },
        (await directory.membersByAddress(address)).slice(0, mostProfiles),
      ),
    );
  }

  /**
   * Uses a code up, together with what it allows.
   * @param of - `address` is canonical
   * @param allow - adds to the change that uses the code up; may be called again when somebody was faster
   */
  use<T>(
    { holder, address, purpose }: { readonly holder: Holder; readonly address: string; readonly purpose: CodePurpose },
    typed: string,
    allow: (change: Change) => Promise<T>,
  ): Promise<CodeChecked<T>> {
    const { records, directory, digits, now, newId } = this.#parts;
    return tryDigits<MailboxCode, T>({
      records,
      type: mailboxCodes,
      document: documentOf(purpose, holder.id),
      now,
      digits,
      typed,
      isMeant: (code) => code.address === address,
      // Nobody was told the code of an address that nobody has, nor one that was withheld: whoever has it has guessed. A
      // lucky guess must not tell one address from another, and an address that had enough mails has no more tries.
      alsoHolds: async ({ mail }) => {
        const isSomebodys = (await directory.membersByAddress(address)).length > 0 || purpose === 'new-address';
        return isSomebodys && mail !== 'withheld';
      },
      lock: (change) => {
        const row = { ...byStranger(holder), at: now().toISOString(), details: { purpose } };
        recordInAudit(change, newId(), { ...row, action: 'code.locked' });
      },
      allow,
    });
  }

  /** Of a mail that is about to be sent; undefined where the code is over. */
  async code(id: string): Promise<string | undefined> {
    const { records, digits, now } = this.#parts;
    const [code] = await records.find(mailboxCodes, 'id', id);
    return code && isOpen(code.value, now()) ? digits.of(code.value) : undefined;
  }

  protected async work(): Promise<undefined> {
    const { records, mailIsDue } = this.#parts;
    // Not within the request that asked: its answer must not wait for this.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      for (const code of await records.find(mailboxCodes, 'mail', 'due')) await this.#mail(code);
    } finally {
      mailIsDue();
    }
  }

  async #mail(due: Stored<MailboxCode>): Promise<void> {
    const { records, directory, newId, now } = this.#parts;
    await changing(records, async () => {
      const seen = await records.get(mailboxCodes, due.id);
      if (seen?.value.mail !== 'due') return { result: undefined };
      const { id, purpose, person, address, email, until } = seen.value;
      const change = new Change().update(mailboxCodes, seen, { ...seen.value, mail: 'done' });
      const [member] = purpose === 'identity' ? await directory.membersByAddress(address) : [];
      const to = purpose === 'new-address' ? email : member?.profile.value.email;
      if (to) {
        const at = now().toISOString();
        queueMail(change, newId(), {
          template: 'code',
          data: { proof: id, expires: until },
          to,
          at,
          tell: 'nobody',
        });
      }
      if (member) {
        const [profile, organisation] = [member.profile.id, member.organisation.id];
        const row = { ...byStranger({ person }), at: now().toISOString(), action: 'code.sent' } as const;
        recordInAudit(change, newId(), { ...row, profile, organisation });
      }
      return { change, result: undefined };
    });
  }
}

function documentOf(purpose: CodePurpose, holder: string): string {
  return hashOf(`${purpose} ${holder}`);
}

function isOpen({ isUsed, tries, until }: MailboxCode, now: Date): boolean {
  return !isUsed && tries < mostTries && until > now.toISOString();
}

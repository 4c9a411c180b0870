/** Looks a person up for staff: by address, name, company, or the id of a profile or invitation; and what is known of each. */
import type { Accounts } from '../accounts/accounts.ts';
import { shownAccount } from '../accounts/association.ts';
import { type Access, accessOf } from '../directory/access.ts';
import { type Directory, type Member, organisations, profiles } from '../directory/directory.ts';
import { type InvitationState, invitations, stateOf } from '../invitations/invitation.ts';
import type { Invitations } from '../invitations/invitations.ts';
import { readEmailAddress } from '../mail/email-address.ts';
import { type OutboxMail, outbox } from '../mail/outbox.ts';
import { Pace } from '../pace.ts';
import type { Records } from '../records/records.ts';
import type { AddressChange } from './address-change.ts';
import type { AddressChanges } from './address-changes.ts';
import type { Reassociation } from './reassociation.ts';
import type { Reassociations } from './reassociations.ts';

export interface LookUpParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly accounts: Pick<Accounts, 'association' | 'linkedTo'>;
  readonly invitations: Pick<Invitations, 'ofProfile'>;
  readonly reassociations: Pick<Reassociations, 'pendingOf'>;
  readonly addressChanges: Pick<AddressChanges, 'pendingOf'>;
  readonly now: () => Date;
}

/** Everything that staff see of one profile. */
export interface PersonOnFile {
  readonly member: Member;
  readonly access: Access;
  /** The account it is linked to, masked, and since when. */
  readonly linked?: { readonly account: string; readonly since: string };
  /** Newest first. */
  readonly invitations: readonly {
    readonly id: string;
    readonly state: InvitationState;
    readonly purpose: 'associate' | 'reassociate';
    readonly issuedAt: string;
    readonly expiresAt: string;
  }[];
  /** Of the last weeks, newest first: what became of each. */
  readonly mails: readonly Pick<OutboxMail, 'template' | 'state' | 'at' | 'doneAt' | 'answer'>[];
  /** What waits for staff to decide. */
  readonly move?: Reassociation;
  readonly address?: AddressChange;
}

const mostMails = 10;
const mostInvitations = 10;

export class LookUp {
  readonly #parts: LookUpParts;

  constructor(parts: LookUpParts) {
    this.#parts = parts;
  }

  /** At most `limit`, by name. An address or an id is taken whole; words may be the beginnings of what is meant. */
  async find(text: string, limit: number): Promise<readonly Member[]> {
    const { records, directory } = this.#parts;
    const asked = text.trim();
    if (asked === '') return [];
    const invitation = await records.get(invitations, asked);
    const byId = await directory.member(invitation?.value.profile ?? asked);
    if (byId) return [byId];
    const address = readEmailAddress(asked).ok?.canonical;
    if (address) return (await directory.membersByAddress(address)).slice(0, limit);
    return this.#withWords(wordsIn(asked), limit);
  }

  /** The profiles of whoever has this account or this address. @param address - in canonical form */
  async ofPerson({
    account,
    address,
  }: {
    readonly account?: string;
    readonly address?: string;
  }): Promise<readonly Member[]> {
    const { accounts, directory } = this.#parts;
    const linked = account ? (await accounts.linkedTo(account)).map(({ member }) => member) : [];
    const named = address ? await directory.membersByAddress(address) : [];
    return [...new Map([...linked, ...named].map((member) => [member.profile.id, member])).values()];
  }

  /** What there is about a profile. */
  async person(member: Member): Promise<PersonOnFile> {
    const { records, accounts, reassociations, addressChanges, now } = this.#parts;
    const { id, value } = member.profile;
    const [association, issued, mails, move, address] = await Promise.all([
      accounts.association(id),
      this.#parts.invitations.ofProfile(id),
      records.find(outbox, 'about', id),
      reassociations.pendingOf(id),
      addressChanges.pendingOf(id),
    ]);
    return {
      member,
      access: accessOf(value, member.organisation.value, now()),
      ...(association && {
        linked: { account: shownAccount(association.value.account), since: association.value.since },
      }),
      invitations: [...issued]
        .reverse()
        .slice(0, mostInvitations)
        .map(({ id: invitation, value: { purpose, issuedAt, expiresAt, ...rest } }) => ({
          id: invitation,
          state: stateOf({ ...rest, purpose, issuedAt, expiresAt }, now()),
          purpose,
          issuedAt,
          expiresAt,
        })),
      mails: mails
        .map(({ value: mail }) => mail)
        .sort((a, b) => (a.at < b.at ? 1 : -1))
        .slice(0, mostMails),
      ...(move?.value.state === 'awaiting-approval' && { move: move.value }),
      ...(address?.value.state === 'awaiting-approval' && { address: address.value }),
    };
  }

  async #withWords(words: readonly string[], limit: number): Promise<readonly Member[]> {
    const { records, directory } = this.#parts;
    const pace = new Pace();
    const companies = new Map<string, string>();
    for await (const { id, value } of records.all(organisations)) {
      companies.set(id, folded(value.name));
      if (pace.isDue) await pace.rest();
    }
    const found: string[] = [];
    for await (const { id, value } of records.all(profiles)) {
      if (pace.isDue) await pace.rest();
      const text = `${folded(`${value.name} ${value.address}`)} ${companies.get(value.organisation) ?? ''}`;
      if (words.every((word) => hasWord(text, word))) found.push(id);
      if (found.length === limit) break;
    }
    const members = await Promise.all(found.map((id) => directory.member(id)));
    return members
      .filter((member) => member !== undefined)
      .sort((a, b) => a.profile.value.name.localeCompare(b.profile.value.name));
  }
}

function wordsIn(text: string): string[] {
  return folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A text as it is compared. Of a hundred thousand names nearly all are plain. */
function folded(text: string): string {
  return (/[^ -~]/.test(text) ? text.normalize('NFKC') : text).toLowerCase();
}

const partOfWord = /[\p{L}\p{N}]/u;

/** Whether a word of a folded text begins with this one; looks at the signs around it only where it is there. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !partOfWord.test(text.charAt(at - 1))) return true;
  }
  return false;
}

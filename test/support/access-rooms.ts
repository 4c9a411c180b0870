/** The rooms behind access - directory, accounts, invitations - over a real store, with a clock that tests turn. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from '../../src/accounts/accounts.ts';
import type { Account } from '../../src/accounts/association.ts';
import { derivedTokens } from '../../src/accounts/derived-token.ts';
import { Undos } from '../../src/accounts/undos.ts';
import { type AuditEntry, auditEntries } from '../../src/audit/audit.ts';
import { AddressChanges } from '../../src/changes/address-changes.ts';
import { Reassociations } from '../../src/changes/reassociations.ts';
import { Colleagues } from '../../src/colleagues/colleagues.ts';
import { Directory, type Organisation, organisations, type Profile, profiles } from '../../src/directory/directory.ts';
import { Asks } from '../../src/invitations/asks.ts';
import { Invitations } from '../../src/invitations/invitations.ts';
import { createKeys } from '../../src/keys.ts';
import { CountedLimits } from '../../src/limits/counted-limits.ts';
import { KeptCounter } from '../../src/limits/kept-counter.ts';
import { createLog } from '../../src/log.ts';
import { type AnyMail, outbox } from '../../src/mail/outbox.ts';
import { ChatSignIns } from '../../src/proofs/chat-sign-ins.ts';
import { DerivedDigits } from '../../src/proofs/derived-digits.ts';
import { MailboxCodes } from '../../src/proofs/mailbox-codes.ts';
import type { Asker, Holder, Proof } from '../../src/proofs/proof.ts';
import { Proofs } from '../../src/proofs/proofs.ts';
import { Reach } from '../../src/proofs/reach.ts';
import { recordTypes } from '../../src/record-types.ts';
import { Change } from '../../src/records/records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import type { Store } from '../../src/stores/store.ts';

const log = createLog('silent');

export const minute = 60_000;
export const day = 24 * 60 * minute;

/** What a test has already, where these rooms are only a part of what it is about; it closes that itself. */
export interface Over {
  readonly folder: string;
  readonly store: Store;
  readonly now: () => Date;
  /** In front of ids, where several have rooms over one store. */
  readonly mark?: string;
}

/** @param below - where the store's folder is made */
export async function openAccessRooms(over?: Over, below = tmpdir()) {
  const folder = over?.folder ?? (await mkdtemp(join(below, 'accessdesk-access-')));
  let at = Date.parse('2026-11-22T10:00:00.000Z');
  let ids = 0;
  let each = 0;
  const now =
    over?.now ??
    (() => {
      at += each;
      return new Date(at);
    });
  let store: Store = over?.store ?? (await openEmbeddedStore({ folder, now, recordTypes }));
  const newId = () => `id-${over?.mark ?? ''}${String(++ids).padStart(6, '0')}`;
  const newNonce = () => randomBytes(16).toString('base64url');
  const keys = createKeys(['a key of thirty-two bytes or more!']);
  let rooms = build();

  function build() {
    const { records } = store;
    const directory = new Directory(records);
    const tokens = derivedTokens(keys, 'undo');
    const shared = { records, directory, tokens, now, newId, newNonce };
    const accounts = new Accounts(shared);
    const invitations: Invitations = new Invitations({
      ...shared,
      accounts,
      tokens: derivedTokens(keys, 'invitation'),
      whyNoAccess: (_member, reason, since) => `${reason} ${since}`,
      onMoved: (...moved) => reassociations.addCompletion(...moved),
    });
    // All of them kept: their clock is the one that tests turn.
    const newCounter = (options: ConstructorParameters<typeof KeptCounter>[0]) =>
      new KeptCounter(options, { records, key: keys.for('limits')[0], now });
    const limits = new CountedLimits({ log, newCounter });
    const proofs = new Proofs(shared);
    const mailIsDue = () => {};
    const codeDigits = new DerivedDigits(keys, 'mailbox code', 8);
    const codes = new MailboxCodes({ ...shared, proofs, limits, digits: codeDigits, mailIsDue, log });
    const numberDigits = new DerivedDigits(keys, 'chat sign-in', 6);
    const chatSignIns = new ChatSignIns({ ...shared, proofs, limits, digits: numberDigits });
    const reach = new Reach({ ...shared, accounts });
    const ofPeople = { ...shared, accounts, invitations, reach, limits };
    const reassociations: Reassociations = new Reassociations(ofPeople);
    const addressChanges = new AddressChanges({ ...ofPeople, reassociations, codes });
    const colleagues = new Colleagues({ ...ofPeople, reassociations, addressChanges });
    const takers = {
      link: accounts,
      address: addressChanges,
      'address-request': addressChanges,
      'move-request': reassociations,
    };
    const undos = new Undos({ ...shared, takers });
    const asks = new Asks({ ...shared, invitations, mailIsDue, log });
    return {
      records,
      directory,
      accounts,
      invitations,
      proofs,
      codes,
      chatSignIns,
      reach,
      reassociations,
      addressChanges,
      colleagues,
      undos,
      asks,
      limits,
      turns: store.turns,
      history: store.history,
      votes: store.votes,
    };
  }

  return {
    /** Of the store. */
    folder,
    ...rooms,
    erasure: store.erasure,
    now,
    pass: (ms: number) => {
      at += ms;
    },
    /** From now on a millisecond passes whenever somebody looks at the clock, as in a busy process. */
    tick: () => {
      each = 1;
    },
    /** Adds a person to a company of CustomerSource. */
    async person(id: string, given: Partial<Profile> = {}, company: Partial<Organisation> = {}): Promise<string> {
      const organisation = company.name ?? 'Contoso Ltd.';
      const change = new Change();
      if (!(await rooms.records.get(organisations, organisation))) {
        const value = { portal: 'CustomerSource', name: organisation, plan: 'enhancement', ...company } as Organisation;
        change.create(organisations, organisation, value);
      }
      const email = given.email ?? `${id}@contoso.example`;
      change.create(profiles, id, {
        organisation,
        name: id,
        email,
        address: email.toLowerCase(),
        role: 'member',
        ...given,
      });
      await rooms.records.commit(change);
      return id;
    },
    /** Links a profile to an account, as a redeemed invitation does; its mails stay out of the way. */
    async link(profile: string, account: Account): Promise<void> {
      const member = await rooms.directory.member(profile);
      if (!member) throw new Error(`${profile} is missing`);
      const by = { actor: `account:${account.key}`, proof: 'sign-in' } as const;
      const seen = await rooms.accounts.association(profile);
      const change = rooms.accounts.link(new Change(), member, account, seen, by);
      if (!(await rooms.records.commit(change))) throw new Error(`${profile} could not be linked`);
    },
    /** Somebody in a chat of their own, with a proof of this moment. */
    asker(name: string, proof: Unverified): Asker {
      const verifiedAt = now().toISOString();
      return { holder: holderOf(name), proof: { ...proof, verifiedAt } as Proof };
    },
    /** Works off what was asked for; the code of the newest mail with one. */
    async code(): Promise<string> {
      await rooms.codes.idle();
      let newest: string | undefined;
      for await (const { value } of rooms.records.all(outbox)) {
        const mail = value as AnyMail;
        if (mail.template === 'code') newest = mail.data.proof;
      }
      return (newest && (await rooms.codes.code(newest))) ?? '';
    },
    /** The token in the newest mail that can undo something. */
    async undoToken(): Promise<string> {
      let newest = '';
      for await (const { value } of rooms.records.all(outbox)) {
        const { undo } = value.data as { undo?: string };
        if (undo) newest = undo;
      }
      return (await rooms.undos.token(newest)) ?? '';
    },
    /** Every mail there is, oldest first. */
    async mails(): Promise<AnyMail[]> {
      const found: AnyMail[] = [];
      for await (const { value } of rooms.records.all(outbox)) found.push(value as AnyMail);
      return found;
    },
    async trail(): Promise<string[]> {
      const found: string[] = [];
      for await (const { value } of rooms.records.all(auditEntries)) found.push(value.action);
      return found;
    },
    /** The same, each with whoever did it and by which proof. */
    async trailRows(): Promise<AuditEntry[]> {
      const found: AuditEntry[] = [];
      for await (const { value } of rooms.records.all(auditEntries)) found.push(value);
      return found;
    },
    /** As after a restart of the server. */
    async reopen(): Promise<void> {
      await Promise.all([rooms.codes.idle(), rooms.asks.idle()]);
      await store.close();
      store = await openEmbeddedStore({ folder, now, recordTypes });
      rooms = build();
      Object.assign(this, rooms, { erasure: store.erasure });
    },
    async close() {
      await Promise.all([rooms.codes.idle(), rooms.asks.idle()]);
      if (over) return;
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

type Unverified = Proof extends infer One ? (One extends Proof ? Omit<One, 'verifiedAt'> : never) : never;

export function holderOf(name: string): Holder {
  return { id: `webchat/conversation-${name}/${name}`, person: `chat:webchat/${name}`, from: '192.0.2.1' };
}

export type AccessRooms = Awaited<ReturnType<typeof openAccessRooms>>;

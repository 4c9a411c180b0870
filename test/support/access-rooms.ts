/** The rooms behind access - directory, accounts, invitations - over a real store, with a clock that tests turn. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from '../../src/accounts/accounts.ts';
import { associations, pastAssociations } from '../../src/accounts/association.ts';
import { derivedTokens } from '../../src/accounts/derived-token.ts';
import { undos } from '../../src/accounts/undo.ts';
import { auditEntries } from '../../src/audit/audit.ts';
import { Directory, type Organisation, organisations, type Profile, profiles } from '../../src/directory/directory.ts';
import { askRecords } from '../../src/invitations/asks.ts';
import { invitationHeads, invitations } from '../../src/invitations/invitation.ts';
import { Invitations } from '../../src/invitations/invitations.ts';
import { createKeys } from '../../src/keys.ts';
import { type AnyMail, outbox } from '../../src/mail/outbox.ts';
import { Change } from '../../src/records/records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';

export const minute = 60_000;
export const day = 24 * 60 * minute;

export async function openAccessRooms() {
  const folder = await mkdtemp(join(tmpdir(), 'accessdesk-access-'));
  let at = Date.parse('2026-11-22T10:00:00.000Z');
  let ids = 0;
  const now = () => new Date(at);
  const recordTypes = [
    organisations,
    profiles,
    associations,
    pastAssociations,
    undos,
    invitations,
    invitationHeads,
    askRecords,
    outbox,
    auditEntries,
  ];
  const store = await openEmbeddedStore({ folder, now, recordTypes });
  const { records } = store;
  const directory = new Directory(records);
  const newId = () => `id-${String(++ids).padStart(6, '0')}`;
  const newNonce = () => randomBytes(16).toString('base64url');
  const keys = createKeys(['a key of thirty-two bytes or more!']);
  const shared = { records, directory, now, newId, newNonce };
  const accounts = new Accounts({ ...shared, tokens: derivedTokens(keys, 'undo') });
  const rooms = new Invitations({
    ...shared,
    accounts,
    tokens: derivedTokens(keys, 'invitation'),
    whyNoAccess: (_member, reason, since) => `${reason} ${since}`,
  });
  return {
    /** Of the store. */
    folder,
    records,
    directory,
    accounts,
    invitations: rooms,
    now,
    pass: (ms: number) => {
      at += ms;
    },
    /** Adds a person to a company of CustomerSource. */
    async person(id: string, given: Partial<Profile> = {}, company: Partial<Organisation> = {}): Promise<string> {
      const organisation = company.name ?? 'Contoso Ltd.';
      const change = new Change();
      if (!(await records.get(organisations, organisation))) {
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
      await records.commit(change);
      return id;
    },
    /** Every mail there is, oldest first. */
    async mails(): Promise<AnyMail[]> {
      const found: AnyMail[] = [];
      for await (const { value } of records.all(outbox)) found.push(value as AnyMail);
      return found;
    },
    async trail(): Promise<string[]> {
      const found: string[] = [];
      for await (const { value } of records.all(auditEntries)) found.push(value.action);
      return found;
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

export type AccessRooms = Awaited<ReturnType<typeof openAccessRooms>>;

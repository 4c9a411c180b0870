/** The tickets' room over a real store, with a clock that tests turn and channels that keep what they are given. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyMail, outbox } from '../../src/mail/outbox.ts';
import { recordTypes } from '../../src/record-types.ts';
import { WatchedRecords } from '../../src/records/watched-records.ts';
import type { StaffRole } from '../../src/sessions/staff-accounts.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import type { TicketDraft } from '../../src/tickets/desk.ts';
import type { Requester, StaffPerson } from '../../src/tickets/ticket.ts';
import { TicketDesk } from '../../src/tickets/ticket-desk.ts';
import { TicketNews } from '../../src/tickets/ticket-news.ts';
import { ManualClock } from '../mail/manual-clock.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export const ana: StaffPerson = { id: 'https://login.test|ana', name: 'Ana Silva' };
export const ben: StaffPerson = { id: 'https://login.test|ben', name: 'Ben Okafor' };
export const lea: StaffPerson = { id: 'https://login.test|lea', name: 'Lea Lind' };
export const amira: Requester = { person: 'webchat/amira', proof: 'none' };

export async function openTicketRoom(kept?: string) {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'accessdesk-tickets-')));
  const clock = new ManualClock('2026-11-23T10:00:00.000Z');
  const { now } = clock;
  const roles = new Map<string, StaffRole>([
    [ana.id, 'agent'],
    [ben.id, 'agent'],
    [lea.id, 'lead'],
  ]);
  const news = new TicketNews();
  let store = await openEmbeddedStore({ folder, now, recordTypes });
  let records = new WatchedRecords(store.records);
  let ids = 0;
  let keys = 0;
  const run = Math.random().toString(36).slice(2);
  const parts = () => ({
    records,
    news,
    history: store.history,
    roster: { roleOf: (id: string) => roles.get(id) },
    now,
    newId: () => `${run}-${String(++ids).padStart(6, '0')}`,
    addressKey: (address: string) => `key of ${address}`,
  });
  let desk = new TicketDesk(parts());
  const room = {
    folder,
    clock,
    roles,
    news,
    get store() {
      return store;
    },
    get records() {
      return records;
    },
    get desk() {
      return desk;
    },
    parts,
    /** A key that was not used before. */
    key: () => `key-${++keys}`,
    draft: (given: Partial<TicketDraft> = {}): TicketDraft => ({
      question: 'My invitation has not come',
      requester: amira,
      conversation: 'webchat/c-1',
      since: 0,
      ...given,
    }),
    /** Opens a ticket, another one with every call. */
    async open(given: Partial<TicketDraft> = {}) {
      const opened = await desk.open(room.draft(given), room.key());
      if (opened.outcome !== 'opened') throw new Error(`not opened: ${opened.outcome}`);
      return opened.ticket.value;
    },
    async ticket(number: number) {
      const view = await desk.view(number);
      if (!view) throw new Error(`there is no ticket ${number}`);
      return view.ticket.value;
    },
    /** Kinds of what happened, oldest first. */
    async events(number: number) {
      return ((await desk.view(number))?.events ?? []).map(({ value }) => value.kind);
    },
    async mails(): Promise<AnyMail[]> {
      const found: AnyMail[] = [];
      for await (const { value } of records.all(outbox)) found.push(value as AnyMail);
      return found;
    },
    /** What a restart does. */
    async reopen() {
      await store.close();
      store = await openEmbeddedStore({ folder, now, recordTypes });
      records = new WatchedRecords(store.records);
      desk = new TicketDesk(parts());
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
  return room;
}

export type TicketRoom = Awaited<ReturnType<typeof openTicketRoom>>;

/**
 * Who is staff now: whom STAFF_ACCOUNTS names, with the names they had when they last signed in. Somebody who is taken
 * out keeps the name on what they did and can do nothing more, whatever is still open in their browser.
 */
import { AccessDeskError } from '../errors.ts';
import { Change, changing, type Records, type RecordType } from '../records/records.ts';
import type { StaffRole } from '../sessions/staff-accounts.ts';
import type { StaffPerson } from './ticket.ts';

export interface RosterEntry {
  /** `tenant/objectId` or `issuer|subject`. */
  readonly id: string;
  readonly role: StaffRole;
}

export interface StaffMember extends StaffPerson {
  readonly role: StaffRole;
  /** Whether they ever signed in; until then something else stands for the name. */
  readonly isKnown: boolean;
}

interface KnownPerson {
  readonly name: string;
}

/** By the id on the roster. */
export const staffPeople: RecordType<KnownPerson> = { name: 'staff-people', indexes: {} };

const longestName = 100;

export class Roster {
  readonly #records: Records;
  readonly #roles: ReadonlyMap<string, StaffRole>;
  readonly #nameless: (id: string) => string;

  /** @param nameless - what somebody is called who never signed in, or whose provider gives no name */
  constructor(records: Records, entries: readonly RosterEntry[], nameless: (id: string) => string) {
    this.#records = records;
    this.#nameless = nameless;
    this.#roles = new Map(entries.map(({ id, role }) => [id, role]));
  }

  /** Undefined for everybody who is not on it. */
  roleOf(id: string): StaffRole | undefined {
    return this.#roles.get(id);
  }

  /**
   * Somebody who wants to act, as they are on the roster now.
   * @throws AccessDeskError `ERR_NOT_STAFF`
   */
  async admit(id: string): Promise<StaffMember> {
    const role = this.roleOf(id);
    if (role) return this.#member(id, role);
    throw new AccessDeskError('ERR_NOT_STAFF', 'This person is not on the roster (STAFF_ACCOUNTS) any more.');
  }

  /** Everybody on it, by name. */
  async people(): Promise<readonly StaffMember[]> {
    const people = await Promise.all(Array.from(this.#roles, ([id, role]) => this.#member(id, role)));
    return people.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Learns a name at sign-in; nothing for those who are not on it. */
  async learn({ id, name: given }: StaffPerson): Promise<void> {
    const name = Array.from(given.trim()).slice(0, longestName).join('');
    if (!this.roleOf(id) || name === '') return;
    await changing(this.#records, async () => {
      const seen = await this.#records.get(staffPeople, id);
      if (seen?.value.name === name) return { result: undefined };
      const change = new Change();
      if (seen) change.update(staffPeople, seen, { name });
      else change.create(staffPeople, id, { name });
      return { change, result: undefined };
    });
  }

  /** What somebody is called, also who was taken out. */
  async nameOf(id: string): Promise<string> {
    return (await this.#knownName(id)) ?? this.#nameless(id);
  }

  async #member(id: string, role: StaffRole): Promise<StaffMember> {
    const name = await this.#knownName(id);
    return { id, name: name ?? this.#nameless(id), role, isKnown: name !== undefined };
  }

  async #knownName(id: string): Promise<string | undefined> {
    return (await this.#records.get(staffPeople, id))?.value.name;
  }
}

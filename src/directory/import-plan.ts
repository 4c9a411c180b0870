/** From the rows of a file and what the directory holds to one change, and to what speaks against it. */
import type { Pace } from '../pace.ts';
import { Change, type Records, type Stored } from '../records/records.ts';
import { auditImport, type ImportAudit } from './audit-import.ts';
import {
  claimDirectory,
  claimOrganisation,
  Directory,
  directoryHead,
  type Organisation,
  organisationKey,
  organisations,
  type Profile,
  profiles,
  teamsKey,
} from './directory.ts';
import type { ImportProblem } from './import-problems.ts';
import type { ImportRow } from './import-row.ts';

export interface ImportCounts {
  readonly rows: number;
  readonly profiles: { readonly added: number; readonly changed: number; readonly unchanged: number };
  readonly organisations: { readonly added: number; readonly changed: number };
}

export interface PlanParts extends ImportAudit {
  readonly records: Records;
  readonly report: (problem: ImportProblem) => void;
  readonly pace: Pace;
}

interface PlannedOrganisation {
  readonly id: string;
  readonly seen?: Stored<Organisation>;
  readonly value: Organisation;
  /** Whether it gets a person, or a person there another address. */
  isClaimed: boolean;
}

interface PlannedProfile {
  readonly line: number;
  readonly id: string;
  readonly seen?: Stored<Profile>;
  readonly value: Profile;
}

/** What the rows come to. The change holds only as long as nobody else changes what it is based on. */
export async function planImport(
  rows: readonly ImportRow[],
  parts: PlanParts,
): Promise<{ change: Change; counts: ImportCounts }> {
  const { pace } = parts;
  const head = await directoryHead(parts.records);
  const planned = await planOrganisations(rows, parts);
  const people = await planProfiles(rows, planned, parts);
  await checkTeams(people, parts);

  const change = new Change();
  const counts = { added: 0, changed: 0, unchanged: rows.length - people.length };
  for (const { id, seen, value } of people) {
    if (!seen) {
      counts.added += 1;
      change.create(profiles, id, value);
    } else if (isSame(seen.value, value)) {
      counts.unchanged += 1;
    } else {
      counts.changed += 1;
      change.update(profiles, seen, value);
    }
    auditImport(change, id, seen?.value, value, parts);
    if (pace.isDue) await pace.rest();
  }
  const changed = { added: 0, changed: 0 };
  for (const { id, seen, value, isClaimed } of planned.values()) {
    if (!seen) {
      changed.added += 1;
      change.create(organisations, id, value);
    } else if (!isSame(seen.value, value)) {
      changed.changed += 1;
      change.update(organisations, seen, value);
    } else if (isClaimed) {
      claimOrganisation(change, seen);
    }
    if (pace.isDue) await pace.rest();
  }
  if (change.puts.length > 0) claimDirectory(change, head);
  return { change, counts: { rows: rows.length, profiles: counts, organisations: changed } };
}

async function planOrganisations(
  rows: readonly ImportRow[],
  { records, newId, pace }: PlanParts,
): Promise<Map<string, PlannedOrganisation>> {
  const directory = new Directory(records);
  const planned = new Map<string, PlannedOrganisation>();
  for (const { portal, organisation: name, plan, planUntil } of rows) {
    if (pace.isDue) await pace.rest();
    const key = organisationKey(portal, name);
    if (planned.has(key)) continue;
    const seen = await directory.organisationNamed(portal, name);
    const value = { portal, name, plan, ...(planUntil ? { planUntil } : {}) };
    planned.set(key, { id: seen?.id ?? newId(), ...(seen ? { seen } : {}), value, isClaimed: false });
  }
  return planned;
}

/** Each row's profile: the one of its id, else the one of its address in its organisation, else a new one. */
async function planProfiles(
  rows: readonly ImportRow[],
  planned: ReadonlyMap<string, PlannedOrganisation>,
  { records, newId, report, pace }: PlanParts,
): Promise<PlannedProfile[]> {
  const named = new Set<string>();
  for (const { id } of rows) {
    if (id !== undefined) named.add(id);
    if (pace.isDue) await pace.rest();
  }
  const people: PlannedProfile[] = [];
  for (const row of rows) {
    if (pace.isDue) await pace.rest();
    const organisation = planned.get(organisationKey(row.portal, row.organisation));
    if (!organisation) continue;
    const atAddress = organisation.seen ? await records.find(profiles, 'address', row.address) : [];
    // One that the file names by id elsewhere has another address or organisation afterwards.
    const there = atAddress.find((one) => one.value.organisation === organisation.id && !named.has(one.id));
    const seen = row.id === undefined ? there : await records.get(profiles, row.id);
    if (row.id !== undefined && there)
      report({ line: row.line, message: `id: this address has another profile in ${row.organisation}: ${there.id}` });
    const value = profileOf(row, organisation.id, seen?.value);
    if (seen?.value.address !== value.address || seen.value.organisation !== value.organisation)
      organisation.isClaimed = true;
    people.push({ line: row.line, id: seen?.id ?? row.id ?? newId(), ...(seen ? { seen } : {}), value });
  }
  return people;
}

/** Who is in the file has access again. */
function profileOf({ name, email, address, role, teams }: ImportRow, organisation: string, before?: Profile): Profile {
  const identity = teams === undefined ? before?.teams : teams;
  return { organisation, name, email, address, role, ...(identity ? { teams: identity } : {}) };
}

/** A Teams identity proves who somebody is, so it stands for one person only: for one address, on whichever profiles. */
async function checkTeams(people: readonly PlannedProfile[], { records, report, pace }: PlanParts): Promise<void> {
  const first = new Map<string, PlannedProfile>();
  const ids = new Set<string>();
  for (const { id } of people) {
    ids.add(id);
    if (pace.isDue) await pace.rest();
  }
  for (const one of people) {
    if (pace.isDue) await pace.rest();
    const { teams, address } = one.value;
    if (!teams) continue;
    const key = teamsKey(teams);
    const other = first.get(key);
    if (!other) first.set(key, one);
    else if (other.value.address !== address)
      report({ line: one.line, message: `object_id: this Teams identity is another person's in line ${other.line}` });
    const holders = await records.find(profiles, 'teams', key);
    const holder = holders.find(({ id, value }) => value.address !== address && !ids.has(id));
    if (holder)
      report({
        line: one.line,
        message: `object_id: this Teams identity is another person's, on profile ${holder.id}`,
      });
    if (pace.isDue) await pace.rest();
  }
}

/** Both are flat but for the Teams identity; the order of properties does not count. */
function isSame(one: object, other: object): boolean {
  const texts = [one, other].map((value) => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
  return texts[0] === texts[1];
}

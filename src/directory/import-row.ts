/** One row of `profiles import`: from cells to checked values, or what is wrong with it. Pure. */
import { readEmailAddress } from '../mail/email-address.ts';
import type { Words } from '../words/words.ts';
import { type Plan, type Portal, plans, portals, type Role, roles, type TeamsIdentity } from './directory.ts';
import { unguarded } from './formula-guard.ts';
import { longestName, type NameProblem, readPersonName } from './person-name.ts';

const requiredColumns = ['portal', 'organisation', 'plan', 'plan_until', 'name', 'email', 'role'] as const;
const optionalColumns = ['id', 'tenant', 'object_id'] as const;
export const columns = [...requiredColumns, ...optionalColumns] as const;
export type Column = (typeof columns)[number];

export interface ImportRow {
  readonly line: number;
  /** Given where the file names the profile; else it is found by organisation and address. */
  readonly id?: string;
  readonly portal: Portal;
  readonly organisation: string;
  readonly plan: Plan;
  readonly planUntil?: string;
  readonly name: string;
  readonly email: string;
  readonly address: string;
  readonly role: Role;
  /** null: none. Undefined where the file has no such columns, and what is known stays. */
  readonly teams?: TeamsIdentity | null;
}

/** Where the columns of a file are; or why it cannot be told. */
export function readHeader(cells: readonly string[]): { at: ReadonlyMap<Column, number>; problem?: string } {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const at = new Map(names.map((name, index) => [name as Column, index]));
  const unknown = names.filter((name) => !(columns as readonly string[]).includes(name));
  const missing = requiredColumns.filter((name) => !at.has(name));
  const twice = [...at.keys()].filter(
    (name) => names.filter((one) => one === name).length > 1 && !unknown.includes(name),
  );
  const half = at.has('tenant') !== at.has('object_id');
  const problem = [
    unknown.length > 0 && `unknown columns: ${unknown.map(quoted).join(', ')}`,
    missing.length > 0 && `missing columns: ${missing.join(', ')}`,
    twice.length > 0 && `columns that are there twice: ${twice.join(', ')}`,
    half && 'tenant and object_id belong together: write both columns or none',
  ].filter((text) => text !== false);
  return problem.length > 0 ? { at, problem: `${problem.join('; ')}. The columns are ${columns.join(', ')}` } : { at };
}

/** @param report - called for everything that is wrong; the row is undefined then */
export function readRow(
  line: number,
  cells: readonly string[],
  at: ReadonlyMap<Column, number>,
  words: Words,
  report: (message: string) => void,
): ImportRow | undefined {
  let isWrong = false;
  const wrong = (column: Column, message: string): undefined => {
    isWrong = true;
    report(`${column}: ${message}`);
  };
  if (cells.length !== at.size) {
    report(`this row has ${cells.length} cells where the header has ${at.size}`);
    return undefined;
  }
  const cell = (column: Column) => unguarded(cells[at.get(column) ?? -1] ?? '').trim();
  const oneOf = <T extends string>(column: Column, known: readonly T[], older?: ReadonlyMap<string, T>) => {
    const value = cell(column).toLowerCase();
    return (
      known.find((one) => one.toLowerCase() === value) ??
      older?.get(value) ??
      wrong(column, `${quoted(cell(column))} is none of ${known.join(', ')}`)
    );
  };
  const text = (column: Column): string | undefined => {
    const { ok, problem } = readPersonName(cell(column));
    return ok ?? wrong(column, nameProblems[problem as NameProblem]);
  };
  const matching = (column: Column, rule: RegExp, advice: string): string | undefined => {
    const value = cell(column);
    return value === '' || rule.test(value) ? value : wrong(column, `${quoted(value)} is not ${advice}`);
  };

  const portal = oneOf('portal', portals);
  const organisation = text('organisation');
  const plan = oneOf('plan', plans);
  const planUntil = cell('plan_until');
  if (planUntil !== '' && !isDay(planUntil))
    wrong('plan_until', `${quoted(planUntil)} is not a day like 2027-01-31, nor empty for a plan without an end`);
  const name = text('name');
  const role = oneOf('role', roles, olderRoles);
  const { ok: email, problem } = readEmailAddress(cell('email'));
  if (problem) wrong('email', words.say(`address.${problem}`, { text: shortened(cell('email')) }));
  const id = matching('id', profileId, 'an id: up to 64 of a-z, 0-9, - . and _, beginning with one of the first');
  const tenant = matching('tenant', microsoftId, 'the id of a tenant, like 00000000-0000-0000-0000-000000000000');
  const objectId = matching('object_id', microsoftId, 'an object id, like 00000000-0000-0000-0000-000000000000');
  if ((tenant === '') !== (objectId === ''))
    wrong(tenant === '' ? 'tenant' : 'object_id', 'is empty, but they go together');

  if (isWrong || !portal || !organisation || !plan || !name || !role || !email) return undefined;
  return {
    line,
    ...(id ? { id } : {}),
    portal,
    organisation,
    plan,
    ...(planUntil ? { planUntil } : {}),
    name,
    email: email.written,
    address: email.canonical,
    role,
    ...(at.has('tenant') ? { teams: tenant && objectId ? teamsIdentity(tenant, objectId) : null } : {}),
  };
}

/** What files from before this name of the role say. */
const olderRoles: ReadonlyMap<string, Role> = new Map([['user', 'member']]);
const nameProblems: Readonly<Record<NameProblem, string>> = {
  missing: 'is empty',
  tooLong: `is longer than ${longestName} characters`,
  invisible: 'has a line break or a character that cannot be seen',
};
const profileId = /^[a-z\d][\w.-]{0,63}$/i;
/** GUIDs; those of the Microsoft 365 Agents Playground are a digit longer. */
const microsoftId = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12,13}$/i;

function teamsIdentity(tenant: string, objectId: string): TeamsIdentity {
  return { tenant: tenant.toLowerCase(), objectId: objectId.toLowerCase() };
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return new Date(time).getUTCDate() === Number(text.slice(8));
}

function quoted(text: string): string {
  return `“${shortened(text)}”`;
}

/** For a message: one line, not long, nothing that a terminal would obey. */
function shortened(text: string): string {
  return Array.from(text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?'))
    .slice(0, 60)
    .join('');
}

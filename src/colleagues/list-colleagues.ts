/** The people of an organisation by name, a page at a time, with what became of their invitations. Ten thousand are usual. */
import type { Accounts } from '../accounts/accounts.ts';
import { type Member, type Profile, profiles } from '../directory/directory.ts';
import { stateOf } from '../invitations/invitation.ts';
import type { Invitations } from '../invitations/invitations.ts';
import { outbox } from '../mail/outbox.ts';
import { Pace } from '../pace.ts';
import type { Records, Stored } from '../records/records.ts';
import { type Colleague, type ColleaguePage, type Delivery, restorableFor } from './colleague.ts';

export interface ListParts {
  readonly records: Records;
  readonly accounts: Accounts;
  readonly invitations: Invitations;
  readonly now: () => Date;
}

/** Which people, and which page of them. */
export interface ListedPeople {
  readonly limit: number;
  /** Looked for in names and addresses, any letter case. */
  readonly search?: string;
  /** Only those whose newest invitation waits to be used. */
  readonly isPending?: boolean;
  /** `next` of the page before. */
  readonly after?: string;
}

/** Rows of a page at most. */
const longestPage = 200;

export async function listColleagues(
  you: Member,
  { limit, search = '', isPending = false, after }: ListedPeople,
  parts: ListParts,
): Promise<ColleaguePage> {
  const wanted = folded(search.slice(0, 300).trim());
  const all = await parts.records.find(profiles, 'organisation', you.organisation.id);
  const named = wanted === '' ? all : all.filter(({ value }) => isFound(value, wanted));
  const found = isPending ? await thoseInvited(named, parts) : named;
  const rows = Math.max(1, Math.min(limit, longestPage));
  const first = firstByName(found, after, rows + 1);
  const page = first.slice(0, rows);
  const next = first.length > rows ? page.at(-1) : undefined;
  return {
    people: await Promise.all(page.map(({ person }) => colleagueOf(person, you, parts))),
    count: found.length,
    ...(next && { next: next.place }),
  };
}

interface Placed {
  /** Sorts by name, then by id. */
  readonly place: string;
  readonly person: Stored<Profile>;
}

/** Sorting all of them for a page of fifty would take as long as all their pages. */
function firstByName(people: readonly Stored<Profile>[], after: string | undefined, count: number): Placed[] {
  const first: Placed[] = [];
  for (const person of people) {
    const place = `${folded(person.value.name)}\n${person.id}`;
    const last = first.at(-1);
    if (after !== undefined && place <= after) continue;
    if (first.length === count && last && place >= last.place) continue;
    let at = first.length;
    while (at > 0 && (first[at - 1]?.place ?? '') > place) at -= 1;
    first.splice(at, 0, { place, person });
    if (first.length > count) first.pop();
  }
  return first;
}

function isFound({ name, email, address }: Profile, wanted: string): boolean {
  return folded(name).includes(wanted) || folded(email).includes(wanted) || address.includes(wanted);
}

/** Letter case and marks aside, so that é stands beside e and is found by it. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  return ascii.test(lower) ? lower : lower.normalize('NFD').replace(/\p{M}/gu, '');
}

const ascii = /^[\x20-\x7e]*$/;

/** Whoever has access and no account yet, and a link that works. */
async function thoseInvited(people: readonly Stored<Profile>[], parts: ListParts): Promise<Stored<Profile>[]> {
  const { accounts, invitations, now } = parts;
  const found: Stored<Profile>[] = [];
  const pace = new Pace();
  for (const person of people) {
    if (pace.isDue) await pace.rest();
    const newest = person.value.endedAt === undefined && (await invitations.ofProfile(person.id)).at(-1)?.value;
    if (!newest || stateOf(newest, now()) !== 'valid') continue;
    if (!(await accounts.association(person.id))) found.push(person);
  }
  return found;
}

async function colleagueOf(
  { id, value }: Stored<Profile>,
  you: Member,
  { records, accounts, invitations, now }: ListParts,
): Promise<Colleague> {
  const { name, email, role, endedAt } = value;
  const newest = (await invitations.ofProfile(id)).at(-1)?.value;
  const delivery = await deliveryTo(id, records);
  const until = endedAt === undefined ? 0 : Date.parse(endedAt) + restorableFor;
  return {
    profile: id,
    name,
    email,
    role,
    isYou: id === you.profile.id,
    isLinked: (await accounts.association(id)) !== undefined,
    ...(newest && {
      invitation: { state: stateOf(newest, now()), issuedAt: newest.issuedAt, expiresAt: newest.expiresAt },
    }),
    ...(delivery && { delivery }),
    ...(endedAt !== undefined && {
      ended: {
        at: endedAt,
        ...(until > now().getTime() && { restorableUntil: new Date(until).toISOString() }),
      },
    }),
  };
}

/** Of the newest invitation's mail. */
async function deliveryTo(profile: string, records: Records): Promise<Delivery | undefined> {
  const mails = await records.find(outbox, 'about', profile);
  let newest: (typeof mails)[number] | undefined;
  for (const mail of mails) {
    const isLater = !newest || mail.value.at >= newest.value.at;
    if (mail.value.template === 'invitation' && isLater) newest = mail;
  }
  if (!newest) return undefined;
  const { state, attempts, at, next, doneAt = at } = newest.value;
  if (state !== 'waiting') return { state, at: doneAt };
  return attempts > 0 ? { state: 'retrying', at: next } : { state, at };
}

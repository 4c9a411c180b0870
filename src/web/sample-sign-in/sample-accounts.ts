/** The people of the sample sign-in. Their subjects stay the same, so that what was linked to one stays theirs. */

/** Where the sample provider lives below PUBLIC_URL; its issuer is that address. */
export const samplePath = '/sample-sign-in';

export interface SampleAccount {
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly part: 'user' | 'administrator' | 'impostor' | 'staff' | 'lead';
  /** As Microsoft's tokens have it: what stands for this person in Teams. */
  readonly objectId: string;
}

/** Of all sample accounts; no tenant of Microsoft has this id. */
export const sampleTenant = '5a3b1e00-0000-4000-8000-000000000000';

const objectId = (number: number) => `5a3b1e00-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const sampleAccounts: readonly SampleAccount[] = [
  { subject: 'amira', name: 'Amira Malik', email: 'amira@contoso.example', part: 'user', objectId: objectId(1) },
  {
    subject: 'amira-new',
    name: 'Amira Malik',
    email: 'amira.malik@outlook.example',
    part: 'user',
    objectId: objectId(2),
  },
  { subject: 'jin', name: 'Jin Nakamura', email: 'jin@fabrikam.example', part: 'user', objectId: objectId(3) },
  { subject: 'dana', name: 'Dana Weber', email: 'dana@contoso.example', part: 'administrator', objectId: objectId(4) },
  // Says an address that is on somebody else's profile: nothing may follow from it.
  {
    subject: 'impostor',
    name: 'Mallory Kent',
    email: 'amira@contoso.example',
    part: 'impostor',
    objectId: objectId(5),
  },
  { subject: 'sam', name: 'Sam Okafor', email: 'sam@accessdesk.example', part: 'staff', objectId: objectId(6) },
  { subject: 'lena', name: 'Lena Fischer', email: 'lena@accessdesk.example', part: 'lead', objectId: objectId(7) },
];

/** The account of whoever has an address; whoever only says so has none. */
export function sampleAccountOf(address: string): SampleAccount | undefined {
  return sampleAccounts.find(({ email, part }) => email === address && part !== 'impostor');
}

/** What STAFF_ACCOUNTS would say of the sample's staff. */
export function sampleStaff(publicUrl: string): readonly string[] {
  return sampleAccounts.flatMap(({ subject, part }) => {
    const entry = `${publicUrl}${samplePath}|${subject}`;
    return part === 'lead' ? [`${entry}:lead`] : part === 'staff' ? [entry] : [];
  });
}

/** Subjects of accounts with a typed name begin so; the name itself is in them, and so they need not be kept. */
const other = 'other.';
export const longestName = 60;

/** The subject of an account with a name of one's own; undefined for no name. */
export function subjectForName(typed: string): string | undefined {
  const name = Array.from(typed.replace(/\s+/g, ' ').trim()).slice(0, longestName).join('');
  return name === '' ? undefined : other + Buffer.from(name).toString('base64url');
}

/** What the provider says of a subject; undefined for one that it does not know. */
export function claimsOf(subject: string): Readonly<Record<string, string>> | undefined {
  const account = sampleAccounts.find((one) => one.subject === subject);
  if (account) return { name: account.name, email: account.email, tid: sampleTenant, oid: account.objectId };
  const name = subject.startsWith(other) ? Buffer.from(subject.slice(other.length), 'base64url').toString() : '';
  return subjectForName(name) === subject ? { name } : undefined;
}

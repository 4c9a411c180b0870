/**
 * The people a first start on this machine begins with, so that there is somebody to be. Their addresses end in
 * .example, which nobody can own (RFC 2606): no mail to them can ever reach a person.
 */
import { readEmailAddress } from '../mail/email-address.ts';
import { Change, type Records, type RecordType } from '../records/records.ts';
import {
  type Organisation,
  organisations,
  type Profile,
  profiles,
  type Role,
  type TeamsIdentity,
} from './directory.ts';

/** That the sample was added, once and for all: whoever removed it does not want it back. */
export const samples: RecordType<{ readonly at: string }> = { name: 'samples', indexes: {} };
const theSample = 'directory';

/**
 * Users of the Microsoft 365 Agents Playground 0.2.28, by the ids its default configuration sends (tenantId, users'
 * aadObjectId). They are a digit longer than a GUID; that is how it sends them.
 */
const playground = '00000000-0000-0000-0000-000000000000';
const inPlayground = (id: string) => ({ tenant: `${playground}1`, objectId: `${playground.slice(0, -1)}${id}` });

interface SamplePerson {
  readonly email: string;
  readonly name: string;
  readonly role?: Role;
  /** Last digits of the user's id in the Playground. */
  readonly user?: string;
}

// Those whom the sample sign-in has accounts for.
const amira = { email: 'amira@contoso.example', name: 'Amira Malik' };
const dana = { email: 'dana@contoso.example', name: 'Dana Weber' };
const jin = { email: 'jin@fabrikam.example', name: 'Jin Nakamura' };
// Those whom the Playground has; Alex is who is signed in there.
const alex = { email: 'alex@fabrikam.example', name: 'Alex Wilber', user: '20' };
const megan = { email: 'megan@fabrikam.example', name: 'Megan Bowen', user: '21' };
const adele = { email: 'adele@adatum.example', name: 'Adele Vance', user: '22' };

const sample: readonly { readonly of: Organisation; readonly people: readonly SamplePerson[] }[] = [
  {
    // An administrator with colleagues.
    of: { portal: 'CustomerSource', name: 'Contoso Ltd.', plan: 'enhancement', planUntil: '2099-12-31' },
    people: [
      { ...dana, role: 'administrator' },
      amira,
      { email: 'kofi@contoso.example', name: 'Kofi Mensah' },
      { email: 'mara@contoso.example', name: 'Mara Vogt' },
    ],
  },
  {
    // One address on several profiles: Amira helps another company, and is its partner as well. So is Alex.
    of: { portal: 'CustomerSource', name: 'Fabrikam Inc.', plan: 'support', planUntil: '2099-06-30' },
    people: [{ ...megan, role: 'administrator' }, amira, alex],
  },
  {
    of: { portal: 'PartnerSource', name: 'Fabrikam Inc.', plan: 'partner' },
    people: [amira, alex, megan],
  },
  {
    // A plan that has ended.
    of: { portal: 'CustomerSource', name: 'A. Datum Corporation', plan: 'enhancement', planUntil: '2025-03-31' },
    people: [jin, adele, { email: 'sofia@adatum.example', name: 'Sofia Rossi', role: 'administrator' }],
  },
  {
    of: { portal: 'CustomerSource', name: 'Wide World Importers', plan: 'employee' },
    people: [{ email: 'noor@wideworldimporters.example', name: 'Noor de Vries' }],
  },
];

export interface SampleParts {
  readonly records: Records;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Who is in Teams whoever has this address, where the Playground does not know them. */
  readonly teamsOf?: (address: string) => TeamsIdentity | undefined;
  /** Adds what other rooms keep of a person from the start. */
  readonly also?: (change: Change, profileId: string, profile: Profile) => void;
}

/**
 * Adds the sample to a store that has no directory and never had one. To be called for the local default only.
 * @returns whether it was added
 */
export async function addSampleDirectory({ records, now, newId, teamsOf, also }: SampleParts): Promise<boolean> {
  if (await records.get(samples, theSample)) return false;
  for await (const _ of records.all(organisations)) return false;
  for await (const _ of records.all(profiles)) return false;
  const change = new Change().create(samples, theSample, { at: now().toISOString() });
  for (const { of, people } of sample) {
    const organisation = newId();
    change.create(organisations, organisation, of);
    for (const { email, name, role = 'member', user } of people) {
      const address = readEmailAddress(email).ok?.canonical;
      if (!address) throw new Error(`the sample address ${email} is none`);
      const teams = user ? inPlayground(user) : teamsOf?.(address);
      const profile = { organisation, name, email, address, role, ...(teams && { teams }) };
      const id = newId();
      change.create(profiles, id, profile);
      also?.(change, id, profile);
    }
  }
  return records.commit(change);
}

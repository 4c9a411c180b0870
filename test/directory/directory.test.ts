import { expect } from 'chai';
import { type Association, associations } from '../../src/accounts/association.ts';
import { askServer } from '../../src/control/ask-server.ts';
import { accessOf } from '../../src/directory/access.ts';
import { claimOrganisation, Directory, type Profile, profiles } from '../../src/directory/directory.ts';
import { addSampleDirectory } from '../../src/directory/sample-directory.ts';
import { recordTypes } from '../../src/record-types.ts';
import { Change } from '../../src/records/records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { sampleAccounts, sampleTenant } from '../../src/web/sample-sign-in/sample-accounts.ts';
import { openToAll, startTestApp } from '../support/test-app.ts';
import { DirectoryStore, header } from './directory-store.ts';

describe('the directory', () => {
  let directory: DirectoryStore;
  let lookUp: Directory;
  const now = () => new Date('2026-03-02T09:00:00.000Z');
  const addSample = () => addSampleDirectory({ records: directory.store.records, now, newId: directory.newId });
  beforeEach(async () => {
    directory = await DirectoryStore.open();
    lookUp = new Directory(directory.store.records);
  });
  afterEach(() => directory.close());

  it('finds everybody with an address, with the organisation of each', async () => {
    await addSample();
    const found = await lookUp.membersByAddress('amira@contoso.example');
    expect(
      found.map(({ organisation }) => `${organisation.value.name} ${organisation.value.portal}`).sort(),
    ).to.deep.equal(['Contoso Ltd. CustomerSource', 'Fabrikam Inc. CustomerSource', 'Fabrikam Inc. PartnerSource']);
    expect(await lookUp.membersByAddress('nobody@contoso.example')).to.deep.equal([]);
  });

  it('finds people by Teams identity in any letter case, by id, and page by page by organisation', async () => {
    const id = { tenant: '00000000-0000-0000-0000-00000000000A', objectId: '00000000-0000-0000-0000-00000000000B' };
    const rows = [1, 2, 3].map(
      (n) =>
        `CustomerSource,X,support,,P${n},p${n}@x.test,member,p${n},${n === 2 ? `${id.tenant},${id.objectId}` : ','}\n`,
    );
    await directory.import(`${header},id,tenant,object_id\n${rows.join('')}`);
    expect((await lookUp.membersByTeams(id)).map(({ profile }) => profile.id)).to.deep.equal(['p2']);
    expect((await lookUp.member('p3'))?.organisation.value.name).to.equal('X');
    const company = await lookUp.organisationNamed('CustomerSource', 'X');
    expect(await lookUp.organisationNamed('PartnerSource', 'X')).to.equal(undefined);
    const page = async (after?: string) => (await lookUp.people(company?.id ?? '', 2, after)).map((one) => one.id);
    expect(await page()).to.deep.equal(['p1', 'p2']);
    expect(await page('p2')).to.deep.equal(['p3']);
  });

  it('lets one of two win who add the same address to an organisation', async () => {
    await directory.import(`${header}\nCustomerSource,X,support,,P,p@x.test,member\n`);
    const company = await lookUp.organisationNamed('CustomerSource', 'X');
    if (!company) throw new Error('X is missing');
    const profile: Profile = {
      organisation: company.id,
      name: 'Q',
      email: 'q@x.test',
      address: 'q@x.test',
      role: 'member',
    };
    const add = (id: string) =>
      directory.store.records.commit(claimOrganisation(new Change().create(profiles, id, profile), company));
    expect((await Promise.all([add('q1'), add('q2')])).sort()).to.deep.equal([false, true]);
  });

  describe('the sample', () => {
    it('has an ended plan, an administrator with colleagues, an employee and users of the Agents Playground', async () => {
      await addSample();
      const ended = (await lookUp.membersByAddress('jin@fabrikam.example'))[0];
      expect(ended && accessOf(ended.profile.value, ended.organisation.value, now()).given).to.equal(false);
      const dana = (await lookUp.membersByAddress('dana@contoso.example'))[0];
      expect(dana?.profile.value.role).to.equal('administrator');
      expect(await lookUp.people(dana?.organisation.id ?? '', 10)).to.have.length.above(2);
      expect((await lookUp.membersByAddress('noor@wideworldimporters.example'))[0]?.organisation.value.plan).to.equal(
        'employee',
      );
      const alex = {
        tenant: '00000000-0000-0000-0000-0000000000001',
        objectId: '00000000-0000-0000-0000-0000000000020',
      };
      const found = await lookUp.membersByTeams(alex);
      expect(new Set(found.map(({ profile }) => profile.value.address))).to.deep.equal(
        new Set(['alex@fabrikam.example']),
      );
    });

    it('has the people of the sample accounts, who are they in Teams too; the administrator alone is linked', async () => {
      const app = await startTestApp();
      await app.stop();
      const store = await openEmbeddedStore({ folder: app.folder, now: () => new Date(), recordTypes });
      const found = new Map<string, Profile[]>();
      for await (const { value } of store.records.all(profiles))
        found.set(value.address, [...(found.get(value.address) ?? []), value]);
      const linked: Association[] = [];
      for await (const { value } of store.records.all(associations)) linked.push(value);
      await store.close();
      await app.close();
      for (const [subject, count] of [
        ['amira', 3],
        ['jin', 1],
        ['dana', 1],
      ] as const) {
        const account = sampleAccounts.find((one) => one.subject === subject);
        const people = found.get(account?.email ?? '') ?? [];
        expect(people, subject).to.have.length(count);
        for (const one of people) {
          expect(one.name).to.equal(account?.name);
          expect(one.teams).to.deep.equal({ tenant: sampleTenant, objectId: account?.objectId });
        }
      }
      expect(linked.map(({ account }) => account.key)).to.deep.equal([`${app.url}/sample-sign-in|dana`]);
    });

    it('can be exported and imported, and has reserved domains only', async () => {
      await addSample();
      for (const { value } of await directory.all(profiles)) expect(value.address).to.match(/\.example$/);
      expect(await directory.import(await directory.export())).to.have.nested.property(
        'imported.profiles.unchanged',
        14,
      );
    });

    it('is added once, not again to a store that was emptied, and never to one that has a directory', async () => {
      expect(await addSample()).to.equal(true);
      expect(await addSample()).to.equal(false);
      for (const one of await directory.all(profiles)) await directory.store.erasure.forget(one.value.address);
      await directory.reopen();
      expect(await directory.all(profiles)).to.deep.equal([]);
      expect(await addSample()).to.equal(false);
      const other = await DirectoryStore.open();
      await other.import(`${header}\nCustomerSource,X,support,,P,p@x.test,member\n`);
      expect(await addSampleDirectory({ records: other.store.records, now, newId: other.newId })).to.equal(false);
      await other.close();
    });

    for (const [what, env, isThere] of [
      ['is there on this machine alone', {}, true],
      [
        'is not there with Bot Framework',
        { MicrosoftAppId: '00000000-0000-0000-0000-000000000001', MicrosoftAppPassword: 'x' },
        false,
      ],
      ['is not there under a public name', openToAll, false],
    ] as const) {
      it(what, async () => {
        const exported: string[] = [];
        const app = await startTestApp(env);
        try {
          const asked = await askServer(app.folder, 'profiles export', '', (text) => exported.push(String(text)));
          expect(asked).not.to.equal(undefined);
        } finally {
          await app.close();
        }
        expect(exported.join('').includes('amira@contoso.example')).to.equal(isThere);
      });
    }
  });
});

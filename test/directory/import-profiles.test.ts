import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { auditEntries } from '../../src/audit/audit.ts';
import { Directory, organisations, type Profile, profiles } from '../../src/directory/directory.ts';
import { importer, importProfiles } from '../../src/directory/import-profiles.ts';
import { Change, type Records } from '../../src/records/records.ts';
import { createWords } from '../../src/words/words.ts';
import { DirectoryStore, header } from './directory-store.ts';

const kim = 'CustomerSource,Contoso Ltd.,enhancement,2027-01-31,Kim Lee,Kim@contoso.example,member';
const lee = 'PartnerSource,"Fabrikam, Inc.",partner,,Lee Park,lee@fabrikam.example,administrator';
const file = (...rows: string[]) => `${[header, ...rows].join('\r\n')}\r\n`;
const ids = 'tenant,object_id';
const tenant = '00000000-0000-0000-0000-00000000000a';
const object = (n: number) => `00000000-0000-0000-0000-00000000000${n}`;

describe('an import of profiles', () => {
  let directory: DirectoryStore;
  beforeEach(async () => {
    directory = await DirectoryStore.open();
  });
  afterEach(() => directory.close());
  const counts = async (content: string | Uint8Array) => {
    const result = await directory.import(content);
    if ('problems' in result) throw new Error(JSON.stringify(result.problems));
    const { profiles: people, organisations: companies } = result.imported;
    return [people.added, people.changed, people.unchanged, companies.added, companies.changed];
  };
  const byEmail = async (email: string): Promise<Profile | undefined> =>
    (await directory.all(profiles)).find(({ value }) => value.email === email)?.value;
  const trail = async () => (await directory.all(auditEntries)).map(({ value }) => value);

  it('adds people and organisations, that are there after a restart too', async () => {
    expect(await counts(file(kim, lee))).to.deep.equal([2, 0, 0, 2, 0]);
    await directory.reopen();
    const found = await new Directory(directory.store.records).membersByAddress('kim@contoso.example');
    expect(found.map(({ profile, organisation }) => [profile.value.email, organisation.value])).to.deep.equal([
      [
        'Kim@contoso.example',
        { portal: 'CustomerSource', name: 'Contoso Ltd.', plan: 'enhancement', planUntil: '2027-01-31' },
      ],
    ]);
  });

  it('takes a byte order mark, columns in any order and letter case, other line ends and blank lines', async () => {
    const text =
      '\ufeffEmail,NAME,role,portal,plan,plan_until,organisation\nk@x.test,"Kim ""K"" Lee",User,customersource,Support,,X\n\n';
    expect(await counts(text)).to.deep.equal([1, 0, 0, 1, 0]);
    expect((await byEmail('k@x.test'))?.name).to.equal('Kim "K" Lee');
    expect((await directory.all(organisations))[0]?.value).to.deep.equal({
      portal: 'CustomerSource',
      name: 'X',
      plan: 'support',
    });
  });

  it('changes what is another and counts what is the same', async () => {
    await counts(file(kim, lee));
    expect(await counts(file(kim, lee, lee))).to.deep.equal([0, 0, 3, 0, 0]);
    const changed = kim.replace('Kim Lee', 'Kim Lee-Park').replace('Kim@contoso', 'KIM@CONTOSO');
    expect(await counts(file(changed, lee.replace(',,', ',2027-01-01,')))).to.deep.equal([0, 1, 1, 0, 1]);
    expect(await directory.all(profiles)).to.have.length(2);
  });

  it('finds a profile by its id whatever else changes, and audits what decides who somebody is', async () => {
    await counts(`${header},id\n${kim},kim-1\n`);
    await counts(
      `${header},id\n${kim.replace('Kim@contoso', 'kl@contoso').replace('member', 'administrator')},kim-1\n`,
    );
    expect((await directory.all(profiles)).map(({ id, value }) => [id, value.address])).to.deep.equal([
      ['kim-1', 'kl@contoso.example'],
    ]);
    expect(
      (await trail()).map(({ action, actor, profile, details, from }) => ({ action, actor, profile, details, from })),
    ).to.deep.equal([
      {
        action: 'role.changed',
        actor: 'system',
        profile: 'kim-1',
        details: { before: 'member', after: 'administrator' },
        from: 'profiles import',
      },
      {
        action: 'address.changed',
        actor: 'system',
        profile: 'kim-1',
        details: { before: 'K...@contoso.example', after: 'k...@contoso.example' },
        from: 'profiles import',
      },
    ]);
  });

  it('takes the older word user for a member, and writes the newer', async () => {
    await counts(file(kim.replace(/member$/, 'User')));
    expect(await byEmail('Kim@contoso.example')).to.include({ role: 'member' });
    expect(await directory.export()).to.match(/,Kim@contoso\.example,member,/);
    expect(await directory.problems(file(kim.replace(/member$/, 'constructor')))).to.have.length(1);
  });

  it('audits who becomes an administrator, and nothing of those who stay as they are', async () => {
    await counts(file(kim, lee));
    await counts(file(kim, lee));
    expect((await trail()).map(({ action }) => action)).to.deep.equal(['role.given']);
  });

  it('gives who is in the file access again', async () => {
    await counts(file(kim));
    const { records } = directory.store;
    const [seen] = await directory.all(profiles);
    if (seen)
      await records.commit(new Change().update(profiles, seen, { ...seen.value, endedAt: '2026-01-01T00:00:00Z' }));
    expect(await directory.export()).not.to.include('Kim');
    expect(await counts(file(kim))).to.deep.equal([0, 1, 0, 0, 0]);
    expect((await byEmail('Kim@contoso.example'))?.endedAt).to.equal(undefined);
    expect((await trail()).map(({ action }) => action)).to.deep.equal(['profile.reinstated']);
  });

  it('keeps one address on several organisations and portals apart', async () => {
    const twice = kim.replace('CustomerSource', 'PartnerSource');
    await counts(file(kim, twice, kim.replace('Contoso Ltd.', 'Adatum')));
    expect(await counts(file(twice.replace('member', 'administrator')))).to.deep.equal([0, 1, 0, 0, 0]);
    const roles = (await directory.all(profiles)).map(({ value }) => value.role);
    expect(roles.sort()).to.deep.equal(['administrator', 'member', 'member']);
  });

  it('keeps Teams identities where the file has no such columns, and takes them away where they are empty', async () => {
    await counts(`${header},${ids}\n${kim},${tenant.toUpperCase()},${object(1)}\n`);
    await counts(file(kim.replace('Kim Lee', 'Kim')));
    expect((await byEmail('Kim@contoso.example'))?.teams).to.deep.equal({ tenant, objectId: object(1) });
    await counts(`${header},${ids}\n${kim},,\n`);
    expect((await byEmail('Kim@contoso.example'))?.teams).to.equal(undefined);
  });

  it('says what a dry run would do and does nothing', async () => {
    const result = await directory.import(file(kim), true);
    expect('imported' in result && result.imported.profiles.added).to.equal(1);
    expect(await directory.all(profiles)).to.deep.equal([]);
  });

  const wrong: Record<string, [content: string | Uint8Array, ...problems: RegExp[]]> = {
    'an empty file': ['', /^1: .*empty/],
    'unknown and missing columns': [
      'portal,plan,Plan_Until,name,mail,role\nx',
      /^1: unknown columns: “mail”; missing columns: organisation, email\. The columns are portal, /,
    ],
    'a column twice': [`${header},name\n`, /^1: columns that are there twice: name/],
    'one of two columns that belong together': [`${header},tenant\n`, /^1: tenant and object_id belong together/],
    'every bad cell of every bad row': [
      file(kim, 'Portal,,gold,2027-02-30,,kim@contoso,boss', lee, 'x', kim.replace('Lee', 'Lee\u202e')),
      /^3: portal: “Portal” is none of CustomerSource, PartnerSource/,
      /^3: organisation: is empty/,
      /^3: plan: “gold”/,
      /^3: plan_until: “2027-02-30” is not a day/,
      /^3: name: is empty/,
      /^3: role: “boss”/,
      /^3: email: Enter one address.*“kim@contoso” has no ending/,
      /^5: this row has 1 cells where the header has 7/,
      /^6: name: .*cannot be seen/,
    ],
    'an address with a line break, under the line where its row begins': [
      file(kim, lee.replace('lee@fabrikam.example', '"lee@fabrikam.example\r\nBcc: x@evil.test"'), 'x'),
      /^3: email: .*cannot be seen/,
      /^5: this row has/,
    ],
    'two plans of one organisation': [
      file(kim, lee, kim.replace('Kim@', 'k2@').replace('2027-01-31', '2027-02-01')),
      /^4: plan: Contoso Ltd\. has enhancement until 2027-02-01 here, but enhancement until 2027-01-31 in line 2$/,
    ],
    'a profile twice with other values': [
      file(kim, kim.replace('Kim Lee', 'Kim')),
      /^3: this is the profile of line 2 again/,
    ],
    'an id twice': [`${header},id\n${kim},a\n${lee},a\n`, /^3: this is the profile of line 2 again/],
    'ids that would not do in an address of a page': [`${header},id\n${kim},../a\n`, /^2: id: /],
    'half a Teams identity, and one that is none': [
      `${header},${ids}\n${kim},${tenant},\n${lee},${tenant},x\n`,
      /^2: object_id: is empty/,
      /^3: object_id: “x” is not an object id/,
    ],
    "one person's Teams identity on another": [
      `${header},${ids}\n${kim},${tenant},${object(1)}\n${lee},${tenant},${object(1)}\n`,
      /^3: object_id: this Teams identity is another person's in line 2$/,
    ],
    'another encoding than UTF-8': [
      Buffer.concat([Buffer.from(file(kim, lee)), Buffer.from(lee.replace('Lee', 'L\u00e9'), 'latin1')]),
      /^4: this is not UTF-8/,
    ],
    'UTF-16': [Buffer.from(`\ufeff${file(kim)}`, 'utf16le'), /^1: this is not UTF-8/],
    'a quotation mark inside a cell, and reads on': [
      file(kim.replace('Kim Lee', 'Kim "K" Lee'), lee.replace('partner', 'gold')),
      /^2: a quotation mark/,
      /^3: plan/,
    ],
    'a quotation mark that is not closed': [file(kim, lee.replace('Inc."', 'Inc.'), kim), /^3: .*not closed/],
    'the same in a long file': [file(kim, lee.replace('Inc."', 'Inc.'), ...Array(2000).fill(kim)), /^3: .*not closed/],
  };
  for (const [what, [content, ...expected]] of Object.entries(wrong)) {
    it(`names ${what}, and imports nothing`, async () => {
      const problems = await directory.problems(content);
      expect(problems, problems.join('\n')).to.have.length(expected.length);
      for (const [index, pattern] of expected.entries()) expect(problems[index]).to.match(pattern);
      expect(await directory.all(profiles)).to.deep.equal([]);
      expect(await directory.all(organisations)).to.deep.equal([]);
    });
  }

  it('names a Teams identity or an address that somebody in the directory has', async () => {
    await counts(`${header},id,${ids}\n${kim},kim-1,${tenant},${object(1)}\n`);
    expect(await directory.problems(`${header},id,${ids}\n${lee},lee-1,${tenant},${object(1)}\n`)).to.deep.equal([
      "2: object_id: this Teams identity is another person's, on profile kim-1",
    ]);
    expect(await directory.problems(`${header},id\n${kim},kim-2\n`)).to.deep.equal([
      '2: id: this address has another profile in Contoso Ltd.: kim-1',
    ]);
  });

  it('lets two people of one file change addresses with each other', async () => {
    const rows = (one: string, two: string) => `${header},id\n${kim},${one}\n${kim.replace('Kim@', 'lee@')},${two}\n`;
    await counts(rows('a', 'b'));
    expect(await counts(rows('b', 'a'))).to.deep.equal([0, 2, 0, 0, 0]);
  });

  it('names the first thousand problems and counts the rest', async () => {
    const result = await directory.import(file(...Array(1500).fill('x')));
    if (!('problems' in result)) throw new Error('nothing was wrong');
    expect(result.problems).to.have.length(1000);
    expect(result.count).to.equal(1500);
  });

  it('waits for nothing that is not a file', async () => {
    const pipe = join(directory.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const parts = {
      records: directory.store.records,
      words: createWords('en'),
      now: () => new Date(),
      newId: directory.newId,
    };
    for (const path of [pipe, directory.folder, '/dev/zero', join(directory.folder, 'missing')]) {
      const error = await importProfiles(path, false, parts).catch((reason: unknown) => reason);
      expect(error, path).to.include({ code: 'ERR_FILE' });
    }
  });

  it('reads everything anew when somebody changes the directory meanwhile', async () => {
    await counts(file(kim));
    const { records } = directory.store;
    let isFirst = true;
    const disturbed: Records = Object.assign(Object.create(records) as Records, {
      get: records.get.bind(records),
      find: records.find.bind(records),
      page: records.page.bind(records),
      all: records.all.bind(records),
      commit: async (change: Change) => {
        const [seen] = await directory.all(profiles);
        if (isFirst && seen)
          await records.commit(new Change().update(profiles, seen, { ...seen.value, role: 'administrator' }));
        isFirst = false;
        return records.commit(change);
      },
    });
    const parts = { records: disturbed, words: createWords('en'), now: () => directory.time, newId: directory.newId };
    await directory.import(file(kim.replace('Kim Lee', 'Kim')), true);
    await importProfiles(join(directory.folder, 'profiles.csv'), false, parts);
    expect(await byEmail('Kim@contoso.example')).to.include({ name: 'Kim', role: 'member' });
    expect((await trail()).map(({ action }) => action)).to.deep.equal(['role.changed']);
  });

  it('gives a Teams identity to one of two people, also when two servers import at once', async () => {
    const path = join(directory.folder, 'each.csv');
    const importOnce = async (who: string, n: number) => {
      await writeFile(
        `${path}${n}`,
        `${header},${ids}\nCustomerSource,Company ${n},support,,P,${who},member,${tenant},${object(1)}\n`,
      );
      return importProfiles(`${path}${n}`, false, directory.parts);
    };
    const results = await Promise.all(['a@x.test', 'b@x.test', 'c@x.test'].map(importOnce));
    expect(results.filter((one) => 'imported' in one)).to.have.length(1);
    expect(await directory.all(profiles)).to.have.length(1);
  });

  it('makes an organisation once for two imports at once', async () => {
    await directory.import(file(kim), true);
    const path = join(directory.folder, 'profiles.csv');
    const { records } = directory.store;
    const run = importer({ records, words: createWords('en'), now: () => directory.time, newId: directory.newId });
    await Promise.all([1, 2].map(() => run(JSON.stringify({ path, isDryRun: false }), async () => {})));
    expect(await directory.all(organisations)).to.have.length(1);
    expect(await directory.all(profiles)).to.have.length(1);
  });

  it('ends where nobody waits for it any more, and imported nothing', async () => {
    await directory.import(file(kim), true);
    const parts = {
      records: directory.store.records,
      words: createWords('en'),
      now: () => directory.time,
      newId: directory.newId,
    };
    const gone = async () => {
      throw new Error('gone');
    };
    const error = await importProfiles(join(directory.folder, 'profiles.csv'), false, parts, gone).catch(
      (reason) => reason,
    );
    expect(error).to.have.property('message', 'gone');
    expect(await directory.all(profiles)).to.deep.equal([]);
  });

  it('of what was exported changes nothing, and no cell of it begins a formula', async () => {
    const cell = fc
      .array(fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', 'a', 'é', '＝', ' ', '1', '\u200c', '🚪'), {
        minLength: 1,
        maxLength: 8,
      })
      .map((parts) => parts.join('').trim())
      .filter((text) => text !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (pairs) => {
        const one = await DirectoryStore.open();
        try {
          const change = new Change();
          for (const [index, [company, name]] of pairs.entries()) {
            const email = `=p${index}@x.test`;
            change.create(organisations, `o${index}`, {
              portal: 'CustomerSource',
              name: `${company}${index}`,
              plan: 'partner',
            });
            change.create(profiles, `p${index}`, {
              organisation: `o${index}`,
              name,
              email,
              address: email,
              role: 'member',
            });
          }
          await one.store.records.commit(change);
          const text = await one.export();
          for (const one of (parse(text) as string[][]).flat()) expect(one).not.to.match(/^[=+\-@＝]/);
          const before = await one.all(profiles);
          const result = await one.import(text);
          expect('imported' in result && result.imported.profiles).to.deep.equal({
            added: 0,
            changed: 0,
            unchanged: pairs.length,
          });
          expect(await one.all(profiles)).to.deep.equal(before);
        } finally {
          await one.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});

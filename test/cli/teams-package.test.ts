import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import { validateManifest } from '../../src/cli/teams-package.ts';
import { type AppPackage, packTeamsApp } from '../../src/teams-app/app-package.ts';
import { readPng } from '../../src/teams-app/read-png.ts';
import { root } from '../support/test-app.ts';

const appId = '11111111-2222-3333-4444-555555555555';
const settings = {
  MicrosoftAppId: appId,
  TEAMS_APP_ID: appId,
  PUBLIC_URL: 'https://help.contoso.example',
  VERSION: '1.2.3',
};
const validate = validateManifest;

describe('the Teams app', () => {
  let folder: string;
  let packed: AppPackage;
  before(async () => {
    packed = await packTeamsApp(join(root, 'appPackage'), settings, validate);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-teams-app-'));
    await cp(join(root, 'appPackage'), folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const refused = async (given: Partial<typeof settings> = {}): Promise<string> => {
    const error = await packTeamsApp(folder, { ...settings, ...given }, validate).then(
      () => new Error('it was packed'),
      (error: Error) => error,
    );
    return error.message;
  };
  const change = async (file: string, edit: (text: string) => string) =>
    writeFile(join(folder, file), edit(await readFile(join(folder, file), 'utf8')));

  it('has ids, version, address and the consent that replies in threads need', async () => {
    const { manifest } = packed;
    expect(manifest).to.include({ id: appId, version: '1.2.3', manifestVersion: '1.19' });
    expect(manifest.bots).to.have.nested.property('[0].botId', appId);
    expect(manifest.bots).to.have.nested.property('[0].scopes').that.deep.equals(['personal', 'team', 'groupChat']);
    expect(manifest.validDomains).to.deep.equal(['help.contoso.example']);
    expect(JSON.stringify(manifest.authorization)).to.include('ChannelMessage.Read.Group');
    expect(JSON.stringify(manifest)).not.to.include('${{');
  });

  it('passes every schema from the version it names to the newest', async () => {
    const { manifest } = packed;
    const versions = await readdir(join(root, 'node_modules/@microsoft/app-manifest/build/json-schemas/teams'));
    const later = versions.filter((version) => Number(/^v1\.(\d+)$/.exec(version)?.[1]) >= 19);
    expect(later).to.include('v1.19').and.to.include('v1.30');
    for (const version of later) {
      const $schema = String(manifest.$schema).replace('v1.19', version);
      const problems = await validate({ ...manifest, $schema, manifestVersion: version.slice(1) });
      expect(problems, version).to.deep.equal([]);
    }
  });

  for (const language of ['de.json', 'fr.json']) {
    const readTexts = async () => JSON.parse(await readFile(join(root, 'appPackage', language), 'utf8'));

    it(`passes every schema of languages with ${language}`, async () => {
      const texts = await readTexts();
      const versions = await readdir(join(root, 'node_modules/@microsoft/app-manifest/build/json-schemas/teams'));
      for (const version of versions.filter((one) => Number(/^v1\.(\d+)$/.exec(one)?.[1]) >= 19)) {
        const $schema = String(texts.$schema).replace('v1.19', version);
        expect(await validate({ ...texts, $schema }), version).to.deep.equal([]);
      }
    });

    it(`has every text in ${language} that Teams shows of it`, async () => {
      const texts = await readTexts();
      const { name, description, bots, composeExtensions } = packed.manifest;
      // What a command's title says is sent to the bot, which reads English.
      const isShown = (path: string) =>
        /\.(?:title|description|short|full)$/.test(path) && !/^bots.+\.title$/.test(path);
      const shown = pathsOf({ name, description, bots, composeExtensions }).filter(isShown);
      expect(Object.keys(texts)).to.have.members(['$schema', ...shown]);
    });
  }

  it('is a zip without folders that holds what the manifest names', async () => {
    const { zip, files } = packed;
    expect(files).to.deep.equal(['manifest.json', 'color.png', 'outline.png', 'de.json', 'fr.json']);
    const found = unzip(zip);
    expect([...found.keys()]).to.deep.equal(files);
    expect(found.get('color.png')).to.deep.equal(await readFile(join(folder, 'color.png')));
    const script = 'import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);print(z.testzip(),len(z.namelist()))';
    await writeFile(join(folder, 'app.zip'), zip);
    const other = await promisify(execFile)('python3', ['-c', script, join(folder, 'app.zip')]).catch(() => undefined);
    if (other) expect(other.stdout.trim()).to.equal('None 5');
  });

  it('is the same bytes for the same settings', async () => {
    const again = await packTeamsApp(folder, settings, validate);
    expect(again.zip.equals(packed.zip)).to.equal(true);
  });

  it('has an icon whose ground is transparent', async () => {
    const picture = readPng(await readFile(join(folder, 'outline.png')));
    expect(picture?.pixels?.[3]).to.equal(0);
  });

  const wrong: [string, () => Promise<unknown>, Partial<typeof settings>, string][] = [
    ['no app id', async () => {}, { MicrosoftAppId: '', TEAMS_APP_ID: '' }, 'MicrosoftAppId is not set'],
    ['an address without https', async () => {}, { PUBLIC_URL: 'http://localhost:3978' }, 'PUBLIC_URL'],
    ['a version of two numbers', async () => {}, { VERSION: '1.2' }, 'three numbers'],
    ['an icon of another size', () => cp(join(folder, 'outline.png'), join(folder, 'color.png')), {}, '192 x 192'],
    ['an outline in colour', () => cp(join(folder, 'color.png'), join(folder, 'outline.png')), {}, '32 x 32'],
    ['an icon that is none', () => writeFile(join(folder, 'outline.png'), 'PNG'), {}, '32 x 32'],
    ['a file that is missing', () => rm(join(folder, 'de.json')), {}, 'de.json is named in manifest.json'],
    [
      'a text of no place',
      () => change('fr.json', (t) => t.replace('"name.full"', '"name.ful"')),
      {},
      'no text at name.ful',
    ],
    [
      'a translation that is too long',
      () => change('de.json', (t) => t.replace('"Antworten zum', `"${'Antworten '.repeat(9)}zum`)),
      {},
      'de.json: ',
    ],
    [
      'a translation without a name',
      () => change('fr.json', (t) => t.replace('"name.short": "AccessDesk",', '')),
      {},
      'fr.json:  must have required property',
    ],
    ['a translation that is no JSON', () => change('de.json', (t) => t.slice(1)), {}, 'de.json is no JSON'],
    [
      'a translation for another version',
      () => change('de.json', (t) => t.replace('v1.19', 'v1.20')),
      {},
      'de.json: its $schema has to be https://',
    ],
    [
      'a schema that nobody knows',
      () => change('manifest.json', (t) => t.replace('developer.microsoft.com', 'schemas.invalid')),
      {},
      'there is no schema "https://schemas.invalid',
    ],
    ['a manifest that is no JSON', () => change('manifest.json', (t) => t.slice(1)), {}, 'manifest.json is no JSON'],
    [
      'a field the schema does not know',
      () => change('manifest.json', (t) => t.replace('"accentColor"', '"accent"')),
      {},
      'accent',
    ],
    [
      'a setting that there is not',
      () => change('manifest.json', (t) => t.replace('{{VERSION}}', '{{VERSIN}}')),
      {},
      'VERSIN',
    ],
  ];
  for (const [what, spoil, given, says] of wrong) {
    it(`is not packed with ${what}`, async () => {
      await spoil();
      expect(await refused(given)).to.include(says);
    });
  }
});

/** Of every text in it, as a language names it. */
function pathsOf(node: unknown, path = ''): string[] {
  if (typeof node === 'string') return [path];
  if (Array.isArray(node)) return node.flatMap((one, index) => pathsOf(one, `${path}[${index}]`));
  return Object.entries(node as object).flatMap(([name, one]) => pathsOf(one, path === '' ? name : `${path}.${name}`));
}

/** What another program would find: names and contents by the central directory. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, length, offset] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt32LE(at + 42)];
    const start = offset + 30 + zip.readUInt16LE(offset + 26);
    files.set(zip.toString('utf8', at + 46, at + 46 + length), inflateRawSync(zip.subarray(start, start + packed)));
    at += 46 + length;
  }
  return files;
}

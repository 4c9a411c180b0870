/** The Teams app as a zip: the manifest from its template and the settings, icons, languages. `teams package` and `doctor` ask for it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AccessDeskError } from '../errors.ts';
import { readPng } from './read-png.ts';
import { type ZipFile, zip } from './zip.ts';

export interface AppPackageSettings {
  /** Of the bot registration. */
  readonly MicrosoftAppId: string;
  /** Of the app in Teams; that of the bot where there is no other. */
  readonly TEAMS_APP_ID: string;
  readonly PUBLIC_URL: string;
  /** Of this project: a new one replaces what is installed. */
  readonly VERSION: string;
}

export interface AppPackage {
  readonly zip: Buffer;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
}

/** Thrown with every problem at once, each saying what to do. */
export class AppPackageError extends AccessDeskError {
  constructor(readonly problems: readonly string[]) {
    super('ERR_TEAMS_PACKAGE', ['The Teams app cannot be packed:', ...problems.map((one) => `  ${one}`)].join('\n'));
  }
}

/** Checks a manifest, or a language of one, against the schema it names; resolves with what is wrong. */
export type ValidateManifest = (manifest: object) => Promise<readonly string[]>;

/**
 * @param folder - with manifest.json, the icons and the languages' files
 * @throws AppPackageError
 */
export async function packTeamsApp(
  folder: string,
  settings: AppPackageSettings,
  validate: ValidateManifest,
): Promise<AppPackage> {
  const problems = problemsOfSettings(settings);
  if (problems.length > 0) throw new AppPackageError(problems);
  const template = await readFile(join(folder, 'manifest.json'), 'utf8');
  const { text, missing } = filled(template, settings);
  problems.push(...missing.map((name) => `manifest.json names \${{${name}}}, which is no setting`));
  const manifest = parsed(text, 'manifest.json', problems);
  if (!manifest) throw new AppPackageError(problems);
  problems.push(...(await validate(manifest)).map((problem) => `manifest.json: ${problem}`));

  const { icons, localizationInfo } = manifest as {
    icons?: { color?: string; outline?: string };
    localizationInfo?: { additionalLanguages?: { file: string }[] };
  };
  const languages = (localizationInfo?.additionalLanguages ?? []).map(({ file }) => file);
  const names = [icons?.color ?? 'color.png', icons?.outline ?? 'outline.png', ...languages];
  const files: ZipFile[] = [{ name: 'manifest.json', content: Buffer.from(text) }];
  const there = await readdir(folder);
  for (const name of names) {
    if (!there.includes(name)) problems.push(`${name} is named in manifest.json and is not in ${folder}`);
    else files.push({ name, content: await readFile(join(folder, name)) });
  }
  for (const { name, content } of files) {
    if (name === icons?.color) problems.push(...problemsOfColour(name, Buffer.from(content)));
    if (name === icons?.outline) problems.push(...problemsOfOutline(name, Buffer.from(content)));
    if (!languages.includes(name)) continue;
    problems.push(...(await problemsOfLanguage(name, Buffer.from(content).toString('utf8'), manifest, validate)));
  }
  if (problems.length > 0) throw new AppPackageError(problems);
  return { zip: zip(files), manifest, files: files.map(({ name }) => name) };
}

function problemsOfSettings({ MicrosoftAppId, TEAMS_APP_ID, PUBLIC_URL, VERSION }: AppPackageSettings): string[] {
  const problems: string[] = [];
  const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
  if (MicrosoftAppId === '') problems.push('MicrosoftAppId is not set: write the app id of the bot registration');
  else if (!guid.test(TEAMS_APP_ID)) problems.push('TEAMS_APP_ID is no id: leave it out, or write the id of the app');
  if (!PUBLIC_URL.startsWith('https://')) {
    problems.push('PUBLIC_URL has to begin with https:// : Teams takes nothing else');
  }
  if (!/^\d+\.\d+\.\d+$/.test(VERSION)) problems.push(`the version ${VERSION} is not three numbers`);
  return problems;
}

/** Values go into JSON, so they are written as JSON writes them. */
function filled(template: string, settings: AppPackageSettings): { text: string; missing: string[] } {
  const values = new Map<string, string>([
    ...Object.entries(settings),
    ['PUBLIC_HOST', new URL(settings.PUBLIC_URL).host],
  ]);
  const missing: string[] = [];
  const text = template.replace(/\$\{\{(\w+)\}\}/g, (whole, name: string) => {
    const value = values.get(name);
    if (value === undefined) missing.push(name);
    return value === undefined ? whole : JSON.stringify(value).slice(1, -1);
  });
  return { text, missing };
}

function parsed(text: string, file: string, problems: string[]): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    problems.push(`${file} is no JSON: ${(error as Error).message}`);
    return undefined;
  }
}

function problemsOfColour(name: string, bytes: Buffer): string[] {
  const picture = readPng(bytes);
  return picture?.width === 192 && picture.height === 192 ? [] : [`${name} has to be a PNG of 192 x 192 pixels`];
}

/** White and nothing else, on nothing: Teams colours it. */
function problemsOfOutline(name: string, bytes: Buffer): string[] {
  const picture = readPng(bytes);
  if (picture?.width !== 32 || picture.height !== 32) return [`${name} has to be a PNG of 32 x 32 pixels`];
  const { pixels = new Uint8Array() } = picture;
  let seen = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue, alpha = 0] = pixels.subarray(at, at + 4);
    if (alpha > 0) seen++;
    if (alpha > 0 && (red !== 255 || green !== 255 || blue !== 255)) return [`${name} has to be white and transparent`];
  }
  const isDrawn = seen > 0 && seen < pixels.length / 4;
  return isDrawn ? [] : [`${name} has to be drawn in white on a transparent ground`];
}

/** A language has a schema of its own, and each of its keys has to lead to a text of the manifest. */
async function problemsOfLanguage(
  name: string,
  content: string,
  manifest: object,
  validate: ValidateManifest,
): Promise<string[]> {
  const problems: string[] = [];
  const texts = parsed(content, name, problems);
  if (!texts) return problems;
  const { $schema, ...own } = texts;
  for (const [path, text] of Object.entries(own)) {
    const at = partsOf(path).reduce<unknown>((node, part) => (node as Texts | undefined)?.[part], manifest);
    if (typeof at !== 'string') problems.push(`${name}: manifest.json has no text at ${path}`);
    if (typeof text !== 'string' || text === '') problems.push(`${name}: ${path} has no text`);
  }
  const wanted = String((manifest as Texts).$schema).replace(/[^/]+$/, 'MicrosoftTeams.Localization.schema.json');
  if ($schema !== wanted) problems.push(`${name}: its $schema has to be ${wanted}`);
  if (problems.length > 0) return problems;
  // Teams holds what it makes of both against the manifest's schema too: a translation may be too long where the text is not.
  const found = [...(await validate(texts)), ...(await validate(withTexts(manifest, own)))];
  return found.map((problem) => `${name}: ${problem}`);
}

type Texts = Record<string, unknown>;

/** The manifest as it reads in a language. @param texts - without problems */
function withTexts(manifest: object, texts: Texts): object {
  const translated = structuredClone(manifest);
  for (const [path, text] of Object.entries(texts)) {
    const parts = partsOf(path);
    const place = parts.slice(0, -1).reduce((node, part) => node[part] as Texts, translated as Texts);
    place[parts.at(-1) ?? ''] = text;
  }
  return translated;
}

/** `bots[0].botId` as bots, 0, botId. */
function partsOf(path: string): readonly string[] {
  return path.split(/[.[\]]+/).filter((part) => part !== '');
}

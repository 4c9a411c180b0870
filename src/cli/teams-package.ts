/** `teams package`: writes the Teams app as a zip, after it was checked. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { packTeamsApp } from '../teams-app/app-package.ts';
import type { CommandLine } from './command.ts';

export function addTeamsPackage(teams: Command, commandLine: CommandLine): void {
  teams
    .command('package')
    .description('write the app for Teams, checked against its schema; upload it as docs/teams.md says')
    .option('--out <file>', 'where to', 'accessdesk-teams.zip')
    .action(async ({ out }: { out: string }) => {
      const packed = await teamsAppOf(commandLine);
      const file = resolve(commandLine.workingFolder, out);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, packed.zip);
      const { id, version, manifestVersion } = packed.manifest;
      commandLine.out(
        `${file}: app ${id}, version ${version}, manifest ${manifestVersion}, ${packed.files.join(', ')}\n`,
      );
    });
}

/** @throws ConfigError, AppPackageError */
export async function teamsAppOf({ env, folder }: Pick<CommandLine, 'env' | 'folder'>) {
  const config = loadConfig(env, folder);
  const { MicrosoftAppId } = config.channels.botFramework;
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  const settings = {
    MicrosoftAppId,
    TEAMS_APP_ID: env.TEAMS_APP_ID || MicrosoftAppId,
    PUBLIC_URL: config.web.publicUrl,
    VERSION: version,
  };
  return packTeamsApp(join(folder, 'appPackage'), settings, validateManifest);
}

/** Against the schema that the manifest, or the language, names, without the network. */
export async function validateManifest(manifest: object): Promise<readonly string[]> {
  // Large, so it is loaded here alone. Node and tsx differ in what of a CommonJS module they call its default.
  const loaded = await import('@microsoft/app-manifest');
  const { AppManifestUtils } = loaded.AppManifestUtils ? loaded : loaded.default;
  const { $schema = '' } = manifest as { $schema?: string };
  // One that does not come with it, it would ask for in the network.
  const schema = await AppManifestUtils.fetchSchema($schema).catch(() => undefined);
  if (!schema) return [`there is no schema "${$schema}"`];
  return AppManifestUtils.validateAgainstSchema(manifest as never, readable(schema));
}

/** That of languages has a lone ] in some patterns, where the schema's reader takes none. */
function readable<Schema extends object>(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('\\\\b]', '\\\\b\\\\]'));
}

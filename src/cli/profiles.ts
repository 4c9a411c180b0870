/** `profiles import` and `profiles export`: the directory, through the running server or in the store itself. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { exportProfiles } from '../directory/export-profiles.ts';
import { type ImportProgress, type ImportResult, importProfiles } from '../directory/import-profiles.ts';
import { createWords } from '../words/words.ts';
import { CommandFailed, type CommandLine } from './command.ts';
import { withStore } from './with-store.ts';

export function addProfiles(program: Command, commandLine: CommandLine): void {
  const profiles = program.command('profiles').description('the directory: organisations and the profiles of people');
  profiles
    .command('import')
    .description('add and change profiles from a CSV file: all rows, or none and what is wrong with them')
    .argument('<file>', 'CSV in UTF-8 with a header row')
    .option('--dry-run', 'say what would be done')
    .action((file: string, { dryRun = false }: { dryRun?: boolean }) => runImport(file, dryRun, commandLine));
  profiles
    .command('export')
    .description('everybody with a profile as CSV, on standard output')
    .action(() => runExport(commandLine));
}

async function runImport(file: string, isDryRun: boolean, { out, err, env, folder, workingFolder }: CommandLine) {
  const config = loadConfig(env, folder);
  const path = resolve(workingFolder, file);
  const bar = progressBar();
  let result: ImportResult;
  try {
    const argument = JSON.stringify({ path, isDryRun });
    const onPart = (progress: unknown) => bar.show(progress as ImportProgress);
    const ask = { command: 'profiles import', argument, onPart, mayBegin: true };
    result = await withStore<ImportResult>(config.store, ask, ({ records }) => {
      const parts = { records, words: createWords(config.locale), now: () => new Date(), newId: randomUUID };
      return importProfiles(path, isDryRun, parts, async (progress) => bar.show(progress));
    });
  } finally {
    bar.end();
  }
  if ('imported' in result) out(summary(result.imported, isDryRun));
  else {
    const { problems, count } = result;
    err(problems.map(({ line, message }) => `${file}:${line}: ${message}\n`).join(''));
    const more = count - problems.length;
    throw new CommandFailed(
      `${more > 0 ? `... and ${number(more)} more. ` : ''}${number(count)} ${count === 1 ? 'problem' : 'problems'}; nothing was imported.`,
    );
  }
}

async function runExport({ out, env, folder }: CommandLine): Promise<void> {
  const { store } = loadConfig(env, folder);
  const tell = (text: unknown) => out(String(text));
  await withStore(store, { command: 'profiles export', onPart: tell }, async ({ records }) => {
    await exportProfiles(records, async (text) => tell(text));
  });
}

function summary(
  { rows, profiles, organisations }: Extract<ImportResult, { imported: object }>['imported'],
  isDryRun: boolean,
) {
  const verb = isDryRun ? 'Would be imported' : 'Imported';
  return (
    `${verb}: ${number(rows)} rows. Profiles: ${number(profiles.added)} added, ${number(profiles.changed)} changed, ` +
    `${number(profiles.unchanged)} unchanged. Organisations: ${number(organisations.added)} added, ${number(organisations.changed)} changed.\n`
  );
}

function number(value: number): string {
  return value.toLocaleString('en');
}

/** On a terminal only; a log keeps every step of a bar as a line. */
function progressBar(): { show(progress: ImportProgress): void; end(): void } {
  if (!process.stderr.isTTY) return { show: () => {}, end: () => {} };
  const bar = new SingleBar(
    { format: '{step} {bar} {percentage} %', stream: process.stderr, clearOnComplete: true },
    Presets.shades_classic,
  );
  let isShown = false;
  return {
    show({ step, done }) {
      if (!isShown) bar.start(100, 0, { step });
      isShown = true;
      bar.update(Math.round(done * 100), { step });
    },
    end: () => bar.stop(),
  };
}

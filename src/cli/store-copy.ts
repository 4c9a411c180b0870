/** `store copy`: everything from the embedded store into PostgreSQL, or back. The servers on both are stopped first. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { maskedUrl, storeAt } from '../config.ts';
import { recordTypes } from '../record-types.ts';
import { copyStore } from '../stores/copy-store.ts';
import { CommandFailed, type CommandLine } from './command.ts';

/** Documents between two lines of progress where no terminal shows it. */
const tellEvery = 50_000;

export function addStoreCopy(program: Command, { out, err, workingFolder }: CommandLine): void {
  program
    .command('store')
    .description('where everything is kept')
    .command('copy')
    .description('copy everything into an empty store and compare the two; stop the servers on both first')
    .requiredOption('--from <url>', 'file:FOLDER or postgres://user:password@host/database')
    .requiredOption('--to <url>', 'the same, empty')
    .action(async ({ from, to }: { from: string; to: string }) => {
      const [source, target] = [storeAt(from, workingFolder), storeAt(to, workingFolder)];
      if (source.url === undefined && !existsSync(source.folder))
        throw new CommandFailed(`There is no store in ${source.folder}. Check --from.`);
      if (source.url === target.url && (source.url !== undefined || source.folder === target.folder))
        throw new CommandFailed('Both are the same store. Give --to another one.');
      let told = 0;
      const options = { now: () => new Date(), recordTypes };
      const sums = await copyStore({ ...source, ...options }, { ...target, ...options }, ({ step, documents }) => {
        if (process.stderr.isTTY) err(`\r${step}: ${documents.toLocaleString('en')} documents`);
        else if (Math.floor(documents / tellEvery) !== told) {
          told = Math.floor(documents / tellEvery);
          if (told > 0) err(`${step}: ${documents.toLocaleString('en')} documents\n`);
        }
      });
      if (process.stderr.isTTY) err('\n');
      for (const [name, { count, checksum }] of sums)
        out(`${name.padEnd(24)} ${count.toLocaleString('en').padStart(12)}  ${checksum.slice(0, 16)}\n`);
      const total = [...sums.values()].reduce((sum, { count }) => sum + count, 0);
      out(`Copied and compared: ${total.toLocaleString('en')} documents, now in ${maskedUrl(to)}.\n`);
    });
}

/** Command line entry: one command per file in cli/. Exit code 0 for success, 1 for a failure, 2 for words it does not know. */
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { addAudit } from './cli/audit.ts';
import type { CommandLine } from './cli/command.ts';
import { addDoctor } from './cli/doctor.ts';
import { projectFolder, readEnvironment } from './cli/environment.ts';
import { addFaqAsk } from './cli/faq-ask.ts';
import { addFaqCheck } from './cli/faq-check.ts';
import { addFaqProposals } from './cli/faq-proposals.ts';
import { addFaqTest } from './cli/faq-test.ts';
import { addForget } from './cli/forget.ts';
import { addProfiles } from './cli/profiles.ts';
import { addReport } from './cli/report.ts';
import { addStoreCopy } from './cli/store-copy.ts';
import { addTeamsPackage } from './cli/teams-package.ts';

const folder = projectFolder(import.meta.url);
const commandLine: CommandLine = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: readEnvironment(folder, process.env),
  folder,
  workingFolder: process.cwd(),
  assets: fileURLToPath(new URL('./assets/', import.meta.url)),
  now: () => new Date(),
};

const program = new Command('node dist/cli.js').description('AccessDesk').exitOverride();
const faq = program.command('faq').description('the knowledge base');
addFaqCheck(faq, commandLine);
addFaqAsk(faq, commandLine);
addFaqTest(faq, commandLine);
addFaqProposals(faq, commandLine);
addProfiles(program, commandLine);
addAudit(program, commandLine);
addReport(program, commandLine);
addForget(program, commandLine);
addStoreCopy(program, commandLine);
addDoctor(program, commandLine);
addTeamsPackage(program.command('teams').description('the app for Microsoft Teams'), commandLine);

// Whoever reads only the beginning (`... | head`) has what they want.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    commandLine.err(
      `${error instanceof Error && 'code' in error ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
    process.exitCode = 1;
  }
}

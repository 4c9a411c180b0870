/** `faq check`: reads the knowledge base and lists what is wrong, as `file:line: message`. */
import type { Command } from 'commander';
import { loadKnowledgeBase } from '../faq/load-knowledge-base.ts';
import { problemText } from '../faq/problem-text.ts';
import { CommandFailed, type CommandLine } from './command.ts';
import { faqFolder } from './faq-folder.ts';

export function addFaqCheck(faq: Command, commandLine: CommandLine): void {
  faq
    .command('check')
    .description('list problems as file:line: message; exit 1 if any')
    .option('--faq <dir>', 'folder of the knowledge base')
    .action(async (options: { faq?: string }) => {
      const { folder, settings } = faqFolder(options, commandLine);
      const { base, problems } = await loadKnowledgeBase(folder, settings);
      for (const problem of problems) commandLine.err(`${problemText(problem)}\n`);
      if (problems.length > 0) throw new CommandFailed(`${problems.length} problems in ${folder}.`);
      commandLine.out(
        `${base.entries.length} entries in ${base.topics.length} topics, ${base.actions.length} actions, ${base.notices.length} notices: no problems.\n`,
      );
    });
}

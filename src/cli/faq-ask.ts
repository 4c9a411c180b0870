/** `faq ask TEXT`: what the bot would do with a question, and why. */
import type { Command } from 'commander';
import type { CommandLine } from './command.ts';
import { loadKnowledge } from './faq-folder.ts';

export function addFaqAsk(faq: Command, commandLine: CommandLine): void {
  faq
    .command('ask')
    .description('the decision on a question, its confidence, the candidates and why')
    .argument('<text...>')
    .option('--faq <dir>', 'folder of the knowledge base')
    .option('--json', 'as JSON')
    .action(async (parts: string[], options: { faq?: string; json?: boolean }) => {
      const text = parts.join(' ');
      const knowledge = await loadKnowledge(options, commandLine);
      commandLine.out(
        `${options.json ? JSON.stringify({ text, ...knowledge.decide(text) }) : knowledge.explain(text)}\n`,
      );
    });
}

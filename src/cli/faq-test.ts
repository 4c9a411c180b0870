/** `faq test FILE.jsonl`: decides on questions whose right answer is known, and counts. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { describeSummary, evaluate, parseTestRows, percentAnsweredRight, summarise } from '../faq/evaluate.ts';
import { CommandFailed, type CommandLine } from './command.ts';
import { loadKnowledge } from './faq-folder.ts';

interface Options {
  readonly faq?: string;
  readonly json?: boolean;
  readonly minRight?: number;
}

export function addFaqTest(faq: Command, commandLine: CommandLine): void {
  faq
    .command('test')
    .description('decide on the rows of a file, {"text", "expect"} per line, and count')
    .argument('<file>')
    .option('--faq <dir>', 'folder of the knowledge base')
    .option('--json', 'a line per row, then the summary, as JSON')
    .option('--min-right <percent>', 'exit 1 when fewer of the rows in scope are answered right', percentage)
    .action(async (file: string, options: Options) => {
      const rows = parseTestRows(await read(file, commandLine), file);
      const knowledge = await loadKnowledge(options, commandLine);
      const results = evaluate(rows, (text) => knowledge.decide(text));
      const summary = summarise(results);
      if (options.json) for (const line of [...results, { summary }]) commandLine.out(`${JSON.stringify(line)}\n`);
      else commandLine.out(`${describeSummary(summary)}\n`);
      const right = percentAnsweredRight(summary);
      if (options.minRight !== undefined && right < options.minRight) {
        throw new CommandFailed(`${right.toFixed(1)} % answered right; --min-right asks for ${options.minRight} %.`);
      }
    });
}

async function read(file: string, { workingFolder }: CommandLine): Promise<string> {
  return readFile(resolve(workingFolder, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailed(`${file} cannot be read (${error.code}). Check its name.`);
  });
}

function percentage(text: string): number {
  const percent = Number(text);
  if (text.trim() === '' || !(percent >= 0 && percent <= 100))
    throw new InvalidArgumentError('Write a number from 0 to 100.');
  return percent;
}

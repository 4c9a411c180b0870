/** `faq proposals`: phrasings that use proposes; accepting one writes it into the Markdown. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config.ts';
import { addPhrasing } from '../faq/add-phrasing.ts';
import type { KnowledgeBase } from '../faq/entry.ts';
import { type Proposal, type Proposals, proposalsFrom } from '../faq/proposals.ts';
import { replaceFile } from '../faq/replace-file.ts';
import { type CountedLesson, gatherLessons } from '../usage/gather-lessons.ts';
import { CommandFailed, type CommandLine } from './command.ts';
import { faqFolder, loadKnowledge } from './faq-folder.ts';
import { withStore } from './with-store.ts';

interface Options {
  readonly faq?: string;
  readonly accept?: number;
  readonly json?: boolean;
}

const ways = {
  picked: 'picked among suggestions',
  helped: 'said to have helped',
  rephrased: 'asked again in other words',
};

export function addFaqProposals(faq: Command, commandLine: CommandLine): void {
  const { out, env, folder } = commandLine;
  faq
    .command('proposals')
    .description('phrasings proposed from use: suggestions that were picked, votes, misses')
    .option('--faq <dir>', 'folder of the knowledge base')
    .option('--accept <n>', 'write proposal N into its Markdown file', number)
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      const knowledge = await loadKnowledge(options, commandLine);
      const { entries, actions } = knowledge.base;
      const { store } = loadConfig(env, folder);
      const learned = await withStore<CountedLesson[]>(store, { command: 'lessons' }, ({ history, votes }) =>
        gatherLessons(history, votes),
      );
      const found = proposalsFrom(learned, [...entries, ...actions], (text) => knowledge.decide(text));
      if (options.accept === undefined) {
        out(options.json ? `${JSON.stringify(found)}\n` : described(found));
        return;
      }
      const proposal = found.proposals[options.accept - 1];
      if (!proposal) throw new CommandFailed(`There is no proposal ${options.accept}. List them with: faq proposals`);
      out(await accept(proposal, options, commandLine, knowledge.base));
    });
}

function described({ proposals, unanswered }: Proposals): string {
  const times = (count: number) => (count === 1 ? 'once' : `${count} times`);
  const lines = proposals.map(
    ({ text, meant, how, count }, index) =>
      `${String(index + 1).padStart(3)}  ${JSON.stringify(text)} for ${meant} (${ways[how as keyof typeof ways]}, ${times(count)})`,
  );
  if (lines.length === 0) lines.push('Nothing is proposed: what people asked is answered, or too little was asked.');
  else lines.push('', 'Write one into its file with: faq proposals --accept N');
  if (unanswered.length > 0) {
    lines.push('', 'Without an answer, perhaps entries to write:');
    lines.push(...unanswered.slice(0, 20).map(({ text, count }) => `     ${JSON.stringify(text)} (${times(count)})`));
  }
  return `${lines.join('\n')}\n`;
}

async function accept(
  { text, meant }: Proposal,
  options: Options,
  commandLine: CommandLine,
  base: KnowledgeBase,
): Promise<string> {
  const phrased = [...base.entries, ...base.actions].find(({ id }) => id === meant);
  if (!phrased) throw new CommandFailed(`There is no entry ${meant} any more.`);
  const { folder, settings } = faqFolder(options, commandLine);
  const { file } = phrased.source;
  const path = join(folder, file);
  const whole = await readFile(path, 'utf8');
  const written = addPhrasing({ id: meant, phrasing: text, file, text: whole, settings });
  await (await replaceFile(path, written.text)).commit();
  return `Added to ${file}:${written.line} for ${meant}: ${text}\n`;
}

function number(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Write the number of a proposal.');
  return Number(text);
}

/** Which knowledge base a `faq` command is about: `--faq DIR`, else FAQ_DIR. */
import { resolve } from 'node:path';
import { type Config, loadConfig } from '../config.ts';
import { createKnowledge, type Knowledge } from '../faq/knowledge.ts';
import { loadKnowledgeBase } from '../faq/load-knowledge-base.ts';
import { problemText } from '../faq/problem-text.ts';
import { CommandFailed, type CommandLine } from './command.ts';

export function faqFolder({ faq }: { faq?: string }, { env, folder, workingFolder }: CommandLine): Config['faq'] {
  const config = loadConfig(env, folder).faq;
  return faq ? { ...config, folder: resolve(workingFolder, faq) } : config;
}

/** The knowledge base ready for questions. @throws CommandFailed listing the errors in it. */
export async function loadKnowledge(options: { faq?: string }, commandLine: CommandLine): Promise<Knowledge> {
  const { folder, settings } = faqFolder(options, commandLine);
  const { base, problems } = await loadKnowledgeBase(folder, settings);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new CommandFailed(errors.map(problemText).join('\n'));
  return createKnowledge(base);
}

/** `forget PERSON`: erases a person, through the running server or in the store itself. */
import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config.ts';
import { CapturedMails, capturedFolder } from '../mail/captured-mails.ts';
import { removeCaptured } from '../mail/remove-captured.ts';
import type { CommandLine } from './command.ts';
import { withStore } from './with-store.ts';

export function addForget(program: Command, { out, env, folder }: CommandLine): void {
  program
    .command('forget')
    .description('erase a person: an e-mail address, profile id, chat user id or issuer|subject')
    .argument('<person>', 'as written', notBlank)
    .action(async (person: string) => {
      const { store } = loadConfig(env, folder);
      const erased = await withStore(store, { command: 'forget', argument: person }, async (opened) => {
        const erasedHere = await opened.erasure.forget(person);
        await removeCaptured(new CapturedMails(capturedFolder(store.folder)), opened.records);
        return erasedHere;
      });
      out(
        `Erased: ${erased.conversations} conversations, ${erased.lines} lines, ${erased.votes} votes. ` +
          `Redacted: ${erased.redacted} lines of other people. ` +
          `Profiles, mail and the like: ${erased.documents.removed} removed, ${erased.documents.redacted} changed.\n`,
      );
    });
}

/** A blank name would match whatever has none. */
function notBlank(person: string): string {
  if (person.trim() === '')
    throw new InvalidArgumentError('Write an e-mail address, profile id, chat user id or issuer|subject.');
  return person.trim();
}

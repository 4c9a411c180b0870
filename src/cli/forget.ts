/** `forget PERSON`: erases a person, through the running server or in the store itself. */
import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config.ts';
import { askServer } from '../control/ask-server.ts';
import type { Erased } from '../history/history.ts';
import { CapturedMails, capturedFolder } from '../mail/captured-mails.ts';
import { removeCaptured } from '../mail/remove-captured.ts';
import { recordTypes } from '../record-types.ts';
import { openEmbeddedStore } from '../stores/embedded/embedded-store.ts';
import { CommandFailed, type CommandLine } from './command.ts';

export function addForget(program: Command, { out, env, folder }: CommandLine): void {
  program
    .command('forget')
    .description('erase a person: an e-mail address, profile id, chat user id or issuer|subject')
    .argument('<person>', 'as written', notBlank)
    .action(async (person: string) => {
      const { store } = loadConfig(env, folder);
      const asked = await askServer(store.folder, 'forget', person);
      const erased = asked ? (asked.result as Erased) : await forgetHere(store.folder, person);
      out(
        `Erased: ${erased.conversations} conversations, ${erased.lines} lines, ${erased.votes} votes. ` +
          `Redacted: ${erased.redacted} lines of other people. ` +
          `Profiles, mail and the like: ${erased.documents.removed} removed, ${erased.documents.redacted} changed.\n`,
      );
    });
}

async function forgetHere(folder: string, person: string): Promise<Erased> {
  if (!existsSync(folder)) throw new CommandFailed(`There is no store in ${folder}. Check STORE_URL.`);
  const store = await openEmbeddedStore({ folder, now: () => new Date(), recordTypes });
  try {
    const erased = await store.erasure.forget(person);
    await removeCaptured(new CapturedMails(capturedFolder(folder)), store.records);
    return erased;
  } finally {
    await store.close();
  }
}

/** A blank name would match whatever has none. */
function notBlank(person: string): string {
  if (person.trim() === '')
    throw new InvalidArgumentError('Write an e-mail address, profile id, chat user id or issuer|subject.');
  return person.trim();
}

/** `audit export`: who changed what, through the running server or in the store itself. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type AuditPeriod, exportAudit } from '../audit/export-audit.ts';
import { loadConfig } from '../config.ts';
import { askServer } from '../control/ask-server.ts';
import { recordTypes } from '../record-types.ts';
import { openEmbeddedStore } from '../stores/embedded/embedded-store.ts';
import { CommandFailed, type CommandLine } from './command.ts';
import { day } from './day.ts';

export function addAudit(program: Command, { out, env, folder }: CommandLine): void {
  program
    .command('audit')
    .description('the trail of changes to associations, invitations, addresses and roles')
    .command('export')
    .description('as JSON lines, on standard output')
    .option('--from <date>', 'first day, YYYY-MM-DD in UTC', day)
    .option('--to <date>', 'last day', day)
    .action(async (period: AuditPeriod) => {
      const { store } = loadConfig(env, folder);
      const asked = await askServer(store.folder, 'audit export', JSON.stringify(period), (text) => out(String(text)));
      if (asked) return;
      if (!existsSync(store.folder)) throw new CommandFailed(`There is no store in ${store.folder}. Check STORE_URL.`);
      const opened = await openEmbeddedStore({ folder: store.folder, now: () => new Date(), recordTypes });
      try {
        await exportAudit(opened.records, period, async (text) => out(text));
      } finally {
        await opened.close();
      }
    });
}

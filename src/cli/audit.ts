/** `audit export`: who changed what, through the running server or in the store itself. */
import type { Command } from 'commander';
import { type AuditPeriod, exportAudit } from '../audit/export-audit.ts';
import { loadConfig } from '../config.ts';
import type { CommandLine } from './command.ts';
import { day } from './day.ts';
import { withStore } from './with-store.ts';

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
      const tell = (text: unknown) => out(String(text));
      const ask = { command: 'audit export', argument: JSON.stringify(period), onPart: tell };
      await withStore(store, ask, ({ records }) => exportAudit(records, period, async (text) => tell(text)));
    });
}

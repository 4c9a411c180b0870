/** `report`: what was asked, answered, missed and left to a person, through the running server or from the store itself. */
import { type Command, Option } from 'commander';
import { loadConfig } from '../config.ts';
import { ticketFigures } from '../tickets/ticket-figures.ts';
import { createReport, type Report } from '../usage/report.ts';
import type { ReportPeriod } from '../usage/report-period.ts';
import { createWords } from '../words/words.ts';
import { CommandFailed, type CommandLine } from './command.ts';
import { day } from './day.ts';
import { reportCsv } from './report-csv.ts';
import { reportTable } from './report-table.ts';
import { withStore } from './with-store.ts';

type Options = ReportPeriod & { readonly csv?: boolean; readonly json?: boolean };

export function addReport(program: Command, { out, env, folder }: CommandLine): void {
  program
    .command('report')
    .description('questions, answers, misses, votes, hand-offs and times, as a table')
    .option('--from <date>', 'first day, YYYY-MM-DD in UTC', day)
    .option('--to <date>', 'last day', day)
    .addOption(new Option('--csv', 'as CSV: section, item, figure, value').conflicts('json'))
    .option('--json', 'as JSON')
    .action(async ({ from, to, csv, json }: Options) => {
      if (from && to && from > to) throw new CommandFailed(`--from ${from} is after --to ${to}. Exchange them.`);
      const config = loadConfig(env, folder);
      const period: ReportPeriod = { ...(from && { from }), ...(to && { to }) };
      const ask = { command: 'report', argument: JSON.stringify(period) };
      const report = await withStore<Report>(config.store, ask, ({ history, votes, records }) =>
        createReport({ history, votes, tickets: () => ticketFigures(records) }, period),
      );
      if (json) out(`${JSON.stringify(report)}\n`);
      else out(csv ? reportCsv(report) : reportTable(report, createWords(config.locale)));
    });
}

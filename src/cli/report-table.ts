/** A report for a terminal: the figures in columns, longest lists cut. */
import type { Report } from '../usage/report.ts';
import type { Spread } from '../usage/spread.ts';
import type { Words } from '../words/words.ts';

type Row = readonly (string | number)[];

/** Rows of a list; `--json` and `--csv` have them all. */
const mostRows = 20;

export function reportTable(report: Report, words: Words): string {
  const { period, decisions, votes, entries, misses, handOffs, days } = report;
  const percent = (part: number) => (report.questions === 0 ? '' : `${Math.round((100 * part) / report.questions)} %`);
  const share = (name: string, count: number): Row => [name, count, percent(count)];
  const times = (name: string, { count, median, p90 }: Spread): Row[] =>
    median === null || p90 === null ? [] : [[name, words.duration(median), words.duration(p90), count]];
  const spreads = [...times('First response', handOffs.firstResponse), ...times('Resolution', handOffs.resolution)];
  return `${[
    period.from || period.to ? `${period.from ?? 'the beginning'} to ${period.to ?? 'today'}, days in UTC` : 'All days',
    section('Questions', [
      ['Questions', report.questions, ''],
      share('  answered', decisions.answer),
      share('  dialog begun', decisions.dialog),
      share('  suggested', decisions.suggest),
      share('    of these taken', report.picked),
      share('  no answer', decisions.none),
      share('Answered without a person', report.deflected),
      ['Conversations', report.conversations, ''],
      ['Votes: helped', votes.helped, ''],
      ['Votes: not what was meant', votes.notHelped, ''],
    ]),
    list(
      'Answers',
      ['', 'shown', 'helped', 'not'],
      entries.map(({ id, shown, helped, notHelped }) => [id, shown, helped, notHelped]),
    ),
    list(
      'Without an answer',
      ['', 'times', 'newest'],
      misses.texts.map(({ text, count, newest }) => [text, count, newest.slice(0, 10)]),
    ),
    section('Hand-offs', [
      ['Conversations with a person', handOffs.conversations],
      ['Tickets opened', handOffs.opened],
      ['  not resolved yet', handOffs.open],
      ['  opened again', handOffs.reopened],
      ['Tickets resolved', handOffs.resolved],
    ]),
    spreads.length > 0 ? section('Times', [['', 'median', '9 of 10', 'tickets'], ...spreads]) : '',
    list(
      'Topics',
      ['', 'opened'],
      handOffs.topics.map(({ topic, opened }) => [topic || '(none)', opened]),
    ),
    list(
      'Days',
      ['', 'questions', 'answered', 'missed', 'opened', 'resolved'],
      days
        .map(({ day, questions, answered, missed, opened, resolved }) => [
          day,
          questions,
          answered,
          missed,
          opened,
          resolved,
        ])
        .reverse(),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function list(title: string, head: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const more = rows.length > mostRows ? `\n  ... and ${rows.length - mostRows} more: --json and --csv show all` : '';
  return section(title, [head, ...rows.slice(0, mostRows)]) + more;
}

function section(title: string, rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...String(row[column] ?? '')].length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...String(cell)].length));
        return column === 0 ? `${cell}${gap}` : `${gap}${cell}`;
      })
      .join('  ')
      .trimEnd(),
  );
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

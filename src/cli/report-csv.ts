/** A report as CSV: one figure a row, so that any program can take what it needs. Times are in seconds. */
import { stringify } from 'csv-stringify/sync';
import { guarded } from '../directory/formula-guard.ts';
import type { Report } from '../usage/report.ts';

type Row = readonly [section: string, item: string, figure: string, value: string | number | null];

const columns = ['section', 'item', 'figure', 'value'];

export function reportCsv(report: Report): string {
  const cells = rows(report).map((row) => row.map((cell) => (typeof cell === 'string' ? guarded(cell) : cell)));
  return stringify([columns, ...cells], { record_delimiter: 'windows' });
}

function rows({ period, votes, entries, misses, handOffs, days, ...report }: Report): Row[] {
  const { firstResponse, resolution, topics, states, ...tickets } = handOffs;
  return [
    ['period', '', 'from', period.from ?? ''],
    ['period', '', 'to', period.to ?? ''],
    ['questions', '', 'count', report.questions],
    ['questions', '', 'conversations', report.conversations],
    ['questions', '', 'answered', report.answered],
    ['questions', '', 'picked', report.picked],
    ['questions', '', 'missed', misses.total],
    ['questions', '', 'deflected', report.deflected],
    ['questions', '', 'deflectionRate', report.deflectionRate],
    ...figures('decisions', 'count', report.decisions),
    ['votes', '', 'helped', votes.helped],
    ['votes', '', 'notHelped', votes.notHelped],
    ...entries.flatMap(({ id, ...of }) => figuresOf('entries', id, of)),
    ...misses.texts.flatMap(({ text, ...of }) => figuresOf('misses', text, of)),
    ...figuresOf('handOffs', '', tickets),
    ...figuresOf('times', 'firstResponse', { ...firstResponse }),
    ...figuresOf('times', 'resolution', { ...resolution }),
    ...topics.map(({ topic, opened }): Row => ['topics', topic, 'opened', opened]),
    ...states.map(({ state, count }): Row => ['states', state, 'count', count]),
    ...days.flatMap(({ day, ...of }) => figuresOf('days', day, of)),
  ];
}

/** One item with several figures. */
function figuresOf(section: string, item: string, values: Readonly<Record<string, string | number | null>>): Row[] {
  return Object.entries(values).map(([figure, value]) => [section, item, figure, value]);
}

/** Several items with one figure each. */
function figures(section: string, figure: string, values: Readonly<Record<string, number>>): Row[] {
  return Object.entries(values).map(([item, value]) => [section, item, figure, value]);
}

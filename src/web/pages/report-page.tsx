/** The report for staff: a few numbers, charts with their tables, and what had no answer. The days come from `readReportPeriod`. */
import type { ComponentChildren, VNode } from 'preact';
import type { DayFigures, HandOffFigures, Report } from '../../usage/report.ts';
import type { Words } from '../../words/words.ts';
import { lastDays, type ShownPeriod } from '../report-period.ts';
import { AsTable, Bars, Columns, FigureTable } from './chart.tsx';

export interface ReportPageContent {
  readonly words: Words;
  readonly report: Report;
  readonly period: ShownPeriod;
  /** The page's own address. */
  readonly path: string;
  /** The question of an entry, or what an action is called; undefined for what is not there any more. */
  readonly questionOf: (id: string) => string | undefined;
  readonly now: Date;
}

/** Rows of a list on the page; the command line has them all. */
const mostRows = 20;
const mostBars = 8;
/** More columns are too thin; beyond that a column is a week or longer. */
const mostColumns = 60;
const spans = [7, 30, 90];

export function reportPage(content: ReportPageContent): { title: string; content: VNode } {
  const { words, report, period, path, now } = content;
  const { questions, handOffs, votes, days } = report;
  const range = words.say('report.range', { from: dayOf(words, period.from), to: dayOf(words, period.to) });
  const isEmpty = questions + handOffs.opened + handOffs.resolved + votes.helped + votes.notHelped === 0;
  return {
    title: words.say('report.title'),
    content: (
      <div class="report">
        <h1>{words.say('report.title')}</h1>
        <p class="lead">{range}</p>
        <PeriodForm words={words} period={period} path={path} now={now} />
        {isEmpty ? (
          <Nothing words={words} path={path} now={now} />
        ) : (
          <>
            <Tiles words={words} report={report} />
            {days.length > 0 && <QuestionsByDay words={words} days={days} range={range} />}
            <Decisions words={words} report={report} />
            <HandOffs words={words} handOffs={handOffs} days={days} range={range} />
            <Votes {...content} />
            <Misses words={words} report={report} />
          </>
        )}
      </div>
    ),
  };
}

type Part<K extends keyof ReportPageContent> = Pick<ReportPageContent, 'words' | K>;

function PeriodForm({ words, period, path, now }: Part<'period' | 'path' | 'now'>) {
  return (
    <form class="period" action={path}>
      <label>
        {words.say('report.from')}
        <input class="field" type="date" name="from" value={period.from} />
      </label>
      <label>
        {words.say('report.to')}
        <input class="field" type="date" name="to" value={period.to} />
      </label>
      <button type="submit" class="button">
        {words.say('report.show')}
      </button>
      <p class="next">
        {spans.map((days) => {
          const last = lastDays(days, now);
          const isShown = last.from === period.from && last.to === period.to;
          return (
            <a key={days} href={addressOf(path, last)} aria-current={isShown ? 'true' : undefined}>
              {words.say('report.lastDays', { days })}
            </a>
          );
        })}
      </p>
    </form>
  );
}

function Nothing({ words, path, now }: Part<'path' | 'now'>) {
  return (
    <section class="card nothing">
      <h2>{words.say('report.nothing')}</h2>
      <p>{words.say('report.nothingText')}</p>
      <a href={addressOf(path, lastDays(365, now))}>{words.say('report.showYear')}</a>
    </section>
  );
}

function Tiles({ words, report }: Part<'report'>) {
  const { questions, conversations, deflected, deflectionRate, handOffs } = report;
  const { firstResponse } = handOffs;
  const tiles = [
    [
      words.say('report.questions'),
      words.say('report.number', { count: questions }),
      words.say('report.inConversations', { count: conversations }),
    ],
    [
      words.say('report.deflected'),
      deflectionRate === null ? words.say('report.noFigure') : words.say('report.percent', { share: deflectionRate }),
      words.say('report.ofQuestions', { count: deflected, questions }),
    ],
    [
      words.say('report.handOffs'),
      words.say('report.number', { count: handOffs.opened }),
      words.say('report.open', { count: handOffs.open }),
    ],
    [
      words.say('report.firstResponse'),
      firstResponse.median === null ? words.say('report.noFigure') : words.duration(firstResponse.median),
      firstResponse.p90 === null
        ? words.say('report.noResponse')
        : words.say('report.nineOfTen', { time: words.duration(firstResponse.p90) }),
    ],
  ] as const;
  return (
    <dl class="figures">
      {tiles.map(([name, figure, more]) => (
        <div key={name} class="card">
          <dt>{name}</dt>
          <dd class="figure">{figure}</dd>
          <dd class="second">{more}</dd>
        </div>
      ))}
    </dl>
  );
}

function QuestionsByDay({ words, days, range }: { words: Words; days: readonly DayFigures[]; range: string }) {
  const columns = columnsOf(days, words);
  const values = (of: (day: DayFigures) => number) => columns.map(({ days }) => sum(days.map(of)));
  const series = [
    { name: words.say('report.answered'), colour: 'accent', values: values(({ answered }) => answered) },
    {
      name: words.say('report.toPerson'),
      colour: 'control',
      values: values(({ questions, answered, missed }) => questions - answered - missed),
    },
    { name: words.say('report.missed'), colour: 'note', values: values(({ missed }) => missed) },
  ] as const;
  const title = words.say('report.questionsByDay');
  return (
    <ChartCard title={title}>
      <Columns
        label={words.say('report.chartOf', { title, range })}
        names={columns.map(({ name }) => name)}
        ends={endsOf(days, words)}
        series={series}
        isStacked
        words={words}
      />
      <AsTable words={words}>
        <FigureTable
          caption={title}
          head={[words.say('report.day'), ...series.map(({ name }) => name)]}
          rows={columns.map(({ name }, index) => [name, ...series.map(({ values }) => values[index] ?? 0)])}
        />
      </AsTable>
    </ChartCard>
  );
}

function Decisions({ words, report }: Part<'report'>) {
  const { decisions, picked, questions } = report;
  const title = words.say('report.decisions');
  const rows = [
    [words.say('report.decision.answer'), decisions.answer, 'accent'],
    [words.say('report.decision.dialog'), decisions.dialog, 'accent'],
    [words.say('report.decision.picked'), picked, 'accent'],
    [words.say('report.decision.suggest'), decisions.suggest - picked, 'control'],
    [words.say('report.decision.none'), decisions.none, 'note'],
  ] as const;
  const share = (count: number) => words.say('report.percent', { share: questions === 0 ? 0 : count / questions });
  return (
    <ChartCard title={title}>
      <Bars
        rows={rows.map(([name, value, colour]) => ({
          name,
          parts: [{ value, colour }],
          figure: words.say('report.share', { count: value, percent: share(value) }),
        }))}
      />
      <AsTable words={words}>
        <FigureTable
          caption={title}
          head={[words.say('report.decision'), words.say('report.questions'), words.say('report.shareOf')]}
          rows={rows.map(([name, value]) => [name, value, share(value)])}
        />
      </AsTable>
    </ChartCard>
  );
}

function HandOffs({ words, handOffs, days, range }: HandOffsContent) {
  const title = words.say('report.ticketsByDay');
  if (handOffs.opened + handOffs.resolved === 0) {
    return (
      <ChartCard title={title}>
        <p>{words.say('report.noTickets')}</p>
      </ChartCard>
    );
  }
  const columns = columnsOf(days, words);
  const series = [
    {
      name: words.say('report.opened'),
      colour: 'control',
      values: columns.map(({ days }) => sum(days.map(({ opened }) => opened))),
    },
    {
      name: words.say('report.resolved'),
      colour: 'accent',
      values: columns.map(({ days }) => sum(days.map(({ resolved }) => resolved))),
    },
  ] as const;
  const { firstResponse, resolution, topics, reopened } = handOffs;
  const spreads = [
    [words.say('report.firstResponse'), firstResponse],
    [words.say('report.resolution'), resolution],
  ] as const;
  const time = (seconds: number | null) => (seconds === null ? words.say('report.noFigure') : words.duration(seconds));
  return (
    <ChartCard title={title}>
      <Columns
        label={words.say('report.chartOf', { title, range })}
        names={columns.map(({ name }) => name)}
        ends={endsOf(days, words)}
        series={series}
        isStacked={false}
        words={words}
      />
      <AsTable words={words}>
        <FigureTable
          caption={title}
          head={[words.say('report.day'), ...series.map(({ name }) => name)]}
          rows={columns.map(({ name }, index) => [name, ...series.map(({ values }) => values[index] ?? 0)])}
        />
      </AsTable>
      <FigureTable
        caption={words.say('report.times')}
        head={[
          words.say('report.times'),
          words.say('report.median'),
          words.say('report.p90'),
          words.say('report.tickets'),
        ]}
        rows={spreads.map(([name, { count, median, p90 }]) => [name, time(median), time(p90), count])}
      />
      {topics.length > 1 && (
        <FigureTable
          caption={words.say('report.topics')}
          head={[words.say('report.topics'), words.say('report.opened')]}
          rows={topics.slice(0, mostRows).map(({ topic, opened }) => [topic || words.say('report.noTopic'), opened])}
        />
      )}
      {reopened > 0 && <p class="after">{words.say('report.reopened', { count: reopened })}</p>}
    </ChartCard>
  );
}

interface HandOffsContent {
  readonly words: Words;
  readonly handOffs: HandOffFigures;
  readonly days: readonly DayFigures[];
  readonly range: string;
}

function Votes({ words, report: { entries, votes }, questionOf }: ReportPageContent) {
  const title = words.say('report.votes');
  if (entries.length === 0) return null;
  const nameOf = (id: string) => questionOf(id) ?? id;
  const voted = entries
    .filter(({ helped, notHelped }) => helped + notHelped > 0)
    .sort((a, b) => b.helped + b.notHelped - a.helped - a.notHelped);
  return (
    <ChartCard title={title}>
      <p class="after">{words.say('report.votesText', { ...votes })}</p>
      {voted.length > 0 && (
        <Bars
          rows={voted.slice(0, mostBars).map(({ id, helped, notHelped }) => ({
            name: nameOf(id),
            parts: [
              { value: helped, colour: 'accent' },
              { value: notHelped, colour: 'note' },
            ],
            figure: words.say('report.vote', { helped, notHelped }),
          }))}
        />
      )}
      <AsTable words={words}>
        <FigureTable
          caption={title}
          head={[
            words.say('report.entry'),
            words.say('report.shown'),
            words.say('report.helped'),
            words.say('report.notHelped'),
          ]}
          rows={entries.map(({ id, shown, helped, notHelped }) => [nameOf(id), shown, helped, notHelped])}
        />
      </AsTable>
    </ChartCard>
  );
}

function Misses({ words, report: { misses } }: Part<'report'>) {
  const title = words.say('report.misses');
  return (
    <ChartCard title={title}>
      {misses.texts.length === 0 ? (
        <p>{words.say('report.noMisses')}</p>
      ) : (
        <>
          <p class="after">{words.say('report.missesText')}</p>
          <FigureTable
            caption={title}
            head={[words.say('report.question'), words.say('report.times.asked'), words.say('report.newest')]}
            rows={misses.texts.slice(0, mostRows).map(({ text, count, newest }) => [text, count, dayOf(words, newest)])}
          />
        </>
      )}
    </ChartCard>
  );
}

function ChartCard({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="card chart-card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface Column {
  readonly name: string;
  readonly days: readonly DayFigures[];
}

/** A day each, or where that would be too many, some days each. */
function columnsOf(days: readonly DayFigures[], words: Words): Column[] {
  const size = days.length <= mostColumns ? 1 : Math.max(7, Math.ceil(days.length / mostColumns));
  const columns: Column[] = [];
  // From the end, so that the newest column is whole.
  for (let end = days.length; end > 0; end -= size) {
    const group = days.slice(Math.max(0, end - size), end);
    const [from, to] = [group[0], group.at(-1)].map((day) => dayOf(words, day?.day ?? ''));
    columns.unshift({
      name: from === to || !from || !to ? String(from) : words.say('report.range', { from, to }),
      days: group,
    });
  }
  return columns;
}

/** The first and the last day. */
function endsOf(days: readonly DayFigures[], words: Words): [string, string] {
  return [dayOf(words, days[0]?.day ?? ''), dayOf(words, days.at(-1)?.day ?? '')];
}

function addressOf(path: string, { from, to }: ShownPeriod): string {
  return `${path}?from=${from}&to=${to}`;
}

function dayOf(words: Words, day: string): string {
  return words.day(new Date(day));
}

function sum(values: readonly number[]): number {
  return values.reduce((whole, value) => whole + value, 0);
}

import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { HistoryLine } from '../../src/history/history.ts';
import { topMisses } from '../../src/usage/misses.ts';
import { createReport } from '../../src/usage/report.ts';
import type { ReportPeriod } from '../../src/usage/report-period.ts';
import type { TicketFigure } from '../../src/usage/ticket-figures.ts';
import type { Vote } from '../../src/usage/votes.ts';
import { answer, conversationOn, dialog, historyOf, none, suggest, type Turns } from './asked.ts';

const noon = '2026-11-10T12:00:00.000Z';

const report = (
  conversations: HistoryLine[][],
  { period = {}, votes = [], tickets = [] }: { period?: ReportPeriod; votes?: Vote[]; tickets?: TicketFigure[] } = {},
) =>
  createReport(
    {
      history: historyOf(conversations),
      votes: { list: async () => votes },
      tickets: async function* () {
        yield* tickets;
      },
    },
    period,
  );
const ofTurns = (...turns: Turns) => report([conversationOn(noon, turns)]);
const vote = (entry: string, helped: boolean, at = noon): Vote => ({
  conversation: 'webchat/c',
  line: 'b0',
  entry,
  version: 'v',
  person: 'webchat/p',
  helped,
  at,
});
const staffLine = (at: string, conversation = 'webchat/c'): HistoryLine => ({
  conversation,
  person: 'webchat/p',
  id: 's',
  seq: 99,
  from: 'staff',
  at,
  text: 'Hello, I am Jin.',
  activity: {},
});

describe('the report', () => {
  it('counts questions by what was decided', async () => {
    const { questions, decisions, answered, conversations } = await ofTurns(
      ['how', answer('a')],
      ['resend it', dialog('resend-invite')],
      ['odd', none],
      ['vague', suggest('a', 'b')],
    );
    expect(decisions).to.deep.equal({ answer: 1, suggest: 1, dialog: 1, none: 1 });
    expect({ questions, answered, conversations }).to.deep.equal({ questions: 4, answered: 2, conversations: 1 });
  });

  it('takes a pick among suggestions for the answer to their question, not for another one', async () => {
    const { questions, decisions, picked, answered, entries, misses } = await ofTurns(
      ['vague', suggest('a', 'b')],
      ['2', answer('b')],
      ['something else', answer('b')],
    );
    expect({ questions, picked, answered }).to.deep.equal({ questions: 2, picked: 1, answered: 2 });
    expect(decisions).to.include({ suggest: 1, answer: 1 });
    expect(entries).to.deep.equal([{ id: 'b', shown: 2, helped: 0, notHelped: 0 }]);
    expect(misses.total).to.equal(0);
  });

  it('does not count small talk, buttons and what was said to a person as questions', async () => {
    const { questions } = await ofTurns(['hello'], ['None of these'], ['']);
    expect(questions).to.equal(0);
  });

  it('holds an answer for enough only where nobody was needed in the conversation', async () => {
    const calm = conversationOn(noon, [['how', answer('a')]], 'webchat/calm');
    const asked = conversationOn(
      noon,
      [
        ['how', answer('a')],
        ['a person now', dialog('handoff')],
      ],
      'webchat/asked',
    );
    const helped = [
      ...conversationOn(noon, [['how', answer('a')]], 'webchat/helped'),
      staffLine(noon, 'webchat/helped'),
    ];
    const ticketed = conversationOn(noon, [['how', answer('a')]], 'webchat/ticketed');
    const tickets = [{ openedAt: noon, state: 'open', conversation: 'webchat/ticketed' }];
    const { questions, answered, deflected, deflectionRate, handOffs } = await report([calm, asked, helped, ticketed], {
      tickets,
    });
    expect({ questions, answered, deflected, deflectionRate }).to.deep.equal({
      questions: 5,
      answered: 4,
      deflected: 1,
      deflectionRate: 0.2,
    });
    expect(handOffs).to.include({ conversations: 3, opened: 1, open: 1 });
  });

  it('has no rate where nothing was asked', async () => {
    expect(await report([])).to.deep.include({ questions: 0, deflectionRate: null, days: [] });
  });

  it('counts votes by entry, also on what was shown before the period', async () => {
    const votes = [vote('a', true), vote('a', false), vote('b', true), vote('b', true, '2026-11-11T00:00:00.000Z')];
    const { entries, votes: all } = await report([conversationOn(noon, [['how', answer('a')]])], {
      votes,
      period: { to: '2026-11-10' },
    });
    expect(all).to.deep.equal({ helped: 2, notHelped: 1 });
    expect(entries).to.deep.equal([
      { id: 'a', shown: 1, helped: 1, notHelped: 1 },
      { id: 'b', shown: 0, helped: 1, notHelped: 0 },
    ]);
  });

  it('takes both ends of the period whole, in UTC', async () => {
    const at = (time: string, index: number) => conversationOn(time, [['how', answer('a')]], `webchat/${index}`);
    const times = [
      '2026-11-09T23:59:59.999Z',
      '2026-11-10T00:00:00.000Z',
      '2026-11-11T23:59:59.999Z',
      '2026-11-12T00:00:00.000Z',
    ];
    const { questions, days } = await report(times.map(at), { period: { from: '2026-11-10', to: '2026-11-11' } });
    expect(questions).to.equal(2);
    expect(days.map(({ day, questions }) => [day, questions])).to.deep.equal([
      ['2026-11-10', 1],
      ['2026-11-11', 1],
    ]);
  });

  it('shows the days of a period on which nothing happened, and without bounds those between the first and the last', async () => {
    const at = (day: string) => conversationOn(`${day}T08:00:00.000Z`, [['how', none]], `webchat/${day}`);
    const both = [at('2026-11-02'), at('2026-11-05')];
    const bounded = await report(both, { period: { from: '2026-11-01', to: '2026-11-07' } });
    expect(bounded.days).to.have.length(7);
    expect(bounded.days[0]).to.deep.equal({
      day: '2026-11-01',
      questions: 0,
      answered: 0,
      missed: 0,
      opened: 0,
      resolved: 0,
    });
    expect((await report(both)).days.map(({ missed }) => missed)).to.deep.equal([1, 0, 0, 1]);
  });

  it('does not fill thousands of years', async () => {
    const { days } = await report([conversationOn(noon, [['how', none]])], {
      period: { from: '0001-01-01', to: '9999-12-31' },
    });
    expect(days).to.have.length(1);
  });

  it('counts tickets, and how long the first word and the resolution took', async () => {
    const opened = '2026-11-10T10:00:00.000Z';
    const minutesLater = (minutes: number) => new Date(Date.parse(opened) + minutes * 60_000).toISOString();
    const tickets: TicketFigure[] = Array.from({ length: 10 }, (_, index) => ({
      openedAt: opened,
      firstResponseAt: minutesLater(index + 1),
      ...(index < 4 && { resolvedAt: minutesLater(60 * (index + 1)) }),
      reopened: index === 0 ? 2 : 0,
      state: index < 4 ? 'resolved' : 'assigned',
      topic: index < 7 ? 'signing-in' : undefined,
    }));
    tickets.push({ openedAt: '2026-10-01T00:00:00.000Z', resolvedAt: opened, state: 'resolved' });
    tickets.push({ openedAt: opened, state: 'withdrawn' });
    const { handOffs, days } = await report([], { tickets, period: { from: '2026-11-10', to: '2026-11-10' } });
    expect(handOffs).to.deep.equal({
      conversations: 0,
      opened: 11,
      resolved: 5,
      open: 6,
      reopened: 2,
      firstResponse: { count: 10, median: 330, p90: 540 },
      resolution: { count: 4, median: 9000, p90: 14_400 },
      topics: [
        { topic: 'signing-in', opened: 7 },
        { topic: '', opened: 4 },
      ],
      states: [
        { state: 'assigned', count: 6 },
        { state: 'resolved', count: 4 },
        { state: 'withdrawn', count: 1 },
      ],
    });
    expect(days).to.deep.equal([{ day: '2026-11-10', questions: 0, answered: 0, missed: 0, opened: 11, resolved: 5 }]);
  });

  it('lets others have the thread with a hundred thousand lines, in many conversations or in one', async () => {
    const turns = (count: number): Turns =>
      Array.from({ length: count }, (_, index) => [`question ${index} in odd words`, index % 3 ? answer('a') : none]);
    const one = [conversationOn(noon, turns(50_000))];
    const many = Array.from({ length: 10_000 }, (_, index) => conversationOn(noon, turns(5), `webchat/${index}`));
    for (const conversations of [one, many]) {
      let turnsOfLoop = 0;
      let isDone = false;
      const others = (async () => {
        while (!isDone) {
          turnsOfLoop += 1;
          await setImmediate();
        }
      })();
      const { questions } = await report(conversations);
      isDone = true;
      await others;
      expect(questions).to.equal(50_000);
      expect(turnsOfLoop).to.be.greaterThan(3);
    }
  });
});

describe('misses', () => {
  const missesOf = async (...texts: string[]) =>
    (await ofTurns(...texts.map((text) => [text, none] as const))).misses.texts.map(({ text, count }) => [text, count]);

  it('count the same question together, as it was typed last, most frequent first', async () => {
    expect(await missesOf('What else?', 'Odd words?', 'odd  words')).to.deep.equal([
      ['odd words', 2],
      ['What else?', 1],
    ]);
  });

  it('are what had no answer and suggestions that nobody took, with their newest time', async () => {
    const early = conversationOn('2026-11-09T08:00:00.000Z', [['odd words', none]], 'webchat/1');
    const late = conversationOn(noon, [['odd words', suggest('a', 'b')]], 'webchat/2');
    const { misses, days } = await report([late, early]);
    expect(misses).to.deep.equal({
      total: 2,
      texts: [{ text: 'odd words', count: 2, suggested: 1, newest: noon }],
    });
    expect(days.map(({ missed }) => missed)).to.deep.equal([1, 1]);
  });

  it('are named without what belongs to one person', async () => {
    expect(await missesOf('mail to ann@contoso.example and bob@contoso.example bounced')).to.deep.equal([
      ['mail to [address] and [address] bounced', 1],
    ]);
    expect(await missesOf('code 12345678 is wrong', 'code 87654321 is wrong')).to.deep.equal([
      ['code [number] is wrong', 2],
    ]);
  });

  it('are at most a hundred in a report, and as many as asked for in a weekly list', async () => {
    const turns: Turns = Array.from({ length: 130 }, (_, index) => [
      `odd words ${'x'.repeat(index % 30)} ${'y'.repeat(index / 30)}`,
      none,
    ]);
    const lines = conversationOn(noon, [...turns, ['odd words xx y', none], ['how', answer('a')]]);
    const { misses } = await report([lines]);
    expect(misses.total).to.equal(131);
    expect(misses.texts).to.have.length(100);
    const [first, ...others] = await topMisses(historyOf([lines]), { from: '2026-11-10' }, 5);
    expect(first).to.include({ text: 'odd words xx y', count: 2 });
    expect(others).to.have.length(4);
    expect(await topMisses(historyOf([lines]), { from: '2026-11-11' }, 5)).to.deep.equal([]);
  });
});

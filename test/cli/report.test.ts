import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { reportCsv } from '../../src/cli/report-csv.ts';
import { reportTable } from '../../src/cli/report-table.ts';
import { createReport, type Report } from '../../src/usage/report.ts';
import { createWords } from '../../src/words/words.ts';
import { ChannelClient } from '../support/channel-client.ts';
import { root, startTestApp, type TestApp } from '../support/test-app.ts';
import { answer, conversationOn, historyOf, none } from '../usage/asked.ts';

const miss = 'zorble the frobnicator for ann@contoso.example';

describe('report', () => {
  let app: TestApp;
  let today: string;
  before(async () => {
    // Before anything is said: midnight may come meanwhile.
    today = new Date().toISOString().slice(0, 10);
    app = await startTestApp();
    const user = new ChannelClient(app.url);
    await user.say('i forgot my password');
    await user.say(miss);
    await user.say(miss);
  });
  after(() => app.close());

  const report = (...words: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((done) => {
      const env = { PATH: process.env.PATH ?? '', STORE_URL: `file:${app.folder}` };
      execFile(process.execPath, [join(root, 'dist/cli.js'), 'report', ...words], { env }, (error, out, err) =>
        done({ code: error ? Number(error.code) : 0, out, err }),
      );
    });

  it('asks the running server, and reads the store itself where none runs', async () => {
    const running = (await report('--json', '--from', today)).out;
    await app.stop();
    const alone = (await report('--json', '--from', today)).out;
    await app.start();
    expect(alone).to.equal(running);
    const { period, questions, decisions, entries, misses } = JSON.parse(running) as Report;
    expect(period).to.deep.equal({ from: today });
    expect(questions).to.equal(3);
    expect(decisions).to.include({ answer: 1, none: 2 });
    expect(entries[0]).to.include({ id: 'forgot-password', shown: 1 });
    expect(misses.texts).to.have.length(1);
    expect(misses.texts[0]).to.include({ text: 'zorble the frobnicator for [address]', count: 2 });
  });

  it('shows a table', async () => {
    const { out, code } = await report();
    expect(out)
      .to.match(/^All days\n/)
      .and.match(/no answer +2 +67 %/)
      .and.match(/zorble the frobnicator for \[address\] +2 /);
    expect(code).to.equal(0);
  });

  it('takes one form, and days that there are', async () => {
    expect(await report('--csv', '--json')).to.include({ code: 2 });
    expect((await report('--from', '2026-02-30')).err).to.include('Write a day, such as 2026-11-22.');
    expect(await report('--from', '2026-11-02', '--to', '2026-11-01')).to.deep.include({
      code: 1,
      err: '--from 2026-11-02 is after --to 2026-11-01. Exchange them.\n',
    });
  });
});

describe('a report on paper', () => {
  const at = '2026-11-10T10:00:00.000Z';
  const reportOf = (text: string) =>
    createReport(
      {
        history: historyOf([
          conversationOn(at, [
            [text, none],
            ['how', answer('a')],
          ]),
        ]),
        votes: { list: async () => [] },
        async *tickets() {
          yield { openedAt: at, firstResponseAt: '2026-11-10T13:20:00.000Z', state: 'assigned', topic: '=topic' };
        },
      },
      { to: '2026-11-10' },
    );

  it('is CSV of one figure a row, in which no text is a formula', async () => {
    const rows = parse(reportCsv(await reportOf('=HYPERLINK("http://x.example";"a")')), { columns: true }) as Record<
      string,
      string
    >[];
    expect(Object.keys(rows[0] ?? {})).to.deep.equal(['section', 'item', 'figure', 'value']);
    const value = (section: string, item: string, figure: string) =>
      rows.find((row) => row.section === section && row.item === item && row.figure === figure)?.value;
    expect(value('questions', '', 'count')).to.equal('2');
    expect(value('questions', '', 'deflectionRate')).to.equal('0.5');
    expect(value('decisions', 'none', 'count')).to.equal('1');
    expect(value('times', 'firstResponse', 'median')).to.equal('12000');
    expect(value('topics', "'=topic", 'opened')).to.equal('1');
    expect(value('days', '2026-11-10', 'questions')).to.equal('2');
    expect(rows.flatMap((row) => Object.values(row)).filter((cell) => /^[=+\-@]/.test(cell))).to.deep.equal([]);
    expect(rows.find(({ section }) => section === 'misses')?.item).to.match(/^(?:'=|\[link\])/);
  });

  it('is a table with times in words and long lists cut', async () => {
    const table = reportTable(await reportOf('odd'), createWords('en'));
    expect(table)
      .to.include('the beginning to 2026-11-10, days in UTC')
      .and.match(/First response +3 h 20 min +3 h 20 min +1/);
    const long = await createReport(
      {
        history: historyOf([
          conversationOn(
            at,
            Array.from({ length: 25 }, (_, index) => [`odd ${index}`, none]),
          ),
        ]),
        votes: { list: async () => [] },
        tickets: async function* () {},
      },
      {},
    );
    expect(reportTable(long, createWords('en'))).to.include('... and 5 more: --json and --csv show all');
  });
});

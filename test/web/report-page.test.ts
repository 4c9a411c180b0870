import { expect } from 'chai';
import { renderToString } from 'preact-render-to-string';
import type { HistoryLine } from '../../src/history/history.ts';
import { createReport } from '../../src/usage/report.ts';
import type { TicketFigure } from '../../src/usage/ticket-figures.ts';
import { reportPage } from '../../src/web/pages/report-page.tsx';
import { readReportPeriod } from '../../src/web/report-period.ts';
import { createWords } from '../../src/words/words.ts';
import { answer, conversationOn, historyOf, none } from '../usage/asked.ts';

const words = createWords('en');
const now = new Date('2026-11-25T12:00:00.000Z');
const at = '2026-11-20T10:00:00.000Z';

async function pageOf(conversations: HistoryLine[][], tickets: TicketFigure[] = [], query = {}): Promise<string> {
  const period = readReportPeriod(query, now);
  const sources = {
    history: historyOf(conversations),
    votes: { list: async () => [] },
    async *tickets() {
      yield* tickets;
    },
  };
  const report = await createReport(sources, period);
  const questionOf = (id: string) => (id === 'door' ? 'How do I open the blue door?' : undefined);
  return renderToString(reportPage({ words, report, period, path: '/staff/report', questionOf, now }).content);
}

describe('the report page', () => {
  const turns = [
    ['how', answer('door')],
    ['<b>odd</b> words', none],
    ['old', answer('gone-entry')],
  ] as const;

  it('shows the numbers, and each chart as a picture with a label and as a table', async () => {
    const html = await pageOf(
      [conversationOn(at, turns)],
      [{ openedAt: at, firstResponseAt: '2026-11-20T10:12:00.000Z', state: 'assigned' }],
    );
    expect(html).to.include('<dd class="figure">3</dd>').and.include('<dd class="figure">67%</dd>');
    expect(html).to.include('<dd class="figure">12 min</dd>').and.include('1 is not resolved yet');
    const pictures = html.match(/role="img" aria-label="[^"]+"/g) ?? [];
    expect(pictures).to.have.length(2);
    expect(html.match(/Show as table/g)).to.have.length(4);
    expect(html).to.match(/<th scope="row"><bdi>20 November 2026<\/bdi><\/th><td>2<\/td><td>0<\/td><td>1<\/td>/);
  });

  it('names entries by their question, and those that are gone by their id', async () => {
    expect(await pageOf([conversationOn(at, turns)]))
      .to.include('How do I open the blue door?')
      .and.include('gone-entry');
  });

  it('shows what users typed as text', async () => {
    expect(await pageOf([conversationOn(at, turns)])).to.include('<bdi>&lt;b>odd&lt;/b> words</bdi>');
  });

  it('needs no style of its own and no script, which pages may not have', async () => {
    expect(await pageOf([conversationOn(at, turns)])).not.to.match(/ style=|<script|<style/);
  });

  it('says where nothing was asked, and leads to a longer time', async () => {
    const html = await pageOf([], [], { from: '2026-11-25', to: '2026-11-25' });
    expect(html).to.include('Nothing was asked in these days');
    expect(html).to.include('href="/staff/report?from=2025-11-26&amp;to=2026-11-25"');
  });

  it('does without charts by day where votes are all there is in centuries', async () => {
    const period = { from: '1970-01-01', to: '9999-12-31' };
    const vote = { conversation: 'c', line: 'l', entry: 'door', version: 'v', person: 'p', helped: true, at };
    const sources = { history: historyOf([]), votes: { list: async () => [vote] }, tickets: async function* () {} };
    const report = await createReport(sources, period);
    const { content } = reportPage({ words, report, period, path: '/', questionOf: () => undefined, now });
    expect(renderToString(content)).to.include('1 helped, 0 not').and.not.include('Questions by day');
  });

  it('draws a column for some days each where the period is long', async () => {
    const html = await pageOf([conversationOn(at, turns)], [], { from: '2025-11-26', to: '2026-11-25' });
    expect(html.match(/<title>/g)?.length).to.be.within(50, 60);
    expect(html).to.include('19 November 2026 to 25 November 2026');
  });
});

describe('the period of the report page', () => {
  it('is the last thirty days where none is asked for', () => {
    expect(readReportPeriod({}, now)).to.deep.equal({ from: '2026-10-27', to: '2026-11-25' });
  });

  it('is what is asked for, from the earlier to the later day', () => {
    const asked = { from: '2026-11-01', to: '2026-11-07' };
    expect(readReportPeriod(asked, now)).to.deep.equal(asked);
    expect(readReportPeriod({ from: asked.to, to: asked.from }, now)).to.deep.equal(asked);
    expect(readReportPeriod({ to: '2026-01-30' }, now)).to.deep.equal({ from: '2026-01-01', to: '2026-01-30' });
  });

  for (const odd of ['2026-02-30', 'monday', '0000-01-01', '', ['2026-11-01'], "'><script>"]) {
    it(`takes ${JSON.stringify(odd)} as not given`, () => {
      expect(readReportPeriod({ from: odd, to: odd }, now)).to.deep.equal(readReportPeriod({}, now));
    });
  }
});

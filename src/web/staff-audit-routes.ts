/** The trail and the report: what was done, and how the desk does. The trail is for leads. */
import type { Request } from 'restify';
import type { TrailFilter, TrailPage } from '../audit/read-trail.ts';
import type { Knowledge } from '../faq/knowledge.ts';
import type { Report } from '../usage/report.ts';
import type { ReportPeriod } from '../usage/report-period.ts';
import type { Words } from '../words/words.ts';
import { reportPage } from './pages/report-page.tsx';
import { AuditPage } from './pages/staff-audit.tsx';
import { StaffColumn } from './pages/staff-frame.tsx';
import { readReportPeriod } from './report-period.ts';
import type { StaffGate } from './staff-gate.ts';
import type { StaffPages } from './staff-pages.ts';
import { queryOf } from './staff-request.ts';

export interface StaffAuditParts {
  readonly gate: StaffGate;
  readonly pages: StaffPages;
  /** What an actor of the trail is called. */
  readonly actorName: (actor: string) => Promise<string | undefined>;
  readonly trail: (filter: TrailFilter, limit: number, before?: string) => Promise<TrailPage>;
  readonly report: (period: ReportPeriod) => Promise<Report>;
  readonly knowledge: () => Knowledge;
  readonly words: Words;
  readonly takeSearch: (request: Request) => Promise<void>;
  readonly now: () => Date;
}

const pageSize = 50;

export function addStaffAuditRoutes(parts: StaffAuditParts): void {
  const { gate, pages, actorName, trail, report, knowledge, words, takeSearch, now } = parts;

  gate.page('/staff/audit', async (request, response, visitor) => {
    if (visitor.role !== 'lead') {
      const title = words.say('staff.audit.leadsOnly');
      const head = await pages.head(visitor, { title, place: 'none', shows: 'work' });
      return pages.send(
        response,
        403,
        head,
        StaffColumn({ title, head, children: words.say('staff.audit.leadsOnlyText') }),
      );
    }
    await takeSearch(request);
    const query = queryOf(request);
    const read = (name: string) => (query.get(name) ?? '').trim().slice(0, 300);
    const day = /^\d{4}-\d\d-\d\d$/.test(read('day')) ? read('day') : '';
    const filter = { profile: read('profile'), actor: read('actor'), day };
    const { entries, next } = await trail(filter, pageSize, read('before') || undefined);
    const title = words.say('staff.list.audit');
    const head = await pages.head(visitor, { title, place: 'audit', shows: 'work' });
    const older = next && `/staff/audit?${new URLSearchParams({ ...filter, before: next })}`;
    const names = await namesOf(entries.map(({ value }) => value.actor));
    const content = AuditPage({ words, shown: { filter, entries, names, ...(older && { older }) } });
    pages.send(response, 200, head, StaffColumn({ title, head, children: content }));
  });

  /** By actor. */
  async function namesOf(actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await Promise.all(
      [...new Set(actors)].map(async (actor) => {
        const name = await actorName(actor);
        return name ? [[actor, name] as const] : [];
      }),
    );
    return new Map(found.flat());
  }

  gate.page('/staff/report', async (request, response, visitor) => {
    await takeSearch(request);
    const period = readReportPeriod(Object.fromEntries(queryOf(request)), now());
    const questionOf = (id: string) => (knowledge().entry(id) ?? knowledge().action(id))?.question;
    const { title, content } = reportPage({
      words,
      report: await report(period),
      period,
      path: '/staff/report',
      questionOf,
      now: now(),
    });
    const head = await pages.head(visitor, { title, place: 'report', shows: 'work' });
    pages.send(response, 200, head, StaffColumn({ head, children: content }));
  });
}

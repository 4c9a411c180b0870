/** What goes on behind everything: commands of this machine, what is removed in time, and work that was left. */
import { type AuditPeriod, exportAudit } from '../audit/export-audit.ts';
import { secretPort } from '../channels/staff-channel-port.ts';
import { openControlSocket } from '../control/control-socket.ts';
import { exportProfiles } from '../directory/export-profiles.ts';
import { importer } from '../directory/import-profiles.ts';
import { keepRetention } from '../history/retention.ts';
import { clearCounts } from '../limits/kept-counter.ts';
import type { Log } from '../log.ts';
import { clearProofs } from '../proofs/clear-proofs.ts';
import { clearDone } from '../records/done-once.ts';
import { advice, daysLeft, soon } from '../registration/secret-end.ts';
import { SecretWarnings } from '../registration/secret-warnings.ts';
import { clearSessions } from '../sessions/clear-sessions.ts';
import { clearTicketCards, staffChannels } from '../staff-channel/staff-channel.ts';
import { clearMissWeeks } from '../staff-channel/weekly-misses.ts';
import { clearTickets } from '../tickets/clear-tickets.ts';
import { gatherLessons } from '../usage/gather-lessons.ts';
import type { ReportPeriod } from '../usage/report-period.ts';
import type { Base } from './base.ts';
import type { Connectors } from './connectors.ts';
import type { Conversation } from './conversation.ts';
import type { SupportDesk } from './desk.ts';
import type { People } from './people.ts';
import type { Site } from './site.ts';
import { wakeAfter } from './surroundings.ts';

export async function joinUpkeep(
  base: Base,
  people: People,
  connectors: Connectors,
  support: SupportDesk,
  conversation: Conversation,
  site: Site,
) {
  const { config, closers, log, now, newId, newRecordId, words, store, records } = base;
  const { mail, asks, sessions, signedInChats, forPeople } = people;
  const { references, proactive } = connectors;
  const { relay, staffChannel, weeklyMisses, alerts } = support;
  const { awaited, idleDialogs } = conversation;
  const { report } = site;
  const { history, votes, erasure } = store;
  const { codes } = forPeople;
  // With a database, commands open it themselves.
  if (config.store.url === undefined) {
    const control = await openControlSocket(
      config.store.folder,
      {
        forget: async (person) => {
          const erased = await erasure.forget(person);
          await mail.erased();
          return erased;
        },
        check: () => store.check(),
        lessons: () => gatherLessons(history, votes),
        report: (period) => report(JSON.parse(period) as ReportPeriod),
        'profiles import': importer({ records, words, now, newId }),
        'profiles export': (_, tell) => exportProfiles(records, tell),
        'audit export': (period, tell) => exportAudit(records, JSON.parse(period) as AuditPeriod, tell),
        mail: () => mail.status(),
        'staff channel': () => staffChannel.status(),
      },
      log,
    );
    closers.push(() => control.close());
  }
  const retention = keepRetention({
    erasure,
    clear: async (before) => {
      await clearTickets(records, before, now());
      await clearDone(records, now());
      await clearTicketCards(records);
      await clearMissWeeks(records, before);
      await references.clear(before);
      await clearCounts(records, now);
    },
    days: config.store.retentionDays,
    now,
    log,
  });
  closers.push(() => retention.close());
  const clearing = clearSessions({ sessions, signedInChats, log });
  closers.push(() => clearing.close());
  const clearingProofs = clearProofs({ records, now, log });
  closers.push(() => clearingProofs.close());

  const { secretEnds, staffTeam } = config.channels;
  if (secretEnds) {
    sayIfSecretEnds(secretEnds, now(), log);
    const warnings = new SecretWarnings({
      records,
      port: secretPort({ proactive, words }),
      group: staffTeam,
      ends: secretEnds,
      staffEmail: config.mail.staffEmail,
      now,
      newId: newRecordId,
      wakeAfter,
      log,
    });
    closers.push(() => warnings.close());
    records.onPut(staffChannels, () => warnings.wake());
    warnings.wake();
  }

  const workOff = () => {
    mail.wake();
    asks.wake();
    relay.wake();
    codes.wake();
    awaited.wake();
  };
  workOff();
  alerts.wake();
  staffChannel.wake();
  weeklyMisses.wake();
  idleDialogs.wake();
  if (store.shared) {
    // Another process may have died over its work.
    const others = setInterval(workOff, workOffEvery).unref();
    closers.push(async () => clearInterval(others));
  }
}

/** ms; with the time of a lease, what a killed process left is taken up within half a minute. */
const workOffEvery = 10_000;

function sayIfSecretEnds(ends: string, now: Date, log: Log): void {
  const days = daysLeft(ends, now);
  if (days < 0) log.error({ ends }, `the app secret has ended: ${advice}`);
  else if (days < soon) log.warn({ ends, days }, `the app secret ends soon: ${advice}`);
}

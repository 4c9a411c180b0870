/**
 * Every figure that /metrics tells, in its order; docs/monitoring.md repeats it, and nothing else is told but what
 * prom-client tells of any Node.js process. Labels have few values, all known here or in a table of their room: no
 * address, id or text is one.
 */

export interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /**
   * `process`: of this process, so several add up. `store`: of what all instances keep together, so each tells the
   * same; take the greatest.
   */
  readonly scope: 'process' | 'store';
  /** Upper bounds of a histogram, in seconds. */
  readonly buckets?: readonly number[];
}

/** Turns, replies and commits take milliseconds; what takes a second is trouble. */
const quick = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
/** Mail takes seconds, and hours while a server is away. */
const slow = [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400, 172_800];

export const metricTable = {
  accessdesk_turns_total: {
    type: 'counter',
    help: 'Turns by channel and what came of them: committed, silent (nothing to keep), repeated, failed (an apology was kept), refused (too many in one conversation), away (the store could not be read or written), lost (any other error)',
    labels: ['channel', 'outcome'],
    scope: 'process',
  },
  accessdesk_turn_seconds: {
    type: 'histogram',
    help: 'From when a turn came, its wait behind others included, until all of it was durable',
    labels: ['channel'],
    scope: 'process',
    buckets: quick,
  },
  accessdesk_reply_seconds: {
    type: 'histogram',
    help: 'Handing the replies of a turn to its channel, after the commit',
    labels: ['channel'],
    scope: 'process',
    buckets: quick,
  },
  accessdesk_replies_total: {
    type: 'counter',
    help: 'Turns whose replies were handed to their channel: taken, untaken (kept, but the channel did not take them)',
    labels: ['channel', 'outcome'],
    scope: 'process',
  },
  accessdesk_decisions_total: {
    type: 'counter',
    help: 'What the bot decided on: answer, suggest, dialog, none',
    labels: ['decision'],
    scope: 'process',
  },
  accessdesk_turns_queued: {
    type: 'gauge',
    help: 'Turns under way or waiting behind another of their conversation',
    labels: [],
    scope: 'process',
  },
  accessdesk_http_requests_total: {
    type: 'counter',
    help: 'Answered requests by class of status: 2xx, 3xx, 4xx, 5xx',
    labels: ['status'],
    scope: 'process',
  },
  accessdesk_limit_refusals_total: {
    type: 'counter',
    help: 'What a limit refused, by the name of the limit',
    labels: ['limit'],
    scope: 'process',
  },
  accessdesk_chat_connections: {
    type: 'gauge',
    help: 'Web chats that are connected now',
    labels: [],
    scope: 'process',
  },
  accessdesk_mail_attempts_total: {
    type: 'counter',
    help: 'Attempts at mails: sent, failed (refused for good, or tried again), unneeded (it meant nothing any more, or could not be written)',
    labels: ['outcome'],
    scope: 'process',
  },
  accessdesk_mail_seconds: {
    type: 'histogram',
    help: 'From when a mail was asked for until its server took it',
    labels: [],
    scope: 'process',
    buckets: slow,
  },
  accessdesk_mail_server_up: {
    type: 'gauge',
    help: '0 while no mail gets out',
    labels: [],
    scope: 'process',
  },
  accessdesk_mails: {
    type: 'gauge',
    help: 'Mails that are kept, by state: waiting, sent, failed, dropped; done ones go after 30 days',
    labels: ['state'],
    scope: 'store',
  },
  accessdesk_mails_retrying: {
    type: 'gauge',
    help: 'Mails that wait after a failed attempt; among the oldest 200 that wait',
    labels: [],
    scope: 'store',
  },
  accessdesk_mail_oldest_seconds: {
    type: 'gauge',
    help: 'How long the oldest mail that waits has been waiting; 0 when none does',
    labels: [],
    scope: 'store',
  },
  accessdesk_relays_waiting: {
    type: 'gauge',
    help: 'Replies of staff on their way to users',
    labels: [],
    scope: 'store',
  },
  accessdesk_relay_oldest_seconds: {
    type: 'gauge',
    help: 'How long the oldest of them has been waiting; 0 when there is none',
    labels: [],
    scope: 'store',
  },
  accessdesk_tickets: {
    type: 'gauge',
    help: 'Tickets by state: open, assigned, waiting, resolved, reopened, withdrawn',
    labels: ['state'],
    scope: 'store',
  },
  accessdesk_tickets_unread: {
    type: 'gauge',
    help: 'Tickets to be worked on in which the user wrote something that nobody has looked at',
    labels: [],
    scope: 'store',
  },
  accessdesk_app_secret_left_seconds: {
    type: 'gauge',
    help: 'How long the app secret lasts, until the day of MicrosoftAppPasswordEnds begins (UTC); less than 0 from then on, and not told where that is not set',
    labels: [],
    scope: 'process',
  },
  accessdesk_knowledge_entries: {
    type: 'gauge',
    help: 'Entries of the knowledge base in service',
    labels: [],
    scope: 'process',
  },
  accessdesk_knowledge_loaded_timestamp_seconds: {
    type: 'gauge',
    help: 'When the knowledge base in service was loaded, in seconds since 1970',
    labels: [],
    scope: 'process',
  },
  accessdesk_knowledge_failed_reloads_total: {
    type: 'counter',
    help: 'Reloads that left the former version in service',
    labels: [],
    scope: 'process',
  },
  accessdesk_knowledge_errors: {
    type: 'gauge',
    help: 'Errors in the files at the last attempt to load them; while there are any, a former version is in service',
    labels: [],
    scope: 'process',
  },
  accessdesk_store_commits_total: {
    type: 'counter',
    help: 'Commits of turns and of records: done, repeated (a turn that was there), conflict (somebody was faster; tried again), failed',
    labels: ['kind', 'outcome'],
    scope: 'process',
  },
  accessdesk_store_commit_seconds: {
    type: 'histogram',
    help: 'How long commits take that were not failures',
    labels: ['kind'],
    scope: 'process',
    buckets: quick,
  },
  accessdesk_store_up: {
    type: 'gauge',
    help: '0 where the figures of the store could not be read; they are left out then',
    labels: [],
    scope: 'process',
  },
  accessdesk_store_connections: {
    type: 'gauge',
    help: 'Connections to PostgreSQL that are in_use or idle, and who waits for one (waiting); not told of the embedded store',
    labels: ['state'],
    scope: 'process',
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metricTable;

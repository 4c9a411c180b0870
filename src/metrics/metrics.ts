/**
 * What is counted while the server runs, and its text for Prometheus. Counting is a few additions; what can be looked
 * up is looked up when somebody asks. Rooms know it by ports of their own, app/ joins them.
 */
import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import type { TurnFigures, TurnOutcome } from '../bot/turn-figures.ts';
import type { LimitName } from '../limits/limits.ts';
import type { AttemptSeen } from '../mail/outbox-worker.ts';
import type { Connections } from '../stores/store.ts';
import type { KeptFigures } from './kept-figures.ts';
import type { CommitSeen } from './measured-store.ts';
import { type Metric, type MetricName, metricTable } from './metric-table.ts';

/** What is looked up when somebody asks. */
export interface LookedUp {
  readonly queuedTurns: () => number;
  readonly chatConnections: () => number;
  readonly isMailServerUp: () => boolean;
  /** How long the app secret lasts; undefined where that is not known. */
  readonly secretSeconds: () => number | undefined;
  readonly knowledge: () => {
    readonly entries: number;
    readonly loadedAt: Date;
    readonly failedReloads: number;
    readonly errors: number;
  };
  /** Undefined for a store without connections. */
  readonly connections?: () => Connections | undefined;
  /** Resolves with undefined where the store cannot be read. */
  readonly kept: () => Promise<KeptFigures | undefined>;
  readonly now: () => Date;
}

/** Channels that are told by name; what calls itself anything else is `other`, or strangers could make labels. */
const channels = new Set(['directline', 'msteams', 'emulator', 'webchat']);
const decisions = new Set(['answer', 'suggest', 'dialog', 'none']);

type Names<Type extends Metric['type']> = {
  [Name in MetricName]: (typeof metricTable)[Name]['type'] extends Type ? Name : never;
}[MetricName];

export class Metrics implements TurnFigures {
  readonly #registry = new Registry();
  readonly #counters: Readonly<Record<string, Counter<string>>>;
  readonly #gauges: Readonly<Record<string, Gauge<string>>>;
  readonly #histograms: Readonly<Record<string, Histogram<string>>>;
  #ofProcess: Promise<void> | undefined;

  constructor() {
    const registers = [this.#registry];
    const made = <T>(type: Metric['type'], make: (options: MetricOptions) => T): Record<string, T> =>
      Object.fromEntries(
        Object.entries<Metric>(metricTable)
          .filter(([, metric]) => metric.type === type)
          .map(([name, { help, labels, buckets = [] }]) => [
            name,
            make({ name, help, labelNames: [...labels], buckets: [...buckets], registers }),
          ]),
      );
    this.#counters = made('counter', (options) => new Counter(options));
    this.#gauges = made('gauge', (options) => new Gauge(options));
    this.#histograms = made('histogram', (options) => new Histogram(options));
  }

  turnEnded(channel: string, outcome: TurnOutcome, seconds: number): void {
    const label = channelLabel(channel);
    this.#count('accessdesk_turns_total', { channel: label, outcome });
    this.#observe('accessdesk_turn_seconds', { channel: label }, seconds);
  }

  decided(decision: string): void {
    if (decisions.has(decision)) this.#count('accessdesk_decisions_total', { decision });
  }

  replied(channel: string, outcome: 'taken' | 'untaken', seconds: number): void {
    const label = channelLabel(channel);
    this.#count('accessdesk_replies_total', { channel: label, outcome });
    this.#observe('accessdesk_reply_seconds', { channel: label }, seconds);
  }

  committed({ kind, outcome, seconds }: CommitSeen): void {
    this.#count('accessdesk_store_commits_total', { kind, outcome });
    if (outcome !== 'failed') this.#observe('accessdesk_store_commit_seconds', { kind }, seconds);
  }

  limitRefused(limit: LimitName): void {
    this.#count('accessdesk_limit_refusals_total', { limit });
  }

  mailTried({ outcome, seconds }: AttemptSeen): void {
    this.#count('accessdesk_mail_attempts_total', { outcome });
    if (outcome === 'sent') this.#observe('accessdesk_mail_seconds', {}, seconds);
  }

  requestAnswered(status: number): void {
    this.#count('accessdesk_http_requests_total', { status: `${Math.trunc(status / 100)}xx` });
  }

  /** The text, with the figures as they are now. */
  async text(from: LookedUp): Promise<{ readonly contentType: string; readonly body: string }> {
    // Loaded by the first who asks: watching the event loop and the garbage collector is for those who look.
    this.#ofProcess ??= import('prom-client/lib/defaultMetrics.js').then(({ default: collectDefaultMetrics }) =>
      collectDefaultMetrics({ register: this.#registry }),
    );
    await this.#ofProcess;
    this.#set('accessdesk_turns_queued', from.queuedTurns());
    this.#set('accessdesk_chat_connections', from.chatConnections());
    this.#set('accessdesk_mail_server_up', from.isMailServerUp() ? 1 : 0);
    this.#set('accessdesk_app_secret_left_seconds', from.secretSeconds());
    const { entries, loadedAt, failedReloads, errors } = from.knowledge();
    this.#set('accessdesk_knowledge_entries', entries);
    this.#set('accessdesk_knowledge_loaded_timestamp_seconds', loadedAt.getTime() / 1000);
    this.#set('accessdesk_knowledge_errors', errors);
    const reloads = this.#counters.accessdesk_knowledge_failed_reloads_total;
    reloads?.reset();
    reloads?.inc(failedReloads);
    const { inUse, idle, waiting } = from.connections?.() ?? {};
    this.#setEach('accessdesk_store_connections', 'state', inUse === undefined ? {} : { in_use: inUse, idle, waiting });
    this.#tellKept(await from.kept(), from.now().getTime());
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  #tellKept(kept: KeptFigures | undefined, now: number): void {
    this.#set('accessdesk_store_up', kept ? 1 : 0);
    const age = (since: string | undefined) => (since ? Math.max(0, (now - Date.parse(since)) / 1000) : 0);
    this.#setEach('accessdesk_mails', 'state', kept?.mails ?? {});
    this.#setEach('accessdesk_tickets', 'state', kept?.tickets ?? {});
    this.#set('accessdesk_mails_retrying', kept?.retrying);
    this.#set('accessdesk_mail_oldest_seconds', kept && age(kept.mailSince));
    this.#set('accessdesk_relays_waiting', kept?.relays.count);
    this.#set('accessdesk_relay_oldest_seconds', kept && age(kept.relays.since));
    this.#set('accessdesk_tickets_unread', kept?.unread);
  }

  #count(name: Names<'counter'>, labels: Record<string, string>): void {
    this.#counters[name]?.inc(labels);
  }

  #observe(name: Names<'histogram'>, labels: Record<string, string>, seconds: number): void {
    this.#histograms[name]?.observe(labels, seconds);
  }

  /** Undefined: what is not known is not told. */
  #set(name: Names<'gauge'>, value: number | undefined): void {
    const gauge = this.#gauges[name];
    if (value === undefined) gauge?.remove();
    else gauge?.set(value);
  }

  #setEach(name: Names<'gauge'>, label: string, values: Readonly<Record<string, number | undefined>>): void {
    const gauge = this.#gauges[name];
    gauge?.reset();
    for (const [key, value] of Object.entries(values)) if (value !== undefined) gauge?.set({ [label]: key }, value);
  }
}

interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly buckets: number[];
  readonly registers: Registry[];
}

function channelLabel(channel: string): string {
  return channels.has(channel) ? channel : 'other';
}

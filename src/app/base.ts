/** What everything stands on: the store, the knowledge base, words, keys, limits, and who is there. */
import { randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import { createKnowledge } from '../faq/knowledge.ts';
import { openKnowledgeBase, type WatchedKnowledgeBase } from '../faq/watched-knowledge-base.ts';
import type { Hold } from '../instances/hold.ts';
import { OwnPresence } from '../instances/own-presence.ts';
import { createKeys } from '../keys.ts';
import { CountedLimits } from '../limits/counted-limits.ts';
import { KeptCounter } from '../limits/kept-counter.ts';
import { isKept, isShared } from '../limits/limits.ts';
import { MemoryCounter } from '../limits/memory-counter.ts';
import { measuredStore } from '../metrics/measured-store.ts';
import { Metrics } from '../metrics/metrics.ts';
import { recordTypes } from '../record-types.ts';
import { WatchedRecords } from '../records/watched-records.ts';
import { openStore } from '../stores/open-store.ts';
import type { Store } from '../stores/store.ts';
import { type Assets, loadAssets } from '../web/assets.ts';
import { createWords } from '../words/words.ts';
import type { Closers, Surroundings } from './surroundings.ts';

export type Base = Awaited<ReturnType<typeof openBase>>;

export async function openBase(config: Config, surroundings: Surroundings, closers: Closers) {
  const { log, now = () => new Date(), newId = randomUUID, fetch = globalThis.fetch } = surroundings;
  const { publicUrl } = config.web;
  const { settings } = config.faq;
  const words = createWords(config.locale);
  const metrics = new Metrics();
  const [opened, watched, assets] = await openAll(
    openStore({ ...config.store, now, log, recordTypes }),
    openKnowledgeBase({ ...config.faq, load: surroundings.loadKnowledge, log }),
    loadAssets(surroundings.assets),
    closers,
  );
  const store = measuredStore(opened, (commit) => metrics.committed(commit));
  const [firstKey = await store.secretKey(), ...olderKeys] = config.secretKeys;
  const keys = createKeys([firstKey, ...olderKeys]);
  const records = new WatchedRecords(store.records);
  const limits = new CountedLimits({
    log,
    numbers: surroundings.limits,
    refused: (name) => metrics.limitRefused(name),
    newCounter: (options) =>
      isKept(options.keyPrefix ?? '') || (store.shared && isShared(options.keyPrefix ?? ''))
        ? new KeptCounter(options, { records: store.records, key: keys.for('limits')[0], now })
        : new MemoryCounter(options),
  });
  const presence = store.shared?.presence ?? new OwnPresence(now);
  const sharedNow = store.shared?.now ?? now;
  const lock = store.shared?.conversations;
  const hold: Hold | undefined = lock && ((...held) => lock.hold(...held));
  let current = createKnowledge(watched.current);
  let loadedAt = now();
  watched.subscribe((base) => {
    const changed = createKnowledge(base);
    changed.prepare();
    current = changed;
    loadedAt = now();
  });
  const knowledge = () => current;

  return {
    config,
    surroundings,
    closers,
    log,
    now,
    sharedNow,
    newId,
    newRecordId: () => `${now().getTime().toString(36).padStart(9, '0')}-${newId()}`,
    newReference: () => newId().slice(0, 8).toUpperCase(),
    fetch,
    publicUrl,
    supportEmail: settings.SUPPORT_EMAIL,
    portalUrl: (portal: string) =>
      portal === 'PartnerSource' ? settings.PORTAL_URL_PARTNERSOURCE : settings.PORTAL_URL_CUSTOMERSOURCE,
    words,
    metrics,
    watched,
    assets,
    store,
    keys,
    records,
    limits,
    presence,
    lock,
    hold,
    knowledge,
    loadedAt: () => loadedAt,
  };
}

/**
 * What is read from disk, all at once: waiting for one is time to work on another. All have settled before the first
 * failure is thrown, and closers of what opened are added, so that nothing stays open behind it.
 */
async function openAll(
  opensStore: Promise<Store>,
  opensKnowledge: Promise<WatchedKnowledgeBase>,
  opensAssets: Promise<Assets>,
  closers: (() => Promise<void>)[],
): Promise<[Store, WatchedKnowledgeBase, Assets]> {
  const [store, knowledge] = await Promise.allSettled([opensStore, opensKnowledge, opensAssets]);
  for (const one of [store, knowledge]) if (one.status === 'fulfilled') closers.push(() => one.value.close());
  return Promise.all([opensStore, opensKnowledge, opensAssets]);
}

/**
 * By what a repetition of an activity is recognised. Teams sends one again that was not answered in time, now and then
 * under a new id: what was said then has the same sender, client timestamp and text, and a card that was pressed has the
 * same nonce. So a person who types "1" twice says it twice.
 */
import { hash } from 'node:crypto';
import type { Activity } from 'botbuilder';

/** Undefined where nothing tells. */
export function identityOf(activity: Activity): string | undefined {
  const { channelId, id, type, name, from, text, value, timestamp, localTimestamp } = activity;
  if (channelId !== 'msteams') return id;
  const { card } = (value ?? {}) as { card?: unknown };
  if (typeof card === 'string') return hashOf([type, name, from.id, value]);
  const at = localTimestamp ?? timestamp;
  return at ? hashOf([type, name, from.id, at, text, value]) : id;
}

function hashOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}

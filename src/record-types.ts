/** Every kind of document that rooms keep; stores are opened with them, by the app and by commands. */
import { auditEntries } from './audit/audit.ts';
import { organisations, profiles } from './directory/directory.ts';
import { samples } from './directory/sample-directory.ts';
import { outbox } from './mail/outbox.ts';
import type { AnyRecordType } from './records/records.ts';
import { sessionRecords } from './sessions/session.ts';

export const recordTypes: readonly AnyRecordType[] = [
  organisations,
  profiles,
  samples,
  outbox,
  auditEntries,
  sessionRecords,
];

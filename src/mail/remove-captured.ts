/** Captured mail goes with its row: some time after it was sent, or with a person who is erased. */
import type { Records } from '../records/records.ts';
import type { CapturedMails } from './captured-mails.ts';
import { mailName } from './compose-message.ts';
import { outbox } from './outbox.ts';

export async function removeCaptured(captured: CapturedMails, records: Records): Promise<void> {
  const rows = new Set<string>();
  for await (const { id } of records.all(outbox)) rows.add(mailName(id));
  await captured.keepOnly(rows);
}

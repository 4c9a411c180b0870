/** `profiles export`: the directory as the CSV that `profiles import` reads. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { Pace } from '../pace.ts';
import type { Records, Stored } from '../records/records.ts';
import { type Organisation, organisations, type Profile, profiles } from './directory.ts';
import { guarded } from './formula-guard.ts';
import { type Column, columns } from './import-row.ts';

/**
 * Everybody whose profile has not ended: an import of it would give those access again.
 * @param write - gets the text piece by piece, and is waited for
 */
export async function exportProfiles(records: Records, write: (text: string) => Promise<void>): Promise<void> {
  let failure: unknown;
  const writeOut = async (piece: string) => {
    try {
      await write(piece);
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const toText = stringify({ header: true, columns: [...columns], record_delimiter: 'windows' });
  await pipeline(Readable.from(rows(records)), toText.setEncoding('utf8'), async (texts: AsyncIterable<string>) => {
    let piece = '';
    for await (const text of texts) {
      piece += text;
      if (piece.length < 32 * 1024) continue;
      await writeOut(piece);
      piece = '';
    }
    await writeOut(piece);
  }).catch((error: unknown) => {
    // The pipeline tells of the abortion only.
    throw failure ?? error;
  });
}

async function* rows(records: Records): AsyncGenerator<Record<Column, string>> {
  const pace = new Pace();
  const known = new Map<string, Stored<Organisation> | undefined>();
  for await (const profile of records.all(profiles)) {
    const { organisation: id, endedAt } = profile.value;
    if (!known.has(id)) known.set(id, await records.get(organisations, id));
    const organisation = known.get(id);
    if (organisation && endedAt === undefined) yield row(profile, organisation.value);
    if (pace.isDue) await pace.rest();
  }
}

function row({ id, value }: Stored<Profile>, { portal, name, plan, planUntil }: Organisation): Record<Column, string> {
  const cells: Record<Column, string> = {
    portal,
    organisation: name,
    plan,
    plan_until: planUntil ?? '',
    name: value.name,
    email: value.email,
    role: value.role,
    id,
    tenant: value.teams?.tenant ?? '',
    object_id: value.teams?.objectId ?? '',
  };
  return Object.fromEntries(columns.map((column) => [column, guarded(cells[column])])) as Record<Column, string>;
}

/** Copies everything from one store into another and holds the two against each other. Called by `store copy`. */
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { AccessDeskError } from '../errors.ts';
import type { Batches } from './copyable.ts';
import { type OpenStoreOptions, openStore } from './open-store.ts';

/** Of one collection: how many documents, and a sum of what they are that does not depend on their order. */
export interface Sum {
  readonly count: number;
  readonly checksum: string;
}

export interface CopyProgress {
  readonly step: 'copied' | 'compared';
  /** Documents until now. */
  readonly documents: number;
}

/** What every store keeps for itself alone. */
const ownToEach = ['checks'];

/**
 * A folder gets its name when all is in it and compared; a database gets and compares all in one transaction. So
 * whatever ends this before its end, the target is as empty as it was, and it can be run again.
 * @returns the sums by collection, the same on both sides
 * @throws AccessDeskError `ERR_STORE_NOT_EMPTY`, `ERR_STORE_COPY` when the two are not the same afterwards
 */
export async function copyStore(
  from: OpenStoreOptions,
  to: OpenStoreOptions,
  onProgress: (progress: CopyProgress) => void,
): Promise<ReadonlyMap<string, Sum>> {
  const folder = to.url === undefined ? to.folder : undefined;
  const building = `${to.folder}.copying`;
  if (folder !== undefined) {
    if (existsSync(folder) && (await readdir(folder)).length > 0) throw notEmpty(folder);
    await rm(building, { recursive: true, force: true });
  }
  const source = await openStore(from);
  try {
    const target = await openStore(folder === undefined ? to : { ...to, folder: building });
    const read = new Map<string, Sum>();
    const check = async (written: Batches) => {
      const found = new Map<string, Sum>();
      for await (const _ of counted(written, found, (documents) => onProgress({ step: 'compared', documents })));
      compare(read, found);
    };
    try {
      await target.load(
        counted(source.dump(), read, (documents) => onProgress({ step: 'copied', documents })),
        check,
      );
    } finally {
      await target.close();
    }
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true });
      await rename(building, folder);
    }
    return read;
  } finally {
    await source.close();
  }
}

async function* counted(batches: Batches, sums: Map<string, Sum>, onBatch: (documents: number) => void): Batches {
  let documents = 0;
  const totals = new Map<string, { count: number; total: bigint }>();
  for await (const whole of batches) {
    const batch = whole.filter(([collection]) => !ownToEach.includes(collection));
    for (const [collection, id, document] of batch) {
      const { count, total } = totals.get(collection) ?? { count: 0, total: 0n };
      const digest = BigInt(`0x${hash('sha256', JSON.stringify([collection, id, document]), 'hex')}`);
      totals.set(collection, { count: count + 1, total: BigInt.asUintN(256, total + digest) });
    }
    if (batch.length > 0) yield batch;
    documents += batch.length;
    onBatch(documents);
  }
  for (const [collection, { count, total }] of [...totals].sort(([one], [other]) => (one < other ? -1 : 1)))
    sums.set(collection, { count, checksum: total.toString(16).padStart(64, '0') });
}

function compare(read: ReadonlyMap<string, Sum>, written: ReadonlyMap<string, Sum>): void {
  const names = new Set([...read.keys(), ...written.keys()]);
  const different = [...names].filter((name) => {
    const [one, other] = [read.get(name), written.get(name)];
    return one?.count !== other?.count || one?.checksum !== other?.checksum;
  });
  if (different.length === 0) return;
  throw new AccessDeskError(
    'ERR_STORE_COPY',
    `The copy is not the same in: ${different.join(', ')}. Keep to the source; nothing is in the target.`,
  );
}

function notEmpty(folder: string): AccessDeskError {
  return new AccessDeskError(
    'ERR_STORE_NOT_EMPTY',
    `${folder} is not empty. Copy into a new folder, or empty this one first.`,
  );
}

/** Requests that wait until somebody of staff decides: how many there are, whether anybody looked, and the mail when nobody did. */
import { queueMail } from '../mail/outbox.ts';
import { Change, changing, type Records, type RecordType, type Stored } from '../records/records.ts';
import { type AddressChange, addressChanges } from './address-change.ts';
import type { Looked } from './pending.ts';
import { type Reassociation, reassociations } from './reassociation.ts';

export interface WaitingRequestsParts {
  readonly records: Records;
  readonly staffEmail: string;
  readonly now: () => Date;
  /** Nobody can guess it. */
  readonly newId: () => string;
}

/** A request that nobody has looked at, as those who tell staff want it. */
interface Unseen {
  /** ms since 1970. */
  readonly since: number;
  readonly addAlert: (change: Change, at: string) => void;
}

type Request = (Reassociation | AddressChange) & Looked;

const kinds = [
  ['move', reassociations as RecordType<Request>],
  ['address', addressChanges as unknown as RecordType<Request>],
] as const;

export class WaitingRequests {
  readonly #parts: WaitingRequestsParts;

  constructor(parts: WaitingRequestsParts) {
    this.#parts = parts;
  }

  async count(): Promise<number> {
    const waiting = await Promise.all(kinds.map(([, type]) => this.#open(type, 'state', 'awaiting-approval')));
    return waiting.flat().length;
  }

  /** Those that nobody looked at and staff were not told of. */
  async unseen(): Promise<readonly Unseen[]> {
    const { staffEmail, newId } = this.#parts;
    const found = kinds.map(async ([what, type]) =>
      (await this.#open(type, 'alert', 'due')).map((request) => ({
        since: Date.parse(request.value.changedAt),
        addAlert: (change: Change, at: string) => {
          change.update(type, request, { ...request.value, alertedAt: at });
          // It names nobody: the list it leads to does, for those who may see it.
          queueMail(change, newId(), {
            template: 'requestWaiting',
            data: { what },
            to: staffEmail,
            at,
            tell: 'nobody',
          });
        },
      })),
    );
    return (await Promise.all(found)).flat();
  }

  /** Somebody of staff sees what waits for these profiles. */
  async seen(profiles: readonly string[]): Promise<void> {
    const { records, now } = this.#parts;
    for (const profile of profiles) {
      for (const [, type] of kinds) {
        await changing(records, async () => {
          const request = await records.get(type, profile);
          const isNew = request?.value.state === 'awaiting-approval' && !request.value.seenAt;
          if (!isNew) return { result: undefined };
          const seenAt = now().toISOString();
          return { change: new Change().update(type, request, { ...request.value, seenAt }), result: undefined };
        });
      }
    }
  }

  async #open(type: RecordType<Request>, index: string, key: string): Promise<readonly Stored<Request>[]> {
    const at = this.#parts.now().toISOString();
    return (await this.#parts.records.find(type, index, key)).filter(({ value }) => value.until > at);
  }
}

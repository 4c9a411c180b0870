/**
 * Addresses that somebody asked invitations for. Asking writes the address down and nothing else, whether it is on a
 * profile or not; who it belongs to is looked up afterwards. So the answer, its work and its time are the same for
 * every address. What was written down is worked off after a restart too.
 */
import { type By, recordInAudit } from '../audit/audit.ts';
import type { Directory } from '../directory/directory.ts';
import type { Log } from '../log.ts';
import { addDone, findDone } from '../records/done-once.ts';
import { Change, changing, type Records, type RecordType, type Stored } from '../records/records.ts';
import { Rounds } from '../rounds.ts';
import type { Invitations } from './invitations.ts';

export interface Ask {
  /** Canonical. */
  readonly address: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: By;
}

export const askRecords: RecordType<Ask> = { name: 'asks', indexes: {} };

export interface AsksParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly invitations: Invitations;
  /** Wakes whoever sends mail. */
  readonly mailIsDue: () => void;
  readonly log: Log;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** An address on more profiles than these is nobody's own. */
const mostProfiles = 50;

export class Asks extends Rounds {
  readonly #parts: AsksParts;

  constructor(parts: AsksParts) {
    super({
      failed: (error) =>
        parts.log.error(
          { err: error },
          'invitations that were asked for could not be read; they are looked at the next time',
        ),
    });
    this.#parts = parts;
  }

  /**
   * Resolves when the ask is written down.
   * @param key - of the form that asks: the same one asks once, also after a restart; nobody else can guess it
   */
  async add(address: string, by: By, key?: string): Promise<void> {
    const { records, newId, now } = this.#parts;
    await changing(records, async () => {
      if (key !== undefined && (await this.hasAdded(key))) return { result: undefined };
      const at = now();
      const change = new Change().create(askRecords, newId(), { address, at: at.toISOString(), by });
      recordInAudit(change, newId(), { ...by, at: at.toISOString(), action: 'invitation.asked' });
      return { change: key === undefined ? change : addDone(change, key, 'asked', at), result: undefined };
    });
    this.wake();
  }

  /** Whether the form with this key has asked. */
  async hasAdded(key: string): Promise<boolean> {
    return (await findDone(this.#parts.records, key)) !== undefined;
  }

  protected async work(): Promise<undefined> {
    const { records, mailIsDue } = this.#parts;
    // Not within the request that asked: its answer must not wait for this.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      for await (const ask of records.all(askRecords)) await this.#tryToAnswer(ask);
    } finally {
      mailIsDue();
    }
  }

  async #tryToAnswer(ask: Stored<Ask>): Promise<void> {
    try {
      await this.#answer(ask);
    } catch (error) {
      this.#parts.log.error(
        { err: error },
        'an invitation that was asked for could not be issued; it is tried at the next ask',
      );
    }
  }

  async #answer(ask: Stored<Ask>): Promise<void> {
    const { records, directory, invitations } = this.#parts;
    const { address, by } = ask.value;
    const members = await directory.membersByAddress(address);
    for (const { profile } of members.slice(0, mostProfiles)) {
      const mail = `${ask.id} ${profile.id}`;
      await invitations.ask(profile.id, { purpose: 'associate', asked: 'without-proof', by, tell: 'nobody', mail });
    }
    await records.commit(new Change().delete(askRecords, ask));
  }
}

/** Remembers who asked in a chat for what staff has to decide, and tells them there once it is decided, beside the mail. */
import type { Log } from '../log.ts';
import { Change, changing, type Records, type RecordType, type Stored } from '../records/records.ts';
import { Rounds } from '../rounds.ts';
import { type AddressChange, addressChanges } from './address-change.ts';
import { type Reassociation, reassociations } from './reassociation.ts';

export interface Awaited {
  readonly profile: string;
  readonly what: 'move' | 'address';
  /** `channel/conversation id`. */
  readonly conversation: string;
  /** `channel/user id`. */
  readonly person: string;
}

/** By the request's id. */
export const awaitedInChat: RecordType<Awaited> = { name: 'awaited-in-chat', indexes: {} };

export interface DecisionToTell extends Awaited {
  /** The same for every try. */
  readonly id: string;
  readonly decision: 'approved' | 'refused';
}

export interface AwaitedInChatParts {
  readonly records: Records;
  /** Puts a line into the conversation, once for each `id`; rejects where it is to be tried again. */
  readonly tell: (decision: DecisionToTell) => Promise<void>;
  /** Calls `wake` after so many ms; the result calls it off. */
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  readonly log: Log;
}

/** ms */
const again = 60_000;

export class AwaitedInChat extends Rounds {
  readonly #parts: AwaitedInChatParts;

  constructor(parts: AwaitedInChatParts) {
    super({
      failed: (error) =>
        parts.log.error(
          { err: error },
          'decisions that wait to be told could not be read; they are looked at the next time',
        ),
      wakeAfter: parts.wakeAfter,
      afterFailure: again,
    });
    this.#parts = parts;
  }

  /** @param request - the one that waits; @param of - whose chat to tell */
  add(
    { conversation, person }: Pick<Awaited, 'conversation' | 'person'>,
    { what, profile, request }: Pick<Awaited, 'what' | 'profile'> & { readonly request: string },
  ): Promise<void> {
    const { records } = this.#parts;
    return changing(records, async () => {
      if (await records.get(awaitedInChat, request)) return { result: undefined };
      const value: Awaited = { profile, what, conversation, person };
      return { change: new Change().create(awaitedInChat, request, value), result: undefined };
    });
  }

  protected async work(): Promise<number | undefined> {
    const { records, log } = this.#parts;
    let isLeft = false;
    for await (const awaited of records.all(awaitedInChat)) {
      try {
        await this.#look(awaited);
      } catch (error) {
        isLeft = true;
        log.info({ err: error }, 'a decision could not be told in its chat; it is tried again');
      }
    }
    return isLeft ? again : undefined;
  }

  async #look({ id, value, version }: Stored<Awaited>): Promise<void> {
    const { records, tell } = this.#parts;
    const decision = await this.#decisionOn(id, value);
    if (decision === undefined) return;
    if (decision !== 'over') await tell({ ...value, id: `decision-${id}`, decision });
    await records.commit(new Change().delete(awaitedInChat, { id, value, version }));
  }

  /** Undefined while it waits; `over` where there is nothing to tell. */
  async #decisionOn(request: string, { what, profile }: Awaited): Promise<'approved' | 'refused' | 'over' | undefined> {
    const { records } = this.#parts;
    const latest: Stored<AddressChange | Reassociation> | undefined =
      what === 'move' ? await records.get(reassociations, profile) : await records.get(addressChanges, profile);
    if (latest?.value.request !== request) return 'over';
    const { state, decision } = latest.value;
    if (state === 'awaiting-approval') return undefined;
    if (!decision) return 'over';
    return state === 'refused' ? 'refused' : 'approved';
  }
}

/** Begins, reads, lists and ends sessions. Everything is in the store, so that an ended one is over at once, everywhere. */
import { hash, randomBytes } from 'node:crypto';
import { Change, changing, type Records, type Stored } from '../records/records.ts';
import type { Device } from './device.ts';
import {
  accountKey,
  type Session,
  type SessionKind,
  type SessionRecord,
  type SignedIn,
  sessionRecords,
} from './session.ts';
import { isOver, sessionTimes } from './session-times.ts';
import { endChats } from './signed-in-chats.ts';

/** Sessions of one account at once; the one unused longest makes room, so that nobody fills the store by signing in. */
const mostPerAccount = 20;

/** Documents that one change removes. */
const batch = 200;

export interface SessionsParts {
  readonly records: Records;
  readonly now: () => Date;
  /** What a browser will hold: 32 random bytes as base64url. */
  readonly newSecret?: () => string;
  /** Adds to the change by which somebody signs out what ends elsewhere with their session. */
  readonly alsoEnds?: (change: Change, session: string) => Promise<void>;
}

export interface NewSession {
  readonly kind: SessionKind;
  readonly signedIn: SignedIn;
  readonly through: string;
  readonly staysSignedIn: boolean;
  readonly device?: Device;
  /** When the person proved who they are; now, unless the provider said otherwise. */
  readonly authenticatedAt?: Date;
  /** The session that this browser had. It ends: nobody who knew its secret gets any further with it. */
  readonly replaces?: Session;
}

export class Sessions {
  readonly #records: Records;
  readonly #now: () => Date;
  readonly #newSecret: () => string;
  readonly #alsoEnds: NonNullable<SessionsParts['alsoEnds']>;

  constructor({
    records,
    now,
    newSecret = () => randomBytes(32).toString('base64url'),
    alsoEnds = async () => {},
  }: SessionsParts) {
    this.#records = records;
    this.#now = now;
    this.#newSecret = newSecret;
    this.#alsoEnds = alsoEnds;
  }

  /** Begins one, always under a new secret. */
  async begin(begun: NewSession): Promise<{ secret: string; session: Session }> {
    const { kind, signedIn, through, staysSignedIn, device, replaces } = begun;
    const now = this.#now();
    const account = accountKey(signedIn);
    const secret = this.#newSecret();
    const value: SessionRecord = {
      ...signedIn,
      kind,
      account,
      through,
      // A staff session reads other people's matters: it ends with the working day, whatever was asked for.
      staysSignedIn: staysSignedIn && kind === 'user',
      startedAt: now.toISOString(),
      authenticatedAt: (begun.authenticatedAt ?? now).toISOString(),
      seenAt: now.toISOString(),
      ...(device && { device }),
      ...(replaces?.account === account && replaces.kind === kind && { profile: replaces.profile }),
    };
    const id = idOf(secret);
    await changing(this.#records, async () => {
      const change = new Change().create(sessionRecords, id, value);
      const before = replaces && (await this.#records.get(sessionRecords, replaces.id));
      const others = (await this.#records.find(sessionRecords, 'account', account)).filter(
        (other) => other.id !== before?.id,
      );
      const byUse = [...others].sort((a, b) => (a.value.seenAt < b.value.seenAt ? -1 : 1));
      const tooMany = byUse.slice(0, Math.max(0, byUse.length + 1 - mostPerAccount));
      for (const old of before ? [before, ...tooMany] : tooMany) change.delete(sessionRecords, old);
      return { change, result: undefined };
    });
    return { secret, session: { id, ...value } };
  }

  /** The session of a secret, which counts as use of it; undefined when there is none or it is over. */
  async read(secret: string): Promise<Session | undefined> {
    if (!/^[\w-]{43}$/.test(secret)) return undefined;
    const stored = await this.#records.get(sessionRecords, idOf(secret));
    const now = this.#now();
    if (!stored || isOver(stored.value, now)) return undefined;
    if (now.getTime() - Date.parse(stored.value.seenAt) < sessionTimes.seenEvery) return sessionOf(stored);
    const value = { ...stored.value, seenAt: now.toISOString() };
    if (await this.#records.commit(new Change().update(sessionRecords, stored, value)))
      return { id: stored.id, ...value };
    // Another request of the same browser was faster, or somebody ended it meanwhile.
    const again = await this.#records.get(sessionRecords, stored.id);
    return again && !isOver(again.value, now) ? sessionOf(again) : undefined;
  }

  /** The same without counting as use: what a page does by itself keeps nobody signed in. */
  async look(secret: string): Promise<Session | undefined> {
    return /^[\w-]{43}$/.test(secret) ? this.lookById(idOf(secret)) : undefined;
  }

  /** The session with this id as it is now; undefined when it is over or was ended. */
  async lookById(id: string): Promise<Session | undefined> {
    const stored = await this.#records.get(sessionRecords, id);
    return stored && !isOver(stored.value, this.#now()) ? sessionOf(stored) : undefined;
  }

  /** Those of an account that are not over, last used first. */
  async list(account: string): Promise<readonly Session[]> {
    const now = this.#now();
    const found = await this.#records.find(sessionRecords, 'account', account);
    return found
      .filter(({ value }) => !isOver(value, now))
      .map(sessionOf)
      .sort((a, b) => (a.seenAt < b.seenAt ? 1 : -1));
  }

  /** Sets the profile in use; false when the session has ended meanwhile. */
  chooseProfile(session: Session, profile: string): Promise<boolean> {
    return changing(this.#records, async () => {
      const stored = await this.#records.get(sessionRecords, session.id);
      if (!stored) return { result: false };
      return { change: new Change().update(sessionRecords, stored, { ...stored.value, profile }), result: true };
    });
  }

  /** Ends one; nothing happens when it has ended already. @param account - whose it has to be */
  end(id: string, account: string): Promise<void> {
    return changing(this.#records, async () => {
      const stored = await this.#records.get(sessionRecords, id);
      if (stored?.value.account !== account) return { result: undefined };
      const change = new Change().delete(sessionRecords, stored);
      await endChats(change, this.#records, 'session', id);
      await this.#alsoEnds(change, id);
      return { change, result: undefined };
    });
  }

  /** Ends all of an account, over or not; resolves with how many there were. */
  endAll(account: string): Promise<number> {
    return changing(this.#records, async () => {
      const found = await this.#records.find(sessionRecords, 'account', account);
      const change = new Change();
      for (const stored of found) {
        change.delete(sessionRecords, stored);
        await this.#alsoEnds(change, stored.id);
      }
      await endChats(change, this.#records, 'account', account);
      return found.length > 0 ? { change, result: found.length } : { result: 0 };
    });
  }

  /** Removes what is over; resolves with how many there were. */
  async removeOver(): Promise<number> {
    const now = this.#now();
    const over: Stored<SessionRecord>[] = [];
    for await (const stored of this.#records.all(sessionRecords)) if (isOver(stored.value, now)) over.push(stored);
    let removed = 0;
    for (let from = 0; from < over.length; from += batch) {
      const change = new Change();
      const part = over.slice(from, from + batch);
      for (const stored of part) change.delete(sessionRecords, stored);
      // Refused when one of them has just been ended by somebody else: the next run takes the rest.
      if (await this.#records.commit(change)) removed += part.length;
    }
    return removed;
  }
}

function idOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

function sessionOf({ id, value }: Stored<SessionRecord>): Session {
  return { id, ...value };
}

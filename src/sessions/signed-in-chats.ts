/**
 * Chats that were opened by somebody who was signed in. A chat's person is bound to the session at birth and never
 * later: whoever held the chat's token before would otherwise speak in the name of who signs in after. The binding is
 * worth what the session is worth: it says nothing any more when that has ended, and after a quarter of an hour.
 */
import { Change, changing, type Records, type RecordType } from '../records/records.ts';
import { type Session, sessionRecords } from './session.ts';
import { isFresh, isOver } from './session-times.ts';

interface SignedInChat {
  /** `directline/USERID`. */
  readonly person: string;
  /** `issuer|subject`. */
  readonly account: string;
  /** Id of the session. */
  readonly session: string;
  /** ISO 8601, UTC: when the chat was opened in this session. */
  readonly at: string;
  /** The person signed out: the next one in that browser begins a chat of their own. */
  readonly isSignedOut?: boolean;
}

export const signedInChats: RecordType<SignedInChat> = {
  name: 'signed-in-chats',
  indexes: { session: ({ session }) => [session], account: ({ account }) => [account] },
};

/** Who is in a chat, as proved by a sign-in. */
export interface ChatAccount {
  /** `issuer|subject`. */
  readonly account: string;
  /** Id of the session. */
  readonly session: string;
  readonly name?: string;
  readonly email?: string;
  readonly authenticatedAt: Date;
}

/** A chat's token can be taken up again for so long; ms. */
const kept = 30 * 24 * 60 * 60 * 1000;

export class SignedInChats {
  readonly #records: Records;
  readonly #now: () => Date;
  readonly #through: string;

  /** @param through - the settings that users sign in through now: whoever came through others is nobody */
  constructor({ records, now, through }: { readonly records: Records; readonly now: () => Date; through: string }) {
    this.#records = records;
    this.#now = now;
    this.#through = through;
  }

  /**
   * Who is in a chat; undefined when nobody had signed in where it was opened, when that session has ended, or when the
   * sign-in is a quarter of an hour old.
   * @param person - `directline/USERID`
   */
  async accountOf(person: string): Promise<ChatAccount | undefined> {
    const bound = await this.#records.get(signedInChats, person);
    if (!bound || bound.value.isSignedOut) return undefined;
    const session = await this.liveSession(bound.value.session);
    if (session?.account !== bound.value.account || !isFresh(session, this.#now())) return undefined;
    const { account, id, name, email, authenticatedAt } = session;
    const shown = { ...(name && { name }), ...(email && { email }) };
    return { account, session: id, ...shown, authenticatedAt: new Date(authenticatedAt) };
  }

  /** A session that lent a chat its sign-in, as long as it is worth something itself. */
  async liveSession(id: string): Promise<Session | undefined> {
    const session = await this.#records.get(sessionRecords, id);
    if (session?.value.kind !== 'user' || isOver(session.value, this.#now())) return undefined;
    return session.value.through === this.#through ? { ...session.value, id } : undefined;
  }

  /** Whether users sign in otherwise now than in that session; false where it is gone. */
  async isThroughOther(id: string): Promise<boolean> {
    const session = await this.#records.get(sessionRecords, id);
    return session !== undefined && session.value.through !== this.#through;
  }

  /**
   * Whether a chat that was opened before may go on in a browser with this session, or none. Nobody goes on with the
   * chat of somebody else who had signed in, or had signed out; and a chat that was begun without a sign-in does not
   * get one.
   */
  async mayGoOn(person: string, session: Session | undefined): Promise<boolean> {
    const bound = await this.#records.get(signedInChats, person);
    if (bound?.value.isSignedOut) return false;
    return session ? bound?.value.account === session.account : true;
  }

  /** Binds a new chat to the session it was opened in, or one that goes on to the account's present session. */
  bind(person: string, session: Session): Promise<void> {
    return changing(this.#records, async () => {
      const [seen, live] = await Promise.all([
        this.#records.get(signedInChats, person),
        this.#records.get(sessionRecords, session.id),
      ]);
      const { account } = session;
      if (!live || (seen && (seen.value.account !== account || seen.value.isSignedOut))) return { result: undefined };
      if (seen?.value.session === session.id) return { result: undefined };
      const value: SignedInChat = { person, account, session: session.id, at: this.#now().toISOString() };
      const change = seen
        ? new Change().update(signedInChats, seen, value)
        : new Change().create(signedInChats, person, value);
      // A sign-out at this moment meets this change, and marks it.
      return { change: change.update(sessionRecords, live, live.value), result: undefined };
    });
  }

  /** Removes what no token reaches any more; resolves with how many there were. */
  async removeOver(): Promise<number> {
    const before = new Date(this.#now().getTime() - kept).toISOString();
    let removed = 0;
    for await (const seen of this.#records.all(signedInChats)) {
      if (seen.value.at > before) continue;
      if (await this.#records.commit(new Change().delete(signedInChats, seen))) removed++;
    }
    return removed;
  }
}

/** Adds to a change that somebody signs out what follows for the chats of those sessions. */
export async function endChats(change: Change, records: Records, index: 'session' | 'account', key: string) {
  for (const seen of await records.find(signedInChats, index, key)) {
    change.update(signedInChats, seen, { ...seen.value, isSignedOut: true });
  }
}

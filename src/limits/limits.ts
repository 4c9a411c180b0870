/** How often one address or one person may do something. The port; what counts stands in `counted-limits.ts`. */

export interface Limit {
  /** So many in `seconds`, counted from the first. */
  readonly points: number;
  readonly seconds: number;
  /** Why this many. */
  readonly reason: string;
  /** Goes on counting over a restart, which must not be a way to send more mail to somebody. */
  readonly isKept?: true;
  /** Where several processes serve, they count together; the others are walls around each. */
  readonly isShared?: true;
}

/** Every limit. Many people can share one address (an office, a school), so each is far beyond what one person does. */
export const limitTable = {
  request: {
    points: 300_000,
    seconds: 60,
    reason:
      'Everything, per address: more than one process can answer, so that no route is without a wall. Most pages and files are sent from memory as they stand.',
  },
  search: {
    points: 6000,
    seconds: 300,
    reason:
      'Searches and suggestions while typing, per address: each takes one or two ms of the processor. A class of thirty that types at once stays below.',
  },
  find: {
    points: 20_000,
    seconds: 600,
    reason:
      'What is read for the one who asks, per address: readiness, reads and streams of Direct Line. Twenty clients that poll every second stay below.',
  },
  open: {
    points: 300,
    seconds: 60,
    reason:
      'Chat tokens, per address. Each may begin a conversation, which is kept. An office may open its chats at nine.',
    isShared: true,
  },
  say: {
    points: 50_000,
    seconds: 3600,
    reason:
      'Messages into chats, per address: each is a turn and is written to the disk. A load test of 20 clients passes.',
  },
  sayAsUser: {
    points: 2000,
    seconds: 3600,
    reason: 'Messages into chats, per chat user of a verified token: one in two seconds for an hour is no person.',
  },
  signIn: {
    points: 1000,
    seconds: 600,
    reason:
      'Steps of a sign-in, per address: each asks the provider something or seals a cookie, and one that succeeds writes a session. A sign-in has two, with the sample four.',
    isShared: true,
  },
  mail: {
    points: 20,
    seconds: 3600,
    reason: 'Addresses that invitations are asked for, per address of the asker: each may be a mail to somebody.',
    isKept: true,
  },
  codeMinute: {
    points: 1,
    seconds: 60,
    reason: 'Codes to one mailbox. The one before still works; more would only bury it.',
    isKept: true,
  },
  codeHour: { points: 3, seconds: 3600, reason: 'Codes to one mailbox, as nobody needs more.', isKept: true },
  codeDay: {
    points: 5,
    seconds: 86_400,
    reason: 'Codes to one mailbox: five tries each, so that guessing all day finds one in four million.',
    isKept: true,
  },
  codePerson: {
    points: 5,
    seconds: 3600,
    reason: 'Codes that one person asks for, for whichever mailboxes: each may be a mail to somebody.',
    isKept: true,
  },
  codeClient: {
    points: 20,
    seconds: 3600,
    reason: 'Codes that are asked for from one address: many people of an office, or one who makes up persons.',
    isKept: true,
  },
  chatSignIn: {
    points: 20,
    seconds: 3600,
    reason: 'Sign-ins that one person begins for a chat: five numbers can be tried with each.',
    isShared: true,
  },
  changeRequest: {
    points: 10,
    seconds: 86_400,
    reason: 'Requests to change the account or address of one profile: each mails its address.',
    isKept: true,
  },
  invite: {
    points: 100,
    seconds: 86_400,
    reason: 'Invitations by one administrator: each is a mail to somebody who did not ask for it.',
    isKept: true,
  },
  refused: {
    points: 100,
    seconds: 60,
    reason:
      'Refused authentications, per address: at /api/messages and with chat tokens. Good calls do not count here, since all of Teams calls from few addresses.',
  },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof limitTable;
export type LimitTable = Readonly<Record<LimitName, Pick<Limit, 'points' | 'seconds'>>>;

/** Whether counts of this limit are kept in the store. */
export function isKept(name: string): boolean {
  return limitOf(name)?.isKept === true;
}

/** Whether they are kept there too where several processes use the store. */
export function isShared(name: string): boolean {
  return limitOf(name)?.isShared === true;
}

function limitOf(name: string): Limit | undefined {
  const limits: Readonly<Record<string, Limit>> = limitTable;
  return limits[name];
}

export interface Limits {
  /**
   * Counts one for `key`, an address or a user.
   * @throws HttpError 429 with `retryAfter` when there were too many.
   */
  take(name: LimitName, key: string): Promise<void>;
  /**
   * Counts one for each, or none where one of them was full before.
   * @returns undefined where it counted; else after how many seconds to try again
   */
  takeAll(each: readonly (readonly [LimitName, string])[]): Promise<number | undefined>;
  /**
   * Runs `work`, which authenticates, and counts only when it is refused with 401 or 403 (limit `refused`).
   * @throws HttpError 429 before `work` is begun when `key` was refused too often.
   */
  guard<T>(key: string, work: () => Promise<T>): Promise<T>;
}

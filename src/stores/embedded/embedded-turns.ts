/** The turns' side of the embedded store: what one turn of the bot changes, as one line of the journal. */
import type { CompletedTurn, TurnStore } from '../../bot/turn-store.ts';
import { AccessDeskError } from '../../errors.ts';
import type { HistoryLine } from '../../history/history.ts';
import { remembered } from '../../remembered.ts';
import { fingerprint } from '../fingerprint.ts';
import { copyOf, keyInConversation, putOf, read, readAll } from './documents.ts';
import type { Decision, Engine, View } from './engine.ts';
import type { Deletion, EncodedPut, Put } from './model.ts';

/** How long a repetition of an activity is recognised: Bot Framework's channels retry within a minute. */
const REPEATED_WITHIN = 24 * 60 * 60 * 1000;
/** Most outdated activity ids that one commit clears away. More than one, so that their number shrinks after a rush. */
const CLEARED_AT_ONCE = 8;

/** What turns are known by: an activity is asked for twice, a conversation by each of its turns. */
const MOST_FINGERPRINTS = 2000;

/** `TurnStore` over the engine. */
export class EmbeddedTurns implements TurnStore {
  readonly #engine: Engine;
  readonly #now: () => Date;
  readonly #announce: (lines: readonly HistoryLine[]) => void;
  readonly #fingerprint = remembered(MOST_FINGERPRINTS, fingerprint);

  /** @param announce - told of the lines of each committed turn once they are durable */
  constructor(engine: Engine, now: () => Date, announce: (lines: readonly HistoryLine[]) => void) {
    this.#engine = engine;
    this.#now = now;
    this.#announce = announce;
  }

  async isRepeated(activity: string): Promise<boolean> {
    return this.#isRecent(read(this.#engine, 'activities', this.#fingerprint(activity))?.at);
  }

  async isWelcomed(person: string): Promise<boolean> {
    return read(this.#engine, 'welcomes', person) !== undefined;
  }

  async readState(keys: readonly string[]): Promise<Map<string, Record<string, unknown>>> {
    const found = new Map<string, Record<string, unknown>>();
    for (const key of keys) {
      const value = read(this.#engine, 'state', key)?.value;
      if (value) found.set(key, copyOf(value));
    }
    return found;
  }

  async commit(turn: CompletedTurn): Promise<'committed' | 'repeated'> {
    const encoded = encode(turn, this.#fingerprint);
    return this.#engine.commit((view) => this.#decide(view, encoded));
  }

  async replaceText(conversation: string, line: string, text: string): Promise<void> {
    const key = keyInConversation(conversation, line);
    await this.#engine.commit((view): Decision<void> => {
      const seen = read(view, 'lines', key);
      return { result: undefined, ...(seen && { put: [putOf('lines', key, { ...seen, text })] }) };
    });
  }

  #decide(view: View, turn: EncodedTurn): Decision<'committed' | 'repeated'> {
    const { activity, head, lines, votes } = turn;
    if (activity && this.#isRecent(read(view, 'activities', activity)?.at)) return { result: 'repeated' };
    const put: EncodedPut[] = [...turn.put];
    if (activity) put.push(putOf('activities', activity, { at: this.#now().toISOString() }));

    let latest = read(view, 'heads', head)?.latest ?? 0;
    for (const { key, json } of lines) {
      if (read(view, 'lines', key)) return { result: 'repeated' };
      latest += 1;
      put.push(['lines', key, withSeq(json, latest)]);
    }
    if (lines.length > 0) put.push(putOf('heads', head, { latest }));
    for (const vote of votes) if (!read(view, 'votes', vote[1])) put.push(vote);

    return {
      delete: [...turn.delete, ...this.#outdatedActivities()],
      put,
      result: 'committed',
      done: (stored) => this.#announceLines(stored),
    };
  }

  #announceLines(stored: readonly Put[]): void {
    const lines = stored.flatMap(([collection, , document]) =>
      collection === 'lines' ? [document as unknown as HistoryLine] : [],
    );
    if (lines.length > 0) this.#announce(lines);
  }

  #isRecent(at: string | undefined): boolean {
    return at !== undefined && this.#now().getTime() - Date.parse(at) < REPEATED_WITHIN;
  }

  /** Activities stand in the order in which they came, so the outdated ones come first. */
  #outdatedActivities(): Deletion[] {
    const outdated: Deletion[] = [];
    for (const [id, { at }] of readAll(this.#engine, 'activities')) {
      if (outdated.length === CLEARED_AT_ONCE || this.#isRecent(at)) break;
      outdated.push(['activities', id]);
    }
    return outdated;
  }
}

/** A turn as far as it is known before its place in the conversation is. */
interface EncodedTurn {
  readonly conversation: string;
  /** Keys. */
  readonly activity: string | undefined;
  readonly head: string;
  /** JSON of the lines, which still lack their `seq`. */
  readonly lines: readonly { readonly key: string; readonly id: string; readonly json: string }[];
  /** Each line that is voted on once; left out where it has a vote. */
  readonly votes: readonly EncodedPut[];
  readonly put: readonly EncodedPut[];
  readonly delete: readonly Deletion[];
}

/** Takes the turn as it is now: the decision is made a moment later, and the caller may go on with its objects. */
function encode(turn: CompletedTurn, fingerprint: (text: string) => string): EncodedTurn {
  const { conversation, person, at } = turn;
  const lines = new Map<string, EncodedTurn['lines'][number]>();
  for (const { id, from, at, text, facts, activity } of turn.lines) {
    const key = keyInConversation(conversation, id);
    if (lines.has(key)) throw sameLineTwice(conversation, id);
    lines.set(key, { key, id, json: JSON.stringify({ conversation, person, id, from, at, text, facts, activity }) });
  }
  const votes = new Map<string, EncodedPut>();
  for (const vote of turn.votes) {
    const key = keyInConversation(vote.conversation, vote.line);
    if (!votes.has(key)) votes.set(key, putOf('votes', key, vote));
  }
  const put: EncodedPut[] = [];
  const remove: Deletion[] = [];
  for (const [key, value] of turn.state) {
    if (value) put.push(putOf('state', key, { conversation, person, at, value }));
    else remove.push(['state', key]);
  }
  for (const welcomed of turn.welcomed) put.push(putOf('welcomes', welcomed, { at }));
  return {
    conversation,
    activity: turn.activity === undefined ? undefined : fingerprint(turn.activity),
    head: fingerprint(conversation),
    lines: [...lines.values()],
    votes: [...votes.values()],
    put,
    delete: remove,
  };
}

/** The JSON of a line with its number in front. */
function withSeq(json: string, seq: number): string {
  return `{"seq":${seq},${json.slice(1)}`;
}

function sameLineTwice(conversation: string, id: string): AccessDeskError {
  return new AccessDeskError(
    'ERR_STORE_LINE_TWICE',
    `A turn of the conversation ${conversation} has two lines ${id}; nothing of it was written.`,
  );
}

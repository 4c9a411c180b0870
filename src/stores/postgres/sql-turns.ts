/** Turns as the arrays that `commit_turns` takes. */
import type { CompletedTurn } from '../../bot/turn-store.ts';
import { AccessDeskError } from '../../errors.ts';
import { fingerprint } from '../fingerprint.ts';
import { sqlKey, sqlName } from './sql-key.ts';

/** A turn as it was when it was to be committed: whoever asked for it may go on with its objects. */
export interface SqlTurn {
  readonly activity: string | null;
  readonly head: string;
  /** Whether it runs under a lease of this instance, and must not be kept without. */
  readonly isLeased: boolean;
  readonly conversation: string;
  readonly person: string;
  readonly at: string;
  readonly lines: readonly { readonly id: string; readonly at: string; readonly json: string }[];
  /** `json` null: it is deleted. */
  readonly state: readonly { readonly key: string; readonly name: string | null; readonly json: string | null }[];
  readonly votes: readonly {
    readonly conversation: string;
    readonly line: string;
    readonly at: string;
    readonly json: string;
  }[];
  readonly welcomed: readonly { readonly person: string; readonly name: string | null }[];
}

/** @throws AccessDeskError `ERR_STORE_LINE_TWICE` */
export function sqlTurn(turn: CompletedTurn, isLeased: boolean): SqlTurn {
  const { activity, conversation, person, at, lines, state, votes, welcomed } = turn;
  const twice = lines.find(({ id }, index) => lines.findIndex((other) => other.id === id) < index);
  if (twice) {
    throw new AccessDeskError(
      'ERR_STORE_LINE_TWICE',
      `A turn of the conversation ${conversation} has two lines ${twice.id}; nothing of it was written.`,
    );
  }
  const firstVotes = new Map([...votes].reverse().map((vote) => [placeOf(vote), vote]));
  return {
    activity: activity === undefined ? null : fingerprint(activity),
    head: fingerprint(conversation),
    isLeased,
    conversation: sqlKey(conversation),
    person: sqlKey(person),
    at,
    lines: lines.map((line) => ({ id: sqlKey(line.id), at: line.at, json: lineJson(turn, line) })),
    state: [...state].map(([key, value]) => ({
      key: sqlKey(key),
      name: sqlName(key),
      json: value ? JSON.stringify({ conversation, person, at, value }) : null,
    })),
    votes: [...firstVotes.values()].map((vote) => ({
      conversation: sqlKey(vote.conversation),
      line: sqlKey(vote.line),
      at: vote.at,
      json: JSON.stringify(vote),
    })),
    welcomed: [...new Set(welcomed)].map((who) => ({ person: sqlKey(who), name: sqlName(who) })),
  };
}

/** Its lines as they are stored, without their numbers. */
function lineJson(
  { conversation, person }: CompletedTurn,
  { id, from, at, text, facts, activity }: CompletedTurn['lines'][number],
): string {
  return JSON.stringify({ conversation, person, id, from, at, text, facts, activity });
}

/** Names of the rows that a turn writes. */
export function rowsOf({ activity, head, state, votes, welcomed }: SqlTurn): readonly string[] {
  return [
    ...(activity === null ? [] : [`activity ${activity}`]),
    `head ${head}`,
    ...state.map(({ key }) => `state ${key}`),
    ...votes.map((vote) => `vote ${placeOf(vote)}`),
    ...welcomed.map(({ person }) => `welcome ${person}`),
  ];
}

function placeOf({ conversation, line }: { readonly conversation: string; readonly line: string }): string {
  return `${conversation.length} ${conversation} ${line}`;
}

/** In the order of the function's parameters; no two `turns` write the same row. */
export function valuesOf(
  turns: readonly SqlTurn[],
  { origin, now, holder }: { readonly origin: string; readonly now: string; readonly holder: string },
): unknown[] {
  const lines = numbered(turns, 'lines');
  const state = numbered(turns, 'state');
  const votes = numbered(turns, 'votes');
  const welcomed = numbered(turns, 'welcomed');
  return [
    ...[origin, now, holder],
    ...[turns.map(({ activity }) => activity), turns.map(({ head }) => head), turns.map(({ isLeased }) => isLeased)],
    ...[turns.map(({ conversation }) => conversation), turns.map(({ person }) => person), turns.map(({ at }) => at)],
    turns.map((turn) => turn.lines.length),
    ...[lines.map(({ turn }) => turn), lines.map(({ place }) => place)],
    ...[lines.map(({ one }) => one.id), lines.map(({ one }) => one.at), lines.map(({ one }) => one.json)],
    ...[state.map(({ turn }) => turn), state.map(({ one }) => one.key)],
    ...[state.map(({ one }) => one.name), state.map(({ one }) => one.json)],
    ...[votes.map(({ turn }) => turn), votes.map(({ one }) => one.conversation), votes.map(({ one }) => one.line)],
    ...[votes.map(({ one }) => one.at), votes.map(({ one }) => one.json)],
    ...[welcomed.map(({ turn }) => turn), welcomed.map(({ one }) => one.person), welcomed.map(({ one }) => one.name)],
  ];
}

/** What turns have of a kind, with the turn's place and its own within the turn, both from 1 on as SQL counts. */
function numbered<Kind extends 'lines' | 'state' | 'votes' | 'welcomed'>(turns: readonly SqlTurn[], kind: Kind) {
  return turns.flatMap((turn, index) =>
    turn[kind].map((one, place) => ({ turn: index + 1, place: place + 1, one: one as SqlTurn[Kind][number] })),
  );
}

/** Questions that had no answer, as staff see them in their channel: the week's list, and the form to teach the bot one of them. */
import type { MissesOnCard, WeeklyMiss } from '../staff-channel/weekly-misses.ts';
import type { Words } from '../words/words.ts';
import { type CardButton, type CardRow, cardActivity } from './card.ts';
import { escaped } from './escaped.ts';
import { teamsCard } from './for-channel.ts';
import { cardOf } from './pressed-card.ts';

export const missActs = ['list', 'open', 'answer', 'phrasing'] as const;
export type MissAct = (typeof missActs)[number];

type Named = readonly { readonly value: string; readonly title: string }[];

export interface MissForm {
  readonly week: string;
  readonly miss: WeeklyMiss;
  /** What was typed, where something was wrong with it, and what was wrong. */
  readonly typed?: {
    readonly question: string;
    readonly answer: string;
    readonly topic: string;
    readonly entry: string;
  };
  readonly problem?: string;
  readonly topics: Named;
  /** Entries that it may be another way to ask for, best first. */
  readonly near: Named;
}

/** @param lead - what came of a press, above it all */
export function missesCard({ week, from, to, misses }: MissesOnCard, words: Words, lead?: string): object {
  const { say } = words;
  const rows = misses.map(({ key, text, count, taught }): CardRow => {
    const detail = say('misses.count', { count });
    if (taught) return { title: escaped(text), detail, state: { word: doneWords(taught, words), tone: 'good' } };
    const press = { verb: 'miss', act: 'open', week, key };
    return { title: escaped(text), detail, state: { word: say('misses.add'), tone: 'default' }, press };
  });
  const heading = say('misses.title', { from: words.day(new Date(from)), to: words.day(new Date(to)) });
  const text = [...(lead ? [`**${lead}**`] : []), say('misses.text')].join('\n\n');
  return inTeams({ heading, text, rows, buttons: [] });
}

export function missForm({ week, miss, typed, problem, topics, near }: MissForm, words: Words): object {
  const { say } = words;
  const { key, text, count } = miss;
  const button = (act: MissAct, isMain = false): CardButton => {
    return {
      title: say(`misses.button.${act}` as 'misses.button.list'),
      press: { verb: 'miss', act, week, key },
      isMain,
    };
  };
  const lines = [
    ...(problem ? [`**${say('misses.notDone')}**`, escaped(problem)] : []),
    say('misses.count', { count }),
    say('misses.how'),
  ];
  const choice = (id: string, choices: Named, value = choices[0]?.value) =>
    choices.length === 0
      ? []
      : [{ id, label: say(`misses.${id}` as 'misses.topic'), kind: 'choice', choices, value } as const];
  const inputs = [
    { id: 'question', label: say('misses.question'), kind: 'text', longest: 200, value: typed?.question ?? text },
    { id: 'answer', label: say('misses.answer'), kind: 'long', longest: 4000, value: typed?.answer },
    ...choice('topic', topics, typed?.topic),
    ...choice('entry', near, typed?.entry),
  ] as const;
  const buttons = [button('answer', true), ...(near.length > 0 ? [button('phrasing')] : []), button('list')];
  return inTeams({ heading: escaped(text), text: lines.join('\n\n'), inputs, buttons });
}

function doneWords({ by, kind }: NonNullable<WeeklyMiss['taught']>, { say }: Words): string {
  return say(`misses.done.${kind}`, { name: escaped(by) });
}

function inTeams(content: Parameters<typeof cardActivity>[0]): object {
  return teamsCard(cardOf(cardActivity(content, '')), { line: '', user: '' });
}

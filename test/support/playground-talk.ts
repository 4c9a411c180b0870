/** A person in the personal chat of the playground, who answers the bot by typing alone or by pressing its cards. */
import { expect } from 'chai';
import type { Playground, Shown } from './playground.ts';

export interface Answer {
  /** The button, or the beginning of a row. */
  readonly press: string;
  /** What is filled in on the card. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The same in words. */
  readonly type: string;
  /** Of what the bot says then. */
  readonly shows: string;
}

export interface PlaygroundTalk {
  /** What the bot said last, as one text. */
  readonly text: string;
  /** Says what begins a dialog. */
  begin(words: string, shows: string): Promise<void>;
  answer(answer: Answer): Promise<void>;
  /**
   * Presses everything once more: the same press is answered as it was, and one with anything else on the card is told
   * that it comes too late. Nothing was posted beside the card that was pressed from the beginning.
   */
  pressAgain(): Promise<void>;
}

interface Pressed {
  readonly shown: Shown;
  readonly data: object;
  /** What took the card's place. */
  readonly became?: unknown;
}

export function talkByTyping(playground: Playground): PlaygroundTalk {
  let text = '';
  const say = async (words: string, shows: string) => {
    await playground.say(words);
    text = JSON.stringify(await playground.shown(shows));
  };
  return {
    get text() {
      return text;
    },
    begin: say,
    answer: ({ type, shows }) => say(type, shows),
    async pressAgain() {},
  };
}

/** The same, and each card has to be answered in its place. */
export function talkByCard(playground: Playground): PlaygroundTalk {
  const pressed: Pressed[] = [];
  let shown: Shown;
  let before = 0;
  const press = async ({ shown: on, data }: Pressed) => {
    const value = { action: { type: 'Action.Execute', verb: 'dialog', data }, trigger: 'manual' };
    return (await playground.invoke('adaptiveCard/action', value, on)) as { type: string; value: unknown };
  };
  return {
    get text() {
      return JSON.stringify(shown);
    },
    async begin(words, shows) {
      await playground.say(words);
      shown = await playground.shown(shows);
      before = playground.count;
    },
    async answer({ press: title, fields = {}, shows }) {
      const once = { shown, data: { ...dataOf(shown, title), ...fields } };
      const { type, value } = await press(once);
      pressed.push({ ...once, became: value });
      expect(type).to.equal('application/vnd.microsoft.card.adaptive');
      shown = { ...shown, attachments: [{ content: value }] };
      expect(JSON.stringify(value)).to.include(shows);
    },
    async pressAgain() {
      for (const one of pressed) {
        expect(withoutLines((await press(one)).value)).to.equal(withoutLines(one.became));
        const { value } = await press({ ...one, data: { ...one.data, more: 'of it' } });
        expect(JSON.stringify(value)).to.match(/This card is out of date|This was done already/);
      }
      await playground.say('cancel');
      await playground.shown('There is nothing to cancel.');
      expect(playground.count).to.equal(before + 1);
    },
  };
}

/** What a button of the card sends, or the row that begins so. */
function dataOf({ attachments = [] }: Shown, title: string): object {
  const [card] = attachments as { content: { actions?: Action[]; body?: { selectAction?: Action }[] } }[];
  const { actions = [], body = [] } = card?.content ?? {};
  const all = [...actions, ...body.flatMap(({ selectAction }) => selectAction ?? [])];
  const found = all.find((one) => one.title === title || one.title?.startsWith(`${title}, `));
  if (!found?.data) throw new Error(`there is nothing to press "${title}" on: ${JSON.stringify(card?.content)}`);
  return found.data;
}

/** Every time it is shown it has an id of its own. */
function withoutLines(card: unknown): string {
  return JSON.stringify(card).replaceAll(/"card":"[^"]*"/g, '');
}

interface Action {
  readonly title?: string;
  readonly data?: object;
}

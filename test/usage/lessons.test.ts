import { expect } from 'chai';
import type { HistoryLine, LineFacts } from '../../src/history/history.ts';
import { gatherLessons } from '../../src/usage/gather-lessons.ts';
import { lessonsOf } from '../../src/usage/lessons.ts';
import type { Vote } from '../../src/usage/votes.ts';

const suggest = (...others: string[]): LineFacts => ({ decision: 'suggest', others });
const answer = (id: string, ...others: string[]): LineFacts => ({ decision: 'answer', id, others });
const none: LineFacts = { decision: 'none' };

/** A conversation, a second between lines: what was asked and what the reply was based on. */
function conversation(...turns: [asked: string, facts: LineFacts, secondsLater?: number][]): HistoryLine[] {
  let seconds = 0;
  return turns.flatMap(([text, facts, later = 1], index) => {
    seconds += later;
    const at = new Date(seconds * 1000).toISOString();
    const line = { conversation: 'webchat/c', person: 'webchat/p', at, activity: {} };
    return [
      { ...line, id: `u${index}`, from: 'user' as const, seq: 2 * index + 1, text },
      { ...line, id: `b${index}`, from: 'bot' as const, seq: 2 * index + 2, text: 'reply', facts },
    ];
  });
}
const vote = (line: string, helped: boolean): Vote => ({
  conversation: 'webchat/c',
  line,
  helped,
  entry: 'e',
  version: 'v',
  person: 'webchat/p',
  at: new Date(0).toISOString(),
});
const learn = (lines: HistoryLine[], ...votes: Vote[]) =>
  lessonsOf(lines, (line) => votes.find((one) => one.line === line)).map(({ text, meant, how }) => ({
    text,
    meant,
    how,
  }));

describe('lessons of a conversation', () => {
  it('are what was picked among suggestions, by its title or its number', () => {
    for (const pick of ['The title', '2']) {
      expect(learn(conversation(['odd words', suggest('a', 'b')], [pick, answer('b')]))).to.deep.equal([
        { text: 'odd words', meant: 'b', how: 'picked' },
      ]);
    }
  });

  it('are not what was answered later to another question', () => {
    expect(learn(conversation(['odd words', suggest('a', 'b')], ['another question', answer('c')]))).to.deep.equal([
      { text: 'odd words', meant: undefined, how: 'missed' },
    ]);
  });

  it('are misses that were asked again in other words at once, but not those after minutes', () => {
    expect(learn(conversation(['odd words', none], ['clear words', answer('a')]))).to.deep.equal([
      { text: 'odd words', meant: 'a', how: 'rephrased' },
    ]);
    expect(learn(conversation(['odd words', none], ['clear words', answer('a'), 181]))).to.deep.equal([
      { text: 'odd words', meant: undefined, how: 'missed' },
    ]);
  });

  it('are not misses that ended with a person', () => {
    const lines = conversation(['odd words', none], ['a person', { decision: 'dialog', id: 'do:handoff' }]);
    expect(learn(lines)[0]).to.include({ how: 'missed' });
  });

  it('are answers that helped', () => {
    const lines = conversation(['odd words', answer('a')]);
    expect(learn(lines)).to.deep.equal([]);
    expect(learn(lines, vote('b0', true))).to.deep.equal([{ text: 'odd words', meant: 'a', how: 'helped' }]);
  });

  it('are what was picked after an answer that was not meant', () => {
    const lines = conversation(['odd words', answer('a', 'b', 'c')], ['The title of c', answer('c')]);
    expect(learn(lines, vote('b0', false))).to.deep.equal([{ text: 'odd words', meant: 'c', how: 'picked' }]);
  });

  it('are nothing that was voted down itself', () => {
    const lines = conversation(['odd words', suggest('a', 'b')], ['The title of a', answer('a')]);
    expect(learn(lines, vote('b1', false)).map(({ how }) => how)).to.deep.equal(['missed', 'missed']);
  });
});

describe('lessons of all conversations', () => {
  const gather = (texts: string[]) => {
    const conversations = texts.map((text) => conversation([text, none], ['clear words', answer('a')]));
    const history = {
      conversations: async () => conversations.map((_, index) => String(index)),
      read: async (name: string) => conversations[Number(name)] ?? [],
    };
    return gatherLessons(history, { list: async () => [] });
  };

  it('count the same question together, whatever its case and marks', async () => {
    const [lesson, ...others] = await gather(['Odd words?', 'odd  words']);
    expect(lesson).to.include({ text: 'Odd words?', meant: 'a', count: 2 });
    expect(others).to.deep.equal([]);
  });

  it('leave out what belongs to one person or is no question', async () => {
    const texts = [
      'mail to ann@contoso.example bounced',
      'my number is 40123',
      'see https://x.example',
      'word',
      'w '.repeat(30),
    ];
    expect(await gather(texts)).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { createMatcher } from '../../src/faq/matcher.ts';

const matcher = createMatcher([
  { id: 'password', question: 'I forgot my password', alternates: ['reset my passwords'], answer: 'Set a new one.' },
  { id: 'invite', question: 'Invite a colleague', alternates: ['sign in for the first time'] },
]);
/** The text with what is marked in brackets. */
function marked(question: string, text: string, by = matcher): string {
  let after = text;
  for (const { start, end } of [...by.highlighter(question)(text)].reverse()) {
    after = `${after.slice(0, start)}[${after.slice(start, end)}]${after.slice(end)}`;
  }
  return after;
}

describe('highlighting', () => {
  const cases: [rule: string, question: string, expected: string][] = [
    ['marks the words of the question', 'password', 'I forgot my [password], the new [password]'],
    ['marks them in other forms and other case', 'PASSWORDS', '[Password] or [passwords]'],
    ['marks what a misspelled word was read as', 'my pasword', 'my [password]'],
    ['marks synonyms', 'my coworker', 'Ask a [colleague].'],
    ['marks expressions that mean the same as a whole', 'login', '[Sign] [in] here, in this room'],
    ['leaves small words alone', 'how do I reset the password', 'How do I do the thing? [Reset].'],
    ['leaves addresses alone', 'colleague', 'colleague@example.com, https://a.example/colleague, a [colleague]'],
    ['marks nothing for a question that touches nothing', 'zorgle', 'I forgot my password'],
    [
      'keeps its places where accents, soft hyphens and marks stand before',
      'password',
      'Cafe\u0301 \u200f 👍 the [pass\u00adword]',
    ],
  ];
  for (const [rule, question, expected] of cases) {
    it(rule, () => expect(marked(question, expected.replace(/[[\]]/g, ''))).to.equal(expected));
  }

  it('marks words where they are not separated', () => {
    const japanese = createMatcher([{ id: 'a', question: 'パスワードを忘れました', alternates: [] }], {
      language: 'ja',
    });
    expect(marked('パスワード', '新しいパスワードを選ぶ', japanese)).to.equal('新しい[パスワード]を選ぶ');
  });

  it('gives ranges within any text, in order and without overlaps', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (noise) => {
        const text = `${noise}password${noise} colleague ${noise}`;
        let last = 0;
        return matcher
          .highlighter(`password colleague ${noise}`)(text)
          .every(({ start, end }) => {
            const isInOrder = start >= last && end > start && end <= text.length;
            last = end;
            return isInOrder;
          });
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

import { expect } from 'chai';
import { english } from '../../src/faq/english.ts';
import { createSuggester } from '../../src/faq/suggester.ts';

const known = [
  { id: 'password', question: 'What if I forget my password?', alternates: ['reset a profile password'] },
  { id: 'switch', question: 'How do I switch to another profile?', alternates: ['change the company'] },
  { id: 'invite', question: 'Invite a colleague', alternates: ['switch on access for a product tester'] },
  { id: 'together', question: 'Working together', alternates: ['profiles of a team'] },
];
const { suggest } = createSuggester(known, english);

describe('createSuggester', () => {
  it('finds an entry by the beginnings of its words', () => {
    expect(suggest('forg passw', 1)).to.deep.equal(['password']);
    expect(suggest('switch pro', 2)).to.deep.equal(['switch', 'invite']);
  });

  it('puts the entry with all words before those with one of them', () => {
    expect(suggest('profile switch', 4)[0]).to.equal('switch');
  });

  it('finds another form of a finished word', () => expect(suggest('inviting ', 1)).to.deep.equal(['invite']));

  it('puts a word of the title before one of another phrasing', () => {
    expect(suggest('profil', 3)[0]).to.equal('switch');
  });

  it('does not take a short finished word for the beginning of another', () => {
    expect(suggest('to ', 4)).to.deep.equal(['switch']);
    expect(suggest('to', 4)).to.include('together');
  });

  it('finds nothing where no word begins so, and gives no more than asked for', () => {
    expect(suggest('zorgle', 3)).to.deep.equal([]);
    expect(suggest('', 3)).to.deep.equal([]);
    expect(suggest('p', 1)).to.have.length(1);
    expect(suggest('p', 0)).to.deep.equal([]);
  });

  it('gives the same whatever was typed before', () => {
    const before = suggest('prof', 4);
    suggest('switch forget colleague', 4);
    expect(suggest('prof', 4)).to.deep.equal(before);
  });

  it('takes any text', () => {
    for (const text of [
      '\u0000',
      '\ud800',
      'x'.repeat(100_000),
      'p '.repeat(50_000),
      '\u200f\u202e',
      "n't'".repeat(1_000),
    ]) {
      expect(suggest(text, 3)).to.be.an('array');
    }
  });
});

import { expect } from 'chai';
import { english } from '../../src/faq/english.ts';
import { createSynonyms } from '../../src/faq/synonyms.ts';

describe('createSynonyms', () => {
  const synonyms = createSynonyms(
    ['delete, remove, get rid of', 'sign in, log in, login', 'remove, take off'],
    english,
  );

  it('knows a word in every form, in each of its groups', () => {
    expect(synonyms.groupsOf(english.stem('removing'))).to.deep.equal([0, 2]);
    expect(synonyms.groupsOf('profile')).to.deep.equal([]);
  });

  it('finds expressions of several words with where they stand', () => {
    const stems = ['i', 'got', 'to', 'get', 'rid', 'of', 'it', 'after', 'signing', 'in'].map(english.stem);
    expect(synonyms.expressionsIn(stems)).to.deep.equal([
      { group: 0, from: 3, to: 6 },
      { group: 1, from: 8, to: 10 },
    ]);
  });

  it('does not take the begin of an expression for the whole', () => {
    expect(synonyms.expressionsIn(['get', 'rid'])).to.deep.equal([]);
  });
});

describe('the shipped synonym groups', () => {
  it('have at least two meanings each and none twice', () => {
    for (const line of english.synonyms) {
      const meanings = line.split(', ');
      expect(meanings.length, line).to.be.above(1);
      expect(new Set(meanings).size, line).to.equal(meanings.length);
    }
  });
});

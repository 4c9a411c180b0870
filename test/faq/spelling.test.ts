import { expect } from 'chai';
import { createSpeller, slips } from '../../src/faq/spelling.ts';

describe('slips', () => {
  it('counts a swap of two neighbours once', () => expect(slips('gmial', 'gmail', 2)).to.equal(1));
  it('counts each letter that is added, left out or replaced', () => expect(slips('kitten', 'sitting', 5)).to.equal(3));
  it('stops at the most that matter', () => expect(slips('password', 'invitation', 2)).to.equal(3));
});

describe('createSpeller', () => {
  const vocabulary = new Map(
    ['password', 'profile', 'profiles', 'invitation', 'account', 'whether', 'post', 'maintenance', 'association'].map(
      (word) => [word, 3],
    ),
  );
  vocabulary.set('the', 9).set('for', 9).set('in', 9).set('sign', 2);
  const speller = createSpeller(vocabulary, {
    isReal: (word) => word === 'past' || word === 'sing',
    isSmall: (word) => ['the', 'for', 'in'].includes(word),
    others: new Map([
      ['doesnt', 9],
      ['dont', 9],
      ['weather', 0],
    ]),
  });
  const best = (typed: string) => speller.correct(typed)[0]?.word;

  it('finds the word behind a letter left out, added, replaced or swapped', () => {
    expect(['pasword', 'passsword', 'pazsword', 'passowrd'].map(best)).to.deep.equal(Array(4).fill('password'));
  });

  it('gives the likeliest first and shares that add up to 1', () => {
    const found = speller.correct('profilex');
    expect(found.map(({ word }) => word)).to.deep.equal(['profiles', 'profile']);
    expect(found.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-9);
  });

  it('believes two slips only in words of eight letters and more', () => {
    expect(speller.searchFurther('asociaton')[0]?.word).to.equal('association');
    expect(speller.correct('pofilex')).to.deep.equal([]);
    expect(speller.searchFurther('pofilex')).to.deep.equal([]);
  });

  it('takes words of three letters, numbers and real words as they are', () => {
    expect(['pos', 'pos7', 'past'].map(best)).to.deep.equal([undefined, undefined, undefined]);
  });

  it('takes three letters for a small word with two of them swapped or one doubled, and for nothing else', () => {
    expect(['teh', 'inn', 'fog', 'sgn'].map(best)).to.deep.equal(['the', 'in', undefined, undefined]);
  });

  it('reads what is written by ear: the same consonants, with two vowels or doubled letters wrong', () => {
    expect(['pasward', 'proffail', 'acaunt'].map(best)).to.deep.equal(['password', 'profile', 'account']);
    expect(best('passport')).to.equal(undefined);
  });

  it('knows words of several that stand in no vocabulary, unless they are short', () => {
    expect(['dosent', 'dent'].map(best)).to.deep.equal(['doesnt', undefined]);
  });

  it('takes a word for one that stands in no vocabulary where that is as near', () => {
    expect(speller.correct('wether').map(({ word }) => word)).to.deep.equal(['whether', 'weather']);
    expect(best('weathr')).to.equal('weather');
  });

  it('tells what a real word is when two letters change places', () => {
    expect(speller.correct('sing')).to.deep.equal([]);
    expect(speller.swapped('sing')).to.deep.equal(['sign']);
  });

  it('looks further for long words with two slips in one place', () => {
    expect(speller.correct('maintxxnance')).to.deep.equal([]);
    expect(speller.searchFurther('maintxxnance')[0]?.word).to.equal('maintenance');
  });
});

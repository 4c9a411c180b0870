import { expect } from 'chai';
import { nearDuplicates } from '../../src/faq/near-duplicates.ts';

const source = { file: 'a.md', line: 1 };

function pairs(...phrasings: [id: string, text: string][]): string[][] {
  return nearDuplicates(phrasings.map(([id, text]) => ({ id, text, source }))).map((pair) =>
    pair.map(({ text }) => text),
  );
}

describe('nearDuplicates', () => {
  for (const [a, b] of [
    ['lost ticket', 'lost ticket'],
    ['I lost my ticket!', 'lost the TICKET'],
    ['ticket lost', 'Lost ticket?'],
    ["what's a ticket", 'whats a ticket'],
    ['can I get in?', 'Can i get in'],
    ['???', '???'],
    ['потерял билет', 'Билет потерял'],
  ] as const) {
    it(`takes ${JSON.stringify(a)} and ${JSON.stringify(b)} of two entries for the same`, () => {
      expect(pairs(['x', a], ['y', b])).to.deep.equal([[b, a]]);
    });
  }

  for (const [a, b] of [
    ['lost ticket', 'found ticket'],
    ['why was I asked', 'why was I not asked'],
    ['when can I park', 'where can I park'],
    ['is it on?', 'was it in?'],
    ['???', '!!!'],
  ] as const) {
    it(`tells ${JSON.stringify(a)} from ${JSON.stringify(b)}`, () => {
      expect(pairs(['x', a], ['y', b])).to.deep.equal([]);
    });
  }

  it('leaves one entry to repeat itself', () => {
    expect(pairs(['x', 'lost ticket'], ['x', 'my lost ticket'])).to.deep.equal([]);
  });

  it('names the first one for each later one', () => {
    expect(pairs(['x', 'a cat'], ['y', 'the cat'], ['z', 'cat'])).to.deep.equal([
      ['the cat', 'a cat'],
      ['cat', 'a cat'],
    ]);
  });
});

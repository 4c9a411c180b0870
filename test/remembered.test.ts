import { expect } from 'chai';
import { remembered } from '../src/remembered.ts';

describe('what is remembered', () => {
  const counting = () => {
    const asked: string[] = [];
    const find = remembered(2, (text) => {
      asked.push(text);
      return text.toUpperCase();
    });
    return { asked, find };
  };

  it('is looked up once', () => {
    const { asked, find } = counting();
    expect([find('a'), find('b'), find('a'), find('b')]).to.deep.equal(['A', 'B', 'A', 'B']);
    expect(asked).to.deep.equal(['a', 'b']);
  });

  it('is never more than it may be', () => {
    const { asked, find } = counting();
    for (const text of ['a', 'b', 'c', 'a']) find(text);
    expect(asked).to.deep.equal(['a', 'b', 'c', 'a']);
  });

  it('is nothing that is very long', () => {
    const { asked, find } = counting();
    const long = 'x'.repeat(501);
    expect(find(long) + find(long)).to.equal('X'.repeat(1002));
    expect(asked).to.have.length(2);
  });

  it('is long where that was asked for', () => {
    const asked: string[] = [];
    const find = remembered(2, (text) => asked.push(text), 501);
    expect([find('x'.repeat(501)), find('x'.repeat(501)), find('y'.repeat(502)), find('y'.repeat(502))]).to.deep.equal([
      1, 1, 2, 3,
    ]);
  });
});

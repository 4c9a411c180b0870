import { expect } from 'chai';
import { escaped } from '../../src/replies/escaped.ts';

describe('escaped text', () => {
  it('reads in Markdown as it was written', () => {
    expect(escaped('What is <name>, _x_ and [a](b)?')).to.equal('What is \\<name\\>, \\_x\\_ and \\[a\\](b)?');
  });

  it('is left alone where nothing in it is Markdown', () => {
    expect(escaped("Why did I get several e-mails? It's 3 (three).")).to.equal(
      "Why did I get several e-mails? It's 3 (three).",
    );
  });
});

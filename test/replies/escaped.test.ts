import { expect } from 'chai';
import { escaped, escapedLines } from '../../src/replies/escaped.ts';

describe('escaped text', () => {
  it('reads in Markdown as it was written', () => {
    expect(escaped('What is <name>, _x_ and [a](b)?')).to.equal('What is \\<name\\>, \\_x\\_ and \\[a\\](b)?');
  });

  it('is no heading, no list, no sign by its name and no date of a card', () => {
    expect(escaped('# Help')).to.equal('\\# Help');
    expect(escaped('- one\n  + two\n1. three\n2) four\n---')).to.equal(
      '\\- one\n  \\+ two\n1\\. three\n2\\) four\n\\---',
    );
    expect(escaped('&lt;b&gt; &#60;')).to.equal('\\&lt;b\\&gt; \\&#60;');
    expect(escaped('{{DATE(2026-01-01T00:00:00Z)}}')).to.equal('{\\{DATE(2026-01-01T00:00:00Z)}}');
    const plain = '#1042 costs 3.50 & -5 {a} Q&A; 1.5 + 2 = 3.5';
    expect(escaped(plain)).to.equal(plain.replace('&A;', '\\&A;'));
  });

  it('is left alone where nothing in it is Markdown', () => {
    expect(escaped("Why did I get several e-mails? It's 3 (three).")).to.equal(
      "Why did I get several e-mails? It's 3 (three).",
    );
  });

  it('keeps its lines apart where Teams would run them together', () => {
    expect(escapedLines('\n- one\r\n- two\n\n  three')).to.equal('\\- one\n\n\\- two\n\nthree');
  });
});

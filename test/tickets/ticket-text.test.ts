import { expect } from 'chai';
import { inOneLine } from '../../src/tickets/ticket-text.ts';

describe('a question in one line', () => {
  it('sets apart what was added to it', () => {
    expect(inOneLine('none of the  links\nworks\n\nsince Monday\n \n', 200)).to.equal(
      'none of the links works – since Monday',
    );
    expect(inOneLine(' \n\n ', 200)).to.equal('');
  });

  it('is as short as asked for', () => expect(inOneLine('a b c', 3)).to.equal('a b'));
});

import { expect } from 'chai';
import { createWords } from '../../src/words/words.ts';

const { hears } = createWords('en');

describe('what a whole message means', () => {
  it('is the same with letters that are drawn out', () => {
    for (const text of ['hellooo', 'Helllo!', 'hiiii there'])
      expect(hears('heard.greeting', text), text).to.equal(true);
    expect(hears('heard.thanks', 'thankssss')).to.equal(true);
    expect(hears('heard.person', 'agenttt')).to.equal(true);
  });

  it('is not another word for that', () => {
    expect(hears('heard.greeting', 'helllp')).to.equal(false);
    expect(hears('heard.no', 'noo')).to.equal(false);
    expect(hears('heard.no', 'no '.repeat(20))).to.equal(false);
  });
});

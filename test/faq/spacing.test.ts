import { expect } from 'chai';
import { english } from '../../src/faq/english.ts';
import { createReader } from '../../src/faq/reading.ts';

describe('spaces and letters of a question', () => {
  const reader = createReader(
    [
      'How do I reset my password?',
      'I cannot log in to the portal',
      'What does CustomerSource offer?',
      'talk to a person',
      'why do I have to sign in',
      'without a plan',
    ],
    english,
    [],
  );
  const read = (text: string) => reader.question(text).words.join(' ');

  it('are put back where words were run together that stand together in the knowledge base', () => {
    expect(read('resetmypassword')).to.equal('reset my password');
    expect(read('talktoaperson')).to.equal('talk to a person');
    expect(read('cantlog in')).to.equal('can not log in');
  });

  it('stay as they are where the pieces stand nowhere together', () => {
    expect(read('passwordplan')).to.equal('passwordplan');
    expect(read('personreset')).to.equal('personreset');
  });

  it('are taken out of a word that was cut in two, unless both parts stand together', () => {
    expect(read('pass word of customer source')).to.equal('password of customersource');
    expect(read('with out log in')).to.equal('without log in');
  });

  it('are taken out of a long word that was cut in two and misspelled, unless both parts stand together', () => {
    expect(read('custmer source')).to.equal('customersource');
    const apart = createReader(['the customer source', 'What does CustomerSource offer?'], english, []);
    expect(apart.question('custmer source').words).to.deep.equal(['customer', 'source']);
  });

  it('stay as they are in what comes after twenty words that nobody knows', () => {
    const strange = Array.from({ length: 20 }, (_, i) => `zqx${'abcdefghijklmnopqrst'[i]}vkj`).join(' ');
    expect(read(`pasword ${strange}`)).to.match(/^password /);
    expect(read(`${strange} pasword`)).to.match(/ pasword$/);
  });

  it('change places in a real word whose neighbour shows what was meant', () => {
    expect(read('cant sing in')).to.equal('can not sign in');
    expect(read('sing a song')).to.equal('sing a song');
  });

  it('are told with what was typed', () => {
    expect(reader.question('resetmypassword').corrected).to.deep.equal([
      { typed: 'resetmypassword', word: 'reset' },
      { typed: 'resetmypassword', word: 'my' },
      { typed: 'resetmypassword', word: 'password' },
    ]);
  });

  it('of contractions may be missing, misspelled or in the wrong place', () => {
    for (const typed of ["doesn't", 'doesnt', 'dosent', "does'nt"]) expect(read(typed)).to.equal('does not');
  });
});

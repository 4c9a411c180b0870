import { expect } from 'chai';
import { english } from '../../src/faq/english.ts';
import { anyLanguage, words, wordsOfQuestion } from '../../src/faq/text.ts';

describe('words', () => {
  const cases: [rule: string, text: string, expected: string[]][] = [
    ['lower case, without punctuation', 'Hello, World! (50 %)', ['hello', 'world', '50']],
    ['without accents', 'Señor Müller', ['senor', 'muller']],
    ['contractions written out', "I can't, won't, don't", ['i', 'can', 'not', 'will', 'not', 'do', 'not']],
    ['typographic apostrophes as plain ones', 'it’s they’re', ['it', 'is', 'they', 'are']],
    ['a genitive without its s', "Ann's invite", ['ann', 'invite']],
    ['contractions typed without apostrophe', 'cant whats', ['can', 'not', 'what', 'is']],
    ['no e-mail and web addresses', 'invite ann@contoso.com via https://a.example/x now', ['invite', 'via', 'now']],
    ['marks for direction and soft hyphens taken out of a word', 'in\u200fvi\u00adte', ['invite']],
    ['whole words in scripts with vowel marks', 'पासवर्ड भूल', ['पासवर्ड', 'भूल']],
    ['nothing where there are no words', '\u0000 \ud800 ... 👍', []],
  ];
  for (const [rule, text, expected] of cases) {
    it(`gives ${rule}`, () => expect(words(text, english)).to.deep.equal(expected));
  }

  it('cuts scripts without spaces into words', () => {
    expect(words('パスワードを忘れました', anyLanguage)).to.include('パスワード').and.have.length.above(2);
  });

  it('leaves words as they are written where the language is not known', () => {
    expect(words("L'invito non c'è", anyLanguage)).to.deep.equal(['l', 'invito', 'non', 'c', 'e']);
  });
});

describe('wordsOfQuestion', () => {
  it('reads no more than 100 words', () => {
    expect(wordsOfQuestion('no '.repeat(50_000), english)).to.have.length(100);
  });

  it('cuts a run of letters that is no word', () => {
    expect(wordsOfQuestion('x'.repeat(10_000), english)).to.deep.equal(['x'.repeat(40)]);
  });
});

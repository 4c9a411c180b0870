import { expect } from 'chai';
import { english } from '../../src/faq/english.ts';
import type { Phrased } from '../../src/faq/entry.ts';
import { createMatcher } from '../../src/faq/matcher.ts';
import { anyLanguage } from '../../src/faq/text.ts';

const entries: Phrased[] = [
  { id: 'password', question: 'What if I forget my password?', alternates: ["can't log in", 'the door'] },
  { id: 'page', question: 'What is the sign-in page?', alternates: ['why do i sign in', 'the door', 'please'] },
];
const { saidAs } = createMatcher(entries);

describe('what is word for word a phrasing', () => {
  const said: [how: string, texts: string[]][] = [
    ['in whatever case and marks', ["Can't log in!", 'CAN\u2019T LOG IN']],
    ['with contractions written in any way', ['cannot log in', 'cant log in', 'can not log in']],
    ['with ways to say that one can not', ['unable to log in', 'not able to log in', 'could not log in']],
    ['with ways to say that one signs in', ["can't sign in", 'cant login', 'cannot log on', 'can not signin']],
    ['with slips', ['canot log in', 'cant sing in', "can't loggin"]],
    ['with words that say nothing', ["Hello, I can't log in please", 'i am unable to login', "hi we can't log in"]],
  ];
  for (const [how, texts] of said) {
    it(`is known ${how}`, () => {
      for (const text of texts) expect(saidAs(text), text).to.equal('password');
    });
  }

  it('is not known with a word that says something', () => {
    for (const text of ['I can log in', "can't log out", "can't log in to my mail", 'did not log in']) {
      expect(saidAs(text), text).to.equal(undefined);
    }
  });

  it('belongs to nobody where several entries have it or nothing is said', () => {
    for (const text of ['the door', 'door', 'hello', '']) expect(saidAs(text), text).to.equal(undefined);
  });

  it('is known as it was typed before anything is taken out of it', () => {
    expect(saidAs('please')).to.equal('page');
  });
});

describe('plain', () => {
  it('leaves a language nothing is known about as it is', () => {
    expect(anyLanguage.plain(['a', 'porta'])).to.deep.equal(['a', 'porta']);
    expect(english.plain(['i', 'am', 'unable', 'to', 'log', 'on'])).to.deep.equal(['can', 'not', 'sign', 'in']);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { AccessDeskError } from '../../src/errors.ts';
import { ANSWER_FROM } from '../../src/faq/decide.ts';
import type { Phrased } from '../../src/faq/entry.ts';
import { createMatcher } from '../../src/faq/matcher.ts';

const entry = (id: string, question: string, alternates: string[], answer?: string): Phrased => ({
  id,
  question,
  alternates,
  answer,
});

/** A library's desk: small, but with entries that share most of their words. */
const library: Phrased[] = [
  entry('hours', 'When is the library open?', ['opening hours on weekends', 'are you closed on public holidays']),
  entry('card', 'How do I get a library card?', ['become a member', 'what do I need to join', 'register as a reader']),
  entry('lost-card', 'What if I lose my library card?', ['my card was stolen', 'replace a lost card']),
  entry('borrow', 'How many books can I borrow?', ['how many items at once', 'is there a limit on loans']),
  entry('renew', 'How do I renew a loan?', ['keep a book longer', 'extend the due date', 'more time for my books']),
  entry('late-fee', 'What does a late book cost?', ['overdue fine', 'I returned a book too late', 'pay my fee']),
  entry('reserve', 'Can I reserve a book that is out?', ['put a hold on a title', 'waiting list for a novel']),
  entry('ebooks', 'How do I read e-books?', ['digital books on my tablet', 'download to my reader']),
  entry('printing', 'Can I print here?', ['where is the printer', 'copies and scanning', 'print from my phone']),
  entry('wifi', 'Is there wireless internet?', ['wifi password', 'connect my laptop']),
  entry('rooms', 'How do I book a study room?', ['group room for tomorrow', 'quiet place to work in a team']),
  entry('return', 'Where do I return books?', ['book drop at night', 'give back a book in another branch']),
  entry('children', 'What is there for children?', ['story hour', 'events for kids on Saturday']),
  entry('donate', 'Do you take used books?', ['give away old novels'], 'We take donations of books in good condition.'),
  entry('password', 'I forgot the password of my account', ['reset my pin', 'cannot sign in online']),
];

const matcher = createMatcher(library);
const ids = (text: string, limit?: number) => matcher.match(text, limit).map(({ id }) => id);
const sureness = (text: string) => matcher.match(text, 1)[0]?.confidence ?? 0;

describe('createMatcher', () => {
  describe('ranking', () => {
    const cases: [question: string, best: string[], why: string][] = [
      [
        'how do I get a library card',
        ['card', 'lost-card'],
        'the question itself; the other entry about cards is next',
      ],
      ['i lost my card', ['lost-card', 'card'], 'the rarer word "lost" outweighs the shared "card"'],
      ['extend my loan', ['renew'], 'words of two phrasings of one entry add up'],
      ['can i keep the novel for longer', ['renew'], 'a phrasing in other words; "novel" alone points elsewhere'],
      ['what is the fine for overdue books', ['late-fee'], 'the commonest word, "books", decides nothing'],
      ['resrve a bok', ['reserve'], 'two typing errors are corrected before anything is looked up'],
      ['reservation of a title', ['reserve'], 'another form of the word, by its stem or its characters'],
      ['log in does not work', ['password'], '"log in" is a synonym of "sign in"'],
      ['donation', ['donate'], 'a word of the answer only'],
      ['study room booking', ['rooms'], 'which words stand together: "book" is no book here'],
      ['kids events', ['children'], 'word order does not matter'],
      ['wi-fi pasword', ['wifi', 'password'], 'the pair of words; then what shares one of them'],
    ];
    for (const [question, best, why] of cases) {
      it(`finds ${best.join(', then ')} for "${question}": ${why}`, () => {
        expect(ids(question, best.length)).to.deep.equal(best);
      });
    }

    it('tells entries of the same words apart by which of them stand together', () => {
      const same = createMatcher([
        entry('a', 'lock an account, then later open your card', []),
        entry('b', 'lock your card, then later open an account', []),
      ]);
      expect(same.match('account open', 1)[0]?.id).to.equal('b');
      expect(same.match('card open', 1)[0]?.id).to.equal('a');
    });

    it('lets a word of matter outweigh small words', () => {
      const small = createMatcher([
        entry('a', 'how could this be', []),
        entry('b', 'invoices', []),
        entry('c', 'deadlines', []),
      ]);
      expect(small.match('how could invoices', 1)[0]?.id).to.equal('b');
    });

    it('finds every entry first by each of its own phrasings', () => {
      const strayed = library.flatMap(({ id, question, alternates }) =>
        [question, ...alternates].filter((phrasing) => ids(phrasing, 1)[0] !== id),
      );
      expect(strayed).to.deep.equal([]);
    });

    it('gives as many as asked for, best first, with falling scores and confidences', () => {
      const matches = matcher.match('a book from the library', 4);
      expect(matches).to.have.length(4);
      for (const key of ['score', 'confidence'] as const) {
        const values = matches.map((match) => match[key]);
        expect(values).to.deep.equal([...values].sort((a, b) => b - a));
      }
    });

    it('gives nothing for a question that shares nothing with any entry', () => {
      expect(ids('xyzzy qwrtp')).to.deep.equal([]);
      expect(createMatcher([]).match('anything')).to.deep.equal([]);
    });

    it('gives the same answer whatever was asked before', () => {
      const fresh = createMatcher(library);
      const before = fresh.match('resrve a bok');
      fresh.match('where is the printer, my tablet and the maintxxnance');
      expect(fresh.match('resrve a bok')).to.deep.equal(before);
    });
  });

  describe('confidence', () => {
    it('is higher for a question in the words of an entry than for one with some of its words', () => {
      expect(sureness('replace a lost card')).to.be.above(sureness('a card for my sister') + 20);
    });

    it('is lower the more words the knowledge base does not know', () => {
      const known = sureness('print my ticket');
      const unknown = sureness('print my zorgle frumious ticket');
      expect(unknown).to.be.below(known);
    });

    it('is low for questions from elsewhere, far and near', () => {
      for (const text of [
        'what will the weather be tomorrow',
        'order a pizza',
        'which author won the prize this year',
      ]) {
        expect(sureness(text), text).to.be.below(ANSWER_FROM);
      }
    });

    it('is lower when two entries fit alike', () => {
      expect(sureness('card')).to.be.below(sureness('lost card'));
    });

    it('is not rounded and lies between 0 and 100', () => {
      const all = matcher.match('when can I return a late book').map(({ confidence }) => confidence);
      expect(Math.min(...all)).to.be.at.least(0);
      expect(Math.max(...all)).to.be.at.most(100);
      expect(all.some((confidence) => !Number.isInteger(confidence))).to.equal(true);
    });
  });

  describe('examination', () => {
    it('names the nearest phrasing, the corrected words and those that are not known', () => {
      const { reading, matches } = matcher.examine('replase my stolen libary card, zorgle', 1);
      expect(matches[0]).to.include({ id: 'lost-card', phrasing: 'my card was stolen' });
      expect(reading.corrected).to.deep.equal([
        { typed: 'replase', word: 'replace' },
        { typed: 'libary', word: 'library' },
      ]);
      expect(reading.unknownWords).to.deep.equal(['zorgle']);
    });

    it('knows a word that is written by its synonym only', () => {
      expect(matcher.examine('extend the deadline for log in').reading.unknownWords).to.deep.equal(['deadline']);
    });
  });

  describe('entries', () => {
    const refusal = (entries: Phrased[]) => {
      try {
        createMatcher(entries);
      } catch (error) {
        return error as AccessDeskError;
      }
      return undefined;
    };

    it('refuses an entry without any text and two entries with one id, naming all of them', () => {
      const error = refusal([entry('a', 'A?', []), entry('a', 'Again', []), entry('empty', ' ?! ', ['...'])]);
      expect(error).to.be.instanceOf(AccessDeskError).and.include({ code: 'ERR_MATCHER_ENTRIES' });
      expect(error?.message).to.include('two entries have the id "a"');
      expect(error?.message).to.include('the entry "empty" has no text');
    });

    it('takes an entry whose question is empty when another phrasing has words', () => {
      expect(refusal([entry('a', '?', ['something'])])).to.equal(undefined);
    });

    it('reads further synonyms from the options', () => {
      const own = createMatcher(library, { synonyms: ['carrel, study room'] });
      expect(own.match('a carrel please', 1)[0]?.id).to.equal('rooms');
      expect(ids('a carrel please', 1)).to.not.include('rooms');
    });
  });

  describe('other languages', () => {
    it('matches words as they are written where the language is not English', () => {
      const german = createMatcher(
        [entry('passwort', 'Wie ändere ich mein Passwort?', []), entry('karte', 'Wo ist meine Karte?', [])],
        { language: 'de-AT' },
      );
      expect(german.match('passwort andern', 1)[0]?.id).to.equal('passwort');
    });

    it('matches where words are not separated', () => {
      const japanese = createMatcher(
        [entry('a', 'パスワードを忘れました', []), entry('b', '図書館は何時に開きますか', [])],
        { language: 'ja' },
      );
      expect(japanese.match('パスワードを変えたい', 1)[0]?.id).to.equal('a');
    });
  });

  describe('bad input', () => {
    const inputs: [name: string, text: string][] = [
      ['an empty text', ''],
      ['100 kB of one word', 'card '.repeat(20_000)],
      ['100 kB of unknown words', Array.from({ length: 12_000 }, (_, i) => `zq${i.toString(36)}`).join(' ')],
      ['one word of 10,000 letters', 'abcdefghij'.repeat(1_000)],
      ['100 kB of one letter', 'a'.repeat(100_000)],
      ['100 kB of combining marks', 'e\u0301\u0323'.repeat(33_000)],
      ['only stop words', 'the of and to is it what'],
      ['marks for direction', '\u200f\u202e\u2066card\u2069'],
      ['NUL', '\u0000card\u0000'],
      ['lone surrogates', '\ud800card\udfff'],
      ['100 kB of apostrophes', "n't'".repeat(25_000)],
      ['names of things every object has', 'constructor __proto__ toString hasOwnProperty'],
    ];
    for (const [name, text] of inputs) {
      it(`answers ${name}`, () => expect(matcher.match(text)).to.be.an('array'));
    }

    it('reads a question from its first 2,000 characters', () => {
      expect(matcher.match(`replace a lost card ${'x '.repeat(990)}${'wifi '.repeat(10_000)}`, 1)[0]?.id).to.equal(
        'lost-card',
      );
    });

    it('answers any text with finite confidences in falling order', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
          const found = matcher.match(text).map(({ confidence }) => confidence);
          return found.every((value, i) => value >= 0 && value <= 100 && value <= (found[i - 1] ?? 100));
        }),
        { numRuns: 200, seed: 1 },
      );
    });
  });
});

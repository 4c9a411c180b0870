import { expect } from 'chai';
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import { type AddressProblem, maskedAddress, readEmailAddress } from '../../src/mail/email-address.ts';
import { createWords } from '../../src/words/words.ts';

const canonical = (text: string) => readEmailAddress(text).ok?.canonical;
const problem = (text: string) => readEmailAddress(text).problem;

describe('an e-mail address', () => {
  it('is shown as written, compared in lower case and ASCII, and mailed as written before the @', () => {
    expect(readEmailAddress('  Kim.Lee+x@Bücher.TEST ').ok).to.deep.equal({
      written: 'Kim.Lee+x@Bücher.TEST',
      canonical: 'kim.lee+x@xn--bcher-kva.test',
      envelope: 'Kim.Lee+x@xn--bcher-kva.test',
    });
  });

  it('is the same in any letter case and in either form of its domain', () => {
    expect(canonical('A@Contoso.COM')).to.equal(canonical('a@contoso.com'));
    expect(canonical('a@bücher.test')).to.equal('a@xn--bcher-kva.test');
    expect(canonical('a@XN--BCHER-kva.test')).to.equal('a@xn--bcher-kva.test');
    expect(canonical('a@bu\u0308cher.test')).to.equal('a@xn--bcher-kva.test');
  });

  it('is another one with a tag, a dot more or a letter that only looks alike', () => {
    const all = ['kim@contoso.com', 'kim+a@contoso.com', 'k.im@contoso.com', 'kim@cоntoso.com'].map(canonical);
    expect(new Set(all).size).to.equal(4);
    expect(all).not.to.include(undefined);
  });

  const refused: Record<AddressProblem, readonly string[]> = {
    missing: ['', '   '],
    tooLong: [`${'a'.repeat(64)}@${'b.'.repeat(95)}test`, `a@${'ü.'.repeat(50)}test`, 'a'.repeat(100_000)],
    invisible: [
      'a@x.test\r\nBcc: evil@x.test',
      'a@x.test\n',
      'a\0@x.test',
      'a@soft\u00adhyphen.test',
      'a@x\u200b.test',
      'a\u202e@x.test',
      'a@x.test\t',
      'a\u00a0@x.test',
      'a\u2028@x.test',
      '\ud800@x.test',
    ],
    notAlone: [
      'a@x.test,b@x.test',
      'a@x.test b@x.test',
      'a@b@x.test',
      'A <a@x.test>',
      '"a b"@x.test',
      'group:a@x.test;',
      'a@x.test(x)evil.test',
      'a@[127.0.0.1]',
      'a\\b@x.test',
      'a@x.test:25',
    ],
    noAt: ['amira', 'contoso.example'],
    noEnding: ['amira@contoso', 'a@xn--bcher-kva'],
    localPart: [
      '@x.test',
      '.a@x.test',
      'a.@x.test',
      'a..b@x.test',
      'а@x.test',
      `${'a'.repeat(65)}@x.test`,
      'a%b@x.test',
    ],
    domain: [
      'a@',
      'a@.test',
      'a@x..test',
      'a@x.test.',
      'a@-x.test',
      'a@x-.test',
      'a@x_y.test',
      'a@127.0.0.1',
      'a@0x7f.1',
      'a@%41.test',
      'a@x.test/y',
      'a@ｘ.test',
      'a@x。test',
      'a@xn--a.test',
      `a@${'b'.repeat(64)}.test`,
      'a@x.test\u{1f600}#',
    ],
  };
  for (const [name, texts] of Object.entries(refused)) {
    it(`is refused as ${name}: ${texts.length} examples, and there are words for it`, () => {
      for (const text of texts) expect(problem(text), JSON.stringify(text.slice(0, 60))).to.equal(name);
      const words = createWords('en');
      expect(words.say(`address.${name as AddressProblem}`, { text: 'a@b' })).to.match(/^Enter one address/);
    });
  }

  it('is, once accepted, exactly the one that a mail program sends to', async () => {
    const transport = createTransport({ streamTransport: true, buffer: true });
    const piece = fc.oneof(
      fc.constantFrom('a', 'Kim', '.', '-', '+', '@', '@', 'x.test', 'ü', 'bücher.test', ',', ' ', '<', '"', '(', ';'),
      fc.constantFrom("'", '`', '=?utf-8?q?a?=', '|', '/', '#', '&', '\r\n', '\0', '\u00ad', '%', 'xn--', '1', '\\'),
      fc.string({ unit: 'grapheme', maxLength: 2 }),
    );
    const likely = fc
      .tuple(fc.array(piece, { minLength: 1, maxLength: 3 }), fc.constantFrom('x.test', 'Bücher.test', 'y-z.example'))
      .map(([pieces, domain]) => `${pieces.join('')}@${domain}`);
    const anything = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(fc.oneof(likely, anything), async (text) => {
        const { ok } = readEmailAddress(text);
        if (!ok) return;
        const { envelope } = await transport.sendMail({ from: 'us@x.test', to: ok.envelope, text: '' });
        expect(envelope.to).to.deep.equal([ok.envelope]);
        expect(ok.canonical).to.match(/^[\x21-\x7e]+$/);
        for (const again of [
          ok.written,
          ok.envelope,
          ok.canonical,
          ok.written.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
        ])
          expect(canonical(again), again).to.equal(ok.canonical);
      }),
      { numRuns: 2000 },
    );
  });

  it('is masked to its first letter and its domain', () => {
    expect(maskedAddress('kim.lee@contoso.example')).to.equal('k...@contoso.example');
    expect(maskedAddress('k@contoso.example')).to.equal('k...@contoso.example');
    expect(maskedAddress('not an address')).to.equal('...');
  });
});

import { expect } from 'chai';
import { readLinkAddress } from '../../src/faq/link-address.ts';
import { parseTopic } from '../../src/faq/parse-topic.ts';
import { settings } from './sample-settings.ts';

describe('addresses of links', () => {
  for (const [address, kind] of [
    ['https://a.example/b?c=d#e', 'web'],
    ['HTTPS://A.EXAMPLE', 'web'],
    ['http://a.example', 'web'],
    ['mailto:a@b.example?subject=c', 'web'],
    ['/', 'site'],
    ['/profile?a=b', 'site'],
    ['#an-entry', 'entry'],
    ['do:handoff', 'dialog'],
    ['', 'empty'],
    ['#', 'empty'],
  ] as const) {
    it(`take ${JSON.stringify(address)} as one of the kind "${kind}"`, () => {
      expect(readLinkAddress(address).kind).to.equal(kind);
    });
  }

  for (const address of [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    '\u0001javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    'vbscript:msgbox(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'ftp://a.example',
    'blob:https://a.example/b',
    'do:anything',
    'do:',
    'DO:handoff',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/a b',
    'https:evil.example',
    'https:/evil.example',
    'https://',
    'https://a b.example',
    'mailto:',
    'mailto:nobody',
    'a.example',
    'page.md',
    '../page',
    '?q=a',
    `https://a.example/${'a'.repeat(2000)}`,
  ]) {
    it(`refuse ${JSON.stringify(address.slice(0, 40))}`, () => {
      expect(readLinkAddress(address).kind).to.equal('refused');
    });
  }

  it('are named in the message on one short line', () => {
    const read = readLinkAddress(`java\nscript:${'a'.repeat(500)}`);
    expect(read.kind === 'refused' && read.reason).to.match(/^the address "java\\nscript:a{68}…" holds /);
  });
});

describe('hostile Markdown', () => {
  const link = 'javascript:alert(1)';
  for (const markdown of [
    `[a](${link})`,
    `[a](<${link}>)`,
    `[a](JaVaScRiPt:alert(1))`,
    `[a](&#106;avascript:alert(1))`,
    `[a](&#x6A;avascript&colon;alert(1))`,
    `[a](<java&Tab;script:alert(1)>)`,
    `[a](<java&NewLine;script:alert(1)>)`,
    `[a](<&#1;javascript:alert(1)>)`,
    `[a](<\u00a0javascript:alert(1)>)`,
    `[a](java\\script:alert(1))`,
    `[a](javascript\\:alert(1))`,
    `[a](vbscript:alert(1))`,
    `[a](data:text/html;base64,PHNjcmlwdD4=)`,
    `[a](//evil.example)`,
    `[a](/\\\\evil.example)`,
    `[a](</&Tab;/evil.example>)`,
    `<${link}>`,
    `<JAVASCRIPT:alert(1)>`,
    `[a][b]\n\n[b]: ${link}`,
    `[b]\n\n[b]:\n  <&#106;avascript:alert(1)>\n  'title'`,
    `text\n\n> [unused]: ${link}`,
    `![a](${link})`,
    `![a][b]\n\n[b]: ${link}`,
    `[![a](/b.png)](${link})`,
    `**[a](${link})**`,
    `| a |\n| - |\n| [b](${link}) |`,
    `- - [a](${link})`,
    `*See also:* [a](${link})`,
    `text\n\n<script>alert(1)</script>`,
    `text <b onclick="alert(1)">b</b>`,
    `<img src=x onerror=alert(1)>`,
    `text <br>`,
    `text <!-- a --><script>alert(1)</script>`,
    `<!-- a --> <svg onload=alert(1)>\n\ntext`,
    `<?php a ?>`,
    `<!DOCTYPE html>`,
    `<![CDATA[ a ]]>`,
    `<details>\n\ntext\n\n</details>`,
  ]) {
    it(`is an error with its line, and harmless: ${JSON.stringify(markdown)}`, () => {
      const { problems, entries } = parseTopic('a.md', `## Q?\n\nSafe.\n\n${markdown}`, settings);
      const [error] = problems.filter(({ severity }) => severity === 'error');
      expect(error?.source.file).to.equal('a.md');
      expect(error?.source.line).to.be.within(5, 8);
      const { html, answer } = entries[0]?.entry ?? { html: undefined, answer: undefined };
      for (const attribute of html?.matchAll(/(?:href|src)="([^"]*)"/g) ?? []) {
        expect(attribute[1]).to.match(/^(?:https:\/\/[a-z]|\/[a-z])/);
      }
      expect(html).not.to.match(
        /<(?!\/?(?:p|a|em|strong|code|pre|ul|ol|li|table|thead|tbody|tr|th|td|blockquote|img)\b)/,
      );
      expect(html).not.to.match(/<[^>]*\bon\w+=/);
      expect(answer).not.to.match(/\]\(<?(?!https:\/\/[a-z])/);
    });
  }

  it('shows text that only looks like HTML or a link as it is written', () => {
    const { problems, entries } = parseTopic(
      'a.md',
      '## Q?\n\n\\<b> &lt;i&gt; `<u>` \\[a](javascript:b) 1 < 2 & 3',
      settings,
    );
    expect(problems).to.deep.equal([]);
    expect(entries[0]?.entry.plain).to.equal('<b> <i> <u> [a](javascript:b) 1 < 2 & 3');
    expect(entries[0]?.entry.html).to.equal(
      '<p>&#x3C;b> &#x3C;i> <code>&#x3C;u></code> [a](javascript:b) 1 &#x3C; 2 &#x26; 3</p>',
    );
  });

  it('cannot grow without end by one long address that is used again and again', () => {
    const text = `## Q?\n\n${`${'[a] '.repeat(200)}\n\n`.repeat(10)}[a]: https://a.example/${'b'.repeat(1900)}`;
    const { problems, entries } = parseTopic('a.md', text, settings);
    expect(entries[0]?.entry.html.length).to.be.lessThan(1_500_000);
    expect(problems.map(({ message }) => message)).to.deep.equal([
      'addresses that are defined apart are used too often in this file; split it up',
    ]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import type { Root, RootContent } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { renderAnswer } from '../../src/faq/render-answer.ts';
import { escaped } from '../../src/replies/escaped.ts';
import { teamsMarkdown } from '../../src/replies/teams-markdown.ts';

/** As an answer of the knowledge base gets there. */
function shown(markdown: string): string {
  const { children } = unified().use(remarkParse).use(remarkGfm).parse(markdown);
  return teamsMarkdown(renderAnswer(children as RootContent[], 'https://help.example').markdown);
}

function kindsOf(tree: Root): string[] {
  const kinds = new Set<string>();
  visit(tree, ({ type }) => {
    kinds.add(type);
  });
  return [...kinds];
}

describe('an answer in a card of Teams', () => {
  const cases: [what: string, markdown: string, card: string][] = [
    [
      'what cards know',
      '**Bold**, *italic*, [a link](https://a.example/x_y):\n\n- one\n- two\n\n1. first',
      '**Bold**, *italic*, [a link](https://a.example/x_y):\n\n- one\n- two\n\n1. first',
    ],
    [
      'a table, by the names of its columns',
      'Plans:\n\n| Plan | Until |\n| - | :-: |\n| Enhancement | **May** |\n| Support \\| more | |\n\nAfter it.',
      'Plans:\n\n- Plan: Enhancement; Until: **May**\n- Plan: Support \\| more\n\nAfter it.',
    ],
    [
      'code, line by line',
      'Run:\n\n```sh\nnpm ci\n# then *this*\n```\n\nNow.',
      'Run:\n\nnpm ci\n\n\\# then \\*this\\*\n\nNow.',
    ],
    ['code within a line', 'Say `my_requests` or `` a`b ``.', 'Say my\\_requests or a\\`b.'],
    ['a quotation', '> Read this.\n>\n> > And this.', 'Read this.\n\nAnd this.'],
    ['a heading', '#### First\n\nDo it.', '**First**\n\nDo it.'],
    ['a line that ends', 'Main Street 1\\\nTown', 'Main Street 1\n\nTown'],
    ['bold over two lines', '**Main Street 1\\\nTown** here', '**Main Street 1**\n\n**Town** here'],
    [
      'a table and code in a list',
      '- one\n\n  | Plan | Until |\n  | - | - |\n  | `a\\|b` | |\n- ```\n  npm ci\n  ```\n- a street\\\n  Town',
      '- one\n\n  - Plan: a\\|b\n- npm ci\n- a street\n  Town',
    ],
    ['a table below a list', '- one\n\n| A |\n| - |\n| two |\n| |', '- one\n- A: two'],
    ['a bold heading', '#### **First** `b`', '**First b**'],
    ['signs before a link', 'Look\\![here](https://a.example) `c`', 'Look\\![here](https://a.example) c'],
    [
      'addresses without escapes, as they were written',
      '[one](https://a.example/?a=1&b=2&amp;copy;=3#x(y)) and [two](https://a.example/?a&c) `d`',
      '[one](https://a.example/?a=1&b=2\\&copy;=3#x%28y%29) and [two](https://a.example/?a&c) d',
    ],
    ['what is struck through', 'It costs ~~ten~~ five.', 'It costs ten five.'],
  ];
  for (const [what, markdown, card] of cases) {
    it(`has ${what}`, () => {
      expect(shown(markdown)).to.equal(card);
    });
  }

  const hostile = [
    '| a | b |\n| - | - |\n> `c` ~~d~~ # e \\',
    '[a](https://evil.example) ![b](https://evil.example/b.png) [c]: https://evil.example',
    'https://evil.example www.evil.example me@evil.example <https://evil.example>',
    '<img src=x onerror=alert(1)> <!-- &lt;b&gt; --> <b>',
    '```\n# a\n```\n    > b\n~~~',
    '- # a\n1. > b\n---\n===\n{{DATE(2026-01-01T00:00:00Z)}}',
    '`a\\` [^1] [ ] **b** _c_ \\| d\\\ne',
  ];
  for (const typed of hostile) {
    it(`leaves alone what somebody typed: ${JSON.stringify(typed)}`, () => {
      const inert = escaped(typed);
      expect(teamsMarkdown(inert)).to.equal(inert);
      const among = unified()
        .use(remarkParse)
        .parse(teamsMarkdown(`> By \`code\` ${inert.replaceAll('\n', ' ')}`));
      expect(textOf(among)).to.equal(`By code ${typed.replaceAll('\n', ' ')}`);
      expect(kindsOf(among)).to.deep.equal(['root', 'paragraph', 'text']);
    });
  }

  it('leaves alone what is typed, whatever it is', () => {
    const mark = fc.constantFrom(
      ...'[]()!`~|<>&\\\n #-+=*_a1.:/{"',
      '\n\n',
      '```',
      '    ',
      '| - |',
      '<b>',
      '&lt;',
      '{{DATE(',
    );
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 20 }), (marks) => {
        const inert = escaped(marks.join(''));
        expect(teamsMarkdown(inert)).to.equal(inert);
        const below = teamsMarkdown(`\`code\`\n\n${inert}`);
        const kinds = kindsOf(unified().use(remarkParse).parse(below));
        expect(['root', 'paragraph', 'text', 'break']).to.include.members(kinds);
      }),
    );
  });

  it('keeps the moments of a card', () => {
    const text = 'with Sam `x` · sent {{DATE(2026-01-01T00:00:00Z, SHORT)}}';
    expect(teamsMarkdown(text)).to.equal(text);
  });
});

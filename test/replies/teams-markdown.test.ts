import { expect } from 'chai';
import type { RootContent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { renderAnswer } from '../../src/faq/render-answer.ts';
import { escaped } from '../../src/replies/escaped.ts';
import { teamsMarkdown } from '../../src/replies/teams-markdown.ts';

/** As an answer of the knowledge base gets there. */
function shown(markdown: string): string {
  const { children } = unified().use(remarkParse).use(remarkGfm).parse(markdown);
  return teamsMarkdown(renderAnswer(children as RootContent[], 'https://help.example').markdown);
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
      'Run:\n\nnpm ci\n\n\\# then \\*this\\*\n\n\nNow.',
    ],
    ['code within a line', 'Say `my_requests` or `` a`b ``.', 'Say my\\_requests or a\\`b.'],
    ['a quotation', '> Read this.\n>\n> > And this.', 'Read this.\n\nAnd this.'],
    ['a heading', '#### First\n\nDo it.', '**First**\n\nDo it.'],
    ['a line that ends', 'Main Street 1\\\nTown', 'Main Street 1\n\nTown'],
    ['what is struck through', 'It costs ~~ten~~ five.', 'It costs ten five.'],
  ];
  for (const [what, markdown, card] of cases) {
    it(`has ${what}`, () => {
      expect(shown(markdown)).to.equal(card);
    });
  }

  it('leaves alone what somebody typed', () => {
    const typed = escaped('| a | b |\n> `c` ~~d~~ # e \\');
    expect(teamsMarkdown(typed)).to.equal(typed);
  });
});

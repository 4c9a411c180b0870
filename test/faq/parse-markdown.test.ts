import { expect } from 'chai';
import fc from 'fast-check';
import type { Root } from 'mdast';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { parseMarkdown } from '../../src/faq/parse-markdown.ts';
import { ProblemList } from '../../src/faq/problem-list.ts';

/** What the parser makes of the text in one go: kinds, texts and lines of all nodes. */
const whole = unified().use(remarkParse).use(remarkFrontmatter, ['yaml']).use(remarkGfm).freeze();

function outline(node: unknown): unknown {
  const { type, value, url, position, children } = node as Record<string, never> & {
    position?: { start: { line: number } };
    children?: unknown[];
  };
  return { type, value, url, line: position?.start.line, children: children?.map(outline) };
}

function parsed(text: string): { tree: unknown; problems: string[] } {
  const problems = new ProblemList('a.md');
  const root = parseMarkdown(text, problems);
  return {
    tree: root?.children.map(outline),
    problems: problems.problems.map(({ source, message }) => `${source.line}: ${message}`),
  };
}

function inOneGo(text: string): unknown {
  return (whole.parse(text) as Root).children.map(outline);
}

const filler = Array.from({ length: 60 }, (_, index) => `Words number ${index} to make the text long enough.`).join(
  ' ',
);

const block = fc.constantFrom(
  filler,
  '## A heading',
  '**Bold?**\nText',
  '- a\n- b\n\n  more of b',
  '- a\n\n- b',
  '1. one\n\n   two\n2. three',
  '> quoted\n\n> again',
  '```\ncode\n\nmore code\n\n## no heading\n```',
  '    indented\n\n    code',
  '- item\n\n      code in it',
  '<!-- a comment\n\nwith an empty line -->',
  '| a | b |\n| - | - |\n| c | d |',
  'Heading\n=======',
  '---',
  '\u00a0',
  '[text][ref] and ![image][ref]',
  '[ref]: https://example.com/a',
  '[Ref]: https://example.com/b',
  'a\nb',
  '* a\n\n**not in the list**',
);

describe('parseMarkdown', () => {
  it('makes of a long text, parsed in pieces, what the parser makes of it in one go', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 3, maxLength: 14 }), fc.boolean(), (blocks, hasFrontMatter) => {
        // A rule in the first line makes the parser, with front matter switched on, take later lists for text.
        const start = hasFrontMatter ? '---\ntopic: x\n\nymore: y\n---\n' : 'Start\n\n';
        const text = `${start}${blocks.join('\n\n')}`;
        const { tree, problems } = parsed(text);
        expect(problems).to.deep.equal([]);
        expect(tree).to.deep.equal(inOneGo(text));
      }),
      { numRuns: 40 },
    );
  });

  it('knows an address that is defined far from its link', () => {
    const text = `See [here][far].\n\n${`${filler}\n\n`.repeat(5)}[far]: https://example.com/far`;
    expect(parsed(text).tree).to.deep.equal(inOneGo(text));
  });

  it('does not cut code or a comment that is longer than a piece', () => {
    for (const [open, close] of [
      ['```', '```'],
      ['<!--', '-->'],
    ]) {
      const text = `Before\n\n${open}\n${`${filler}\n\n`.repeat(4)}${close}\n\nAfter`;
      expect(parsed(text).tree).to.deep.equal(inOneGo(text));
    }
  });

  it('does not divide a list that is longer than a piece', () => {
    const text = `${`- ${filler}\n\n`.repeat(4)}1. ${filler}\n\n   ${filler}\n\nAfter`;
    expect(parsed(text).tree).to.deep.equal(inOneGo(text));
  });

  it('refuses a block that is too long, with its line', () => {
    const { tree, problems } = parsed(`# Title\n\n${`${filler}\n\n`.repeat(3)}\`\`\`\n${`${filler}\n\n`.repeat(20)}`);
    expect(tree).to.equal(undefined);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(/^9: the block that begins here .* longer than 32768 characters, or never closed/);
  });

  it('refuses a table of 1 MB', () => {
    const { problems } = parsed(`## Table\n\n| a | b |\n| - | - |\n${'| c | d |\n'.repeat(100_000)}`);
    expect(problems[0]).to.match(/^3: this block has more than 2000 lines/);
  });

  it('reads a table of a size that people still read', () => {
    const { tree, problems } = parsed(`| a | b |\n| - | - |\n${'| some text | more text |\n'.repeat(400)}`);
    expect(problems).to.deep.equal([]);
    expect((tree as { children: unknown[] }[])[0]?.children).to.have.length(401);
  });

  for (const [name, text] of [
    ['quotations on one line', `${'>'.repeat(10_000)}a`],
    ['lists on one line', `${'- '.repeat(5000)}a`],
    ['numbered lists on one line', `${'1. '.repeat(5000)}a`],
    ['lists over many lines', Array.from({ length: 1000 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n')],
    ['emphasis', `${'**a *a '.repeat(200)}b${'* a**'.repeat(200)}`],
    ['images', `${'!['.repeat(3000)}a${'](/b)'.repeat(3000)}`],
    ['marks of emphasis', '*a_ '.repeat(8000)],
    ['underlined headings', 'a\n-\n'.repeat(5000)],
  ] as const) {
    it(`refuses or survives deeply nested ${name}`, () => {
      const { tree, problems } = parsed(`Before\n\n${text}`);
      expect(tree === undefined).to.equal(problems.length > 0);
    });
  }

  it('names the line of a quotation that nests too deep', () => {
    expect(parsed(`a\n\n${'> '.repeat(40)}b`).problems).to.deep.equal([
      '3: quotations and lists nest deeper than 30 levels here; take levels out',
    ]);
  });

  it('takes a line of dashes for a rule, not for nested lists', () => {
    expect(parsed('a\n\n- - - - - - - - - -\n').problems).to.deep.equal([]);
  });
});

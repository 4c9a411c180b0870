import { expect } from 'chai';
import type { Entry } from '../../src/faq/entry.ts';
import { type ParsedTopic, parseTopic } from '../../src/faq/parse-topic.ts';
import { problemText } from '../../src/faq/problem-text.ts';
import { settings } from './sample-settings.ts';

function parse(text: string, file = 'some-topic.md'): ParsedTopic & { found: string[]; all: Entry[] } {
  const topic = parseTopic(file, text, settings);
  return { ...topic, found: topic.problems.map(problemText), all: topic.entries.map(({ entry }) => entry) };
}

/** The only entry of a text that must hold one and nothing wrong. */
function onlyEntry(text: string): Entry {
  const { all, found } = parse(text);
  expect(found).to.deep.equal([]);
  expect(all).to.have.length(1);
  return all[0] as Entry;
}

/** The answer to a question with this Markdown below it. */
function answerTo(markdown: string): Entry {
  return onlyEntry(`## Question?\n\n${markdown}`);
}

const boldDocument = `

# Parking Frequently Asked Questions

The car park belongs to the library. Holders of a [season ticket](#) may use it at any time.

If your question is missing, write to [parking@library.example](mailto:parking@library.example).

**I have a ticket. How do I get one for my family?**  
Ask at the desk. You can also [order by post](#) if you live far away.

**What if I lose my ticket?**

Visit the desk.

It costs nothing the first time.

**Why does the gate stay closed?**

The gate opens once per ticket; see [below](#).

*Opening hours vary by season. The gate may be closed for repairs.*`;

describe('parseTopic', () => {
  describe('a document of bold questions and paragraphs', () => {
    it('loads as it is', () => {
      const { topic, all } = parse(boldDocument);
      expect(topic?.title).to.equal('Parking Frequently Asked Questions');
      expect(all.map(({ id, question }) => ({ id, question }))).to.deep.equal([
        {
          id: 'i-have-a-ticket-how-do-i-get-one-for-my-family',
          question: 'I have a ticket. How do I get one for my family?',
        },
        { id: 'what-if-i-lose-my-ticket', question: 'What if I lose my ticket?' },
        { id: 'why-does-the-gate-stay-closed', question: 'Why does the gate stay closed?' },
      ]);
      expect(all.map(({ plain }) => plain)).to.deep.equal([
        'Ask at the desk. You can also order by post if you live far away.',
        'Visit the desk.\n\nIt costs nothing the first time.',
        'The gate opens once per ticket; see below.\n\nOpening hours vary by season. The gate may be closed for repairs.',
      ]);
    });

    it('is warned about for its empty links only, each with its line', () => {
      expect(parse(boldDocument).found).to.deep.equal(
        [
          [5, 'season ticket'],
          [10, 'order by post'],
          [20, 'below'],
        ].map(
          ([line, text]) =>
            `some-topic.md:${line}: warning: the link "${text}" leads nowhere and is shown as plain text; write an address in its brackets`,
        ),
      );
    });
  });

  describe('the topic', () => {
    const entry = '\n\n## Q?\n\nA';

    it('is named by the # heading', () => {
      expect(parse(`# Signing *in*${entry}`).topic).to.deep.equal({
        id: 'signing-in',
        title: 'Signing in',
        html: '',
        icon: 'question',
      });
    });

    it('is named by topic in the front matter where there is no # heading', () => {
      expect(parse(`---\ntopic: Signing in\n---${entry}`).topic?.title).to.equal('Signing in');
    });

    it('is named by title in the front matter where there is no topic', () => {
      expect(parse(`---\ntitle: Signing in\n---${entry}`).topic?.title).to.equal('Signing in');
    });

    it('is named by the file where nothing else names it', () => {
      expect(parse(entry, 'signing-in.md').topic).to.include({ id: 'signing-in', title: 'signing-in' });
    });

    it('is named by the # heading, with a warning, where the front matter says otherwise', () => {
      const { topic, found } = parse(`---\ntopic: One\n---\n# Two${entry}`);
      expect(topic?.title).to.equal('Two');
      expect(found).to.deep.equal([
        'some-topic.md:1: warning: the heading "Two" names this topic; take "One" out or make them the same',
      ]);
    });

    it('has the text before the first question as HTML', () => {
      expect(parse(`# T\n\nSome *text*.${entry}`).topic?.html).to.equal('<p>Some <em>text</em>.</p>');
    });

    it('needs a letter or digit in its title', () => {
      expect(parse(`# ???${entry}`).found).to.deep.equal([
        'some-topic.md:1: the topic "???" needs a letter or digit in its title; write a # heading',
      ]);
    });

    it('has one # heading, at the top', () => {
      const message = 'a file has one heading with a single #, its title at the top; write ## for a question';
      expect(parse(`# A${entry}\n\n# B\n\nmore`).found).to.deep.equal([`some-topic.md:7: ${message}`]);
      expect(parse(`## Q?\n\nA\n\n# Late`).found).to.deep.equal([`some-topic.md:5: ${message}`]);
    });

    it('is none, with a warning, where there is no question', () => {
      const { topic, found } = parse('# Title\n\nText only');
      expect(topic).to.equal(undefined);
      expect(found).to.deep.equal([
        'some-topic.md:1: warning: no question was found; write ## before each question, or make it bold and end it with ?',
      ]);
    });
  });

  describe('front matter', () => {
    it('gives the order', () => {
      expect(parse('---\norder: 2.5\n---\n## Q?\n\nA').order).to.equal(2.5);
    });

    it('gives the topic its icon', () => {
      expect(parse('---\nicon: key\n---\n## Q?\n\nA').topic?.icon).to.equal('key');
    });

    it('may be set apart with empty lines, as formatters of Markdown leave it alone', () => {
      const { order, found } = parse('---\n\norder: 2\n\n---\n\n## Q?\n\nA');
      expect(order).to.equal(2);
      expect(found).to.deep.equal([]);
    });

    for (const [what, yaml, problem] of [
      [
        'warns about an unknown key',
        'topic: a\nauthor: b',
        '3: warning: "author" is not known here and does nothing; topic, title, order, icon and often are',
      ],
      ['refuses invalid YAML', 'topic: a\norder: ]', '3: the lines between --- and --- are not valid YAML: '],
      ['refuses an order that is no number', 'order: first', '2: order must be a number, such as order: 2'],
      [
        'refuses an unknown icon',
        'icon: rocket',
        '2: icon must be one of key, mail, link, people, clock, book, question',
      ],
      [
        'refuses a list of what is often asked',
        'often: [a]',
        '2: often must name entries, such as often: { forgot-password: Forgot password }',
      ],
      [
        'refuses a name that is none',
        'often: { a: [b] }',
        '2: write ENTRY: SHORT NAME, such as forgot-password: Forgot password',
      ],
      ['refuses a topic that is no text', 'topic: [a]', '2: topic must be a text, such as topic: Signing in'],
      ['refuses a list', '- a', '2: the lines between --- and --- must each be NAME: VALUE, such as topic: Signing in'],
      [
        'refuses what is too long',
        `topic: ${'a'.repeat(5000)}`,
        '1: the lines between --- and --- hold more than 4096 characters',
      ],
    ] as const) {
      it(`${what}, with its line`, () => {
        const { found } = parse(`---\n${yaml}\n---\n## Q?\n\nA`);
        expect(found[0]).to.satisfy((text: string) => text.startsWith(`some-topic.md:${problem}`), found[0]);
      });
    }

    it('survives aliases that would fill the memory', () => {
      const yaml = 'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\ntopic: *c';
      expect(parse(`---\n${yaml}\n---\n## Q?\n\nA`).found).to.include(
        'some-topic.md:5: topic must be a text, such as topic: Signing in',
      );
    });
  });

  describe('a question', () => {
    it('is a heading of any depth below the first', () => {
      expect(parse('## A\n\na\n\n#### B\n\nb\n\nC\n---\n\nc').all.map(({ question }) => question)).to.deep.equal([
        'A',
        'B',
        'C',
      ]);
    });

    it('is a bold line that ends with a question mark of any script', () => {
      const { all } = parse('**One?**\n\na\n\n**هل؟**\n\nb\n\n**什么？**\n\nc');
      expect(all.map(({ question }) => question)).to.deep.equal(['One?', 'هل؟', '什么？']);
    });

    it('is the first line of a paragraph, with the rest as its answer', () => {
      expect(onlyEntry('**Why?**\nBecause *of* it.\nReally.').answer).to.equal('Because *of* it.\nReally.');
      expect(onlyEntry('**Why?**  \nBecause.').answer).to.equal('Because.');
    });

    it('may run over two lines', () => {
      expect(onlyEntry('**Why is\nthat so?**\nBecause.').question).to.equal('Why is that so?');
    });

    it('is not a bold line without a question mark, which is warned about and stays', () => {
      const { all, found } = parse('## Q?\n\nText\n\n**Please note**\n\nMore');
      expect(all[0]?.plain).to.equal('Text\n\nPlease note\n\nMore');
      expect(found).to.deep.equal([
        'some-topic.md:5: warning: "Please note" stays part of the text; end it with ? if it is meant as a question',
      ]);
    });

    it('is not bold text with more on its line, which is warned about where it asks', () => {
      const { all, found } = parse('## Q?\n\n**Why?** Because.\n\n**Note** well.');
      expect(all).to.have.length(1);
      expect(found).to.deep.equal([
        'some-topic.md:3: warning: "Why?" starts no entry as text follows on its line; put the answer on a line of its own',
      ]);
    });

    it('is not text in code', () => {
      expect(answerTo('```\n## No heading\n\n**Really?**\n```').plain).to.equal('## No heading\n\n**Really?**');
    });

    it('must have a text', () => {
      expect(parse('##\n\nA').found).to.deep.equal([
        'some-topic.md:1: this heading has no text; write the question behind its #',
      ]);
    });

    it('must have an answer', () => {
      expect(parse('## A?\n\n## B?\n\nb\n\n**C?**\n\n*Also asked:*\n\n- c').found).to.deep.equal([
        'some-topic.md:1: "A?" has no answer; write it below the question',
        'some-topic.md:7: "C?" has no answer; write it below the question',
      ]);
    });
  });

  describe('the id', () => {
    it('is the slug of the question', () => {
      expect(onlyEntry("## I can't get in. What's *next*?\n\nA").id).to.equal('i-cant-get-in-whats-next');
    });

    for (const text of [
      '## Why? {#the-id}\n\nA',
      '## Why? {#the-id} ##\n\nA',
      '**Why?** {#the-id}\nA',
      '**Why?** {#the-id}  \nA',
      '**Why?** {#the-id}\n\nA',
      '**Why? {#the-id}**\n\nA',
    ]) {
      it(`is what stands in {#}: ${JSON.stringify(text)}`, () => {
        expect(onlyEntry(text)).to.include({ id: 'the-id', question: 'Why?', answer: 'A' });
      });
    }

    it('may be of letters of any script, digits, - and _', () => {
      expect(onlyEntry('## Как? {#как_2-x}\n\nA').id).to.equal('как_2-x');
    });

    for (const id of ['', 'two words', 'a/b', '-a', 'do:handoff']) {
      it(`is refused when it is ${JSON.stringify(id)}`, () => {
        expect(parse(`## Why? {#${id}}\n\nA`).found).to.deep.equal([
          `some-topic.md:1: {#${id}} is not an id; write letters, digits, - and _ such as {#forgot-password}`,
        ]);
      });
    }

    it('must be written where the question has no letter for it', () => {
      expect(parse('**?**\n\nA').found).to.deep.equal([
        'some-topic.md:1: no id can be made of this text; write one behind it: {#some-id}',
      ]);
    });
  });

  describe('parts beside an answer', () => {
    const parts = [
      '## How do I park? {#park}',
      '',
      'Drive in.',
      '',
      '*Also asked:*',
      '',
      '- where can I leave my *car*',
      '- parking',
      '',
      '*See also:* [Lost it?](#lost), [Gate](#gate)',
      '',
      '*I can do this:* [Call someone](do:handoff)',
    ].join('\n');

    it('are taken out of it', () => {
      const entry = onlyEntry(parts);
      expect(entry.alternates).to.deep.equal(['where can I leave my car', 'parking']);
      expect(entry.next).to.deep.equal(['lost', 'gate']);
      expect(entry.dialogs).to.deep.equal(['handoff']);
      expect([entry.answer, entry.plain, entry.html]).to.deep.equal(['Drive in.', 'Drive in.', '<p>Drive in.</p>']);
    });

    it('keep the lines of the phrasings', () => {
      expect(parse(parts).entries[0]?.alternates.map(({ line }) => line)).to.deep.equal([7, 8]);
    });

    it('may follow each other, and the answer, on the very next line', () => {
      const entry = onlyEntry(
        '## P?\n\nDrive in.\n*See also:* [a](#a)\n*I can do this:* [b](do:handoff)\n*Also asked:*\n- p',
      );
      expect(entry).to.deep.include({ answer: 'Drive in.', next: ['a'], dialogs: ['handoff'], alternates: ['p'] });
    });

    it('may stand before the answer', () => {
      expect(onlyEntry('## P?\n\n*Also asked:*\n\n1. p\n\nDrive in.')).to.deep.include({
        answer: 'Drive in.',
        alternates: ['p'],
      });
    });

    it('are labelled in italics or bold, in any case, with the colon inside or behind', () => {
      const entry = onlyEntry('## P?\n\nA\n\n**ALSO ASKED**:\n\n- p\n\n_see also_: [a](#a)');
      expect(entry).to.deep.include({ answer: 'A', alternates: ['p'], next: ['a'] });
    });

    it('may be lists of links', () => {
      const entry = onlyEntry(
        '## P?\n\nA\n\n*See also:*\n\n- [a](#a)\n- [b](#b)\n\n*I can do this:*\n- [c](do:handoff)',
      );
      expect(entry).to.deep.include({ answer: 'A', next: ['a', 'b'], dialogs: ['handoff'] });
    });

    it('hold each follow-up and dialog once', () => {
      expect(
        onlyEntry('## P?\n\nA [c](do:handoff)\n\n*See also:* [a](#a) [b](#a)\n\n*I can do this:* [c](do:handoff)'),
      ).to.deep.include({
        next: ['a'],
        dialogs: ['handoff'],
      });
    });

    it('are text where the label stands within a line or is not emphasised', () => {
      expect(answerTo('See also: the *also asked:* list').plain).to.equal('See also: the also asked: list');
    });

    for (const [what, part, problem] of [
      [
        'phrasings without a list',
        '*Also asked:* one, two',
        '5: "Also asked:" must be followed by a list, one phrasing per item: - how do I …',
      ],
      [
        'phrasings of several paragraphs',
        '*Also asked:*\n\n- one\n\n  two',
        '7: write each phrasing as one list item with plain text',
      ],
      [
        'phrasings within phrasings',
        '*Also asked:*\n\n- one\n  - two',
        '7: write each phrasing as one list item with plain text',
      ],
      [
        'a label glued to the list',
        '*Also asked:*\n\n- one\n*See also:* [a](#a)',
        '7: leave an empty line between the list of phrasings and what follows it',
      ],
      [
        'an empty phrasing',
        '*Also asked:*\n\n- one\n-',
        '8: warning: this phrasing is empty; write it or take the list mark out',
      ],
      [
        'follow-ups without a link',
        '*See also:* the other one',
        '5: "See also:" must hold links to entries: [text](#id)',
      ],
      [
        'follow-ups to elsewhere',
        '*See also:* [a](https://a.example)',
        '5: "See also:" must hold links to entries: [text](#id)',
      ],
      [
        'dialogs that are entries',
        '*I can do this:* [a](#a)',
        '5: "I can do this:" must hold links to dialogs: [text](do:NAME); write one of do:resend-invite, do:reassociate, do:list-profiles, do:invite-colleague, do:handoff',
      ],
    ] as const) {
      it(`are reported: ${what}`, () => {
        expect(parse(`## P?\n\nA\n\n${part}`).found).to.deep.equal([`some-topic.md:${problem}`]);
      });
    }
  });

  describe('an answer', () => {
    it('comes as Markdown, HTML and text', () => {
      const entry = answerTo(
        [
          'First *do* **this**, `that`:',
          '',
          '1. Open [your profile](/profile).',
          '2. Press *Send*.',
          '   - or [ask](#ask)',
          '',
          '> Mind [the gap](https://gap.example/a_b?c=1).  ',
          '> Really.',
          '',
          '| a | b |',
          '| - | -: |',
          '| c | ~~d~~ |',
        ].join('\n'),
      );
      expect(entry.answer).to.equal(
        [
          'First *do* **this**, `that`:',
          '',
          '1. Open [your profile](https://bot.example/profile).',
          '2. Press *Send*.',
          '   - or [ask](https://bot.example/entries/ask)',
          '',
          '> Mind [the gap](https://gap.example/a_b?c=1).\\',
          '> Really.',
          '',
          '| a | b |',
          '| - | -: |',
          '| c | ~~d~~ |',
        ].join('\n'),
      );
      expect(entry.plain).to.equal(
        [
          'First do this, that:',
          '',
          '1. Open your profile (https://bot.example/profile).',
          '2. Press Send.',
          '   - or ask (https://bot.example/entries/ask)',
          '',
          'Mind the gap (https://gap.example/a_b?c=1).',
          'Really.',
          '',
          'a | b',
          'c | d',
        ].join('\n'),
      );
      expect(entry.html.replaceAll('\n', '')).to.equal(
        '<p>First <em>do</em> <strong>this</strong>, <code>that</code>:</p>' +
          '<ol><li>Open <a href="/profile">your profile</a>.</li>' +
          '<li>Press <em>Send</em>.<ul><li>or <a href="/entries/ask">ask</a></li></ul></li></ol>' +
          '<blockquote><p>Mind <a href="https://gap.example/a_b?c=1" rel="noopener">the gap</a>.<br>Really.</p></blockquote>' +
          '<table tabindex="0"><thead><tr><th>a</th><th align="right">b</th></tr></thead>' +
          '<tbody><tr><td>c</td><td align="right"><del>d</del></td></tr></tbody></table>',
      );
    });

    it('reads the same when it is read again', () => {
      const once = answerTo(
        '- a\n- b\n\n* c\n\n1) d\n\n   e\n\n2) f\n\n        code\n\n***\n\n![alt](/i.png) \\* <https://a.example>',
      );
      const twice = answerTo(once.answer);
      expect(twice.answer).to.equal(once.answer);
      expect(twice.plain).to.equal(once.plain);
    });

    it('has a version of its own for each question and answer', () => {
      const version = answerTo('A').version;
      expect(version).to.match(/^[0-9a-f]{12}$/);
      expect(answerTo('A\n\n*Also asked:*\n\n- a').version).to.equal(version);
      expect(answerTo('B').version).not.to.equal(version);
      expect(onlyEntry('## Other?\n\nA').version).not.to.equal(version);
    });

    it('knows where its question stands', () => {
      expect(onlyEntry('---\norder: 1\n---\n\n# T\n\n**Q?**\nA').source).to.deep.equal({
        file: 'some-topic.md',
        line: 7,
      });
    });

    it('leaves the start of an ordered list as written', () => {
      expect(answerTo('3. c\n4. d').plain).to.equal('3. c\n4. d');
    });

    it('shows boxes to tick as plain items, the same in every form', () => {
      const entry = answerTo('- [ ] a\n- [x] b');
      expect([entry.answer, entry.plain, entry.html]).to.deep.equal([
        '- a\n- b',
        '- a\n- b',
        '<ul>\n<li>a</li>\n<li>b</li>\n</ul>',
      ]);
    });

    it('shows headings within lists and quotations in bold', () => {
      expect(answerTo('> ## Mind\n>\n> the gap').html).to.equal(
        '<blockquote>\n<p><strong>Mind</strong></p>\n<p>the gap</p>\n</blockquote>',
      );
    });

    it('drops comments', () => {
      const entry = onlyEntry(
        '<!-- a -->\n**Q?** <!-- b\nc -->\n\nOne <!-- two --> three.\n\n<!-- d --> <!-- e -->\n\nFour.',
      );
      expect(entry).to.include({ question: 'Q?', plain: 'One  three.\n\nFour.' });
    });

    it('takes a comment that is never closed for an error', () => {
      expect(parse('## Q?\n\nA\n\n<!-- b\n\n## R?\n\nB').found).to.deep.equal([
        'some-topic.md:5: this comment is never closed, so all after it would be lost; write --> at its end',
      ]);
    });

    it('takes no footnotes', () => {
      expect(parse('## Q?\n\nA[^1]\n\n[^1]: b').found.map((text) => text.slice(0, 40))).to.deep.equal([
        'some-topic.md:3: footnotes cannot be sho',
        'some-topic.md:5: footnotes cannot be sho',
      ]);
    });

    it('takes no table with more cells than a page can show', () => {
      const table = `${'|a'.repeat(1000)}|\n${'|-'.repeat(1000)}|\n${'|b|\n'.repeat(500)}`;
      expect(parse(`## Q?\n\nA\n\n${table}`).found).to.deep.equal([
        'some-topic.md:5: this table has 501000 cells, more than the 20000 allowed; split it up',
      ]);
    });

    it('keeps one wide cell from widening all others', () => {
      const entry = answerTo(`| a |\n| - |\n| ${'x'.repeat(5000)} |\n${'| b |\n'.repeat(500)}`);
      expect(entry.answer.length).to.be.lessThan(10_000);
    });
  });

  describe('links', () => {
    it('are followed where their address is defined apart, in any case and in another section', () => {
      const { all, found } = parse(
        '## A?\n\n[x][The Ref] and [the ref]\n\n## B?\n\nb\n\n[THE REF]: https://ref.example "t"',
      );
      expect(found).to.deep.equal([]);
      expect(all[0]?.answer).to.equal('[x](https://ref.example "t") and [the ref](https://ref.example "t")');
      expect(all[1]?.answer).to.equal('b');
    });

    it('to entries are reported to be checked', () => {
      const { references } = parse('## A?\n\n[x](#b)\n\n*See also:* [y](#%D0%BA)\n\n[z]: #z');
      expect(references.map(({ id, source }) => `${id}:${source.line}`).sort()).to.deep.equal(['b:3', 'z:7', 'к:5']);
    });

    it('to dialogs become text in the answer, and the dialog is offered', () => {
      const entry = answerTo('I can [send *it* again](do:resend-invite).');
      expect(entry).to.deep.include({ answer: 'I can send *it* again.', dialogs: ['resend-invite'] });
      expect(entry.html).to.equal('<p>I can send <em>it</em> again.</p>');
    });

    it('to unknown dialogs are refused with the known ones', () => {
      expect(parse('## A?\n\n[x](do:nothing)').found).to.deep.equal([
        'some-topic.md:3: there is no dialog "do:nothing"; write one of do:resend-invite, do:reassociate, do:list-profiles, do:invite-colleague, do:handoff',
      ]);
    });

    it('without text are warned about', () => {
      expect(parse('## A?\n\nA [](https://a.example)').found).to.deep.equal([
        'some-topic.md:3: warning: this link has no text to click on; write it between [ and ]',
      ]);
    });

    it('are written once where their text is their address', () => {
      expect(answerTo('<https://a.example/b> or a@b.example or www.c.example').plain).to.equal(
        'https://a.example/b or a@b.example or www.c.example (http://www.c.example)',
      );
    });
  });

  describe('images', () => {
    it('stay on pages and become links in chats', () => {
      const entry = answerTo('![The gate](/gate.png) and [![map](https://m.example/m.png)](https://m.example)');
      expect(entry.html).to.equal(
        '<p><img src="/gate.png" alt="The gate"> and ' +
          '<a href="https://m.example" rel="noopener"><img src="https://m.example/m.png" alt="map"></a></p>',
      );
      expect(entry.answer).to.equal('[The gate](https://bot.example/gate.png) and [map](https://m.example)');
      expect(entry.plain).to.equal('The gate (https://bot.example/gate.png) and map (https://m.example)');
    });

    it('without text are warned about and called by their address', () => {
      const { all, found } = parse('## A?\n\n![](/gate.png)');
      expect(found).to.deep.equal([
        'some-topic.md:3: warning: this image has no text for those who cannot see it; write it between ![ and ]',
      ]);
      expect(all[0]?.plain).to.equal('https://bot.example/gate.png');
    });

    for (const address of [
      'http://a.example/i.png',
      'javascript:alert(1)',
      'data:image/png;base64,AAAA',
      '//a.example/i',
      '#a',
      'i.png',
      'mailto:a@b.example',
    ]) {
      it(`are refused from ${address}`, () => {
        const message = 'some-topic.md:3: the address of an image must be https://… or /… on this site';
        expect(parse(`## A?\n\nText ![i](<${address}>)`).found).to.deep.equal([message]);
        expect(parse(`## A?\n\nText ![i][r]\n\n[r]: <${address}>`).found).to.include(message);
      });
    }
  });

  describe('names of settings', () => {
    it('are filled into addresses', () => {
      const { answer } = answerTo(
        '[a](PORTAL_URL_CUSTOMERSOURCE) [b](PORTAL_URL_PARTNERSOURCE/c) [d](mailto:SUPPORT_EMAIL?subject=x) [e](SUPPORT_EMAIL)',
      );
      expect(answer).to.equal(
        '[a](https://customers.example) [b](https://partners.example/start/c) ' +
          '[d](mailto:help_desk@support.example?subject=x) [e](mailto:help_desk@support.example)',
      );
    });

    it('are filled into text as links, and into the text of links', () => {
      const entry = answerTo('Write to SUPPORT_EMAIL, or [see PORTAL_URL_CUSTOMERSOURCE](/a).');
      expect(entry.answer).to.equal(
        'Write to [help\\_desk@support.example](mailto:help_desk@support.example), or [see https://customers.example](https://bot.example/a).',
      );
      expect(entry.plain).to.equal(
        'Write to help_desk@support.example, or see https://customers.example (https://bot.example/a).',
      );
    });

    it('are filled into questions and phrasings', () => {
      const entry = onlyEntry('## Who reads SUPPORT_EMAIL?\n\nA\n\n*Also asked:*\n\n- open PORTAL_URL_CUSTOMERSOURCE');
      expect(entry.question).to.equal('Who reads help_desk@support.example?');
      expect(entry.alternates).to.deep.equal(['open https://customers.example']);
    });

    it('stay as they are in code and within other words', () => {
      expect(answerTo('`SUPPORT_EMAIL` MY_SUPPORT_EMAIL').plain).to.equal('SUPPORT_EMAIL MY_SUPPORT_EMAIL');
    });
  });

  describe('files', () => {
    it('may have line ends of Windows and a byte order mark', () => {
      const text = '---\ntopic: T\n---\n\n**Q?** {#q}\nA\nb\n\n```\nc\nd\n```\n\n*Also asked:*\n- e\n';
      const windows = parse(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
      expect(windows).to.deep.equal(parse(text));
      expect(windows.all[0]).to.deep.include({ id: 'q', plain: 'A b\n\nc\nd', alternates: ['e'] });
    });

    it('may be empty, with a warning', () => {
      expect(parse('').found).to.have.length(1);
    });
  });
});

import { expect } from 'chai';
import type { Notice } from '../../src/faq/entry.ts';
import { noticesInForce } from '../../src/faq/notices-in-force.ts';
import { parseNotices } from '../../src/faq/parse-notices.ts';
import { problemText } from '../../src/faq/problem-text.ts';
import { settings } from './sample-settings.ts';

function noticesOf(text: string): Notice[] {
  const { notices, problems } = parseNotices('notices.md', text, settings);
  expect(problems).to.deep.equal([]);
  return [...notices];
}

function problemsOf(facts: string): string[] {
  return parseNotices('notices.md', `## Work\n\nText.\n\n${facts}`, settings).problems.map(problemText);
}

describe('parseNotices', () => {
  it('reads a notice with everything', () => {
    const text = [
      '# Notices',
      '',
      'About this file.',
      '',
      '## The gate is *repaired* {#gate}',
      '',
      'Use [the other one](/gate).',
      '',
      '- From: 2027-01-16 20:00 UTC',
      '- *until*: 2027-01-17T06:00+02:00',
      '- LOCATION: North wing, South wing',
      '- portal: customersource, PartnerSource',
    ].join('\n');
    expect(noticesOf(text)).to.deep.equal([
      {
        id: 'gate',
        title: 'The gate is repaired',
        text: 'Use [the other one](https://bot.example/gate).',
        html: '<p>Use <a href="/gate">the other one</a>.</p>',
        from: new Date('2027-01-16T20:00:00Z'),
        until: new Date('2027-01-17T04:00:00Z'),
        locations: ['North wing', 'South wing'],
        portals: ['CustomerSource', 'PartnerSource'],
        source: { file: 'notices.md', line: 5 },
      },
    ]);
  });

  it('reads a notice with nothing but a title', () => {
    expect(noticesOf('## Closed today')).to.deep.equal([
      {
        id: 'closed-today',
        title: 'Closed today',
        text: '',
        html: '',
        from: undefined,
        until: undefined,
        locations: [],
        portals: [],
        source: { file: 'notices.md', line: 1 },
      },
    ]);
  });

  it('leaves other lists in the text', () => {
    const [notice] = noticesOf(
      '## Work\n\nClosed are:\n\n- gate: north\n- gate: south\n\nThat is:\n\n- from: 2027-01-16',
    );
    expect(notice?.text).to.equal('Closed are:\n\n- gate: north\n- gate: south\n\nThat is:');
    expect(notice?.from).to.deep.equal(new Date('2027-01-16T00:00:00Z'));
  });

  it('takes bold questions for text', () => {
    expect(noticesOf('## Work\n\n**Really?**')).to.have.length(1);
  });

  for (const [what, facts, problem] of [
    ['an unreadable date', '- from: tomorrow', '5: "tomorrow" is not a date; write from: 2027-01-16 20:00 UTC'],
    [
      'a day that does not exist',
      '- until: 2027-02-30',
      '5: "2027-02-30" is not a date; write until: 2027-01-16 20:00 UTC',
    ],
    [
      'an end before the beginning',
      '- until: 2027-01-15\n- from: 2027-01-16',
      '6: until (2027-01-15T00:00:00.000Z) is not after from (2027-01-16T00:00:00.000Z); a day alone means its first moment, UTC',
    ],
    [
      'an end that is the beginning',
      '- from: 2027-01-16\n- until: 2027-01-16',
      '6: until (2027-01-16T00:00:00.000Z) is not after from (2027-01-16T00:00:00.000Z); a day alone means its first moment, UTC',
    ],
    [
      'an unknown key',
      '- from: 2027-01-16\n- who: all',
      '6: "who: all" is not known; write from: …, until: …, location: … or portal: …',
    ],
    [
      'an unknown portal',
      '- portal: CustomerSource, Elsewhere',
      '5: there is no portal "Elsewhere"; write CustomerSource or PartnerSource',
    ],
    ['a key that comes twice', '- from: 2027-01-16\n- from: 2027-01-17', '6: from is written twice; write it once'],
  ] as const) {
    it(`refuses ${what}, with its line and what to write`, () => {
      expect(problemsOf(facts)).to.deep.equal([`notices.md:${problem}`]);
    });
  }

  it('refuses an unknown key in the list right below the heading', () => {
    const { problems } = parseNotices('notices.md', '## Work\n\n- form: 2027-01-16', settings);
    expect(problems.map(problemText)).to.deep.equal([
      'notices.md:3: "form: 2027-01-16" is not known; write from: …, until: …, location: … or portal: …',
    ]);
  });
});

describe('noticesInForce', () => {
  const notices = noticesOf(
    [
      '## later\n- from: 2027-01-16 10:00',
      '## always',
      '## sooner\n- from: 2027-01-15\n- until: 2027-01-16 12:00',
      '## over\n- until: 2027-01-16 10:00',
    ].join('\n\n'),
  );
  const idsAt = (at: string) => noticesInForce(notices, new Date(at)).map(({ id }) => id);

  it('gives those that have begun and not ended, by their beginning', () => {
    expect(idsAt('2027-01-16T11:00:00Z')).to.deep.equal(['always', 'sooner', 'later']);
  });

  it('begins at from and ends right before until', () => {
    expect(idsAt('2027-01-16T09:59:59.999Z')).to.deep.equal(['always', 'over', 'sooner']);
    expect(idsAt('2027-01-16T10:00:00Z')).to.deep.equal(['always', 'sooner', 'later']);
    expect(idsAt('2027-01-16T12:00:00Z')).to.deep.equal(['always', 'later']);
  });
});

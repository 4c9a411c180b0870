import { expect } from 'chai';
import type { Entry } from '../../src/faq/entry.ts';
import { answerResult, type SearchResult, ticketResult } from '../../src/replies/search-results.ts';
import { largestMessage } from '../../src/replies/within-size.ts';
import type { Ticket } from '../../src/tickets/ticket.ts';
import { ticketLimits } from '../../src/tickets/ticket-text.ts';
import { createWords } from '../../src/words/words.ts';

const long = (length: number) => 'word '.repeat(length).slice(0, length);
const words = createWords('en');
const lineOf = ({ preview }: SearchResult) => preview.content.text;

describe('answers in the search of Teams', () => {
  const entry = { id: long(60), question: long(200), answer: '', plain: '' } as unknown as Entry;

  it('fit into one message, twenty-five of them as long as can be', () => {
    const answer = long(8000);
    const result = answerResult({ ...entry, answer, plain: answer }, 'https://help.contoso.example', words);
    expect(25 * JSON.stringify(result).length).to.be.below(largestMessage * 1.25);
  });

  it('show their words on a line, and on the card what cards know', () => {
    const answer = { answer: 'Say `my_name`:\n\n| a |\n| - |\n| b |', plain: 'Say my_name:\n\na\nb' };
    const result = answerResult({ ...entry, ...answer }, 'https://help.contoso.example', words);
    expect(lineOf(result)).to.equal('Say my_name: a b');
    expect(JSON.stringify(result.content)).to.include(JSON.stringify('Say my\\_name:\n\n- a: b').slice(1, -1));
  });
});

describe('tickets in the search of Teams', () => {
  it('fit into one message, twenty-five of them as long as can be', () => {
    const at = '2026-11-23T10:00:00.000Z';
    const ticket = {
      number: 1042,
      state: 'assigned',
      urgency: 'urgent',
      question: long(ticketLimits.text),
      requester: { name: long(ticketLimits.name), proof: 'sign-in' },
      assignee: { id: 'sam', name: long(ticketLimits.name) },
      facts: Array(ticketLimits.facts).fill({ label: long(ticketLimits.fact), value: long(ticketLimits.fact) }),
      openedAt: at,
      changedAt: at,
    } as unknown as Ticket;
    const result = ticketResult(ticket, words);
    expect(25 * JSON.stringify(result).length).to.be.below(largestMessage * 1.25);
    expect(JSON.stringify(result)).to.include('word word');
    expect(lineOf(ticketResult({ ...ticket, question: 'I am *amira_malik*' }, words))).to.equal('I am *amira_malik*');
  });
});

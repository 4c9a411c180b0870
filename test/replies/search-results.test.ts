import { expect } from 'chai';
import { ticketResult } from '../../src/replies/search-results.ts';
import { largestMessage } from '../../src/replies/within-size.ts';
import type { Ticket } from '../../src/tickets/ticket.ts';
import { ticketLimits } from '../../src/tickets/ticket-text.ts';
import { createWords } from '../../src/words/words.ts';

describe('tickets in the search of Teams', () => {
  it('fit into one message, twenty-five of them as long as can be', () => {
    const long = (length: number) => 'word '.repeat(length).slice(0, length);
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
    const result = ticketResult(ticket, createWords('en'));
    expect(25 * JSON.stringify(result).length).to.be.below(largestMessage * 1.25);
    expect(JSON.stringify(result)).to.include('word word');
  });
});

import { expect } from 'chai';
import type { TicketState } from '../../src/tickets/ticket.ts';
import { after, type TransitionEvent, transitions } from '../../src/tickets/transitions.ts';

const events: readonly TransitionEvent[] = [
  'claim',
  'assign',
  'release',
  'reply',
  'reply-on',
  'note',
  'user-wrote',
  'user-left',
  'resolve',
  'withdraw',
  'reopen',
  'urgency',
  'topic',
];

/** The whole table, in the order of `events`; "-" is not allowed. */
const table: Readonly<Record<TicketState, string>> = {
  open: 'assigned assigned - waiting assigned open open open resolved withdrawn - open open',
  reopened: 'assigned assigned - waiting assigned reopened reopened reopened resolved withdrawn - reopened reopened',
  assigned: '- assigned open waiting assigned assigned assigned assigned resolved withdrawn - assigned assigned',
  waiting: '- waiting open waiting assigned waiting assigned waiting resolved withdrawn - waiting waiting',
  resolved: '- - - - - resolved - - - - reopened - resolved',
  withdrawn: '- - - - - withdrawn - - - - - - withdrawn',
};

describe('transitions of a ticket', () => {
  for (const [state, expected] of Object.entries(table) as [TicketState, string][]) {
    it(`lead on from ${state} as the table says, and nowhere else`, () => {
      const found = events.map((event) => after(state, event) ?? '-');
      expect(found.join(' ')).to.equal(expected);
      expect(events).to.include.members(Object.keys(transitions[state]));
    });
  }
});

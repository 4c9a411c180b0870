/**
 * Which event leads a ticket from which state to which; what is not in the table is not allowed. Pure: every verb of
 * the desk asks here, and nothing else decides about states.
 *
 * `waiting` is left by whatever the user writes. Nobody reopens a ticket by writing ("thanks" must not): `user-wrote`
 * means nothing to one that is over, and `withdrawn` is never reopened, since nobody is waiting for it.
 */
import type { TicketState } from './ticket.ts';

export type TransitionEvent =
  /** Somebody of staff takes it where nobody has it. */
  | 'claim'
  /** It is given to somebody of staff, whoever had it. */
  | 'assign'
  /** Back to the queue. */
  | 'release'
  /** It is for the user to answer. */
  | 'reply'
  /** Staff still have to do something. */
  | 'reply-on'
  | 'note'
  | 'user-wrote'
  | 'user-left'
  | 'resolve'
  | 'withdraw'
  | 'reopen'
  | 'urgency'
  | 'topic';

type Row = Readonly<Partial<Record<TransitionEvent, TicketState>>>;

const queued = {
  claim: 'assigned',
  assign: 'assigned',
  reply: 'waiting',
  'reply-on': 'assigned',
  resolve: 'resolved',
  withdraw: 'withdrawn',
} as const satisfies Row;

const taken = {
  release: 'open',
  reply: 'waiting',
  'reply-on': 'assigned',
  'user-wrote': 'assigned',
  resolve: 'resolved',
  withdraw: 'withdrawn',
} as const satisfies Row;

const staysIn = <State extends TicketState>(state: State) =>
  ({ note: state, 'user-wrote': state, 'user-left': state, urgency: state, topic: state }) as const;

/** State it is in, then what happens, then the state that leads to. */
export const transitions: Readonly<Record<TicketState, Row>> = {
  open: { ...staysIn('open'), ...queued },
  reopened: { ...staysIn('reopened'), ...queued },
  assigned: { ...staysIn('assigned'), ...taken, assign: 'assigned' },
  // For the user to answer, whoever of staff has it.
  waiting: { ...staysIn('waiting'), ...taken, assign: 'waiting' },
  resolved: { note: 'resolved', topic: 'resolved', reopen: 'reopened' },
  withdrawn: { note: 'withdrawn', topic: 'withdrawn' },
};

/** Undefined: not allowed. */
export function after(state: TicketState, event: TransitionEvent): TicketState | undefined {
  return transitions[state][event];
}

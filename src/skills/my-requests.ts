/** A user's own requests: list them, look at one, withdraw or reopen it. Others' requests are as if there were none. */

import { begins, type Reply, sentence } from '../replies/reply.ts';
import { requestCard, requestsCard } from '../replies/requests.ts';
import { type Expectation, whenAnswered } from '../replies/when-answered.ts';
import type { Desk } from '../tickets/desk.ts';
import { isActive, isQueued, shownNumber } from '../tickets/ticket.ts';
import type { Words } from '../words/words.ts';

export interface MyRequestsParts {
  readonly desk: Pick<Desk, 'ofPerson' | 'withdraw' | 'reopen'>;
  /** The `seq` of the last line of a conversation. */
  readonly latest: (conversation: string) => Promise<number>;
  readonly words: Words;
  readonly expectation: () => Expectation;
}

/** What a message or a button wants with a request. */
export interface RequestWish {
  readonly act: 'list' | 'show' | 'add' | 'withdraw' | 'reopen';
  readonly number?: number;
  /** What is to be added, where it came along. */
  readonly text?: string;
}

/** Who wants it, and where. */
export interface Requesting {
  readonly person: string;
  readonly conversation: string;
  /** Of what was said; the same acts once. */
  readonly key: string;
}

export function myRequests({ desk, latest, words, expectation }: MyRequestsParts) {
  const { say } = words;

  async function act(wish: RequestWish, { person, conversation, key }: Requesting): Promise<Reply> {
    const { number } = wish;
    const own = await desk.ofPerson(person);
    if (wish.act === 'list' || number === undefined) {
      return own.length === 0 ? sentence(say('request.none'), [say('vote.person')]) : requestsCard(own, words);
    }
    const ticket = own.find(({ value }) => value.number === number);
    if (!ticket) return sentence(say('request.unknown', { number: `#${number}` }));
    if (wish.act === 'show') return requestCard(ticket.value, words);
    if (wish.act === 'add') return begins('add-to-request', { number });
    const done =
      wish.act === 'withdraw'
        ? await desk.withdraw(number, person, key)
        : await desk.reopen(number, person, key, { conversation, since: await latest(conversation) });
    if (done.outcome === 'unknown') return sentence(say('request.unknown', { number: `#${number}` }));
    if (done.outcome === 'not-now' && wish.act === 'reopen' && done.ticket.value.state === 'withdrawn')
      return sentence(say('request.reopen.withdrawn', { number: `#${number}` }), [say('vote.person')]);
    if (done.outcome === 'not-now') return sentence(say(`request.${wish.act}.not-now`, { number: `#${number}` }));
    const { value } = done.ticket;
    if (wish.act === 'reopen' && value.number !== number) {
      return sentence(say('request.follows', { number: shownNumber(value), before: `#${number}` }));
    }
    return sentence(say(`request.${wish.act}.done`, { number: shownNumber(value) }));
  }

  /** To somebody who only wants to know whether anybody is there: how their open request stands; undefined where there is none. */
  async function waiting({ person, conversation }: Pick<Requesting, 'person' | 'conversation'>) {
    const own = (await desk.ofPerson(person)).map(({ value }) => value).filter(isActive);
    const ticket = own.find((one) => one.conversation === conversation) ?? own[0];
    if (!ticket) return undefined;
    const isHere = ticket.conversation === conversation;
    const when = isQueued(ticket) && isHere ? ` ${whenAnswered(expectation(), words)}` : '';
    return requestCard(ticket, words, `${say('request.here')}${when}`);
  }

  /** "my requests", "#1042", "withdraw 1042"; undefined for anything else. */
  function heard(text: string): RequestWish | undefined {
    if (words.hears('heard.requests', text)) return { act: 'list' };
    // Hardly anything that is said has a number, and the expression below takes its time.
    if (!/\d{4}/.test(text)) return undefined;
    const said = /^\s*(?:(\p{L}+)(?:\s+\p{L}+)?\s+)?#?(\d{4,9})\s*[.!?]?\s*$/u.exec(text);
    if (!said) return undefined;
    const [whole, verb = '', digits = ''] = said;
    if (verb === '') return whole.includes('#') ? { act: 'show', number: Number(digits) } : undefined;
    for (const one of ['withdraw', 'reopen', 'add', 'show'] as const) {
      if (words.hears(`heard.request.${one}`, verb)) return { act: one, number: Number(digits) };
    }
    return undefined;
  }

  return { act, waiting, heard };
}

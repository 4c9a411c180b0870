/** Random turns, erasures and restarts, compared with a naive store in memory. */
import { expect } from 'chai';
import fc from 'fast-check';
import { NaiveStore } from './naive-store.ts';
import type { OpenedStore, OpenStore } from './opened-store.ts';
import { HOUR, newLine, START, turn, vote } from './sample-turn.ts';

type Step = { readonly hours: number } & (
  | { readonly do: 'reopen' }
  | { readonly do: 'prune' }
  | { readonly do: 'forget'; readonly person: string }
  | {
      readonly do: 'commit';
      readonly conversation: string;
      readonly person: string;
      readonly activity: number;
      readonly lines: readonly string[];
      readonly keeps: boolean;
    }
);

const CONVERSATIONS = ['c1', 'c2', 'c3'];
const PERSONS = ['anna-1', 'ben-2', 'jane@contoso.example'];
const hours = fc.nat(20);
const person = fc.constantFrom(...PERSONS);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      hours,
      conversation: fc.constantFrom(...CONVERSATIONS),
      person,
      activity: fc.nat(15),
      lines: fc.array(fc.constantFrom('hello', 'I am Jane@contoso.example!', 'bye'), { maxLength: 3 }),
      keeps: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const), hours, person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen' as const), hours }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prune' as const), hours }) },
);

export function describeRandomWalk(name: string, open: OpenStore): void {
  describe(`${name}: a random walk`, () => {
    let time: number;
    let store: OpenedStore;

    beforeEach(async () => {
      time = START;
      store = await open(() => new Date(time));
    });

    afterEach(() => store.close());

    it('does what a naive store in memory does, over random turns, erasures and restarts', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
          await store.close();
          time = START;
          store = await open(() => new Date(time));
          const naive = new NaiveStore();
          for (const [index, taken] of steps.entries()) {
            time += taken.hours * HOUR;
            await takeStep(taken, index, naive);
          }
          await compare(naive);
        }),
        { numRuns: 40 },
      );
    });

    async function takeStep(taken: Step, index: number, naive: NaiveStore): Promise<void> {
      if (taken.do === 'reopen') {
        store = await store.reopen();
        return;
      }
      if (taken.do === 'prune') {
        const before = new Date(time - 30 * HOUR);
        expect(await store.erasure.prune(before)).to.deep.equal(naive.prune(before));
        return;
      }
      if (taken.do === 'forget') {
        expect(await store.erasure.forget(taken.person)).to.deep.equal(naive.forget(taken.person));
        return;
      }
      const at = new Date(time).toISOString();
      const lines = taken.lines.map((text, n) =>
        newLine(`${index}-${n}`, { at, text, activity: { text, to: { id: taken.person } } }),
      );
      const done = turn({
        ...taken,
        at,
        conversation: `webchat/${taken.conversation}`,
        person: `webchat/${taken.person}`,
        activity: `activity-${taken.activity}`,
        lines,
        state: new Map<string, Record<string, unknown> | undefined>([
          [`bot/conversations/${taken.conversation}`, taken.keeps ? { step: index } : undefined],
          [`bot/users/${taken.person}`, taken.keeps ? { said: taken.lines } : undefined],
        ]),
        votes:
          lines.length > 0 && taken.keeps
            ? [
                vote(`${index}-0`, {
                  at,
                  conversation: `webchat/${taken.conversation}`,
                  person: `webchat/${taken.person}`,
                }),
              ]
            : [],
        welcomed: [`webchat/${taken.person}`],
      });
      expect(await store.turns.commit(done)).to.equal(naive.commit(done, time));
    }

    async function compare(naive: NaiveStore): Promise<void> {
      for (const conversation of CONVERSATIONS.map((id) => `webchat/${id}`)) {
        expect(await store.history.read(conversation)).to.deep.equal(naive.read(conversation));
        expect(await store.history.latest(conversation)).to.equal(naive.latest(conversation));
      }
      expect(await store.votes.list()).to.have.deep.members(naive.votes);
      for (const person of PERSONS)
        expect(await store.turns.isWelcomed(`webchat/${person}`)).to.equal(naive.welcomed.has(`webchat/${person}`));
      const keys = [...CONVERSATIONS.map((id) => `bot/conversations/${id}`), ...PERSONS.map((id) => `bot/users/${id}`)];
      expect(await store.turns.readState(keys)).to.deep.equal(naive.readState(keys));
    }
  });
}

/**
 * What every store promises, as rules over the ports alone; each implementation runs them with an `open` of its own.
 */
import { expect } from 'chai';
import type { HistoryLine } from '../../src/history/history.ts';
import type { OpenedStore, OpenStore } from './opened-store.ts';
import { describeRandomWalk } from './random-walk.ts';
import { ANNA, BEN, CHAT, codeOf, HOUR, iso, newLine, START, turn, vote } from './sample-turn.ts';

export function describeStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: the store contract`, () => {
    let time: number;
    let store: OpenedStore;

    beforeEach(async () => {
      time = START;
      store = await open(() => new Date(time));
    });

    afterEach(() => store.close());

    async function reopen(): Promise<void> {
      store = await store.reopen();
    }

    describe('lines', () => {
      it('come back as they were said, numbered from 1, with conversation and person', async () => {
        const said = newLine('l1', {
          text: 'Passwort vergessen?\n  "Ja" 🙈 \\',
          facts: { decision: 'answer', id: 'forgot-password', confidence: 91.5 },
        });
        await store.turns.commit(turn({ lines: [said, newLine('l2', { from: 'bot' })] }));
        await reopen();
        expect(await store.history.read(CHAT)).to.deep.equal([
          { ...said, conversation: CHAT, person: ANNA, seq: 1 },
          { ...newLine('l2', { from: 'bot' }), conversation: CHAT, person: ANNA, seq: 2 },
        ]);
      });

      it('get another text in their place, and nothing else of them changes', async () => {
        await store.turns.commit(turn({ lines: [newLine('l1'), newLine('l2', { text: 'my 🙈 "secret" \\ line' })] }));
        await store.turns.replaceText(CHAT, 'l2', '[deleted]');
        await store.turns.replaceText(CHAT, 'l9', 'nobody said this');
        await reopen();
        expect(await store.history.read(CHAT)).to.deep.equal([
          { ...newLine('l1'), conversation: CHAT, person: ANNA, seq: 1 },
          { ...newLine('l2', { text: '[deleted]' }), conversation: CHAT, person: ANNA, seq: 2 },
        ]);
        await store.turns.commit(turn({ lines: [newLine('l3')] }));
        expect(await store.history.latest(CHAT)).to.equal(3);
      });

      it('are numbered on from turn to turn and from start to start, each conversation for itself', async () => {
        await store.turns.commit(turn({ lines: [newLine('l1'), newLine('l2')] }));
        await store.turns.commit(turn({ conversation: 'webchat/chat-2', lines: [newLine('l1')] }));
        await reopen();
        await store.turns.commit(turn({ lines: [newLine('l3')] }));
        expect(await store.history.latest(CHAT)).to.equal(3);
        expect(await store.history.latest('webchat/chat-2')).to.equal(1);
        expect(await store.history.latest('webchat/chat-3')).to.equal(0);
      });

      it('are read after a number and up to a limit', async () => {
        await store.turns.commit(turn({ lines: ['a', 'b', 'c', 'd'].map((id) => newLine(id)) }));
        expect(ids(await store.history.read(CHAT, 1))).to.deep.equal(['b', 'c', 'd']);
        expect(ids(await store.history.read(CHAT, 1, 2))).to.deep.equal(['b', 'c']);
        expect(ids(await store.history.read(CHAT, 4))).to.deep.equal([]);
        expect(ids(await store.history.read('webchat/none'))).to.deep.equal([]);
      });

      it('are in conversations that are listed', async () => {
        await store.turns.commit(turn({ lines: [newLine('l1'), newLine('l2')] }));
        await store.turns.commit(turn({ conversation: 'webchat/chat-2', lines: [newLine('l1')] }));
        await store.turns.commit(turn({ conversation: 'webchat/chat-3', lines: [] }));
        expect([...(await store.history.conversations())].sort()).to.deep.equal([
          turn({}).conversation,
          'webchat/chat-2',
        ]);
      });

      it('are found by their id in their own conversation only', async () => {
        await store.turns.commit(turn({ lines: [newLine('l1'), newLine('l2')] }));
        expect((await store.history.find(CHAT, 'l2'))?.seq).to.equal(2);
        expect(await store.history.find('webchat/chat-2', 'l2')).to.equal(undefined);
        expect(await store.history.find(`${CHAT}/l2`, '')).to.equal(undefined);
      });

      it('make the whole turn a repetition when the conversation has one with this id, and are refused twice in one turn', async () => {
        await store.turns.commit(turn({ lines: [newLine('l1')] }));
        const repeated = turn({
          lines: [newLine('l2'), newLine('l1')],
          activity: 'a',
          state: new Map([['k', { n: 1 }]]),
        });
        expect(await store.turns.commit(repeated)).to.equal('repeated');
        expect(await codeOf(store.turns.commit(turn({ lines: [newLine('l3'), newLine('l3')] })))).to.equal(
          'ERR_STORE_LINE_TWICE',
        );
        expect(ids(await store.history.read(CHAT))).to.deep.equal(['l1']);
        expect(await store.turns.isRepeated('a')).to.equal(false);
        expect(await store.turns.readState(['k'])).to.deep.equal(new Map());
      });

      it('of 30 turns at once get numbers without a gap, each turn together', async () => {
        const numbers = Array.from({ length: 30 }, (_, number) => number);
        await Promise.all(
          numbers.map((n) => store.turns.commit(turn({ lines: [newLine(`${n}-user`), newLine(`${n}-bot`)] }))),
        );
        const lines = await store.history.read(CHAT);
        expect(lines.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 60 }, (_, index) => index + 1));
        for (const n of numbers) {
          const at = lines.findIndex(({ id }) => id === `${n}-user`);
          expect(lines[at + 1]?.id).to.equal(`${n}-bot`);
        }
      });

      it('stay as they are whatever is done to what was handed in or out', async () => {
        const activity = { type: 'message', value: { n: 1 } };
        const state = { step: 1 };
        const committed = store.turns.commit(
          turn({ lines: [newLine('l1', { activity })], state: new Map([['k', state]]) }),
        );
        activity.value.n = 2;
        state.step = 2;
        await committed;
        const [line] = await store.history.read(CHAT);
        try {
          (line?.activity.value as { n: number }).n = 3;
        } catch {
          // A store may hand out what cannot be changed.
        }
        const found = await store.turns.readState(['k']);
        (found.get('k') as { step: number }).step = 3;
        expect((await store.history.find(CHAT, 'l1'))?.activity.value).to.deep.equal({ n: 1 });
        expect((await store.turns.readState(['k'])).get('k')).to.deep.equal({ step: 1 });
      });
    });

    describe('repeated activities', () => {
      it('are recognised for 24 hours and change nothing', async () => {
        await store.turns.commit(turn({ activity: 'a1', lines: [newLine('l1')] }));
        time += 24 * HOUR - 1;
        await reopen();
        expect(await store.turns.isRepeated('a1')).to.equal(true);
        const again = turn({ activity: 'a1', lines: [newLine('l2')], state: new Map([['k', {}]]), welcomed: [BEN] });
        expect(await store.turns.commit(again)).to.equal('repeated');
        expect(ids(await store.history.read(CHAT))).to.deep.equal(['l1']);
        expect(await store.turns.isWelcomed(BEN)).to.equal(false);
        time += 1;
        expect(await store.turns.isRepeated('a1')).to.equal(false);
        expect(await store.turns.commit(again)).to.equal('committed');
      });

      it('sent many times at once are committed once', async () => {
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, n) => store.turns.commit(turn({ activity: 'a1', lines: [newLine(`l${n}`)] }))),
        );
        expect(outcomes.filter((outcome) => outcome === 'committed')).to.have.length(1);
        expect(await store.history.read(CHAT)).to.have.length(1);
      });

      it('are not seen in turns without an id', async () => {
        expect(await store.turns.commit(turn({ lines: [newLine('l1')] }))).to.equal('committed');
        expect(await store.turns.commit(turn({ lines: [newLine('l2')] }))).to.equal('committed');
      });
    });

    describe('state', () => {
      it('is put, replaced and deleted by key', async () => {
        await store.turns.commit(
          turn({
            state: new Map([
              ['a', { n: 1 }],
              ['b', { n: 1 }],
            ]),
          }),
        );
        await store.turns.commit(
          turn({
            state: new Map([
              ['a', { n: 2 }],
              ['b', undefined],
              ['c', undefined],
            ]),
          }),
        );
        await reopen();
        expect(await store.turns.readState(['a', 'b', 'c'])).to.deep.equal(new Map([['a', { n: 2 }]]));
      });

      it('takes any text as a key and any name in a document', async () => {
        const keys = ['__proto__', 'constructor', 'toString', '', 'a/b#c', '🙈'];
        const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
        await store.turns.commit(turn({ state: new Map(keys.map((key) => [key, hostile])) }));
        await reopen();
        const found = await store.turns.readState([...keys, 'hasOwnProperty']);
        expect([...found.keys()]).to.have.members(keys);
        expect(JSON.stringify(found.get('__proto__'))).to.equal(JSON.stringify(hostile));
        expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
      });
    });

    describe('votes and welcomes', () => {
      it('keep the first vote on a line and list them oldest first', async () => {
        await store.turns.commit(
          turn({ votes: [vote('l2', { at: iso(2) }), vote('l2', { at: iso(2), helped: false })] }),
        );
        await store.turns.commit(turn({ votes: [vote('l2', { helped: false }), vote('l1', { at: iso(1) })] }));
        await reopen();
        expect(await store.votes.list()).to.deep.equal([vote('l1', { at: iso(1) }), vote('l2', { at: iso(2) })]);
        expect(await store.votes.find(CHAT, 'l2')).to.deep.equal(vote('l2', { at: iso(2) }));
        expect(await store.votes.find(CHAT, 'l3')).to.equal(undefined);
      });

      it('keep one of many votes on a line at once', async () => {
        await Promise.all(
          Array.from({ length: 10 }, (_, n) => store.turns.commit(turn({ votes: [vote('l1', { entry: `e${n}` })] }))),
        );
        expect(await store.votes.list()).to.have.length(1);
      });

      it('remember who was welcomed', async () => {
        await store.turns.commit(turn({ welcomed: [BEN] }));
        await reopen();
        expect(await store.turns.isWelcomed(BEN)).to.equal(true);
        expect(await store.turns.isWelcomed(ANNA)).to.equal(false);
      });
    });

    describe('watching', () => {
      it('tells of the lines of each turn in order, once they can be read, until it is ended', async () => {
        const seen: (readonly [seq: number, readable: Promise<number>])[] = [];
        const end = store.history.watch((lines) => {
          for (const line of lines) seen.push([line.seq, store.history.latest(CHAT)]);
        });
        await Promise.all(
          ['a', 'b', 'c'].map((id) => store.turns.commit(turn({ activity: id, lines: [newLine(id)] }))),
        );
        await store.turns.commit(turn({ activity: 'c', lines: [newLine('d')] }));
        end();
        await store.turns.commit(turn({ lines: [newLine('e')] }));
        expect(seen.map(([seq]) => seq)).to.deep.equal([1, 2, 3]);
        for (const [seq, readable] of seen) expect(await readable).to.be.at.least(seq);
      });

      it('tells of thirty turns at once in the order of their numbers', async () => {
        await store.turns.commit(turn({ lines: [newLine('before')] }));
        const seen: number[] = [];
        store.history.watch((lines) => seen.push(...lines.map(({ seq }) => seq)));
        await Promise.all(
          Array.from({ length: 30 }, (_, n) => store.turns.commit(turn({ lines: [newLine(`l${n}`)] }))),
        );
        expect(seen).to.deep.equal(Array.from({ length: 30 }, (_, n) => n + 2));
      });

      it('tells whoever wants one conversation only of that, in order also where it was not wanted for a while', async () => {
        const seen: string[] = [];
        let wanted = CHAT;
        const say = (conversation: string, id: string) =>
          store.turns.commit(turn({ conversation, lines: [newLine(id)] }));
        store.history.watch(
          (lines) => seen.push(...lines.map(({ id, seq }) => `${id} ${seq}`)),
          (conversation) => conversation === wanted,
        );
        await say(CHAT, 'a');
        await say('webchat/other', 'b');
        wanted = 'webchat/other';
        await say(CHAT, 'c');
        wanted = CHAT;
        await Promise.all([say(CHAT, 'd'), say('webchat/other', 'e'), say(CHAT, 'f')]);
        expect(seen).to.deep.equal(['a 1', 'd 3', 'f 4']);
      });

      it('goes on for the others when one listener throws, and the turn stays committed', async () => {
        const seen: string[] = [];
        store.history.watch(() => {
          throw new Error('listener broken');
        });
        store.history.watch(async () => {
          throw new Error('listener broken later');
        });
        store.history.watch((lines) => seen.push(...ids(lines)));
        expect(await store.turns.commit(turn({ lines: [newLine('l1')] }))).to.equal('committed');
        expect(seen).to.deep.equal(['l1']);
      });
    });

    describe('forgetting', () => {
      it('takes everything of a person, on any channel, and leaves the others alone', async () => {
        const own = 'msteams/chat-9';
        await store.turns.commit(
          turn({
            lines: [newLine('l1'), newLine('l2', { from: 'bot' })],
            votes: [vote('l2')],
            welcomed: [ANNA],
            state: new Map([['bot/users/anna-7f3a', {}]]),
          }),
        );
        await store.turns.commit(
          turn({ conversation: own, person: 'msteams/anna-7f3a', lines: [newLine('t1')], state: new Map([['x', {}]]) }),
        );
        await store.turns.commit(
          turn({
            conversation: 'webchat/chat-2',
            person: BEN,
            lines: [newLine('b1')],
            welcomed: [BEN],
            state: new Map([['bot/users/ben-90c1', {}]]),
          }),
        );
        expect(await store.erasure.forget('anna-7f3a')).to.deep.equal({
          conversations: 2,
          lines: 3,
          votes: 1,
          redacted: 0,
          documents: { removed: 0, redacted: 0 },
        });
        await reopen();
        expect(await store.history.read(CHAT)).to.deep.equal([]);
        expect(await store.history.read(own)).to.deep.equal([]);
        expect(await store.history.find(CHAT, 'l1')).to.equal(undefined);
        expect(await store.votes.list()).to.deep.equal([]);
        expect(await store.turns.isWelcomed(ANNA)).to.equal(false);
        expect([
          ...(await store.turns.readState(['bot/users/anna-7f3a', 'x', 'bot/users/ben-90c1'])).keys(),
        ]).to.deep.equal(['bot/users/ben-90c1']);
        expect(ids(await store.history.read('webchat/chat-2'))).to.deep.equal(['b1']);
        expect(await store.turns.isWelcomed(BEN)).to.equal(true);
      });

      it('takes only the lines of that person and the answers to them where others spoke too', async () => {
        const mentionsAnna = {
          type: 'message',
          from: { id: 'ben-90c1' },
          entities: [{ mentioned: { id: 'anna-7f3a', name: 'somebody' } }],
        };
        await store.turns.commit(turn({ lines: [newLine('a1'), newLine('a2', { from: 'bot' })] }));
        await store.turns.commit(
          turn({
            person: BEN,
            lines: [newLine('b1', { activity: mentionsAnna }), newLine('b2', { from: 'bot' })],
            votes: [vote('a2', { person: BEN }), vote('b2', { person: BEN })],
          }),
        );
        expect(await store.erasure.forget('anna-7f3a')).to.deep.equal({
          conversations: 0,
          lines: 2,
          votes: 1,
          redacted: 1,
          documents: { removed: 0, redacted: 0 },
        });
        const lines = await store.history.read(CHAT);
        expect(lines.map(({ id, seq }) => [id, seq])).to.deep.equal([
          ['b1', 3],
          ['b2', 4],
        ]);
        expect(lines[0]?.activity.entities).to.deep.equal([{ mentioned: { id: '[erased]', name: 'somebody' } }]);
        expect((await store.votes.list()).map(({ line }) => line)).to.deep.equal(['b2']);
      });

      it('never gives a number of a conversation a second time', async () => {
        await store.turns.commit(turn({ lines: [newLine('l1'), newLine('l2')] }));
        await store.erasure.forget('anna-7f3a');
        expect(await store.history.latest(CHAT)).to.equal(2);
        await reopen();
        await store.turns.commit(turn({ lines: [newLine('l1')] }));
        expect((await store.history.read(CHAT)).map(({ seq }) => seq)).to.deep.equal([3]);
      });

      it('replaces every mention of an e-mail address, however it is written', async () => {
        const text = 'Jane@Contoso.example, <jane@contoso.EXAMPLE>.';
        const activity = {
          text,
          deep: [{ 'jane@contoso.example': ['mailto:jane%40contoso.example?x=jane@contoso.example'] }],
        };
        await store.turns.commit(
          turn({
            lines: [newLine('l1', { text, activity }), newLine('l2')],
            state: new Map([['k', { asked: { for: 'JANE@contoso.example' } }]]),
          }),
        );
        expect(await store.erasure.forget('jane@contoso.example')).to.deep.equal({
          conversations: 0,
          lines: 0,
          votes: 0,
          redacted: 1,
          documents: { removed: 0, redacted: 0 },
        });
        await reopen();
        const line = await store.history.find(CHAT, 'l1');
        expect(line?.text).to.equal('[erased], <[erased]>.');
        expect(line?.activity).to.deep.equal({
          text: '[erased], <[erased]>.',
          deep: [{ '[erased]': ['mailto:[erased]?x=[erased]'] }],
        });
        expect((await store.turns.readState(['k'])).get('k')).to.deep.equal({ asked: { for: '[erased]' } });
      });

      it("leaves another's address alone that only ends or begins like it", async () => {
        const text = 'mary.jane@contoso.example mary-jane@contoso.example jane@contoso.examples';
        await store.turns.commit(turn({ lines: [newLine('l1', { text })] }));
        await store.erasure.forget('jane@contoso.example');
        expect((await store.history.find(CHAT, 'l1'))?.text).to.equal(text);
      });

      it('takes a person whose user id is the address', async () => {
        await store.turns.commit(
          turn({
            conversation: 'email/x',
            person: 'email/Jane@contoso.example',
            lines: [newLine('l1')],
            welcomed: ['email/Jane@contoso.example'],
          }),
        );
        expect((await store.erasure.forget('jane@contoso.example')).lines).to.equal(1);
        expect(await store.turns.isWelcomed('email/Jane@contoso.example')).to.equal(false);
      });

      it('finds nothing of somebody unknown, nor by the beginning of an id', async () => {
        await store.turns.commit(turn({ lines: [newLine('l1')] }));
        for (const person of ['anna', 'webchat', '7f3a', 'nobody@contoso.example', '__proto__', '.*']) {
          expect(await store.erasure.forget(person)).to.deep.equal({
            conversations: 0,
            lines: 0,
            votes: 0,
            redacted: 0,
            documents: { removed: 0, redacted: 0 },
          });
        }
        expect(ids(await store.history.read(CHAT))).to.deep.equal(['l1']);
      });
    });

    describe('pruning', () => {
      it('removes old lines and votes, then state and welcomes of those left without a line', async () => {
        const gone = new Map([
          ['bot/conversations/chat-1', {}],
          ['bot/users/anna-7f3a', {}],
        ]);
        await store.turns.commit(
          turn({
            at: iso(1),
            lines: [newLine('l1', { at: iso(1) })],
            votes: [vote('l1', { at: iso(1) })],
            welcomed: [ANNA],
            state: gone,
          }),
        );
        const kept = new Map([
          ['bot/conversations/chat-2', {}],
          ['bot/users/ben-90c1', {}],
        ]);
        await store.turns.commit(
          turn({
            conversation: 'webchat/chat-2',
            person: BEN,
            at: iso(1),
            lines: [newLine('b1', { at: iso(1) }), newLine('b2', { at: iso(3) })],
            votes: [vote('b2', { conversation: 'webchat/chat-2', at: iso(3) })],
            welcomed: [BEN],
            state: kept,
          }),
        );
        expect(await store.erasure.prune(new Date(iso(2)))).to.deep.equal({
          conversations: 1,
          lines: 2,
          votes: 1,
          redacted: 0,
          documents: { removed: 0, redacted: 0 },
        });
        await reopen();
        expect(await store.history.read(CHAT)).to.deep.equal([]);
        expect(ids(await store.history.read('webchat/chat-2'))).to.deep.equal(['b2']);
        expect((await store.votes.list()).map(({ line }) => line)).to.deep.equal(['b2']);
        expect([await store.turns.isWelcomed(ANNA), await store.turns.isWelcomed(BEN)]).to.deep.equal([false, true]);
        expect([...(await store.turns.readState([...gone.keys(), ...kept.keys()])).keys()]).to.have.members([
          ...kept.keys(),
        ]);
      });

      it("keeps a person's state while that person speaks elsewhere", async () => {
        await store.turns.commit(
          turn({
            at: iso(1),
            lines: [newLine('l1', { at: iso(1) })],
            state: new Map([
              ['bot/conversations/chat-1', {}],
              ['bot/users/anna-7f3a', {}],
            ]),
          }),
        );
        await store.turns.commit(
          turn({ conversation: 'webchat/chat-2', at: iso(3), lines: [newLine('l2', { at: iso(3) })] }),
        );
        await store.erasure.prune(new Date(iso(2)));
        expect([
          ...(await store.turns.readState(['bot/conversations/chat-1', 'bot/users/anna-7f3a'])).keys(),
        ]).to.deep.equal(['bot/users/anna-7f3a']);
      });

      it('never gives a number of a conversation a second time', async () => {
        await store.turns.commit(turn({ lines: [newLine('l1', { at: iso(1) })] }));
        await store.erasure.prune(new Date(iso(2)));
        await reopen();
        await store.turns.commit(turn({ lines: [newLine('l2')] }));
        expect((await store.history.read(CHAT)).map(({ seq }) => seq)).to.deep.equal([2]);
      });
    });
  });

  describeRandomWalk(name, open);
}

function ids(lines: readonly HistoryLine[]): string[] {
  return lines.map(({ id }) => id);
}

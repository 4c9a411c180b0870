/** What every store promises of documents that rooms change together. Each store's test runs this over its own. */
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { Change, changing, type Records, type RecordType } from '../../src/records/records.ts';

export interface OpenedRecords {
  readonly records: Records;
  close(): Promise<void>;
  /** Closes the store and opens what it left. */
  reopen(): Promise<OpenedRecords>;
}

export interface Ticket {
  readonly owner: string;
  readonly tags: readonly string[];
  readonly count?: number;
}
export interface Note {
  readonly text: string;
}

export const tickets: RecordType<Ticket> = {
  name: 'test-tickets',
  indexes: { owner: ({ owner }) => [owner], tag: ({ tags }) => tags },
};
export const notes: RecordType<Note> = { name: 'test-notes', indexes: {} };

/** @param open - an empty store that knows `tickets` and `notes` */
export function describeRecordsContract(name: string, open: () => Promise<OpenedRecords>): void {
  describe(`${name}: the records contract`, () => {
    let store: OpenedRecords;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());
    const ticket = (owner: string, ...tags: string[]): Ticket => ({ owner, tags });
    const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);

    it('takes to work on what is as it was seen, once for all who want it at the same time', async () => {
      const change = new Change();
      for (let n = 0; n < 8; n++) change.create(tickets, `t${n}`, ticket('ann', 'open'));
      await store.records.commit(change);
      const seen = await store.records.find(tickets, 'tag', 'open');
      const taken = await Promise.all(
        [1, 2, 3].map((count) => store.records.lease(tickets, seen, (value) => ({ ...value, count }))),
      );
      for (const [index, those] of taken.entries()) {
        for (const one of those) {
          expect(one).to.deep.equal({ id: one.id, version: 2, value: { ...ticket('ann', 'open'), count: index + 1 } });
          expect(await store.records.get(tickets, one.id)).to.deep.equal(one);
        }
      }
      expect(idsOf(taken.flat()).sort()).to.deep.equal(idsOf(seen));
      expect(await store.records.lease(tickets, seen, (value) => value)).to.deep.equal([]);
      const again = await store.records.lease(tickets, taken.flat(), ({ count: _, ...value }) => value);
      expect(again.map(({ version }) => version)).to.deep.equal(seen.map(() => 3));
      expect(idsOf(await store.records.find(tickets, 'tag', 'open'))).to.deep.equal(idsOf(seen));
      expect(
        await store.records.commit(new Change().update(tickets, seen[0] as (typeof seen)[0], ticket('ben'))),
      ).to.equal(false);
    });

    it('takes nothing that is gone, and nothing where nothing is asked for', async () => {
      await store.records.commit(new Change().create(tickets, 't', ticket('ann')));
      const [seen] = await store.records.find(tickets, 'owner', 'ann');
      if (seen) await store.records.commit(new Change().delete(tickets, seen));
      expect(await store.records.lease(tickets, seen ? [seen] : [], (value) => value)).to.deep.equal([]);
      expect(await store.records.lease(tickets, [], (value) => value)).to.deep.equal([]);
    });

    it('gives back what was put, with its version, also after a restart', async () => {
      expect(await store.records.commit(new Change().create(tickets, 't1', ticket('ann', 'a')))).to.equal(true);
      const expected = { id: 't1', version: 1, value: { owner: 'ann', tags: ['a'] } };
      expect(await store.records.get(tickets, 't1')).to.deep.equal(expected);
      store = await store.reopen();
      expect(await store.records.get(tickets, 't1')).to.deep.equal(expected);
      expect(await store.records.get(notes, 't1')).to.equal(undefined);
    });

    it('finds documents by each of their keys, and no longer by those they lost', async () => {
      await store.records.commit(
        new Change().create(tickets, 't1', ticket('ann', 'a', 'b')).create(tickets, 't2', ticket('ben', 'b')),
      );
      expect(idsOf(await store.records.find(tickets, 'tag', 'b'))).to.deep.equal(['t1', 't2']);
      const seen = await store.records.get(tickets, 't1');
      if (seen) await store.records.commit(new Change().update(tickets, seen, ticket('ben', 'a')));
      store = await store.reopen();
      expect(idsOf(await store.records.find(tickets, 'tag', 'b'))).to.deep.equal(['t2']);
      expect(idsOf(await store.records.find(tickets, 'owner', 'ben')).sort()).to.deep.equal(['t1', 't2']);
      expect(idsOf(await store.records.find(tickets, 'owner', '__proto__'))).to.deep.equal([]);
    });

    it('gives long lists page by page', async () => {
      const change = new Change();
      for (let n = 0; n < 5; n++) change.create(tickets, `t${n}`, ticket('ann'));
      await store.records.commit(change);
      const page = (after?: string) => store.records.page(tickets, 'owner', 'ann', 2, after);
      expect(idsOf(await page())).to.deep.equal(['t0', 't1']);
      expect(idsOf(await page('t1'))).to.deep.equal(['t2', 't3']);
      expect(idsOf(await page('t3'))).to.deep.equal(['t4']);
      const all: string[] = [];
      for await (const { id } of store.records.all(tickets)) all.push(id);
      expect(all.sort()).to.deep.equal(['t0', 't1', 't2', 't3', 't4']);
    });

    it('gives long lists from their end too', async () => {
      const change = new Change();
      for (const n of [3, 0, 4, 1, 2]) change.create(tickets, `t${n}`, ticket('ann'));
      await store.records.commit(change.create(tickets, 't9', ticket('ben')));
      const page = (after?: string) => store.records.page(tickets, 'owner', 'ann', 2, after, 'down');
      expect(idsOf(await page())).to.deep.equal(['t4', 't3']);
      expect(idsOf(await page('t3'))).to.deep.equal(['t2', 't1']);
      expect(idsOf(await page('t1'))).to.deep.equal(['t0']);
      expect(idsOf(await page('t0'))).to.deep.equal([]);
    });

    it('gives lists in an order of their own, page by page, where the order changes with the documents', async () => {
      const change = new Change();
      const orders = ['b 3', 'a 9', 'b 1', 'a 2', 'b 2'];
      for (const [n, order] of orders.entries()) change.create(tickets, `t${n}`, ticket('ann', `ann ${order}`));
      change.create(tickets, 't7', ticket('ann', 'ann')).create(tickets, 't8', ticket('ben', 'anna a 1', 'bob a 1'));
      await store.records.commit(change);
      const page = (after?: string) => store.records.sorted(tickets, 'tag', 'ann ', 2, after);
      expect(idsOf(await page())).to.deep.equal(['t3', 't1']);
      expect(idsOf(await page('ann a 9'))).to.deep.equal(['t2', 't4']);
      expect(idsOf(await page('ann b 2'))).to.deep.equal(['t0']);
      expect(idsOf(await page('ann b 3'))).to.deep.equal([]);
      for (const hostile of ['ann \0', 'ann \uffff', 'ann \ud800', `ann ${'z'.repeat(300)}`]) {
        const found = idsOf(await page(hostile));
        expect(
          found.every((id) => ['t3', 't1'].includes(id)),
          JSON.stringify(hostile),
        ).to.equal(true);
      }
      const [seen] = await page();
      if (seen) await store.records.commit(new Change().update(tickets, seen, ticket('ann', 'ann c')));
      store = await store.reopen();
      expect(idsOf(await store.records.sorted(tickets, 'tag', 'ann ', 9))).to.deep.equal([
        't1',
        't2',
        't4',
        't0',
        't3',
      ]);
    });

    it('counts what has a key', async () => {
      const count = (key: string) => store.records.count(tickets, 'owner', key);
      expect(await count('ann')).to.equal(0);
      await store.records.commit(new Change().create(tickets, 't1', ticket('ann')));
      expect(await count('ann')).to.equal(1);
      await store.records.commit(new Change().create(tickets, 't2', ticket('ann')));
      const seen = await store.records.get(tickets, 't1');
      expect(await count('ann')).to.equal(2);
      for (const [atMost, counted] of [
        [1, 1],
        [2, 2],
        [9, 2],
      ])
        expect(await store.records.count(tickets, 'owner', 'ann', atMost)).to.equal(counted);
      if (seen) await store.records.commit(new Change().update(tickets, seen, ticket('ben')));
      expect([await count('ann'), await count('ben')]).to.deep.equal([1, 1]);
    });

    it('changes all or nothing', async () => {
      await store.records.commit(new Change().create(tickets, 't1', ticket('ann')));
      const change = new Change().create(notes, 'n1', { text: 'new' }).create(tickets, 't1', ticket('ben'));
      expect(await store.records.commit(change)).to.equal(false);
      expect(await store.records.get(notes, 'n1')).to.equal(undefined);
      expect((await store.records.get(tickets, 't1'))?.value.owner).to.equal('ann');
    });

    it('changes very many all or nothing too, and lets nobody read a part of them', async () => {
      const many = () => {
        const change = new Change();
        for (let n = 0; n < 20_000; n++) change.create(tickets, `t${n}`, ticket('ann', `tag-${n}`));
        return change;
      };
      let isOver = false;
      const committed = store.records.commit(many()).finally(() => {
        isOver = true;
      });
      const counts = new Set<number>();
      while (!isOver) {
        counts.add((await store.records.find(tickets, 'owner', 'ann')).length);
        if (await store.records.get(tickets, 't0'))
          expect(await store.records.get(tickets, 't19999')).not.to.equal(undefined);
        await setImmediate();
      }
      expect(await committed).to.equal(true);
      // None of them is there, or all are.
      expect([0, 20_000]).to.include.members([...counts]);
      expect(await store.records.commit(many().create(notes, 'n1', { text: 'x' }))).to.equal(false);
      store = await store.reopen();
      expect(await store.records.get(notes, 'n1')).to.equal(undefined);
      expect(await store.records.find(tickets, 'owner', 'ann')).to.have.length(20_000);
      expect(idsOf(await store.records.find(tickets, 'tag', 'tag-7'))).to.deep.equal(['t7']);
      expect((await store.records.get(tickets, 't19999'))?.version).to.equal(1);
    });

    it('changes nothing that somebody else has changed, taken away or made meanwhile', async () => {
      await store.records.commit(new Change().create(tickets, 't1', ticket('ann')));
      const seen = await store.records.get(tickets, 't1');
      if (!seen) throw new Error('t1 is missing');
      expect(await store.records.commit(new Change().update(tickets, seen, ticket('ben')))).to.equal(true);
      expect(await store.records.commit(new Change().update(tickets, seen, ticket('cleo')))).to.equal(false);
      expect(await store.records.commit(new Change().delete(tickets, seen))).to.equal(false);
      const stale = new Change().unchanged(tickets, seen).create(notes, 'n1', { text: 'x' });
      expect(await store.records.commit(stale)).to.equal(false);
      const taken = new Change().absent(tickets, 't1').create(notes, 'n1', { text: 'x' });
      expect(await store.records.commit(taken)).to.equal(false);
      expect((await store.records.get(tickets, 't1'))?.value.owner).to.equal('ben');
    });

    it('forgets what was deleted, and takes its id again', async () => {
      await store.records.commit(new Change().create(tickets, 't1', ticket('ann')));
      const seen = await store.records.get(tickets, 't1');
      if (seen) expect(await store.records.commit(new Change().delete(tickets, seen))).to.equal(true);
      store = await store.reopen();
      expect(await store.records.get(tickets, 't1')).to.equal(undefined);
      expect(await store.records.find(tickets, 'owner', 'ann')).to.deep.equal([]);
      expect(await store.records.commit(new Change().create(tickets, 't1', ticket('ben')))).to.equal(true);
    });

    it('lets one of twenty win who want the same, and each in turn when they try again', async () => {
      const wins = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          store.records.commit(new Change().create(notes, 'n', { text: String(n) })),
        ),
      );
      expect(wins.filter(Boolean)).to.have.length(1);
      await store.records.commit(new Change().create(tickets, 't', { ...ticket('ann'), count: 0 }));
      const results = await Promise.all(
        Array.from({ length: 10 }, () =>
          changing(store.records, async () => {
            const seen = await store.records.get(tickets, 't');
            if (!seen) throw new Error('t is missing');
            const count = (seen.value.count ?? 0) + 1;
            return { change: new Change().update(tickets, seen, { ...seen.value, count }), result: count };
          }),
        ),
      );
      expect(results.sort((a, b) => a - b)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    it('takes any text as id and key, and any name in a document', async () => {
      const value = JSON.parse(
        '{"owner":"__proto__","tags":["constructor","\\u0000","🚪"],"toString":1,"__proto__":2}',
      );
      await store.records.commit(new Change().create(tickets, '__proto__', value));
      store = await store.reopen();
      expect((await store.records.get(tickets, '__proto__'))?.value).to.deep.equal(value);
      expect(idsOf(await store.records.find(tickets, 'tag', '🚪'))).to.deep.equal(['__proto__']);
    });

    it('stays as it is whatever is done to what was handed in or out', async () => {
      const value = { owner: 'ann', tags: ['a'] };
      const committed = store.records.commit(new Change().create(tickets, 't1', value));
      value.tags.push('b');
      await committed;
      const read = await store.records.get(tickets, 't1');
      try {
        (read?.value.tags as string[] | undefined)?.push('c');
      } catch {
        // frozen is as good as copied
      }
      expect((await store.records.get(tickets, 't1'))?.value.tags).to.deep.equal(['a']);
    });
  });
}

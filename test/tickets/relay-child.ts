/**
 * A process that replies and relays, to be killed: `relay-child.ts FOLDER FIRST` replies to five conversations, numbered
 * from FIRST, and prints each acknowledged reply; without FIRST it relays what waits, prints what was said and ends.
 * The channel is the store itself: a line is there once for its id, with the place it came in.
 */
import { createLog } from '../../src/log.ts';
import { recordTypes } from '../../src/record-types.ts';
import { Change, changing, type RecordType } from '../../src/records/records.ts';
import { WatchedRecords } from '../../src/records/watched-records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import type { ConversationPort } from '../../src/tickets/desk.ts';
import { RelayWorker } from '../../src/tickets/relay-worker.ts';
import { relays } from '../../src/tickets/ticket.ts';
import { TicketDesk } from '../../src/tickets/ticket-desk.ts';
import { TicketNews } from '../../src/tickets/ticket-news.ts';

interface Said {
  readonly conversation: string;
  readonly text: string;
  readonly place: number;
}
const said: RecordType<Said> = { name: 'said', indexes: { conversation: ({ conversation }) => [conversation] } };
const conversations = [0, 1, 2, 3, 4].map((n) => `webchat/c-${n}`);

const [, , folder = '', first] = process.argv;
const now = () => new Date();
const store = await openEmbeddedStore({
  folder,
  now,
  recordTypes: [...recordTypes, said],
  limits: { records: 60, bytes: 1e8 },
});
const records = new WatchedRecords(store.records);
const news = new TicketNews();
const mails = { records, now, newId: () => crypto.randomUUID(), addressKey: (address: string) => address };
const desk = new TicketDesk({ ...mails, news, history: store.history, roster: { roleOf: () => 'agent' } });
const port: ConversationPort = {
  isPresent: () => true,
  say: ({ id, conversation, text }) =>
    changing(records, async () => {
      if (await records.get(said, id)) return { result: undefined };
      const place = await records.count(said, 'conversation', conversation);
      return { change: new Change().create(said, id, { conversation, text, place }), result: undefined };
    }),
};
const worker = new RelayWorker({
  ...mails,
  port,
  news,
  log: createLog('silent'),
  wakeAfter(ms, wake) {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
});
records.onPut(relays, () => worker.wake());
worker.wake();

if (first !== undefined) {
  const person = (n: number) => ({ person: `webchat/u-${n}`, proof: 'none' as const });
  await Promise.all(
    conversations.map(async (conversation, n) => {
      const draft = { question: `Question ${n}`, requester: person(n), conversation, since: 0 };
      const opened = await desk.open(draft, 'the same over all kills');
      if (opened.outcome === 'too-many') throw new Error('too many');
      for (let reply = Number(first); ; reply++) {
        await desk.reply(opened.ticket.value.number, String(reply), { id: 'ana', name: 'Ana' }, `reply ${reply}`);
        process.stdout.write(`${conversation} ${reply}\n`);
      }
    }),
  );
}
await worker.idle();
for (const conversation of conversations) {
  const lines = await records.find(said, 'conversation', conversation);
  const texts = [...lines].sort((a, b) => a.value.place - b.value.place).map(({ value }) => value.text);
  process.stdout.write(`${JSON.stringify([conversation, texts])}\n`);
}
await worker.close();
await store.close();

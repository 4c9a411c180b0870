/**
 * A process of its own on a store, for the tests that kill, limit or lock out one. `store-child.ts hold FOLDER` opens
 * it and waits; `load FOLDER FIRST` commits turns numbered from FIRST until it is killed and prints the number of each
 * acknowledged one (FOLDER may be the address of a database); `limit FOLDER` commits large turns until the file-size limit refuses one, then a small one.
 */
import type { CompletedTurn } from '../../src/bot/turn-store.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { openPostgresStore } from '../../src/stores/postgres/postgres-store.ts';

const WRITERS = 16;
const CONVERSATIONS = 10;

/** Turn `number` of the load: two lines, state and a vote, so that half a turn would be noticed. */
export function numberedTurn(number: number): CompletedTurn {
  const at = '2026-03-02T09:00:00.000Z';
  const conversation = `webchat/chat-${number % CONVERSATIONS}`;
  const person = `webchat/user-${number % CONVERSATIONS}`;
  const line = { at, text: `turn ${number}`, activity: { type: 'message', text: `turn ${number}` } };
  return {
    activity: `${conversation}/${number}`,
    conversation,
    person,
    at,
    lines: [
      { id: `${number}-user`, from: 'user', ...line },
      { id: `${number}-bot`, from: 'bot', ...line },
    ],
    state: new Map([[`state-${number}`, { number }]]),
    votes: [{ conversation, line: `${number}-bot`, entry: 'e', version: 'v', helped: true, person, at }],
    welcomed: [],
  };
}

async function run(mode: string | undefined, folder: string, first: number): Promise<void> {
  // Small limits: most of the kills then meet a snapshot.
  const now = () => new Date();
  const store = folder.startsWith('postgres:')
    ? await openPostgresStore({ url: folder, now })
    : await openEmbeddedStore({ folder, now, limits: { records: 60, bytes: 1e8 } });
  if (mode === 'hold') {
    process.stdout.write('open\n');
    setInterval(() => {}, 60_000);
  }
  if (mode === 'load') {
    let next = first;
    const write = async (): Promise<never> => {
      for (;;) {
        const number = next++;
        await store.turns.commit(numberedTurn(number));
        process.stdout.write(`${number}\n`);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
  }
  if (mode === 'limit') {
    const turn = (id: string, text: string): CompletedTurn => {
      const [line] = numberedTurn(0).lines;
      return {
        ...numberedTurn(0),
        activity: id,
        lines: line ? [{ ...line, id, text }] : [],
        state: new Map(),
        votes: [],
      };
    };
    let acknowledged = 0;
    let code = '';
    while (!code) {
      await store.turns.commit(turn(`large-${acknowledged}`, 'x'.repeat(300_000))).then(
        () => {
          acknowledged += 1;
        },
        (error) => {
          code = error.code;
        },
      );
    }
    const refused = await store.history.find('webchat/chat-0', `large-${acknowledged}`);
    const small = await store.turns.commit(turn('small', 'fits'));
    process.stdout.write(`${JSON.stringify({ acknowledged, code, refusedIsKept: refused !== undefined, small })}\n`);
    await store.close();
  }
}

if (/store-child\.(?:ts|mjs)$/.test(process.argv[1] ?? '')) {
  const [, , mode, folder = '', first = '0'] = process.argv;
  run(mode, folder, Number(first)).catch((error) => {
    process.stderr.write(`${error.code} ${error.message}\n`);
    process.exitCode = 1;
  });
}

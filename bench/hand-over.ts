/**
 * 200 people in web chats hand their question over and are answered, three times each, all at once: `npm run
 * bench:hand-over`. Through the front doors: Direct Line with a stream for each of them on one side, the inbox's forms
 * of a signed-in agent on the other. Prints what got lost, came twice or out of order, and how long a reply takes from
 * the press of "Send" until it stands in the chat, beside a bot's answer over the same streams in the same run.
 */
import { DirectLineClient } from '../test/support/direct-line-client.ts';
import { WebVisitor } from '../test/support/web-visitor.ts';
import { startServer } from './servers.ts';

const PEOPLE = 200;
const REPLIES = 3;
/** Forms under way at once, as many as agents press at once. */
const AGENTS = 10;

const server = await startServer(['dist/index.js']);
try {
  const url = `http://localhost:${server.port}`;
  const clients = await pooled(Array.from({ length: PEOPLE }), async () => new DirectLineClient(url).open());
  const numbers = await pooled(clients, async (client) => {
    await client.say('person');
    await client.shown(({ text }) => text?.includes('What should the person know?') ?? false);
    const question = `my invitation does not open (${client.conversationId})`;
    await client.say(question);
    return Number(/#(\d+)/.exec((await client.replyTo(question)).text ?? '')?.[1]);
  });

  const bot = await pooled(clients, async (client) => {
    const text = `forgot password ${client.conversationId.slice(0, 4)}`;
    const begun = performance.now();
    await client.say(text);
    await client.replyTo(text);
    return performance.now() - begun;
  });

  const agent = new WebVisitor(url);
  await agent.signInAs('sam', '/staff');
  const relayed: number[] = [];
  await pooled(clients, async (client, index) => {
    const number = numbers[index] ?? 0;
    await press(agent, number, 'claim', {});
    for (let n = 1; n <= REPLIES; n++) {
      const text = `Reply ${n} to #${number}`;
      const begun = performance.now();
      await Promise.all([
        press(agent, number, 'write', { text, as: 'reply' }),
        client.shown((activity) => activity.text === text),
      ]);
      relayed.push(performance.now() - begun);
    }
  });

  let lost = 0;
  let twice = 0;
  let misplaced = 0;
  for (const [index, client] of clients.entries()) {
    const expected = Array.from({ length: REPLIES }, (_, n) => `Reply ${n + 1} to #${numbers[index]}`);
    const shown = client.activities.filter(({ from }) => from.id === 'staff').map(({ text }) => text ?? '');
    lost += expected.filter((text) => !shown.includes(text)).length;
    twice += shown.length - new Set(shown).size;
    if (shown.join() !== expected.join()) misplaced++;
    client.close();
  }
  const tickets = new Set(numbers).size;
  console.log(`${PEOPLE} conversations, ${tickets} tickets, ${relayed.length} replies of staff`);
  console.log(`lost ${lost}, twice ${twice}, conversations out of order ${misplaced}`);
  console.log('| ms | p50 | p95 | most |');
  console.log('|---|---|---|---|');
  console.log(`| reply of staff, from "Send" to the chat | ${figures(relayed)} |`);
  console.log(`| answer of the bot, from "Send" to the chat | ${figures(bot)} |`);
} finally {
  await server.stop();
}

/** A form of the ticket's page, sent with what the page has hidden in it. */
async function press(agent: WebVisitor, number: number, verb: string, fields: Record<string, string>): Promise<void> {
  const { text } = await agent.get(`/staff/tickets/${number}`);
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? '';
  const form = { csrf: hidden('csrf'), nonce: hidden('nonce'), ...fields };
  const answer = await agent.post(`/staff/tickets/${number}/${verb}`, form);
  if (answer.status !== 303) throw new Error(`${verb} of #${number} was answered ${answer.status}`);
}

/** Works on a few at a time, in order. */
async function pooled<T, R>(all: readonly T[], work: (one: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: AGENTS }, async () => {
      for (let index = next++; index < all.length; index = next++) results[index] = await work(all[index] as T, index);
    }),
  );
  return results;
}

function figures(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  return `${at(0.5)} | ${at(0.95)} | ${at(1)}`;
}

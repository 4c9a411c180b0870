/** Turns posted to a server over /api/messages, as fast as so many clients can. */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { loadConfig } from '../src/config.ts';
import { createKnowledge } from '../src/faq/knowledge.ts';
import { loadKnowledgeBase } from '../src/faq/load-knowledge-base.ts';
import { median, root, type Server } from './servers.ts';

const field =
  'account address again another anyone change click colleague company customer different emails every finish history invite know link list mail mine new office old page partner people profile quickly really right screen send sign site switch team then today two user want where work wrong year'.split(
    ' ',
  );
const questions = [
  'i forgot my password',
  'how do my colleagues get access',
  'why several e-mails',
  'what is the multiple accounts page',
];

export interface Round {
  readonly perSecond: number;
  readonly cpuPerTurn: number;
  readonly p50: number;
}

/** Questions that come again word for word, as from buttons. */
export const again = (n: number) => questions[n % questions.length] ?? '';
const fieldWord = () => field[Math.floor(Math.random() * field.length)] ?? '';
/** More texts than the server remembers decisions for; asked in turn, so that every one is matched. */
const mostTexts = 4_000;
/**
 * Questions that were hardly ever asked before: a question and three words of the field. None begins a dialog, which is
 * another kind of turn and would take over all that follow.
 */
const texts = await (async () => {
  const { folder, settings } = loadConfig({}, root).faq;
  const knowledge = createKnowledge((await loadKnowledgeBase(folder, settings)).base);
  const made = new Set<string>();
  for (let n = 0; made.size < mostTexts; n++) {
    const text = `${again(n)} ${[n, n + 1, n + 2].map(fieldWord).join(' ')}`;
    if (knowledge.decide(text).decision !== 'dialog') made.add(text);
  }
  for (const text of questions) {
    if (knowledge.decide(text).decision === 'dialog') throw new Error(`"${text}" begins a dialog`);
  }
  return [...made];
})();
let asked = 0;
export const anew = (_n: number) => texts[asked++ % texts.length] ?? '';

/** Posts turns over `clients` connections, each its own conversation, for so many seconds. */
export async function turns(
  server: Server,
  clients: number,
  question: (n: number) => string,
  seconds: number,
): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  const cpu = server.cpu();
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const conversation = randomUUID();
      for (let n = 0; performance.now() < until; n++) {
        const sent = performance.now();
        await post(server.port, agent, activity(conversation, question(n)));
        times.push(performance.now() - sent);
      }
    }),
  );
  agent.destroy();
  const passed = (performance.now() - began) / 1000;
  return { perSecond: times.length / passed, cpuPerTurn: (server.cpu() - cpu) / times.length, p50: median(times) };
}

const activity = (conversation: string, text: string) =>
  JSON.stringify({
    type: 'message',
    id: randomUUID(),
    text,
    channelId: 'emulator',
    deliveryMode: 'expectReplies',
    serviceUrl: 'http://localhost:9',
    conversation: { id: conversation },
    from: { id: 'user' },
    recipient: { id: 'bot' },
  });

/** The address that the chats of a round come from: all rounds together are more than one may send in an hour. */
export const visitor = { number: 0 };

export function post(port: number, agent: Agent, body: string, path = '/api/messages', token = ''): Promise<string> {
  return new Promise((done, failed) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-forwarded-for': `192.0.2.${visitor.number}`,
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const sent = request({ host: '127.0.0.1', port, agent, method: 'POST', path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        (response.statusCode ?? 500) < 300 ? done(text) : failed(new Error(`${response.statusCode} ${text}`)),
      );
    });
    sent.on('error', failed).end(body);
  });
}

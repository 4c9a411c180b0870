/**
 * Turns per second of the built server over /api/messages (answer looked up, history durable) against a bare echo bot,
 * and the web chat's round trip against the echo's: `npm run bench:turns`. The two servers take turns, round by round.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { median, root, type Server, startServer } from './servers.ts';

const rounds = Number(process.env.ROUNDS ?? 7);
const seconds = Number(process.env.SECONDS ?? 4);
const field =
  'account address again another anyone change click colleague company customer different emails every finish history invite know link list mail mine new office old page partner people profile quickly really right screen send sign site switch team then today two user want where work wrong year'.split(
    ' ',
  );
const questions = [
  'i forgot my password',
  'invite my colleagues',
  'why several e-mails',
  'what is the multiple accounts page',
];

interface Round {
  readonly perSecond: number;
  readonly cpuPerTurn: number;
  readonly p50: number;
}

/** Questions that come again word for word, as from buttons. */
const again = (n: number) => questions[n % questions.length] ?? '';
/** Questions that were hardly ever asked before, so that every one is matched: a question and three words of the field. */
const anew = (n: number) => `${again(n)} ${[n, n + 1, n + 2].map(fieldWord).join(' ')}`;
const fieldWord = () => field[Math.floor(Math.random() * field.length)] ?? '';

/** Posts turns over `clients` connections, each its own conversation, for the time of a round. */
async function turns(server: Server, clients: number, question: (n: number) => string): Promise<Round> {
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
let visitor = 0;

function post(port: number, agent: Agent, body: string, path = '/api/messages', token = ''): Promise<string> {
  return new Promise((done, failed) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-forwarded-for': `192.0.2.${visitor}`,
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

/** From the POST of a question to its answer on the WebSocket, in ms, with so many clients at once. */
async function webChat(server: Server, clients: number): Promise<Round> {
  visitor++;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  const cpu = server.cpu();
  const opened = await Promise.all(Array.from({ length: clients }, () => openChat(server.port, agent)));
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    opened.map(async ({ socket, token, conversationId, next }) => {
      for (let n = 0; performance.now() < until; n++) {
        const sent = performance.now();
        const answered = next();
        const body = JSON.stringify({ type: 'message', text: anew(n) });
        await Promise.all([
          post(server.port, agent, body, `/v3/directline/conversations/${conversationId}/activities`, token),
          answered,
        ]);
        times.push(performance.now() - sent);
      }
      socket.terminate();
    }),
  );
  agent.destroy();
  const passed = (performance.now() - began) / 1000;
  return { perSecond: times.length / passed, cpuPerTurn: (server.cpu() - cpu) / times.length, p50: median(times) };
}

async function openChat(port: number, agent: Agent) {
  const { token } = JSON.parse(await post(port, agent, '{}', '/chat/token')) as { token: string };
  const started = JSON.parse(await post(port, agent, '{}', '/v3/directline/conversations', token)) as {
    conversationId: string;
    streamUrl: string;
  };
  const socket = new WebSocket(started.streamUrl.replace('localhost', '127.0.0.1'));
  let answered = () => {};
  const next = () =>
    new Promise<void>((resolve) => {
      answered = resolve;
    });
  const welcomed = next();
  socket.on('message', (frame) => {
    const { activities } = JSON.parse(String(frame)) as { activities: { type: string; from: { role: string } }[] };
    if (activities.some(({ type, from }) => type === 'message' && from.role === 'bot')) answered();
  });
  await once(socket, 'open');
  await welcomed;
  return { socket, token, conversationId: started.conversationId, next };
}

const [echo, desk] = await Promise.all([
  startServer(['--import', 'tsx', join(root, 'bench/echo-bot.ts')]),
  startServer([join(root, 'dist/index.js')]),
]);
const results = {
  echo16: [] as Round[],
  again16: [] as Round[],
  anew16: [] as Round[],
  echo20: [] as Round[],
  chat20: [] as Round[],
};
for (let round = -1; round < rounds; round++) {
  const measured = {
    echo16: await turns(echo, 16, again),
    again16: await turns(desk, 16, again),
    anew16: await turns(desk, 16, anew),
    echo20: await turns(echo, 20, again),
    chat20: await webChat(desk, 20),
  };
  if (round < 0) continue; // warm-up
  for (const name of Object.keys(results) as (keyof typeof results)[]) results[name].push(measured[name]);
}
await Promise.all([echo.stop(), desk.stop()]);

const of = (name: keyof typeof results, what: keyof Round) => median(results[name].map((round) => round[what]));
const ratio = (above: keyof typeof results, below: keyof typeof results, what: keyof Round) =>
  median(results[above].map((round, index) => round[what] / (results[below][index]?.[what] ?? Number.NaN)));
const row = (name: string, key: keyof typeof results) =>
  process.stdout.write(
    `${name.padEnd(44)} ${of(key, 'perSecond').toFixed(0).padStart(8)} ${of(key, 'cpuPerTurn').toFixed(2).padStart(12)} ${of(key, 'p50').toFixed(1).padStart(8)}\n`,
  );
process.stdout.write(`median of ${rounds} rounds of ${seconds} s                    turns/s  CPU ms/turn   p50 ms\n`);
row('bare CloudAdapter echo, 16 connections', 'echo16');
row('AccessDesk FAQ turn, asked before, 16', 'again16');
row('AccessDesk FAQ turn, new wording, 16', 'anew16');
row('bare CloudAdapter echo, 20 connections', 'echo20');
row('AccessDesk web chat round trip, 20 clients', 'chat20');
process.stdout.write(
  `turns/s against the echo: ${ratio('again16', 'echo16', 'perSecond').toFixed(2)} asked before, ${ratio('anew16', 'echo16', 'perSecond').toFixed(2)} new wording (to reach: 0.8)
`,
);
process.stdout.write(
  `web chat p50 against the bare turn: ${ratio('chat20', 'echo20', 'p50').toFixed(2)} (at most 2)\n`,
);

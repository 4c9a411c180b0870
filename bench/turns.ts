/**
 * Turns per second of the built server over /api/messages (answer looked up, history durable) against a bare echo bot,
 * and the web chat's round trip against the echo's: `npm run bench:turns`. The two servers take turns, round by round.
 */
import { once } from 'node:events';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { median, root, type Server, startServer } from './servers.ts';
import { again, anew, post, type Round, turns, visitor } from './turn-load.ts';

const rounds = Number(process.env.ROUNDS ?? 7);
const seconds = Number(process.env.SECONDS ?? 4);

/** From the POST of a question to its answer on the WebSocket, in ms, with so many clients at once. */
async function webChat(server: Server, clients: number): Promise<Round> {
  visitor.number++;
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
    echo16: await turns(echo, 16, again, seconds),
    again16: await turns(desk, 16, again, seconds),
    anew16: await turns(desk, 16, anew, seconds),
    echo20: await turns(echo, 20, again, seconds),
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

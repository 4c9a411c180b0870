/** Microsoft 365 Agents Playground as a client, driven over its HTTP interface: what it shows is what Teams would be sent. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { ConnectorClientOptions } from 'botframework-connector';
import { WebSocket } from 'ws';
import type { Surroundings } from '../../src/app.ts';
import { freePort, root } from './test-app.ts';

/** A message as the playground shows it. */
export interface Shown {
  /** Of a channel's message: its thread. */
  readonly conversation: string;
  readonly messageId: string;
  readonly text?: string;
  readonly attachments?: readonly { readonly content: unknown }[];
}

export interface Playground {
  readonly url: string;
  /** What its page does when it is opened: the app is installed in the personal chat. */
  install(): Promise<void>;
  /** Says it in the personal chat; the bot's answers arrive later. */
  say(text: string): Promise<void>;
  /** Names the bot in the channel. Whatever `from` says, the playground has its own user say it. */
  sayInChannel(text: string): Promise<void>;
  /**
   * What anybody writes in a thread without naming the bot: it arrives where the team consented to that. The playground
   * sends such messages only as they are given to it.
   */
  writeInThread(of: Shown, text: string, by: Person): Promise<void>;
  /** What the bot answers to an invoke: from the personal chat, or from where the message is that it is about. */
  invoke(name: string, value: unknown, about?: Shown, by?: Person): Promise<unknown>;
  /** The first message of the bot with these words that nobody waited for yet; those above it in its conversation are past. */
  shown(words: string): Promise<Shown>;
  /** How many messages of the bot there were in the personal chat so far. */
  readonly count: number;
  close(): Promise<void>;
}

type Person = ReturnType<typeof person>;

const guid = (last: number) => `00000000-0000-0000-0000-${String(last).padStart(12, '0')}`;
const person = (id: string, name: string, last: number) => {
  const [givenName = '', surname = ''] = name.split(' ');
  const email = `${givenName.toLowerCase()}@contoso.example`;
  return { id, name, userPrincipleName: email, aadObjectId: guid(last), givenName, surname, email };
};

/** Who and what there is in the playground. */
export const people = {
  version: '0.1.0',
  tenantId: guid(1),
  bot: { id: guid(11), name: 'AccessDesk' },
  currentUser: person('user-id-0', 'Amira Haddad', 20),
  // Five, no more and no less.
  users: ['Lea Lind', 'Ana Silva', 'Ben Okafor', 'Jin Nakamura', 'Mara Costa'].map((name, index) =>
    person(`user-id-${index + 1}`, name, 21 + index),
  ),
  personalChat: { id: 'personal-chat' },
  groupChat: { id: 'group-chat', name: 'Group Chat' },
  team: {
    id: 'team-id',
    name: 'Support',
    aadGroupId: guid(31),
    channels: [{ id: 'tickets-channel', name: 'Tickets' }],
  },
};

/**
 * For the app that speaks with it: a connection of its own for each reply. The playground closes those that are idle for
 * five seconds; a reply that goes out on one just then is lost, since it does not send its activity again as Teams does.
 */
export const forPlayground: Partial<Surroundings> = {
  botFramework: { connector: { httpClient: { sendRequest } } as unknown as ConnectorClientOptions },
};

interface Sending {
  readonly url: string;
  readonly method: string;
  readonly body?: unknown;
  readonly headers: { set(name: string, value: string): void };
}

async function sendRequest(sending: Sending) {
  const { url, method, body = '', headers } = sending;
  const asked = request(url, { method, agent: false, headers: { 'content-type': 'application/json' } });
  asked.end(String(body));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const bodyAsText = await text(response);
  for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
  const parsedBody = bodyAsText === '' ? undefined : JSON.parse(bodyAsText);
  return { request: sending, status: response.statusCode ?? 0, headers, bodyAsText, parsedBody };
}

export async function startPlayground(botUrl: string): Promise<Playground> {
  const folder = await mkdtemp(join(tmpdir(), 'accessdesk-playground-'));
  const port = await freePort();
  const cli = join(root, 'node_modules/@microsoft/m365agentsplayground/cli.js');
  const config = join(folder, 'playground.yml');
  // JSON is YAML.
  await writeFile(config, JSON.stringify(people));
  const child: ChildProcess = spawn(
    process.execPath,
    [cli, 'start', '-e', `${botUrl}/api/messages`, '-c', 'msteams', '-p', String(port), '--dt', 'true'],
    {
      cwd: folder,
      env: { ...process.env, TEAMSAPPTESTER_BROWSER: 'none', M365_AGENTS_PLAYGROUND_CONFIG_PATH: config },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let printed = '';
  await new Promise<void>((ready, failed) => {
    const read = (part: unknown) => {
      printed += part;
      if (printed.includes('Listening on')) ready();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => failed(new Error(`the playground ended: ${printed}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  // It listens before it is ready.
  while (!(await fetch(url).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`the playground ended: ${printed}`);
    await setTimeout(50);
  }
  const said: Shown[] = [];
  const looking = new Set<() => void>();
  let count = 0;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/_ws_conversation/v1/conversations/stream`);
  socket.on('message', (data) => {
    const { actionConversationId, message } = JSON.parse(String(data));
    if (message) {
      const conversation = message.postConversationId ?? actionConversationId;
      if (conversation === people.personalChat.id) count++;
      said.push({ conversation, ...message });
    }
    for (const look of [...looking]) look();
  });
  await once(socket, 'open');
  const ask = async (path: string, body?: object) => {
    const response = await fetch(`${url}/${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the playground answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const say = (conversation: string, text: string, more: object = {}) => {
    const message = { type: 'text', text, textFormat: 'plain', from: { id: people.currentUser.id }, ...more };
    return ask(`_conversation/v1/conversations/${encodeURIComponent(conversation)}/messages`, message);
  };
  return {
    url,
    get count() {
      return count;
    },
    install: () => ask(`_debug/conversation/${people.personalChat.id}/installation`, {}),
    say: (text) => say(people.personalChat.id, text),
    sayInChannel(text) {
      const mention = `<at>${people.bot.name}</at>`;
      const mentions = [{ mentioned: { id: people.bot.id }, text: mention }];
      return say(people.team.channels[0]?.id ?? '', `${mention} ${text}`, { mentions });
    },
    async writeInThread({ conversation }, text, { id, name, aadObjectId }) {
      const path = `_internal/v1/customActivities`;
      const given = await ask(`${path}/template?conversationId=${encodeURIComponent(conversation)}`);
      await ask(path, { ...given, type: 'message', text, from: { id, name, aadObjectId } });
    },
    invoke(name, value, about, { id } = people.currentUser) {
      const conversation = { id: about?.conversation ?? people.personalChat.id };
      const invoked = { name, value, from: { id }, conversation, ...(about && { replyToId: about.messageId }) };
      return ask('_conversation/v1/invoke', invoked);
    },
    async shown(words) {
      for (;;) {
        const found = said.find((one) => JSON.stringify(one).includes(words));
        if (found) {
          // What other conversations were shown meanwhile is still waited for.
          const isPast = ({ conversation }: Shown) => conversation === found.conversation;
          said.splice(0, said.length, ...said.filter((one, at) => at > said.indexOf(found) || !isPast(one)));
          return found;
        }
        await new Promise<void>((look) => {
          const wake = () => {
            looking.delete(wake);
            look();
          };
          looking.add(wake);
        });
      }
    },
    async close() {
      socket.terminate();
      if (child.exitCode === null) {
        child.kill();
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A Direct Line client over real HTTP and WebSocket, as plain as the protocol. */
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

export interface ShownActivity {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
  readonly replyToId?: string;
  readonly textFormat?: string;
  readonly from: { readonly id: string; readonly role?: string };
  readonly channelData?: unknown;
  readonly suggestedActions?: { readonly actions: readonly { readonly value: string }[] };
  readonly attachments?: { content: { actions: { title: string; data: unknown }[] } }[];
}

export class DirectLineClient extends EventEmitter {
  readonly activities: ShownActivity[] = [];
  token = '';
  conversationId = '';
  userId = '';
  watermark = '0';
  socket: WebSocket | undefined;

  constructor(private readonly url: string) {
    super();
  }

  /** Fetches a token (going on with `previous`), starts the conversation and opens its stream. */
  async open(previous?: string): Promise<this> {
    const access = await this.fetch('POST', '/chat/token', previous === undefined ? {} : { token: previous });
    ({ token: this.token, userId: this.userId } = access.body as { token: string; userId: string });
    const started = await this.fetch('POST', '/v3/directline/conversations', { user: {} });
    this.conversationId = (started.body as { conversationId: string }).conversationId;
    await this.stream((started.body as { streamUrl: string }).streamUrl);
    return this;
  }

  async stream(address: string): Promise<void> {
    this.socket = new WebSocket(address);
    this.socket.on('message', (frame) => {
      const { activities, watermark } = JSON.parse(String(frame)) as {
        activities: ShownActivity[];
        watermark?: string;
      };
      this.watermark = watermark ?? this.watermark;
      for (const activity of activities) {
        // It stands in no history, and is shown on a slow machine alone.
        if (activity.type === 'typing') continue;
        this.activities.push(activity);
        this.emit('activity', activity);
      }
    });
    await once(this.socket, 'open');
  }

  async send(activity: Record<string, unknown>): Promise<{ status: number; body: unknown }> {
    return this.fetch('POST', `/v3/directline/conversations/${this.conversationId}/activities`, activity);
  }

  say(text: string): Promise<{ status: number; body: unknown }> {
    return this.send({ type: 'message', text, from: { id: this.userId } });
  }

  /** The first activity, shown already or yet to come, that `accepts` says yes to. */
  async shown(accepts: (activity: ShownActivity) => boolean): Promise<ShownActivity> {
    for (;;) {
      const found = this.activities.find(accepts);
      if (found) return found;
      await once(this, 'activity');
    }
  }

  /** The reply to what was said with this text. */
  async replyTo(text: string): Promise<ShownActivity> {
    const said = await this.shown((activity) => activity.text === text && activity.from.role === 'user');
    return this.shown((activity) => {
      const isLater = this.activities.indexOf(activity) > this.activities.indexOf(said);
      return activity.type === 'message' && activity.from.role === 'bot' && isLater;
    });
  }

  async fetch(
    method: string,
    path: string,
    body?: unknown,
    token = this.token,
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  }

  close(): void {
    this.socket?.terminate();
  }
}

/** The answer to somebody whose stream is refused. */
export async function refusedStream(address: string): Promise<IncomingMessage> {
  const socket = new WebSocket(address);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  // However the connection ends now.
  socket.on('error', () => {}).terminate();
  return response;
}

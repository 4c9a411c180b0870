import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../loopback.ts';

/** Whether a request came from this machine by itself. A proxy on this machine, however it came there, may speak for anybody. */
export function isFromHere({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined);
  return !isForwarded && isLoopback((socket.remoteAddress ?? '').replace(/^::ffff:/i, ''));
}

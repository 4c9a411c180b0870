/** Channels as tests see them: what was said where, each line once for its id, and who looks. */
import type { ConversationPort } from '../../src/tickets/desk.ts';

export class ChannelBook implements ConversationPort {
  readonly said: {
    readonly id: string;
    readonly conversation: string;
    readonly text: string;
    readonly from: string;
  }[] = [];
  /** Times `say` was called, also in vain. */
  calls = 0;
  readonly present = new Set<string>();
  /** What a conversation's channel rejects with. */
  readonly broken = new Map<string, Error>();

  async say({ id, conversation, from, text, notice }: Parameters<ConversationPort['say']>[0]): Promise<void> {
    this.calls += 1;
    await new Promise((resolve) => setImmediate(resolve));
    const error = this.broken.get(conversation);
    if (error) throw error;
    if (this.said.some((line) => line.id === id)) return;
    this.said.push({ id, conversation, text: notice ? `(${notice})` : text, from: from.name });
  }

  isPresent(conversation: string): boolean {
    return this.present.has(conversation);
  }

  /** What staff wrote in a conversation, in order; notices stand in `said` alone. */
  in(conversation: string): string[] {
    const lines = this.said.filter((line) => line.conversation === conversation);
    return lines.map(({ text }) => text).filter((text) => !/^\(\w+\)$/.test(text));
  }
}

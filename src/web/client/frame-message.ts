/** What the chat's frame and the window around it tell each other. Nothing in it is secret, and neither obeys more than this. */

const messages = ['ready', 'close', 'opened', 'focus'] as const;
/** From the frame: it runs, or asks to be closed. From the window: it has opened, or gives the focus to the message field. */
export type FrameMessage = (typeof messages)[number];

export function frameMessage(message: FrameMessage): object {
  return { accessdesk: message };
}

/** Pages get messages from anybody; whatever is not one of ours is undefined. */
export function readFrameMessage(data: unknown): FrameMessage | undefined {
  const said = (data as { accessdesk?: unknown } | null | undefined)?.accessdesk;
  return messages.find((message) => message === said);
}

/** The frame's side of the talk with the window around it: see chat-window.ts. Elsewhere (a tab, a bare frame) it is silent. */
import { frameMessage, readFrameMessage } from './frame-message.ts';

export interface WindowLink {
  close(): void;
}

export function linkToWindow(onOpened: () => void, onFocus: () => void): WindowLink {
  const isFramed = window.parent !== window;
  // Who frames us is decided by the policy's frame-ancestors, and nothing we say is secret.
  const tell = (message: 'ready' | 'close') => isFramed && window.parent.postMessage(frameMessage(message), '*');
  let isWindowed = false;
  addEventListener('message', ({ source, data }) => {
    if (!isFramed || source !== window.parent) return;
    const message = readFrameMessage(data);
    if (message === 'opened') {
      isWindowed = true;
      onOpened();
    }
    if (message === 'focus') onFocus();
  });
  tell('ready');
  return { close: () => isWindowed && tell('close') };
}

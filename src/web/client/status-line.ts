/** One line between the log and the message field that says whether there is a connection. */

export interface StatusLine {
  readonly element: HTMLElement;
  show(text: string): void;
  showConnection(isOnline: boolean): void;
  /** For a new conversation: nothing to say, and no loss to come back from. */
  reset(): void;
}

/** It says for so long that the connection is back, in ms. */
const backFor = 5000;

export function createStatusLine(element: HTMLElement, offline: string, back: string): StatusLine {
  let wasLost = false;
  let quiet: ReturnType<typeof setTimeout>;
  const show = (text: string, isGood = false) => {
    clearTimeout(quiet);
    element.classList.toggle('good', isGood);
    // The same words again would be read out again.
    if (element.textContent !== text) element.textContent = text;
  };
  return {
    element,
    show,
    showConnection(isOnline) {
      if (!isOnline) show(offline);
      else if (wasLost) {
        show(back, true);
        quiet = setTimeout(show, backFor, '');
      }
      wasLost = !isOnline;
    },
    reset() {
      wasLost = false;
      show('');
    },
  };
}

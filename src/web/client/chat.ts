/** Runs inside the chat's frame: fetches a token, opens Web Chat, and remembers the conversation for the next visit. */

interface ChatToken {
  readonly domain: string;
  readonly token: string;
  readonly conversationId?: string;
}

interface IncomingActivity {
  readonly type: string;
  readonly payload?: { readonly activity?: { text?: string; channelData?: { textIsFallback?: boolean } } };
}

/** What this page uses of Web Chat, which its own script puts on `window`. */
declare const WebChat: {
  createDirectLine(options: Record<string, unknown>): DirectLine;
  createStore(
    state: object,
    middleware: () => (next: (action: IncomingActivity) => unknown) => (action: IncomingActivity) => unknown,
  ): unknown;
  renderWebChat(options: Record<string, unknown>, element: HTMLElement): void;
};

interface DirectLine {
  readonly connectionStatus$: { subscribe(listener: (status: number) => void): { unsubscribe(): void } };
}

/** Values of directlinejs' ConnectionStatus after which it gives up by itself, as when a laptop slept past its token. */
const expiredToken = 3;
const failedToConnect = 4;
/** Wait before the chat is opened anew, in ms. */
const pause = 5000;

const remembered = 'accessdesk.chat';

const chat = document.getElementById('chat') as HTMLElement;
open().catch((error: unknown) => {
  console.error(error);
  const view = chat.querySelector('.first-view');
  if (view) view.textContent = chat.dataset.failed ?? '';
});

async function open(): Promise<void> {
  const { domain, token, conversationId } = await fetchToken();
  remember(token);
  const resumed = conversationId ? { conversationId, watermark: '0' } : {};
  const directLine = WebChat.createDirectLine({ domain, token, ...resumed });
  const following = directLine.connectionStatus$.subscribe((status) => {
    if (status !== expiredToken && status !== failedToConnect) return;
    following.unsubscribe();
    reopenLater();
  });
  const element = document.createElement('div');
  element.className = 'web-chat';
  WebChat.renderWebChat(
    {
      directLine,
      locale: chat.dataset.locale,
      store: WebChat.createStore({}, () => (next) => (action) => next(withoutFallback(action))),
      styleOptions: styleOptions(),
      adaptiveCardsHostConfig: cardConfig(),
      overrideLocalizedStrings: { TEXT_INPUT_PLACEHOLDER: chat.dataset.placeholder },
    },
    element,
  );
  chat.replaceChildren(element);
}

/** Goes on with the conversation under a new token, as soon as there is one. */
function reopenLater(): void {
  setTimeout(() => open().catch(reopenLater), pause);
}

async function fetchToken(): Promise<ChatToken> {
  const response = await fetch('/chat/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: recall() }),
  });
  if (!response.ok) throw new Error(`no chat token: ${response.status}`);
  return (await response.json()) as ChatToken;
}

/** Storage may be switched off or full; the chat then begins anew at each visit. */
function remember(token: string): void {
  try {
    localStorage.setItem(remembered, token);
  } catch {}
}

function recall(): string | undefined {
  try {
    return localStorage.getItem(remembered) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A card says it all here; its text is for clients that show no cards. */
function withoutFallback(action: IncomingActivity): IncomingActivity {
  const activity = action.payload?.activity;
  if (action.type !== 'DIRECT_LINE/INCOMING_ACTIVITY' || !activity?.channelData?.textIsFallback) return action;
  return { ...action, payload: { ...action.payload, activity: { ...activity, text: undefined } } };
}

/** Web Chat takes colours as values; they are read from the style sheet, so that there is one place for them. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function styleOptions(): Record<string, unknown> {
  return {
    primaryFont: getComputedStyle(document.body).fontFamily,
    rootHeight: '100%',
    rootWidth: '100%',
    backgroundColor: token('--page'),
    accent: token('--accent'),
    subtle: token('--ink-3'),
    bubbleBackground: token('--surface'),
    bubbleTextColor: token('--ink'),
    bubbleBorderColor: token('--line'),
    bubbleBorderRadius: 8,
    bubbleMinWidth: 0,
    bubbleMaxWidth: 480,
    bubbleFromUserBackground: token('--accent-soft'),
    bubbleFromUserTextColor: token('--ink'),
    bubbleFromUserBorderWidth: 0,
    bubbleFromUserBorderRadius: 8,
    cardEmphasisBackgroundColor: token('--sunken'),
    cardPushButtonBackgroundColor: token('--surface'),
    cardPushButtonTextColor: token('--ink'),
    markdownExternalLinkIconImage: externalLinkIcon(token('--accent')),
    suggestedActionLayout: 'flow',
    suggestedActionBorderRadius: 16,
    suggestedActionBorderWidth: 1,
    suggestedActionHeight: 32,
    suggestedActionBackgroundColor: token('--surface'),
    suggestedActionTextColor: token('--accent'),
    sendBoxHeight: 56,
    sendBoxTextWrap: true,
    sendBoxBackground: token('--surface'),
    sendBoxTextColor: token('--ink'),
    sendBoxPlaceholderColor: token('--ink-3'),
    sendBoxButtonColor: token('--accent'),
    timestampColor: token('--ink-3'),
    hideUploadButton: true,
    groupTimestamp: 300_000,
  };
}

/** The arrow behind a link that opens a tab of its own: an image, so it cannot take the text's colour by itself. */
function externalLinkIcon(colour: string): string {
  const path = 'M3 3h4v1H4v8h8V9h1v4H3zm6 0h4v4h-1V4.7L7.4 9.3l-.7-.7L11.3 4H9z';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="${colour}"><path d="${path}"/></svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
}

/** How cards are laid out: our font and spacing, buttons in a row. Units are px. */
function cardConfig(): Record<string, unknown> {
  const text = { default: token('--ink'), subtle: token('--ink-2') };
  const colour = (value: string) => ({ default: value, subtle: value });
  const foregroundColors = {
    default: text,
    accent: colour(token('--accent')),
    good: colour(token('--success')),
    warning: colour(token('--note')),
    attention: colour(token('--danger')),
  };
  return {
    supportsInteractivity: true,
    fontFamily: getComputedStyle(document.body).fontFamily,
    fontSizes: { small: 12, default: 14, medium: 16, large: 20, extraLarge: 28 },
    fontWeights: { lighter: 400, default: 400, bolder: 600 },
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 20, padding: 16 },
    separator: { lineThickness: 1, lineColor: token('--line') },
    containerStyles: {
      default: { backgroundColor: token('--surface'), foregroundColors },
      emphasis: { backgroundColor: token('--sunken'), foregroundColors },
      accent: { backgroundColor: token('--accent-soft'), foregroundColors },
    },
    actions: {
      maxActions: 4,
      spacing: 'large',
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
  };
}

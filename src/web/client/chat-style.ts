/** Web Chat takes colours as values: they are read from the style sheet, so that there is one place for them. */

/** `sendTimeout` of Web Chat, ms: it never gives up a message that the connection keeps. Below the largest a timer takes. */
const oneDay = 24 * 3600 * 1000;

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function styleOptions(): Record<string, unknown> {
  const isCoarse = matchMedia('(pointer: coarse)').matches;
  return {
    primaryFont: getComputedStyle(document.body).fontFamily,
    rootHeight: '100%',
    rootWidth: '100%',
    paddingRegular: 12,
    paddingWide: 16,
    fontSizeSmall: 12,
    backgroundColor: token('--page'),
    accent: token('--accent'),
    subtle: token('--ink-3'),
    bubbleBackground: token('--surface'),
    bubbleTextColor: token('--ink'),
    bubbleBorderColor: token('--line'),
    bubbleBorderRadius: 8,
    bubbleMinHeight: 36,
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
    suggestedActionBorderRadius: isCoarse ? 20 : 16,
    suggestedActionBorderWidth: 1,
    suggestedActionHeight: isCoarse ? 40 : 32,
    suggestedActionBackgroundColor: token('--surface'),
    suggestedActionBackgroundColorOnHover: token('--sunken'),
    suggestedActionBackgroundColorOnActive: token('--accent-soft'),
    suggestedActionTextColor: token('--accent'),
    suggestedActionKeyboardFocusIndicatorBorderStyle: 'none', // chat.css draws one ring for everything
    suggestedActionsVisualKeyboardIndicatorStyle: 'none',
    sendBoxHeight: 60,
    sendBoxTextWrap: true,
    sendBoxBackground: token('--surface'),
    sendBoxTextColor: token('--ink'),
    sendBoxPlaceholderColor: token('--ink-3'),
    sendBoxBorderTop: `1px solid ${token('--line')}`,
    sendBoxButtonKeyboardFocusIndicatorBorderStyle: 'none',
    timestampColor: token('--ink-3'),
    transcriptVisualKeyboardIndicatorColor: token('--focus'),
    transcriptActivityVisualKeyboardIndicatorColor: token('--focus'),
    transcriptOverlayButtonBackground: token('--accent'),
    transcriptOverlayButtonBackgroundOnHover: token('--accent-hover'),
    transcriptOverlayButtonBackgroundOnFocus: token('--accent-hover'),
    transcriptOverlayButtonColor: token('--on-accent'),
    transcriptOverlayButtonColorOnHover: token('--on-accent'),
    toastErrorBackgroundColor: token('--surface'),
    toastErrorColor: token('--danger'),
    toastWarnBackgroundColor: token('--note-soft'),
    toastWarnColor: token('--note'),
    hideUploadButton: true,
    groupTimestamp: 300_000,
    sendTimeout: oneDay,
  };
}

/** The arrow behind a link that opens a tab of its own: an image, so it cannot take the text's colour by itself. */
function externalLinkIcon(colour: string): string {
  const path = 'M3 3h4v1H4v8h8V9h1v4H3zm6 0h4v4h-1V4.7L7.4 9.3l-.7-.7L11.3 4H9z';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="${colour}"><path d="${path}"/></svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
}

/** How cards are laid out: our font and spacing, buttons in a row. Units are px. */
export function cardConfig(): Record<string, unknown> {
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
    textBlock: { headingLevel: 2 },
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

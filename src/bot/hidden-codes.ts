/** Codes in what somebody says, in the digits of any script: what is hidden before anything is kept. */

/** What stands in a conversation where somebody typed a code. */
export const hiddenCode = '[code]';

/** A message that is nothing but six or eight digits: a code, wherever it is typed. */
const bare = /^[^\p{L}\p{N}]*(?:\p{Nd}[\s\u2010-\u2015-]*){5}\p{Nd}(?:[\s\u2010-\u2015-]*\p{Nd}{2})?[^\p{L}\p{N}]*$/u;
/** Six or eight digits that stand by themselves, not within an address or a longer number. */
const within =
  /(?<![\p{L}\p{N}@_+]|[\p{L}\p{N}][.-])(?:\p{Nd}[ \u00a0\u2010-\u2015-]?){5}\p{Nd}(?:[ \u00a0\u2010-\u2015-]?\p{Nd}{2})?(?![\p{L}\p{N}@_+]|[.-][\p{L}\p{N}])/gu;

export function isBareCode(text: string): boolean {
  return bare.test(text);
}

/** Whether anything of a code can be in it. */
export function hasDigit(text: string): boolean {
  return /\p{Nd}/u.test(text);
}

/** The text with what may be a code replaced. */
export function withoutCodes(text: string): string {
  return text.replace(within, hiddenCode);
}

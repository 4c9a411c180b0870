/**
 * Whether a text holds what nobody sees and a terminal or a browser obeys: control characters, marks that turn a line
 * around. Line ends and tabs are none of them, nor what joins letters and emoji.
 */
export function hasHiddenSigns(text: string): boolean {
  return /(?![\n\r\t])[\p{Cc}\p{Zl}\p{Zp}]|(?!\u200c|\u200d|\u00ad)\p{Cf}/u.test(text);
}

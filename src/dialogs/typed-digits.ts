/** Codes and numbers as people type them. */
import type { Said } from './talk.ts';

/** The code or number in what somebody typed, "my code is 1234 5678" too; undefined where there is not exactly one. Full-width digits, as some keyboards write them, are digits. */
export function typedDigits({ text, form }: Said, length: number): string | undefined {
  const typed = (form ? (form.get('code') ?? '') : text).slice(0, 200).normalize('NFKC');
  const found = (typed.match(/\d(?:[ \u00a0\u2010-\u2015-]?\d)*/g) ?? [])
    .map((run) => run.replace(/\D/g, ''))
    .filter((digits) => digits.length === length);
  return found.length === 1 ? found[0] : undefined;
}

/** What to say to a code that no try can make right, by what came of it. */
export const codeProblems = {
  locked: 'proving.codeLocked',
  expired: 'proving.codeExpired',
  none: 'proving.codeNone',
} as const;

/** What was typed and not sent, for each ticket, as long as the tab lives: a lost claim, a reload or a sign-in costs no word. */

interface Draft {
  readonly text: string;
  readonly asNote: boolean;
}

const key = (ticket: string) => `staff-draft ${ticket}`;

export function keptDraft(ticket: string): Draft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(ticket)) ?? 'null') as Draft | null;
    return kept ?? undefined;
  } catch {
    // Storage is off, or somebody else's.
    return undefined;
  }
}

export function keepDraft(ticket: string, draft: Draft): void {
  try {
    if (draft.text === '') sessionStorage.removeItem(key(ticket));
    else sessionStorage.setItem(key(ticket), JSON.stringify(draft));
  } catch {
    // It stands in the field still.
  }
}

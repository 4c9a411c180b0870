/** The dialogs that the knowledge base can offer or begin, and that are begun by saying these names. */
export const DIALOG_NAMES = ['resend-invite', 'reassociate', 'list-profiles', 'invite-colleague', 'handoff'] as const;

/** One of the documented dialog names. */
export type DialogName = (typeof DIALOG_NAMES)[number];

/** Tells whether a name written after `do:` is that of a dialog. */
export function isDialogName(name: string): name is DialogName {
  return (DIALOG_NAMES as readonly string[]).includes(name);
}

/** What to write instead of an unknown dialog. */
export function dialogNamesHint(): string {
  return `write one of ${DIALOG_NAMES.map((name) => `do:${name}`).join(', ')}`;
}

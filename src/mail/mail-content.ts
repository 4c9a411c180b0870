/** What a mail says, in the order of the look; `html-mail.tsx` and `text-mail.ts` show the same of it. */
export interface MailContent {
  readonly subject: string;
  /** What lists of mails show beside the subject: the most urgent fact. Hidden in the mail itself, which says it too. */
  readonly preview: string;
  readonly title: string;
  readonly greeting?: string;
  readonly paragraphs: readonly string[];
  /** To be typed somewhere else. */
  readonly code?: string;
  readonly button?: { readonly label: string; readonly address: string };
  /** How long and how often it works. */
  readonly facts: readonly string[];
  /** What to do if it was not you. */
  readonly closing: string;
}

/** A mail that means nothing any more, with the reason for the row. */
export interface NothingToSay {
  readonly dropped: string;
}

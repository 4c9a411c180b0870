/** The words of the knowledge base: what a folder of Markdown files becomes once it is read. No chat, no HTTP. */

/** Where something stands in the Markdown, for messages as `file:line`. */
export interface Source {
  /** Relative to the knowledge base's folder. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Small pictures a topic may have; the pages draw them. */
export const topicIcons = ['key', 'mail', 'link', 'people', 'clock', 'book', 'question'] as const;
export type TopicIcon = (typeof topicIcons)[number];

export interface Topic {
  /** Slug of the title; unique. */
  readonly id: string;
  readonly title: string;
  /** The text before the first entry, as sanitised HTML; '' when there is none. */
  readonly html: string;
  readonly icon: TopicIcon;
}

/** A question that many ask, with a short name for links to it. */
export interface OftenAsked {
  readonly id: string;
  readonly label: string;
}

/** What the matcher sees of an entry or an action. */
export interface Phrased {
  readonly id: string;
  readonly question: string;
  readonly alternates: readonly string[];
  readonly answer?: string;
}

/** All ways to ask for it, the question first. */
export function phrasingsOf({ question, alternates }: Phrased): readonly string[] {
  return [question, ...alternates];
}

export interface Entry extends Phrased {
  /** The answer as Markdown, settings filled in, links absolute. */
  readonly answer: string;
  /** The answer without any markup. */
  readonly plain: string;
  /** The answer as sanitised HTML; links of this site stay relative. */
  readonly html: string;
  /** Id of the topic. */
  readonly topic: string;
  /** Ids of entries to offer next. */
  readonly next: readonly string[];
  /** Names of dialogs to offer. */
  readonly dialogs: readonly string[];
  /** First 12 hex digits of the SHA-256 of question and answer. */
  readonly version: string;
  readonly source: Source;
}

/** Phrasings that begin a dialog; `answer` says what the dialog does, for the time when it cannot be begun. */
export interface Action extends Phrased {
  /** `do:NAME`. */
  readonly id: `do:${string}`;
  readonly answer: string;
  /** The answer as sanitised HTML. */
  readonly html: string;
  readonly source: Source;
}

/** Maintenance or limited availability. */
export interface Notice {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  /** Sanitised HTML. */
  readonly html: string;
  /** In force from this moment; undefined: since ever. */
  readonly from?: Date;
  /** In force until before this moment; undefined: until it is taken out. */
  readonly until?: Date;
  /** Empty: everywhere. */
  readonly locations: readonly string[];
  /** Empty: both portals. */
  readonly portals: readonly string[];
  readonly source: Source;
}

/** A text that is no answer and has a page of its own, such as the privacy notice. */
export interface TextPage {
  /** The file's name without `.md`. */
  readonly id: string;
  readonly title: string;
  /** The text before the first heading, as sanitised HTML. */
  readonly html: string;
  readonly sections: readonly { readonly title: string; readonly html: string }[];
}

export interface KnowledgeBase {
  readonly topics: readonly Topic[];
  readonly entries: readonly Entry[];
  readonly actions: readonly Action[];
  readonly notices: readonly Notice[];
  readonly pages: readonly TextPage[];
  /** As the authors chose, in the order of topics. */
  readonly often: readonly OftenAsked[];
  /** First 12 hex digits of the SHA-256 of all files; changes whenever anything does. */
  readonly version: string;
  /** What the base teaches about how sure a match is (matcher.ts). */
  readonly weights?: readonly number[];
}

/** What the matcher sees of a base: entries with their answers in plain words, and actions. */
export function matchable({ entries, actions }: Pick<KnowledgeBase, 'entries' | 'actions'>): Phrased[] {
  return [...entries.map((entry) => ({ ...entry, answer: entry.plain })), ...actions];
}

/** Something wrong in the Markdown. Errors keep the last good version in service; warnings do not. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly source: Source;
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** The values that authors name in the Markdown instead of writing them out. */
export interface FaqSettings {
  readonly SUPPORT_EMAIL: string;
  readonly PORTAL_URL_CUSTOMERSOURCE: string;
  readonly PORTAL_URL_PARTNERSOURCE: string;
  readonly RETENTION_DAYS: string;
  /** Base of this site's own links in `Entry.answer`. */
  readonly PUBLIC_URL: string;
}

/** A loaded knowledge base made ready for questions: its entries by id and one matcher over entries and actions. */
import { type Decision, decide, SUGGEST_FROM } from './decide.ts';
import { english } from './english.ts';
import { type Action, type Entry, type KnowledgeBase, matchable, type Notice } from './entry.ts';
import { explain } from './explain.ts';
import type { Highlighter } from './highlight.ts';
import { createMatcher } from './matcher.ts';
import { noticesInForce } from './notices-in-force.ts';
import { createSuggester } from './suggester.ts';

/** What a search found, best first; empty where the bot would have no answer either. */
export interface Found {
  readonly hits: readonly (Entry | Action)[];
  /** The id of the first hit where the chat would answer with it, or do it; undefined where it would ask back. */
  readonly answer: string | undefined;
  /** Marks the words of a passage that the search touched. */
  readonly highlight: Highlighter;
  /** The same for an answer's HTML: `<mark>` around the words. */
  readonly markHtml: (html: string) => Promise<string>;
}

/** A question that many ask, and its short name. */
export interface OftenAskedEntry {
  readonly entry: Entry;
  readonly label: string;
}

export interface Knowledge {
  readonly base: KnowledgeBase;
  /** Makes now what the first question would wait for: some tenths of a second. */
  prepare(): void;
  decide(text: string): Decision;
  /** Why `decide` decides so, in words for whoever writes the knowledge base. */
  explain(text: string): string;
  search(text: string): Found;
  /** Questions that an unfinished text may become, best first. */
  suggest(text: string): readonly (Entry | Action)[];
  /** At most three: those the authors chose, else the first of the first topics. */
  readonly oftenAsked: readonly OftenAskedEntry[];
  entry(id: string): Entry | undefined;
  /** By `do:NAME`. */
  action(id: string): Action | undefined;
  /** The questions of these entries and actions, in this order; ids that do not exist (any more) are left out. */
  titles(ids: readonly string[]): string[];
  /** Sorted by their begin. */
  noticesInForce(at: Date): readonly Notice[];
}

/** Decisions kept: buttons and chips say the same texts again and again, and so do people. */
const mostRemembered = 500;
/** Longer texts hardly come twice. */
const longestRemembered = 200;

/** A page of hits: whoever has not found it among these words it anew. */
const MOST_HITS = 8;
/** Hits less sure than half of what the chat would suggest are noise below better ones. */
const HIT_FROM = SUGGEST_FROM / 2;
const MOST_SUGGESTED = 5;
const MOST_OFTEN = 3;

export function createKnowledge(base: KnowledgeBase): Knowledge {
  const matcher = once(() => createMatcher(matchable(base), { weights: base.weights }));
  const suggester = once(() => createSuggester([...base.entries, ...base.actions], english));
  const entries = new Map(base.entries.map((entry) => [entry.id, entry]));
  const actions = new Map<string, Action>(base.actions.map((action) => [action.id, action]));
  const remembered = new Map<string, Decision>();

  function decideOnce(text: string): Decision {
    const known = remembered.get(text);
    if (known) return known;
    const decision = decide(text, matcher());
    if (text.length <= longestRemembered) {
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(text, decision);
    }
    return decision;
  }

  const find = (id: string) => entries.get(id) ?? actions.get(id);
  const isDefined = <T>(value: T | undefined): value is T => value !== undefined;

  /** The best first; below it, what is more than noise. */
  function matched(text: string, most: number): string[] {
    const matches = matcher().match(text, most);
    return matches.filter(({ confidence }, rank) => rank === 0 || confidence >= HIT_FROM).map(({ id }) => id);
  }

  function search(text: string): Found {
    const { decision, id: decided } = decideOnce(text);
    const sure = decision === 'none' ? [] : matched(text, MOST_HITS);
    const answer = decided === null ? undefined : decision === 'dialog' ? `do:${decided}` : decided;
    // What was said word for word comes first, also where others look more like it.
    const ids = answer === undefined ? sure : [answer, ...sure.filter((id) => id !== answer)].slice(0, MOST_HITS);
    const highlight = matcher().highlighter(text);
    return {
      hits: ids.map(find).filter(isDefined),
      answer,
      highlight,
      markHtml: async (html) => (await import('./mark-words.ts')).markWords(html, highlight),
    };
  }

  function oftenAsked(): OftenAskedEntry[] {
    const chosen = base.often.flatMap(({ id, label }) => {
      const entry = entries.get(id);
      return entry ? [{ entry, label }] : [];
    });
    const firsts = base.topics.map(({ id }) => base.entries.find(({ topic }) => topic === id)).filter(isDefined);
    const named = firsts.map((entry) => ({ entry, label: entry.question }));
    return (chosen.length > 0 ? chosen : named).slice(0, MOST_OFTEN);
  }

  return {
    base,
    prepare() {
      matcher();
      suggester();
    },
    search,
    suggest(text) {
      const begun = suggester().suggest(text, MOST_SUGGESTED);
      // A word that begins no other is misspelled, or a synonym.
      const ids = begun.length > 0 ? begun : matched(text, MOST_SUGGESTED);
      return ids.map(find).filter(isDefined);
    },
    oftenAsked: oftenAsked(),
    decide: decideOnce,
    explain: (text) => explain(decide(text, matcher()), matcher().examine(text)),
    entry: (id) => entries.get(id),
    action: (id) => actions.get(id),
    titles: (ids) => ids.flatMap((id) => find(id)?.question ?? []),
    noticesInForce: (at) => noticesInForce(base.notices, at),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

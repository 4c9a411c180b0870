/** A loaded knowledge base made ready for questions: its entries by id and one matcher over entries and actions. */
import { type Decision, decide } from './decide.ts';
import { english } from './english.ts';
import type { Action, Entry, KnowledgeBase, Notice } from './entry.ts';
import { explain } from './explain.ts';
import type { Range } from './highlight.ts';
import { createMatcher } from './matcher.ts';
import { noticesInForce } from './notices-in-force.ts';
import { createSuggester } from './suggester.ts';

export interface Knowledge {
  readonly base: KnowledgeBase;
  decide(text: string): Decision;
  /** Why `decide` decides so, in words for whoever writes the knowledge base. */
  explain(text: string): string;
  /** Ids of the entries and actions that somebody may be typing for, best first; the last word may be unfinished. */
  suggest(text: string, limit: number): string[];
  /** Which places of `text` the question touches, words in other forms and synonyms included. */
  highlight(question: string, text: string): Range[];
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

export function createKnowledge(base: KnowledgeBase): Knowledge {
  const matcher = createMatcher([...base.entries.map((entry) => ({ ...entry, answer: entry.plain })), ...base.actions]);
  const suggester = createSuggester([...base.entries, ...base.actions], english);
  const entries = new Map(base.entries.map((entry) => [entry.id, entry]));
  const actions = new Map<string, Action>(base.actions.map((action) => [action.id, action]));
  const remembered = new Map<string, Decision>();

  function decideOnce(text: string): Decision {
    const known = remembered.get(text);
    if (known) return known;
    const decision = decide(text, matcher);
    if (text.length <= longestRemembered) {
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(text, decision);
    }
    return decision;
  }

  return {
    base,
    decide: decideOnce,
    explain: (text) => explain(decide(text, matcher), matcher.examine(text)),
    suggest(text, limit) {
      const found = suggester.suggest(text, limit);
      // A word that begins no other is misspelled, or a synonym.
      return found.length > 0 ? found : matcher.match(text, limit).map(({ id }) => id);
    },
    highlight: matcher.highlight,
    entry: (id) => entries.get(id),
    action: (id) => actions.get(id),
    titles: (ids) => ids.flatMap((id) => (entries.get(id) ?? actions.get(id))?.question ?? []),
    noticesInForce: (at) => noticesInForce(base.notices, at),
  };
}

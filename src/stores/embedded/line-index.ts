/** Which lines a conversation has, in memory only; made anew at every start. */
import type { HistoryLine } from '../../history/history.ts';
import { type Document, freeze } from './model.ts';

/**
 * The lines of each conversation in the order of `seq`, and who has lines at all. The engine tells it of every line
 * that comes, changes or goes. Lines are frozen here, since they are handed out as they are: memory must stay equal to
 * the disk whatever a reader does.
 */
export class LineIndex {
  readonly #conversations = new Map<string, HistoryLine[]>();
  /** Number of lines by person. */
  readonly #persons = new Map<string, number>();

  /** The engine's observer. */
  observe(collection: string, before: Document | undefined, after: Document | undefined): void {
    if (collection !== 'lines') return;
    const line = (after ?? before) as HistoryLine | undefined;
    if (!line) return;
    freeze(line);
    this.#place(line, before !== undefined, after !== undefined);
    this.#count(line.person, Number(after !== undefined) - Number(before !== undefined));
  }

  /** Lines with a `seq` greater than `after`, as the store holds them. */
  after(conversation: string, after: number): readonly HistoryLine[] {
    const lines = this.#conversations.get(conversation) ?? [];
    return lines.slice(position(lines, after + 1));
  }

  has(conversation: string): boolean {
    return this.#conversations.has(conversation);
  }

  /** Whether any line is of a turn of this person. */
  hasPerson(person: string): boolean {
    return this.#persons.has(person);
  }

  /** Every conversation that has lines, with them. */
  all(): Iterable<readonly [conversation: string, lines: readonly HistoryLine[]]> {
    return this.#conversations;
  }

  #place(line: HistoryLine, wasThere: boolean, isThere: boolean): void {
    const lines = this.#conversations.get(line.conversation) ?? [];
    lines.splice(position(lines, line.seq), wasThere ? 1 : 0, ...(isThere ? [line] : []));
    if (lines.length === 0) this.#conversations.delete(line.conversation);
    else this.#conversations.set(line.conversation, lines);
  }

  #count(person: string, change: number): void {
    const count = (this.#persons.get(person) ?? 0) + change;
    if (count > 0) this.#persons.set(person, count);
    else this.#persons.delete(person);
  }
}

/** Where a line with `seq`, or the first one after it, stands. */
function position(lines: readonly HistoryLine[], seq: number): number {
  let from = 0;
  let to = lines.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((lines[middle]?.seq ?? 0) < seq) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Finds Markdown that no reader would write and that a parser takes minutes over, before it is parsed. It looks at
 * characters only: a little text that merely looks like nesting, in code for instance, is refused as well.
 */

/** Quotations and lists within each other on one line; each level costs the parser a pass over the line. */
const DEEPEST_LINE = 30;
/** Columns of indentation, which is how lists nest over many lines. */
const DEEPEST_INDENT = 100;
/** Links and images within each other; the parser's work grows with the square of it and more. */
const DEEPEST_BRACKETS = 30;
/** Marks of emphasis in one block, each of which the parser may compare with all before it. */
const MOST_MARKS = 4000;
/** Lines in one block; each may turn all before it into a heading. */
const MOST_LINES = 2000;

/** Where a text goes beyond the limits. */
export interface BeyondLimits {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** @returns the first place that goes beyond a limit. A block here is all text between two empty lines. */
export function beyondLimits(lines: readonly string[]): BeyondLimits | undefined {
  let start = 0;
  let brackets = 0;
  let marks = 0;
  for (const [index, line] of lines.entries()) {
    if (isEmptyLine(line)) {
      start = index + 1;
      brackets = 0;
      marks = 0;
      continue;
    }
    if (nestsTooDeep(line)) {
      return at(index, `quotations and lists nest deeper than ${DEEPEST_LINE} levels here; take levels out`);
    }
    for (const character of line) {
      if (character === '[') brackets += 1;
      else if (character === ']') brackets = Math.max(0, brackets - 1);
      else if (character === '*' || character === '_') marks += 1;
      if (brackets > DEEPEST_BRACKETS) {
        return at(
          index,
          `more than ${DEEPEST_BRACKETS} brackets are open here; close them or write \\[ for a plain one`,
        );
      }
    }
    if (marks > MOST_MARKS) return at(start, `this block has more than ${MOST_MARKS} marks * and _; split it up`);
    if (index - start >= MOST_LINES) return at(start, `this block has more than ${MOST_LINES} lines; split it up`);
  }
  return undefined;
}

/** Whether a line parts two blocks. To Markdown, other white space than these two, such as a no-break space, is text. */
export function isEmptyLine(line: string): boolean {
  return afterBlanks(line, 0) === line.length;
}

function at(index: number, message: string): BeyondLimits {
  return { line: index + 1, message };
}

function afterBlanks(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  return at;
}

function nestsTooDeep(line: string): boolean {
  let at = afterBlanks(line, 0);
  if (at > DEEPEST_INDENT) return true;
  for (let depth = 0; depth <= DEEPEST_LINE; depth += 1) {
    const marker = markerLength(line, at);
    if (marker === 0) return false;
    at = afterBlanks(line, at + marker);
  }
  return true;
}

/** Characters of the quotation or list mark at `at`; 0 when there is none. */
function markerLength(line: string, at: number): number {
  if (line[at] === '>') return 1;
  let end = at;
  while (isDigit(line[end])) end += 1;
  const mark = line[end] ?? '';
  const isMark = end > at ? '.)'.includes(mark) : '-+*'.includes(mark);
  return mark !== '' && isMark && (line[end + 1] === ' ' || line[end + 1] === '\t') ? end + 1 - at : 0;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

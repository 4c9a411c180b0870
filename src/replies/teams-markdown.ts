/**
 * Markdown as Teams' cards know it: bold, italic, lists and links, and nothing else (Teams documentation, "text formatting
 * in cards"). What an answer has beside that is said with these. It reads what `renderAnswer` writes and `escaped` lets
 * through, so that a line means what it begins with.
 */
import { escaped } from './escaped.ts';

const row = /^(\s*)\|(.*)\|\s*$/;
const rule = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;
const fence = /^\s*(`{3,}|~{3,})/;
const quotation = /^(\s*)>\s?/;
const heading = /^(\s*)#{1,6}\s+(.*)$/;
const inList = /^\s*(?:[-*+]|\d{1,9}[.)])\s|^\s{2,}\S/;

export function teamsMarkdown(text: string): string {
  if (!/[|`>#~\\]/.test(text)) return text;
  const lines: string[] = [];
  let columns: readonly string[] | undefined;
  let end: string | undefined;
  for (const given of text.split('\n')) {
    const line = withoutQuotation(given);
    const mark = fence.exec(line)?.[1];
    if (end === undefined && mark) end = mark;
    else if (end !== undefined && mark && line.trim() === mark && mark.startsWith(end)) end = undefined;
    else if (end !== undefined) lines.push(escaped(line), '');
    else if (row.test(line)) {
      if (columns === undefined) columns = cellsOf(line);
      else if (!rule.test(line)) lines.push(rowOf(line, columns));
    } else {
      columns = undefined;
      lines.push(plainer(line));
    }
  }
  return lines.join('\n').trim();
}

function withoutQuotation(line: string): string {
  const rest = line.replace(quotation, '$1');
  return rest === line ? line : withoutQuotation(rest);
}

/** A row of a table, as an item of a list that names the columns. */
function rowOf(line: string, columns: readonly string[]): string {
  const [, indent = ''] = row.exec(line) ?? [];
  const cells = cellsOf(line).map((cell, index) => {
    const name = columns[index] ?? '';
    return cell === '' || name === '' ? cell : `${name}: ${cell}`;
  });
  return `${indent}- ${cells.filter((cell) => cell !== '').join('; ')}`;
}

function cellsOf(line: string): readonly string[] {
  const [, , cells = ''] = row.exec(line) ?? [];
  return cells.split(/(?<!\\)\|/).map((cell) => inline(cell.trim()));
}

function plainer(line: string): string {
  const [, indent = '', title = ''] = heading.exec(line) ?? [];
  if (title !== '') return `${indent}**${inline(title)}**`;
  const isBroken = /(?<!\\)(?:\\\\)*\\$/.test(line);
  const text = inline(isBroken ? line.slice(0, -1) : line);
  // Only a paragraph begins a line anew; in a list it would move what follows.
  return isBroken && !inList.test(line) ? `${text}\n` : text;
}

/** Code becomes its words, and nothing is struck through. */
function inline(text: string): string {
  return text
    .replace(/(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)/g, (_, _marks, code: string) => escaped(code.trim()))
    .replace(/(?<!\\)~~/g, '');
}

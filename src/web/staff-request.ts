/** What addresses and forms of staff's pages say, read as strictly as it is used. */
import type { Request } from 'restify';
import type { StaffForm } from './staff-gate.ts';

const longestSearch = 200;

/** Of the address; 0, which no ticket has, for what is no number. */
export function numberOf(request: Request): number {
  const { number } = request.params as { number: string };
  return /^\d{1,9}$/.test(number) ? Number(number) : 0;
}

export function queryOf(request: Request): URLSearchParams {
  return new URLSearchParams(request.getQuery());
}

/** What is searched for. */
export function searchText(request: Request): string {
  return (queryOf(request).get('q') ?? '').trim().slice(0, longestSearch);
}

/** Browsers send line ends as two characters; they count as one. */
export function textIn({ fields }: StaffForm, name = 'text'): string {
  return (fields.get(name) ?? '').replace(/\r\n?/g, '\n');
}

/** Of a page that asks by itself nobody knows whether it is looked at, unless it says so. */
export function isLookedAt({ headers }: Request): boolean {
  return !headers['x-by-itself'] || headers['x-seen'] === '1';
}

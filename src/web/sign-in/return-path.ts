/** Where somebody may be sent back to after signing in: a page of this server, and nothing that a browser reads as another. */

const longest = 1000;
/** Visible ASCII but the backslash, which browsers take for a slash; no control character can end a header or vanish. */
const allowed = /^\/[\x21-\x5b\x5d-\x7e]*$/;
/** Leading back to these would be a circle. */
const notThere = /^\/(?:sign-in(?!\/chat\/)|sign-out|sample-sign-in)(?:[/?#]|$)/;

/** The path as it was given, or `/` for anything else. */
export function returnPath(given: string | null | undefined): string {
  if (!given || given.length > longest || !allowed.test(given)) return '/';
  const [path = ''] = given.split(/[?#]/, 1);
  // `//` anywhere: dots before it may be resolved away, and what is left would name a host.
  if (path.includes('//') || notThere.test(given)) return '/';
  return given;
}

/** Staff's pages are reached by staff's own sign-in. */
export function isStaffPath(path: string): boolean {
  return /^\/staff(?:[/?#]|$)/.test(path);
}

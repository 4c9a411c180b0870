/** What the browser lets our pages load and who may frame them (Content Security Policy level 3). */

/** For every page but the chat's frame. */
export const pagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: https:",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * For the page whose button leads to a foreign provider: browsers hold every address that a form is redirected to
 * against form-action, and a provider redirects to hosts of its own choice.
 */
export const freelyLeadingPolicy = pagePolicy.replace("form-action 'self'; ", '');

/** What every page but the chat's frame is sent with. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': pagePolicy,
} as const;

/** For the chat's frame: Web Chat styles elements inline and reads its own uploads back as blobs. */
export function chatPolicy(publicUrl: string, origins: readonly string[], connects: readonly string[]): string {
  return [
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    "script-src 'self'",
    `connect-src 'self' blob: ${[publicUrl.replace(/^http/, 'ws'), ...connects].join(' ')}`,
    "img-src 'self' data: blob: https:",
    "font-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${["'self'", ...origins].join(' ')}`,
  ].join('; ');
}

/** For a captured mail, which is shown in a frame of ours: nothing but its own styles, and links in a new window. */
export const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

export type Encoding = 'identity' | 'gzip' | 'br';

/** The best of our encodings that an Accept-Encoding header names without refusing it (RFC 9110, 12.5.3). */
export function acceptedEncoding(accepts: string): Encoding {
  if (/\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepts)) return 'br';
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepts) ? 'gzip' : 'identity';
}

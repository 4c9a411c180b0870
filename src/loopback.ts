/** Which addresses reach this machine only. */
import { isIP } from 'node:net';

/** Whether a host name or address is loopback (RFC 6761 section 6.3, RFC 5735, RFC 4291); IPv6 with or without brackets. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIP(name) === 4) return name.startsWith('127.');
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost');
}

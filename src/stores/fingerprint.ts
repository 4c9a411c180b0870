/** What stands for a text that no store should keep once its person is erased. */
import { hash } from 'node:crypto';

/** SHA-256 as base64url. */
export function fingerprint(text: string): string {
  return hash('sha256', text, 'base64url');
}

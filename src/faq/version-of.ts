/** Tells one state of a knowledge base's files from another. */
import { createHash } from 'node:crypto';
import type { MarkdownFile } from './read-markdown-files.ts';

/** 12 hexadecimal digits over names and bytes. @param files in their order by name */
export function versionOf(files: readonly Pick<MarkdownFile, 'name' | 'bytes'>[]): string {
  const whole = createHash('sha256');
  for (const { name, bytes } of files) whole.update(`${name}\n${hashOf(bytes)}\n`);
  return whole.digest('hex').slice(0, 12);
}

export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What axe-core finds wrong in a document or frame, each as one line. Its text is evaluated: a page's policy refuses scripts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Serious, critical and moderate ones. `within` is a selector; frames inside are not entered. */
export async function accessibilityProblems(frame: Frame, within = 'html'): Promise<string[]> {
  await frame.evaluate(source);
  const run = `axe.run(${JSON.stringify(within)}, { iframes: false, resultTypes: ['violations'] })`;
  const { violations } = await frame.evaluate<{ violations: Violation[] }>(run);
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** axe-core in a page or frame: what it finds serious, critical or moderate, as lines to read. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/**
 * Of the page once it is there as a whole: half a page has faults of its own. Evaluated rather than added as a script,
 * which the pages' content policy forbids.
 * @param within - a selector; frames inside are not entered
 */
export async function accessibilityProblems(page: Page | Frame, within = 'html'): Promise<string[]> {
  await page.waitForLoadState('domcontentloaded');
  await page.evaluate(source);
  const run = `axe.run(${JSON.stringify(within)}, { iframes: false, resultTypes: ['violations'] })`;
  const { violations } = await page.evaluate<{ violations: Violation[] }>(run);
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${impact} ${id}: ${target.join(' ')} ${failureSummary}`),
    );
}

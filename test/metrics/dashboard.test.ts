import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type Metric, metricTable } from '../../src/metrics/metric-table.ts';
import { root } from '../support/test-app.ts';

const read = (file: string) => readFileSync(join(root, 'deploy', file), 'utf8');
const table: Readonly<Record<string, Metric>> = metricTable;

interface Target {
  readonly expr: string;
}

/** What a query asks for: every name of ours in it, as a histogram's parts name it or whole. */
function namesIn(expr: string): string[] {
  return [...expr.matchAll(/\baccessdesk_\w+/g)].map(([name]) => name);
}

function isTold(name: string): boolean {
  const whole = name.replace(/_(?:bucket|count|sum)$/, '');
  return table[name] ? table[name].type !== 'histogram' : table[whole]?.type === 'histogram';
}

/** Labels that a query selects or groups by, with what it asks for in each selector. */
function unknownLabels(expr: string): string[] {
  const selected = [...expr.matchAll(/\b(accessdesk_\w+?)(?:_bucket)?\{([^}]*)\}/g)].flatMap(
    ([, name = '', inside = '']) => [...inside.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => ({ name, label })),
  );
  return selected
    .filter(({ name, label }) => !table[name]?.labels.includes(label))
    .map(({ name, label }) => `${name}.${label}`);
}

/** What adds up what every instance tells the same of. */
function addsUpStore(expr: string): boolean {
  return /\bsum\b/.test(expr) && namesIn(expr).some((name) => table[name]?.scope === 'store');
}

const { panels } = JSON.parse(read('grafana-dashboard.json')) as { panels: { title: string; targets?: Target[] }[] };
const dashboard = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
const { groups } = parse(read('prometheus-rules.yml')) as {
  groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
};
const alerts = groups.flatMap(({ rules }) => rules);

describe('dashboard and alerts', () => {
  for (const [what, queries] of [
    ['dashboard', dashboard.map(({ expr }) => expr)],
    ['alerts', alerts.map(({ expr }) => expr)],
  ] as const) {
    it(`${what}: ask for metrics and labels that there are`, () => {
      expect(queries.flatMap(namesIn).filter((name) => !isTold(name))).to.deep.equal([]);
      expect(queries.flatMap(unknownLabels)).to.deep.equal([]);
      expect(queries.flatMap(namesIn).length).to.be.greaterThan(10);
    });

    it(`${what}: do not add up what every instance tells the same of`, () => {
      expect(queries.filter(addsUpStore)).to.deep.equal([]);
    });
  }

  it('show every metric somewhere', () => {
    const shown = new Set(dashboard.flatMap(({ expr }) => namesIn(expr).map((name) => name.replace(/_bucket$/, ''))));
    expect(Object.keys(table).filter((name) => !shown.has(name))).to.deep.equal([]);
  });

  it('say what to do, in an alert', () => {
    for (const { alert, annotations } of alerts) expect(annotations, alert).to.have.all.keys('summary', 'description');
  });

  it('are all in docs/monitoring.md', () => {
    const named = readFileSync(join(root, 'docs/monitoring.md'), 'utf8').match(/\bAccessDesk[A-Z]\w+/g) ?? [];
    expect([...new Set(named)]).to.have.members(alerts.map(({ alert }) => alert));
  });
});

/**
 * Charts as inline SVG, without a script: columns over time and bars beside names. Widths are percentages, so that
 * texts keep their size on any screen. Colours are at most three, and a word stands beside each.
 */
import type { ComponentChildren } from 'preact';
import type { Words } from '../../words/words.ts';
import { Icon } from './icons.tsx';

/** Which of the look's three chart colours. */
export type Colour = 'accent' | 'control' | 'note';

export interface Series {
  readonly name: string;
  readonly colour: Colour;
  /** One per column. */
  readonly values: readonly number[];
}

interface ColumnsContent {
  /** What the picture shows, for who does not see it. */
  readonly label: string;
  /** Of each column, for who points at it. */
  readonly names: readonly string[];
  /** Below the picture, at its two ends. */
  readonly ends: readonly [string, string];
  readonly series: readonly Series[];
  /** Stacked they are parts of one whole, else they stand side by side. */
  readonly isStacked: boolean;
  readonly words: Words;
}

/** px; the number of the highest column stands above, the ends' names below. */
const height = 184;
const top = 24;
const base = 156;

export function Columns({ label, names, ends, series, isStacked, words }: ColumnsContent) {
  const heights = names.map((_, index) => {
    const values = series.map(({ values }) => values[index] ?? 0);
    return isStacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
  });
  const highest = Math.max(1, ...heights);
  const scale = (base - top) / highest;
  const step = 100 / names.length;
  const peak = heights.indexOf(Math.max(...heights));
  return (
    <>
      <p class="chart-key">
        {series.map(({ name, colour, values }) => (
          <span key={name}>
            <svg width="12" height="12" aria-hidden="true">
              <rect class={`fill-${colour}`} width="12" height="12" rx="2" />
            </svg>
            {words.say('report.keyed', { name, count: values.reduce((sum, value) => sum + value, 0) })}
          </span>
        ))}
      </p>
      <svg class="chart" width="100%" height={height} role="img" aria-label={label}>
        {names.map((name, index) => (
          <g key={name}>
            <title>{[name, ...series.map(({ name: of, values }) => `${of}: ${values[index] ?? 0}`)].join('\n')}</title>
            {/* All of the column's place answers the pointer. */}
            <rect class="fill-none" x={part(index * step)} y={top} width={part(step)} height={base - top} />
            {series.map(({ name: of, colour, values }, place) => {
              const below = isStacked
                ? series.slice(0, place).reduce((sum, one) => sum + (one.values[index] ?? 0), 0)
                : 0;
              const value = values[index] ?? 0;
              if (value === 0) return null;
              const width = isStacked ? step * 0.72 : (step * 0.72) / series.length;
              const x = index * step + step * 0.14 + (isStacked ? 0 : place * width);
              // A pixel between parts, so that they can be told apart without their colours.
              const gap = below > 0 ? 1 : 0;
              return (
                <rect
                  key={of}
                  class={`fill-${colour}`}
                  x={part(x)}
                  y={(base - (below + value) * scale).toFixed(1)}
                  width={part(width)}
                  height={Math.max(1, value * scale - gap).toFixed(1)}
                />
              );
            })}
          </g>
        ))}
        <line class="chart-base" x1="0" x2="100%" y1={base} y2={base} />
        <text x={part((peak + 0.5) * step)} y={top - 8} text-anchor={anchor(peak, names.length)}>
          {heights[peak]}
        </text>
        <text x="0" y={height - 8}>
          {ends[0]}
        </text>
        {names.length > 1 && (
          <text x="100%" y={height - 8} text-anchor="end">
            {ends[1]}
          </text>
        )}
      </svg>
    </>
  );
}

export interface BarRow {
  readonly name: string;
  readonly parts: readonly { readonly value: number; readonly colour: Colour }[];
  /** What the bar says, in words. */
  readonly figure: string;
}

/** Bars beside their names; the words say everything, the bar only shows it. */
export function Bars({ rows }: { readonly rows: readonly BarRow[] }) {
  const total = ({ parts }: BarRow) => parts.reduce((sum, { value }) => sum + value, 0);
  const highest = Math.max(1, ...rows.map(total));
  return (
    <ul class="bars">
      {rows.map((row) => {
        let from = 0;
        return (
          <li key={row.name}>
            <bdi>{row.name}</bdi>
            <span>{row.figure}</span>
            <svg width="100%" height="12" aria-hidden="true">
              {row.parts.map(({ value, colour }) => {
                const x = from;
                from += (100 * value) / highest;
                return (
                  value > 0 && (
                    <rect key={colour} class={`fill-${colour}`} x={part(x)} width={part(from - x)} height="12" rx="2" />
                  )
                );
              })}
            </svg>
          </li>
        );
      })}
    </ul>
  );
}

/** The same as numbers; wide ones scroll in themselves. */
export function FigureTable({ caption, head, rows }: FigureTableContent) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with keys.
    <section class="figure-table" tabIndex={0} aria-label={caption}>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...figures]) => (
            <tr key={name}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              {figures.map((figure, index) => (
                <td key={head[index + 1]}>{figure}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface FigureTableContent {
  readonly caption: string;
  readonly head: readonly string[];
  /** A name and its figures. */
  readonly rows: readonly (readonly [string, ...(string | number)[]])[];
}

/** A chart's table, until asked for out of the way. */
export function AsTable({ words, children }: { readonly words: Words; readonly children: ComponentChildren }) {
  return (
    <details class="as-table">
      <summary>
        {words.say('report.asTable')}
        <Icon name="down" />
      </summary>
      {children}
    </details>
  );
}

function part(percent: number): string {
  return `${percent.toFixed(2)}%`;
}

/** Texts at the ends stay inside the picture. */
function anchor(index: number, count: number): 'start' | 'middle' | 'end' {
  const place = (index + 0.5) / count;
  if (place < 0.1) return 'start';
  return place > 0.9 ? 'end' : 'middle';
}

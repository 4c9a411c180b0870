/** The pictures of the pages, as strokes in the colour of the text around them. Each stands beside a word. */
import type { ComponentChildren } from 'preact';
import type { TopicIcon } from '../../faq/entry.ts';

export type IconName =
  | TopicIcon
  | 'search'
  | 'chat'
  | 'menu'
  | 'down'
  | 'back'
  | 'forward'
  | 'more'
  | 'close'
  | 'note'
  | 'inbox'
  | 'person'
  | 'all'
  | 'done'
  | 'chart';

/** Drawn on a grid of 20 by 20 with lines of 1.5. */
const strokes: Readonly<Record<IconName, ComponentChildren>> = {
  key: <path d="M13 10.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10.4 9.6L3.5 16.5M5.5 14.5l2 2" />,
  mail: <path d="M3 5.5h14v9.5H3zM3.4 6l6.6 5.2L16.6 6" />,
  link: (
    <path d="M8.2 11.8a3.2 3.2 0 0 0 4.6 0l2.8-2.9a3.2 3.2 0 0 0-4.5-4.5l-1 1M11.8 8.2a3.2 3.2 0 0 0-4.6 0l-2.8 2.9a3.2 3.2 0 0 0 4.5 4.5l1-1" />
  ),
  people: (
    <path d="M7.5 9.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM2.5 16c0-2.6 2.2-4 5-4s5 1.4 5 4M13 4.3a2.75 2.75 0 0 1 0 5.2M14.5 12.3c1.9.5 3 1.8 3 3.7" />
  ),
  clock: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.2l2.8 1.7" />,
  book: (
    <path d="M10 5.5C8.5 4.3 6.3 4 3.5 4v11c2.8 0 5 .3 6.5 1.5 1.5-1.2 3.7-1.5 6.5-1.500V4c-2.8 0-5 .3-6.5 1.500zM10 5.500v11" />
  ),
  question: (
    <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.9 8a2.1 2.1 0 1 1 3.2 1.800c-.7.4-1.1.8-1.1 1.500M10 13.700h.01" />
  ),
  search: <path d="M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4" />,
  chat: <path d="M3.5 4h13v9.500H10L6.5 16.500v-3h-3z" />,
  menu: <path d="M3.5 5.500h13M3.5 10h13M3.5 14.500h13" />,
  down: <path d="M5 7.500l5 5 5-5" />,
  back: <path d="M12.5 5l-5 5 5 5" />,
  forward: <path d="M7.5 5l5 5-5 5" />,
  more: <path d="M4 10h.01M10 10h.01M16 10h.01" />,
  done: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM6.8 10.300l2.300 2.300 4.200-4.700" />,
  close: <path d="M5 5l10 10M15 5L5 15" />,
  inbox: <path d="M3 11.500l2.500-7h9l2.500 7v4.500H3zM3 11.500h4.200a2.800 2.800 0 0 0 5.600 0H17" />,
  person: <path d="M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4.500 16.500c0-2.600 2.400-4 5.500-4s5.500 1.400 5.500 4" />,
  all: <path d="M4 4h12v12H4zM4 8h12" />,
  chart: <path d="M5 16V10.500M10 16V4M15 16V7.500" />,
  note: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.300v4M10 6.600h.01" />,
};

/** Decoration for a word that stands beside it. @param size in px */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      {strokes[name]}
    </svg>
  );
}

/** The door, lit. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg class="mark" viewBox="0 0 28 28" width={size} height={size} aria-hidden="true">
      <rect class="mark-wall" width="28" height="28" rx="6" />
      <path class="mark-door" d="M8 24V13.500a6 6 0 0 1 12 0V24z" />
      <circle class="mark-knob" cx="16.7" cy="17" r="1.5" />
    </svg>
  );
}

/** The same as the page's icon; colours are written out, since a tab has no style sheet. */
export const markAddress = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><rect width="28" height="28" rx="6" fill="#0b6461"/><path d="M8 24V13.500a6 6 0 0 1 12 0V24z" fill="#fff"/><circle cx="16.7" cy="17" r="1.5" fill="#e9a23b"/></svg>',
)}`;

/** Three doors, one of them open and lit. */
export function Doors() {
  return (
    <svg class="doors" viewBox="0 0 342 190" width="342" height="190" aria-hidden="true">
      <defs>
        <linearGradient id="_light" x1="0" y1="0" x2="0" y2="1">
          <stop class="light-near" offset="0" />
          <stop class="light-far" offset="1" />
        </linearGradient>
      </defs>
      <path class="light" d="M150 152h61l28 38H120z" fill="url(#_light)" />
      <path class="door" d="M44 152V85a26.5 26.5 0 0 1 53 0v67zM264 152V85a26.5 26.5 0 0 1 53 0v67z" />
      <path class="door" d="M203 60c20-2 35 9 35 30v75l-27-13z" />
      <path class="door-lit" d="M150 152V79a30.5 30.5 0 0 1 61 0v73z" />
      <path class="ground" d="M0 152h342" />
      <circle class="knob" cx="87" cy="119" r="3" />
      <circle class="knob" cx="231" cy="122" r="3" />
      <circle class="knob" cx="307" cy="119" r="3" />
    </svg>
  );
}

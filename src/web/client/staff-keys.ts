/** The inbox by keyboard. Single letters never act inside fields, and can be switched off (WCAG 2.1.4). */
import { isField } from './staff-parts.ts';

const offKey = 'staff-keys-off';

export function lettersAreOff(): boolean {
  try {
    return localStorage.getItem(offKey) !== null;
  } catch {
    return false;
  }
}

export function switchLetters(): void {
  try {
    if (lettersAreOff()) localStorage.removeItem(offKey);
    else localStorage.setItem(offKey, '1');
  } catch {
    // They stay as they are where nothing can be kept.
  }
}

const find = (selector: string) => document.querySelector<HTMLElement>(selector);

function move(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.ticket')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const from = at >= 0 ? at : rows.findIndex((row) => row.getAttribute('aria-current') === 'page');
  const row = rows[Math.max(0, Math.min(rows.length - 1, from < 0 ? 0 : from + step))];
  row?.focus();
}

/** Goes to the reply box as this, or to what stands in its place. */
function write(as: 'reply' | 'note'): void {
  const radio = find(`#_as-${as}`) as HTMLInputElement | null;
  const text = find('#_text');
  if (!radio && as === 'reply') {
    find('#_take')?.focus();
    return;
  }
  radio?.click();
  const closed = text?.closest('details');
  if (closed) closed.open = true;
  text?.focus();
}

/** As the button does that is meant for these keys; a note has one alone. */
function send(form: HTMLFormElement | null, isShifted: boolean): void {
  const isNote = form?.querySelector<HTMLInputElement>('#_as-note')?.checked;
  const other = isShifted && !isNote ? form?.querySelector<HTMLElement>('[data-key="Shift"]') : undefined;
  const usual = 'button[type=submit].primary, details button[type=submit]';
  form?.requestSubmit(other ?? form.querySelector<HTMLElement>(usual));
}

export function listenToKeys(help: () => void): void {
  const letters: Readonly<Record<string, () => void>> = {
    j: () => move(1),
    k: () => move(-1),
    r: () => write('reply'),
    n: () => write('note'),
    a: () => find('#_assign')?.focus(),
    e: () => find('#_resolve')?.click(),
    '/': () => find('.staff-search input')?.focus(),
    '?': help,
  };
  addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (key === 'Enter' && (event.ctrlKey || event.metaKey) && target instanceof HTMLTextAreaElement) {
      event.preventDefault();
      send(target.form, event.shiftKey);
      return;
    }
    if (key === 'Escape' && location.hash === '#_facts') {
      location.hash = '#_scroll';
      return;
    }
    // Whoever works by letters leaves the reply box so; what is typed stays.
    if (key === 'Escape' && target instanceof HTMLTextAreaElement && !event.isComposing) {
      find('#_scroll')?.focus();
      return;
    }
    const act = letters[key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (isField(target as Element) || lettersAreOff() || find('dialog[open]')) return;
    event.preventDefault();
    act();
  });
}

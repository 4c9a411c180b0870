/** Suggestions below the search field while typing: a combobox with a list (WAI-ARIA 1.2), over the same matcher. */

interface Suggestion {
  readonly id: string;
  readonly question: string;
  readonly address: string;
}

/** Wait after the last key, in ms: a word is typed in less, and nobody waits for a list that long. */
const pause = 120;
/** Shorter texts find everything. */
const shortest = 2;

export function suggestWhileTyping(form: HTMLFormElement): void {
  const input = form.elements.namedItem('q') as HTMLInputElement;
  const list = document.createElement('ul');
  list.id = '_suggestions';
  list.className = 'suggestions';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.getAttribute('aria-label') ?? '');
  const spoken = document.createElement('div');
  spoken.className = 'spoken';
  spoken.setAttribute('role', 'status');
  input.after(list, spoken);
  for (const [name, value] of Object.entries({
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-controls': list.id,
    'aria-expanded': 'false',
  })) {
    input.setAttribute(name, value);
  }

  let shown: readonly Suggestion[] = [];
  let chosen = -1;
  let waiting = 0;
  let asking: AbortController | undefined;

  const close = () => {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    choose(-1);
  };

  function choose(index: number): void {
    chosen = index;
    for (const [place, item] of [...list.children].entries()) {
      item.setAttribute('aria-selected', String(place === index));
      if (place === index) item.scrollIntoView({ block: 'nearest' });
    }
    const item = list.children[index];
    if (item) input.setAttribute('aria-activedescendant', item.id);
    else input.removeAttribute('aria-activedescendant');
  }

  function show(suggestions: readonly Suggestion[]): void {
    shown = suggestions;
    list.replaceChildren(
      ...suggestions.map(({ question, address }, index) => {
        const item = document.createElement('li');
        item.id = `_suggestion-${index}`;
        item.setAttribute('role', 'option');
        item.textContent = question;
        // The field would lose the focus, and the list close, before the click.
        item.addEventListener('mousedown', (event) => event.preventDefault());
        item.addEventListener('click', () => location.assign(address));
        return item;
      }),
    );
    list.hidden = suggestions.length === 0;
    input.setAttribute('aria-expanded', String(!list.hidden));
    choose(-1);
    const { found = '', none = '' } = form.dataset;
    spoken.textContent = list.hidden ? none : found.replace('#', String(suggestions.length));
  }

  async function ask(): Promise<void> {
    asking?.abort();
    const text = input.value.trim();
    if (text.length < shortest) return close();
    asking = new AbortController();
    try {
      const response = await fetch(`/suggest?q=${encodeURIComponent(text)}`, { signal: asking.signal });
      if (!response.ok) return close();
      const { suggestions } = (await response.json()) as { suggestions: Suggestion[] };
      if (document.activeElement === input) show(suggestions);
    } catch {
      // A newer question, or no connection: the form still searches.
    }
  }

  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(ask, pause);
  });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !list.hidden) {
      close();
      event.preventDefault();
    }
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      // One place more than there are suggestions: the field itself.
      const places = shown.length + 1;
      choose(((chosen + 1 + step + places) % places) - 1);
    }
    const suggestion = shown[chosen];
    if (event.key === 'Enter' && suggestion) {
      event.preventDefault();
      location.assign(suggestion.address);
    }
  });
}

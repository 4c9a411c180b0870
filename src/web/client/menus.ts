/** Menus close as menus do: with Escape, and when somebody clicks beside them. */
export function closeMenus(): void {
  const isMenu = 'details.menu[open], details.account[open]';
  addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>(isMenu)) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
  addEventListener('keydown', (event) => {
    const menu = (event.target as Element).closest<HTMLDetailsElement>(isMenu);
    if (event.key !== 'Escape' || !menu) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
}

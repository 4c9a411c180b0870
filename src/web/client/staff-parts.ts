/** Brings parts of a page to what the server shows now, node by node: what is the same stays, with its focus and place. */

/** Everything that changes by itself; the reply box is its reader's own. */
export function takeOver(fresh: Document): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-part]')) {
    const wanted = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (wanted) become(part, wanted);
  }
}

/** Makes an element what another one is. Elements with an id are known by it, all others by their place. */
function become(element: Element, wanted: Element): void {
  if (element.isEqualNode(wanted) || isInUse(element)) return;
  for (const { name } of [...element.attributes]) {
    if (!wanted.hasAttribute(name) && !isOwn(element, name)) element.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (element.getAttribute(name) !== value && !isOwn(element, name)) element.setAttribute(name, value);
  }
  const named = new Map([...element.children].flatMap((child) => (child.id ? [[child.id, child] as const] : [])));
  let place = element.firstChild;
  for (const node of [...wanted.childNodes]) {
    const found = node instanceof Element && node.id ? named.get(node.id) : isAlike(place, node) ? place : undefined;
    if (!found) {
      element.insertBefore(document.adoptNode(node), place);
      continue;
    }
    if (found === place) place = place.nextSibling;
    else element.insertBefore(found, place);
    if (found instanceof Element) become(found, node as Element);
    else if (found.nodeValue !== node.nodeValue) found.nodeValue = node.nodeValue;
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function isAlike(place: ChildNode | null, node: Node): place is ChildNode {
  return place?.nodeName === node.nodeName && !(place instanceof Element && place.id);
}

/** Whoever opened something, or is busy with a button, did so here. */
function isOwn(element: Element, name: string): boolean {
  return (element instanceof HTMLDetailsElement && name === 'open') || name === 'aria-busy' || name === 'hidden';
}

/** A form that somebody is filling in stays as it is. */
function isInUse(element: Element): boolean {
  const { activeElement } = document;
  return element instanceof HTMLFormElement && element.contains(activeElement) && isField(activeElement);
}

export function isField(element: Element | null): boolean {
  return element instanceof HTMLElement && element.matches('input, textarea, select, [contenteditable]');
}

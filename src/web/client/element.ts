/** Elements one by one: markup as text is refused where a page requires Trusted Types. */

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A drawing of lines, 20 by 20. */
export function icon(path: string): SVGElement {
  const [svg, line] = ['svg', 'path'].map((name) => document.createElementNS('http://www.w3.org/2000/svg', name));
  svg?.setAttribute('viewBox', '0 0 20 20');
  svg?.setAttribute('aria-hidden', 'true');
  line?.setAttribute('d', path);
  svg?.append(line as Element);
  return svg as SVGElement;
}

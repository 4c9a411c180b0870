/** Colours that a site chooses for its chat: `#rgb` or `#rrggbb`, and the text that can be read on them. */

/** Undefined for anything else, above all for text that would become part of a style. */
export function readColour(text: string | null | undefined): string | undefined {
  const value = text?.trim() ?? '';
  return /^#(?:[\da-f]{3}){1,2}$/i.test(value) ? value : undefined;
}

/** Black or white, whichever has the higher contrast (WCAG 2 relative luminance; both have the same at 0.179). */
export function textOn(colour: string): '#000' | '#fff' {
  const digits = colour.length === 4 ? colour.replace(/[\da-f]/gi, '$&$&') : colour;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}

/** By what somebody signed in, as coarsely as they would say it themselves: nothing that tells two such devices apart. */

export interface Device {
  /** "Edge". */
  readonly browser?: string;
  /** "Windows". */
  readonly system?: string;
}

/** The first that fits: most browsers name those they descend from as well. */
const browsers: readonly [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|OPT|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|Chromium|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.* Safari\//, 'Safari'],
];

const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\b(?:Macintosh|Mac OS X)\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

/** Longer headers are no browser's. */
const longestRead = 500;

/** @param userAgent the header, which anybody may write as they like: only known names come of it */
export function deviceOf(userAgent = ''): Device {
  const read = userAgent.slice(0, longestRead);
  const named = (names: readonly [RegExp, string][]) => names.find(([pattern]) => pattern.test(read))?.[1];
  const [browser, system] = [named(browsers), named(systems)];
  return { ...(browser && { browser }), ...(system && { system }) };
}

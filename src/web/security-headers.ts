/** Headers of every answer, errors included. The content policy of pages stands in `content-policy.ts`. */
import type { Response } from 'restify';

/** What no page of ours asks the browser for, and no page that it frames may. */
const neededByNobody = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** Framing is the content policy's business (frame-ancestors), so there is no x-frame-options to disagree with it. */
export function securityHeaders(publicUrl: string): readonly (readonly [name: string, value: string])[] {
  return [
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-opener-policy', 'same-origin'],
    [loadedBy, 'same-origin'],
    ['permissions-policy', neededByNobody.map((feature) => `${feature}=()`).join(', ')],
    // A promise for the whole name and a year, so only where the address is https. Names below it are not ours.
    ...(publicUrl.startsWith('https:') ? ([['strict-transport-security', 'max-age=31536000']] as const) : []),
  ];
}

const loadedBy = 'cross-origin-resource-policy';

/** Lets pages of other sites load this answer, as the script that puts the chat there. */
export function forOtherSites(response: Response): void {
  response.setHeader(loadedBy, 'cross-origin');
}

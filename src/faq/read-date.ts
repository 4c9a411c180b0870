const FORM =
  /^(\d{4}-\d{2}-\d{2})(?:(?:T|\s+)(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * Reads a moment as people write it in notices: `2027-01-16`, `2027-01-16 20:00 UTC`, `2027-01-16T20:00:00+01:00`
 * (ISO 8601, calendar dates only; fractions of a second are dropped). Without a zone it is UTC.
 * @returns undefined when the text is not such a date, or no such day or time exists
 */
export function readDate(text: string): Date | undefined {
  const match = FORM.exec(text.trim());
  if (!match) return undefined;
  const [, day = '', hour = '00', minute = '00', second = '00', zone = 'Z'] = match;
  if (Number(hour) > 23) return undefined;
  const local = new Date(`${day}T${hour}:${minute}:${second}Z`);
  // A day such as 30 February would otherwise roll over into March.
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(day)) return undefined;
  const offset = zoneMinutes(zone);
  return offset === undefined ? undefined : new Date(local.getTime() - offset * 60_000);
}

/** Minutes that a zone's clocks are ahead of UTC; ISO 8601 knows none beyond a day. */
function zoneMinutes(zone: string): number | undefined {
  if (!zone.startsWith('+') && !zone.startsWith('-')) return 0;
  const digits = zone.slice(1).replace(':', '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2) || '0');
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

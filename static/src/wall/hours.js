// @ts-check
// The wall's clock: the time in the configured zone, and its quiet hours.

/**
 * @param {number} now in milliseconds
 * @param {string} timezone
 * @returns {{hour: number, minute: number}}
 */
export function localTime(now, timezone) {
  const [hour, minute] = clockOf(timezone).format(now).split(':').map(Number);
  return { hour: hour % 24, minute };
}

/**
 * Whether it is quiet: `hours` is such as "20:00-06:30", and may cross midnight.
 * @param {string | null | undefined} hours
 * @param {number} now in milliseconds
 * @param {string} timezone
 */
export function isQuiet(hours, now, timezone) {
  const found = /^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$/.exec((hours || '').trim());
  if (!found) return false;
  const [h1, m1, h2, m2] = found.slice(1).map(Number);
  const from = h1 * 60 + m1;
  const to = h2 * 60 + m2;
  const { hour, minute } = localTime(now, timezone);
  const at = hour * 60 + minute;
  return from <= to ? at >= from && at < to : at >= from || at < to;
}

/**
 * The name of a zone's town: Europe/Helsinki is Helsinki.
 * @param {string} timezone
 */
export function town(timezone) {
  return (timezone.split('/').pop() || timezone).replace(/_/g, ' ');
}

/** @type {Map<string, Intl.DateTimeFormat>} one, in practice */
const clocks = new Map();

/** @param {string} timeZone */
function clockOf(timeZone) {
  let clock = clocks.get(timeZone);
  if (!clock) {
    /** @type {Intl.DateTimeFormatOptions} */
    const form = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    try {
      clock = new Intl.DateTimeFormat('en-GB', { ...form, timeZone });
    } catch {
      // A zone that this browser has never heard of.
      clock = new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'UTC' });
    }
    clocks.set(timeZone, clock);
  }
  return clock;
}

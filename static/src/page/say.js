// @ts-check
// Codes as words, times on the server's clock.
import { clockTime, span } from '../time-words.js';

export { countryName as country } from '../countries.js';

/** @type {{of: (code: string) => string | undefined} | undefined} */
const languages = /** @type {any} */ (Intl).DisplayNames ? new /** @type {any} */ (Intl).DisplayNames(['en'], { type: 'language' }) : undefined;

/** @param {string} code BCP 47 */
export function language(code) {
  try {
    return (languages && languages.of(code)) || code;
  } catch {
    return code; // not a code at all
  }
}

/**
 * How long ago, in words that need no refreshing for a while.
 * @param {string} t RFC 3339
 * @param {number} now
 */
export function ago(t, now) {
  const ms = now - Date.parse(t);
  if (ms < 5_000) return 'just now';
  return `${span(ms)} ago`;
}

/** @param {string} t RFC 3339 @param {number} now */
export function soon(t, now) {
  const ms = Date.parse(t) - now;
  return ms < 1000 ? 'any moment' : `in ${span(ms)}`;
}

/** @param {string} t RFC 3339 @param {number} now @param {string} zone */
export function at(t, now, zone) {
  return clockTime(Date.parse(t), now, zone);
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const full = new Map();

/** A time with everything that there is to it. @param {string} t @param {string} zone */
export function fullTime(t, zone) {
  let form = full.get(zone);
  if (!form) {
    const wishes = /** @type {Intl.DateTimeFormatOptions} */ ({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short' });
    try {
      form = new Intl.DateTimeFormat('en-GB', { ...wishes, timeZone: zone });
    } catch {
      form = new Intl.DateTimeFormat('en-GB', { ...wishes, timeZone: 'UTC' });
    }
    full.set(zone, form);
  }
  return form.format(Date.parse(t));
}

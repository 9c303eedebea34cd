// @ts-check
// Times as people say them, on the clock of the configured zone.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A length of time as people say it: 8 s, 12 min, 3 h, 2 days.
 * @param {number} ms
 */
export function span(ms) {
  if (ms < minute) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} days`;
}

/**
 * A short wait, to the tenth of a second below ten seconds.
 * @param {number} ms
 */
export function wait(ms) {
  return ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}

/**
 * A time of day, with its day when that isn't today.
 * @param {number} ms
 * @param {number} now
 * @param {string} timezone
 */
export function clockTime(ms, now, timezone) {
  const sameDay = dayOf(ms, timezone) === dayOf(now, timezone);
  if (sameDay) return format(timezone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
  if (Math.abs(now - ms) < 6 * day) {
    return format(timezone, { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
  }
  return format(timezone, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
}

/**
 * @param {number} ms
 * @param {string} timezone
 */
function dayOf(ms, timezone) {
  return format(timezone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);
}

/** @type {Map<string, Intl.DateTimeFormat>} as many as there are forms and zones: a handful */
const formats = new Map();

/**
 * @param {string} timeZone
 * @param {Intl.DateTimeFormatOptions} form
 */
function format(timeZone, form) {
  const key = timeZone + JSON.stringify(form);
  let made = formats.get(key);
  if (!made) {
    try {
      made = new Intl.DateTimeFormat('en-GB', { ...form, timeZone });
    } catch {
      // A zone that this browser has never heard of.
      made = new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'UTC' });
    }
    formats.set(key, made);
  }
  return made;
}

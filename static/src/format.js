// The table of formatters. Options are pure JSON, so where ECharts takes a
// function they carry a name, "fmt:signed", and whoever draws them looks it up
// here. Texts of feeds pass through these functions as values; they are never
// part of a template.

const minus = '\u2212';
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * What ECharts hands to formatters of labels and tooltips.
 * @typedef {{
 *   name?: string, value?: unknown, data?: any, marker?: string,
 *   seriesName?: string, axisValue?: string,
 * }} Params
 */
/** @typedef {number | string | Params} Figure a number, or a point that has one */
/** @typedef {string | Params} Named a text, or a point that is called so */

/** A mood or a change of one, −100…100: +31. */
export const signed = numeric((n) => {
  const r = Math.round(n);
  return r > 0 ? `+${r}` : r < 0 ? minus + -r : '0';
});

/** A count in full: 1,204. */
export const count = numeric((n) => {
  const digits = String(Math.abs(Math.round(n))).replace(/\B(?=(\d{3})+$)/g, ',');
  return Math.round(n) < 0 ? minus + digits : digits;
});

/** A count in little room: 1.2k. */
export const short = numeric((n) => {
  const a = Math.abs(n);
  for (const [size, unit] of /** @type {[number, string][]} */ ([[1e9, 'B'], [1e6, 'M'], [1e3, 'k']])) {
    if (a < size) continue;
    const x = a / size;
    return (n < 0 ? minus : '') + (x < 10 ? Math.round(x * 10) / 10 : Math.round(x)) + unit;
  }
  return count(n);
});

/** A share, 0…1: 42 %. */
export const percent = numeric((n) => (n > 0 && n < 0.005 ? '<1 %' : `${Math.round(n * 100)} %`));

// Times come as RFC 3339 in the board's zone, and are shown by that clock:
// what is written in them is all there is to know, whatever zone the screen is in.
const time = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/;

/** The time on the clock: 14:05. */
export const clock = dated((m) => `${m[4]}:${m[5]}`);

/** The day: 23 Nov. */
export const day = dated((m) => `${Number(m[3])} ${months[Number(m[2]) - 1]}`);

/** The day of the week and of the month: Mon 23. */
export const weekday = dated((m) => {
  const d = new Date(Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3])));
  return `${weekdays[d.getUTCDay()]} ${Number(m[3])}`;
});

/** A time in full: Mon 23 Nov, 14:05. */
export const moment = dated((m) => `${weekday(m[0])} ${months[Number(m[2]) - 1]}, ${m[4]}:${m[5]}`);

/**
 * A point's note, such as the figures at the end of a bar.
 * @param {Params} p
 */
export function note(p) {
  return String((p.data && p.data.note) || '');
}

/**
 * A tooltip: of one point its own words, of one place on an axis a line for
 * each series that says something there.
 * @param {Params | Params[]} x
 */
export function tip(x) {
  if (!Array.isArray(x)) return plain((x.data && x.data.tip) || x.name || '');
  if (!x.length) return '';
  const at = String(x[0].axisValue || x[0].name || '');
  const lines = [time.test(at) ? moment(at) : plain(at)];
  for (const p of x) {
    const says = (p.data && p.data.tip) || count(/** @type {Figure} */ (p));
    if (says !== '') lines.push(`${p.marker || ''}${plain(p.seriesName || '')}  ${plain(says)}`);
  }
  return lines.join('\n');
}

/**
 * The formatters by name. Every name that an option carries is one of these.
 * @type {{[name: string]: (x: any) => string}}
 */
export const formatters = { signed, count, short, percent, clock, day, weekday, moment, note, tip };

/**
 * A text that ECharts' rich text shows as it is: `{name|` would begin a style.
 * @param {unknown} text
 */
function plain(text) {
  return String(text).replace(/\{/g, '{\u2060');
}

/**
 * A formatter of numbers. A point with several figures is known by its last.
 * @param {(n: number) => string} show
 * @returns {(x: Figure) => string}
 */
function numeric(show) {
  return (x) => {
    const v = typeof x === 'object' && x !== null ? x.value : x;
    const last = Array.isArray(v) ? v[v.length - 1] : v;
    const n = last === null || last === '' ? NaN : Number(last);
    return Number.isFinite(n) ? show(n) : '';
  };
}

/**
 * A formatter of times; what is no time is shown as it is.
 * @param {(m: RegExpExecArray) => string} show
 * @returns {(x: Named) => string}
 */
function dated(show) {
  return (x) => {
    const text = String(typeof x === 'object' && x !== null ? x.name : x);
    const m = time.exec(text);
    return m ? show(m) : text;
  };
}

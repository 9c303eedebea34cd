// The table of formatters. Options are pure JSON, so where ECharts takes a
// function they carry a name, "fmt:signed", and whoever draws them looks it up
// here. Texts of feeds pass through these functions as values; they are never
// part of a template.

const minus = '\u2212';
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** @param {number} n a mood, −100…100, or a change of one */
export function signed(n) {
  const r = Math.round(n);
  return r > 0 ? `+${r}` : r < 0 ? minus + -r : '0';
}

/** @param {number} n a count, in full: 1,204 */
export function count(n) {
  const digits = String(Math.abs(Math.round(n))).replace(/\B(?=(\d{3})+$)/g, ',');
  return n <= -0.5 ? minus + digits : digits;
}

/** @param {number} n a count, short: 1.2k */
export function short(n) {
  const a = Math.abs(n);
  for (const [size, unit] of /** @type {[number, string][]} */ ([[1e9, 'B'], [1e6, 'M'], [1e3, 'k']])) {
    if (a < size) continue;
    const x = n / size;
    return (Math.abs(x) < 10 ? String(Math.round(x * 10) / 10) : String(Math.round(x))).replace('-', minus) + unit;
  }
  return count(n);
}

/** @param {number} n a share, 0…1 */
export function percent(n) {
  return n > 0 && n < 0.005 ? '<1 %' : `${Math.round(n * 100)} %`;
}

// Times come as RFC 3339 in the board's zone, and are shown by that clock:
// what is written in them is all there is to know, whatever zone the screen is in.
const time = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/;

/** @param {string} t the time on the clock: 14:05 */
export function clock(t) {
  const m = time.exec(t);
  return m ? `${m[4]}:${m[5]}` : t;
}

/** @param {string} t the day: 23 Nov */
export function day(t) {
  const m = time.exec(t);
  return m ? `${Number(m[3])} ${months[Number(m[2]) - 1]}` : t;
}

/** @param {string} t the day of the week and of the month: Mon 23 */
export function weekday(t) {
  const m = time.exec(t);
  if (!m) return t;
  const d = new Date(Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3])));
  return `${weekdays[d.getUTCDay()]} ${Number(m[3])}`;
}

/** @param {string} t in full: Mon 23 Nov, 14:05 */
export function moment(t) {
  const m = time.exec(t);
  return m ? `${weekday(t)} ${months[Number(m[2]) - 1]}, ${clock(t)}` : t;
}

/**
 * A text as ECharts' rich text shows it as it is: `{name|` would begin a style.
 * @param {unknown} text
 */
export function plain(text) {
  return String(text).replace(/\{/g, '{\u2060');
}

/**
 * What ECharts hands to formatters of labels and tooltips.
 * @typedef {{
 *   name?: string, value?: unknown, data?: any, marker?: string,
 *   seriesName?: string, axisValue?: string, seriesType?: string,
 * }} Params
 */

/**
 * The number in what ECharts hands over: itself on an axis, a point's value in
 * a label, the last figure of a point that has several.
 * @param {number | string | Params} x
 */
function number(x) {
  const v = typeof x === 'object' && x !== null ? x.value : x;
  return Number(Array.isArray(v) ? v[v.length - 1] : v);
}

/**
 * @param {(n: number) => string} show
 * @returns {(x: number | string | Params) => string}
 */
const numeric = (show) => (x) => {
  const n = number(x);
  return Number.isFinite(n) ? show(n) : '';
};

/**
 * @param {(t: string) => string} show
 * @returns {(x: string | Params) => string}
 */
const dated = (show) => (x) => show(String(typeof x === 'object' && x !== null ? x.name : x));

/**
 * A tooltip: of one point its own words, of one place on an axis a line for
 * each series that says something there.
 * @param {Params | Params[]} x
 */
function tip(x) {
  if (!Array.isArray(x)) return plain((x.data && x.data.tip) || x.name || '');
  if (!x.length) return '';
  const at = String(x[0].axisValue || x[0].name || '');
  const head = [time.test(at) ? moment(at) : plain(at)];
  /** @type {Set<string>} */
  const lines = new Set();
  for (const p of x) {
    if (!p.data || p.data.value === null || p.data.value === undefined) continue;
    const text = p.data.tip !== undefined ? p.data.tip : count(number(p));
    lines.add(text === '' ? '' : `${p.marker || ''}${plain(p.seriesName || '')}  ${plain(text)}`);
  }
  return head.concat([...lines].filter(Boolean)).join('\n');
}

/**
 * The formatters by name. Every name that an option carries is one of these.
 * @type {{[name: string]: (...args: any[]) => string}}
 */
export const formatters = {
  signed: numeric(signed),
  count: numeric(count),
  short: numeric(short),
  percent: numeric(percent),
  'time-1h': dated(clock),
  'time-24h': dated(clock),
  'time-7d': dated(weekday),
  'time-30d': dated(day),
  'time-90d': dated(day),
  moment: dated(moment),
  /** A point's note, such as the figures at the end of a bar. */
  note: (/** @type {Params} */ p) => String((p.data && p.data.note) || ''),
  /** A point's title, where its name is only a key. */
  title: (/** @type {Params} */ p) => String((p.data && p.data.title) || p.name || ''),
  /** The name of the series, at the end of its line. */
  series: (/** @type {Params} */ p) => String(p.seriesName || ''),
  tip,
};

const prefix = 'fmt:';

/**
 * The function behind a name such as "fmt:signed".
 * @param {string} name
 * @throws {Error} when there is none
 */
export function formatter(name) {
  const key = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  if (!Object.prototype.hasOwnProperty.call(formatters, key)) throw new Error(`format: there is no formatter ${JSON.stringify(name)}`);
  return formatters[key];
}

/** @param {unknown} x whether it is the name of a formatter */
export function isFormatter(x) {
  return typeof x === 'string' && x.startsWith(prefix);
}

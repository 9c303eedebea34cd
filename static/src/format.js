// The table of formatters. Options are pure JSON, so where ECharts takes a
// function they carry a name, "fmt:signed", and whoever draws them looks it up
// here. Texts of feeds pass through these functions as values; they are never
// part of a template.

const minus = '\u2212';

/**
 * How numbers and times are written in a language: the part "format" of a file
 * in charts/words/.
 * @typedef {{
 *   decimal: string, group: string, groupFrom: number, percent: string, thousand: string, million: string, billion: string,
 *   clock: string, day: string, weekday: string, moment: string, months: string[], weekdays: string[],
 * }} Spelling
 */

/** As in charts/words/en.json. @type {Spelling} */
const english = {
  decimal: '.', group: ',', groupFrom: 4, percent: '{n} %', thousand: '{n}k', million: '{n}M', billion: '{n}B',
  clock: '{h}:{m}', day: '{d} {month}', weekday: '{weekday} {d}', moment: '{weekday} {d} {month}, {h}:{m}',
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  weekdays: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
};

/**
 * What ECharts hands to formatters of labels and tooltips.
 * @typedef {{
 *   name?: string, value?: unknown, data?: any, marker?: string,
 *   seriesName?: string, axisValue?: string,
 * }} Params
 */
/** @typedef {number | string | Params} Figure a number, or a point that has one */
/** @typedef {string | Params} Named a text, or a point that is called so */

// Times come as RFC 3339 in the board's zone, and are shown by that clock:
// what is written in them is all there is to know, whatever zone the screen is in.
const time = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/;

/**
 * The formatters of numbers and times, in a language.
 * @param {Spelling} say
 */
function figures(say) {
  const n = (/** @type {string} */ pattern, /** @type {string | number} */ x) => pattern.replace('{n}', String(x));
  const at = (/** @type {string} */ pattern) => dated((m) => {
    const date = new Date(Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3])));
    /** @type {Record<string, string>} */
    const parts = { d: String(Number(m[3])), month: say.months[Number(m[2]) - 1], weekday: say.weekdays[(date.getUTCDay() + 6) % 7], h: m[4], m: m[5] };
    return pattern.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  });
  const whole = (/** @type {number} */ x) => {
    const digits = String(Math.abs(Math.round(x)));
    const grouped = digits.length < say.groupFrom ? digits : digits.replace(/\B(?=(\d{3})+$)/g, say.group);
    return Math.round(x) < 0 ? minus + grouped : grouped;
  };
  return {
    /** A mood or a change of one, −100…100: +31. */
    signed: numeric((x) => {
      const r = Math.round(x);
      return r > 0 ? `+${r}` : r < 0 ? minus + -r : '0';
    }),
    /** A count in full: 1,204. */
    count: numeric(whole),
    /** A count in little room: 1.2k. */
    short: numeric((x) => {
      const a = Math.abs(x);
      for (const [size, unit] of /** @type {[number, string][]} */ ([[1e9, say.billion], [1e6, say.million], [1e3, say.thousand]])) {
        if (a < size) continue;
        const of = a / size;
        return (x < 0 ? minus : '') + n(unit, String(of < 10 ? Math.round(of * 10) / 10 : Math.round(of)).replace('.', say.decimal));
      }
      return whole(x);
    }),
    /** A share, 0…1: 42 %. */
    percent: numeric((x) => n(say.percent, x > 0 && x < 0.005 ? '<1' : Math.round(x * 100))),
    /** The time on the clock: 14:05. */
    clock: at(say.clock),
    /** The day: 23 Nov. */
    day: at(say.day),
    /** The day of the week and of the month: Mon 23. */
    weekday: at(say.weekday),
    /** A time in full: Mon 23 Nov, 14:05. */
    moment: at(say.moment),
  };
}

/**
 * A point's note, such as the figures at the end of a bar.
 * @param {Params} p
 */
export function note(p) {
  return String((p.data && p.data.note) || '');
}

/**
 * A word of a cloud in its lines.
 * @param {Params} p
 */
export function lines(p) {
  return String((p.data && p.data.title) || p.name || '');
}

/**
 * A word of a cloud in one line.
 * @param {Params} p
 */
export function line(p) {
  return lines(p).replace(/\n/g, ' ');
}

/**
 * The formatters by name, in a language. Every name that an option carries is
 * one of these.
 * @param {Spelling} say
 */
export function formattersIn(say) {
  const all = figures(say);
  /**
   * A tooltip: of one point its own words, of one place on an axis a line for
   * each series that says something there.
   * @param {Params | Params[]} x
   */
  const tip = (x) => {
    if (!Array.isArray(x)) return plain((x.data && x.data.tip) || x.name || '');
    if (!x.length) return '';
    const at = String(x[0].axisValue || x[0].name || '');
    const lines = [time.test(at) ? all.moment(at) : plain(at)];
    for (const p of x) {
      const says = (p.data && p.data.tip) || all.count(/** @type {Figure} */ (p));
      if (says !== '') lines.push(`${p.marker || ''}${plain(p.seriesName || '')}  ${plain(says)}`);
    }
    return lines.join('\n');
  };
  return { ...all, note, tip, lines, line };
}

const inEnglish = formattersIn(english);
export const { signed, count, short, percent, clock, day, weekday, moment, tip } = inEnglish;

/** @type {{[name: string]: (x: any) => string}} */
export const formatters = inEnglish;

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

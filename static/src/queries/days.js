// @ts-check
// How many a day, as bars: what both queries find, what one gains, and what it
// would miss. The figures stand above the bars, and are read out.
import { h } from '../dom.js';
import { words } from './words.js';

const ns = 'http://www.w3.org/2000/svg';
const tall = 100; // of the drawing, in its own units

/** @param {string} tag @param {Record<string, any>} attributes */
function svg(tag, attributes) {
  const el = document.createElementNS(ns, tag);
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, String(value));
  return el;
}

/** @param {string} day 2026-11-23 @param {Intl.DateTimeFormatOptions} wish */
function said(day, wish) {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...wish }).format(Date.parse(`${day}T12:00:00Z`));
}

/**
 * @param {any[]} days as the server gives them
 * @param {{compared: boolean, count: (n: number) => string}} how
 */
export function makeDays(days, { compared, count }) {
  const most = Math.max(1, ...days.map((d) => d.total + d.lost));
  const columns = days.map((d) => {
    const drawing = svg('svg', { viewBox: `0 0 10 ${tall}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' });
    let bottom = tall;
    const bar = (/** @type {number} */ n, /** @type {string} */ kind) => {
      if (!n) return;
      const height = Math.max(1, (n / most) * (tall - 1));
      bottom -= height;
      drawing.appendChild(svg('rect', { x: 0.75, width: 8.5, y: bottom, height, class: kind }));
    };
    bar(compared ? d.both : d.total, 'both');
    if (compared) bar(d.gained, 'gained');
    if (compared) bar(d.lost, 'lost');
    const full = said(d.day, { weekday: 'long', day: 'numeric', month: 'long' });
    return h('li', {},
      h('span', { class: 'unseen' }, words.day(full, count(d.total), compared && d.gained ? count(d.gained) : '', compared && d.lost ? count(d.lost) : '')),
      h('span', { class: 'n', 'aria-hidden': 'true' }, count(d.total)),
      /** @type {any} */ (drawing),
      h('span', { class: 'day', 'aria-hidden': 'true' }, h('b', {}, said(d.day, { weekday: 'short' })), ' ', h('span', {}, said(d.day, { day: 'numeric', month: 'short' }))));
  });
  const key = (/** @type {string} */ kind, /** @type {string} */ text) => h('span', { class: `key ${kind}` }, text);
  return h('figure', { class: 'days' },
    h('figcaption', {}, h('b', {}, words.days),
      ...(compared ? [key('both', words.legendBoth), key('gained', words.legendGained), key('lost', words.legendLost)] : [])),
    h('ol', { class: 'bars' }, ...columns));
}
